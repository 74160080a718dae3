//! Rows about a whole host, which has the connection among others: an OPEN that finds no room, and a reboot.

use std::net::SocketAddr;

use synfin::endpoint::{Endpoint, Tcb};
use synfin::host::{Host, HostEffect, MOST_CONNECTIONS, Target};
use synfin::isn::IsnGenerator;
use synfin::profile::Profile;
use synfin::seq::SeqNumber;
use synfin::simulation::Simulation;
use synfin::tcp::{Call, Open, Side, State};
use synfin::time::{Duration, Instant};

use crate::conformance::cases::same;

use super::table::Row;

const PORT: u16 = 49152;

/// Lets a host with each of these endpoints meet what the row says.
pub fn follow(row: &Row, endpoints: Vec<Endpoint>) -> Result<(), String> {
    same("sent", "none", &row.sent)?;
    endpoints.into_iter().try_for_each(|endpoint| match row.event.as_str() {
        "REBOOT" => reboot(row, endpoint),
        _ => open_without_room(row, endpoint),
    })
}

/// It forgets everything without a word, and assigns no sequence numbers before an MSL has passed (RFC 9293 §3.4.3).
fn reboot(row: &Row, endpoint: Endpoint) -> Result<(), String> {
    let quiet_time = Profile::default().msl;
    let mut host = host_with(endpoint, &Profile { quiet_time, ..Profile::default() })?;
    host.reboot(Instant::ZERO);
    same("sent or told", &0, &words(&host.take_effects()))?;
    same("next state", row.next_state.as_str(), state_of(&host).name())?;
    same("connections", &0, &host.connections().len())?;
    let mut open_at = |at| host.call(at, connect(), Call::open(Open::Active));
    same("opens in the quiet time", &false, &open_at(Instant::ZERO + (quiet_time - Duration::from_us(1))).is_ok())?;
    same("opens after it", &true, &open_at(Instant::ZERO + quiet_time).is_ok())
}

/// An active OPEN of the pair of sockets where the host is full of connections.
fn open_without_room(row: &Row, endpoint: Endpoint) -> Result<(), String> {
    let mut host = host_with(endpoint.clone(), &Profile::default())?;
    let opening = Tcb { iss: Some(SeqNumber(0)), ..Tcb::empty(State::SynSent) };
    let other = Endpoint::restore(&opening, Instant::ZERO, &Profile::default()).map_err(|error| error.to_string())?;
    for port in (0..).take(MOST_CONNECTIONS - host.connections().len()) {
        host.restore(PORT, SocketAddr::new(remote().ip(), 1000 + port), other.clone());
    }
    let outcome = host.call(Instant::ZERO, connect(), Call::open(Open::Active));
    let said = outcome.err().map_or_else(|| "ok".to_owned(), |error| format!("error: {error}"));
    same("told", row.told.as_str(), &said)?;
    same("sent or told", &0, &words(&host.take_effects()))?;
    same("next state", row.next_state.as_str(), state_of(&host).name())?;
    same("connections", &MOST_CONNECTIONS, &host.connections().len())
}

/// A host that has this endpoint, towards one remote socket or as a listener.
fn host_with(endpoint: Endpoint, profile: &Profile) -> Result<Host, String> {
    let mut host = Simulation::host_for(Side::Client, profile.clone(), IsnGenerator::new(&[], 0));
    match endpoint.state() {
        State::Closed => {}
        State::Listen => {
            host.call(Instant::ZERO, Target::Listener(PORT), Call::open(Open::Passive))
                .map_err(|error| error.to_string())?;
            host.take_effects();
        }
        _ => {
            host.restore(PORT, remote(), endpoint);
        }
    }
    Ok(host)
}

fn state_of(host: &Host) -> State {
    host.state_towards(PORT, remote())
}

fn connect() -> Target {
    Target::Connect { remote: remote(), local_port: Some(PORT) }
}

fn remote() -> SocketAddr {
    SocketAddr::new(Simulation::address_of(Side::Server), 80)
}

/// How many segments were sent and how much was told.
fn words(effects: &[HostEffect]) -> usize {
    let is_word = |effect: &&HostEffect| matches!(effect, HostEffect::Send { .. } | HostEffect::Tell { .. });
    effects.iter().filter(is_word).count()
}
