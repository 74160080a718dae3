//! Everything at one moment: both hosts with the variables of their connections, and what is in the network.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::chronicle::Account;
use crate::endpoint::{FinStatus, Negotiated, Tcb};
use crate::history::History;
use crate::host::Connection;
use crate::segment::{Flags, Segment};
use crate::seq::SeqNumber;
use crate::simulation::Simulation;
use crate::tcp::{Side, Timer};
use crate::text::{self, Words};
use crate::time::Duration;

use super::offer::{self, Offer};
use super::segment::{SegmentView, copy_view, segment_view};
use super::{connection_number, ms, ms_long};

/// Everything at one moment: both hosts, and what is in the network.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Snapshot {
    /// The number of the last step; 0 at the start.
    pub step: usize,
    /// The time, in milliseconds.
    pub time_ms: f64,
    /// Whether nothing is left to happen.
    pub at_end: bool,
    /// The client's host.
    pub client: HostView,
    /// The server's host.
    pub server: HostView,
    /// What is in the network.
    pub in_flight: Vec<SegmentView>,
    /// Lines of the script that met nothing, where nothing is left to happen: faults without a segment, acts that waited in
    /// vain.
    pub missed: Vec<String>,
    /// Lines of script that show what can be asked for, and that say something here and now.
    pub examples: Vec<String>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct HostView {
    /// Its address.
    pub address: String,
    /// The state that is drawn: that of the youngest connection, else LISTEN, else CLOSED.
    pub state: &'static str,
    /// What that state means, or that the host is down, in the lab's language.
    pub meaning: String,
    /// Whether it runs.
    pub up: bool,
    /// The ports on which it listens.
    pub listening: Vec<u16>,
    /// How many requests it keeps: connections in SYN-RECEIVED that a SYN made.
    pub requests: usize,
    /// How many established connections wait to be accepted.
    pub waiting: usize,
    /// How many connections still expect something of another end that is gone.
    pub half_open: usize,
    /// How many connections were synchronized and never had anybody at the other end.
    pub ghosts: usize,
    /// What its connections cost it, in octets.
    pub memory: usize,
    /// Its connections, oldest first.
    pub connections: Vec<ConnectionView>,
    /// What makes sense to do there now.
    pub offers: Vec<Offer>,
}

/// A connection with its variables, by the RFC's names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct ConnectionView {
    /// Its number on this host, from 1, by which scripts know it.
    pub id: u32,
    /// Its own socket.
    pub local: String,
    /// The other side's socket.
    pub remote: String,
    /// The state's name.
    pub state: &'static str,
    /// The variables that exist in this state, in the order to show them.
    pub variables: Vec<Variable>,
    /// Octets that wait to be sent.
    pub unsent: usize,
    /// Octets that wait to be read.
    pub unread: usize,
    /// Octets that wait for something missing before them.
    pub held: usize,
    /// Segments that are sent and not acknowledged.
    pub unacknowledged: Vec<String>,
    /// How far the own FIN has come.
    pub fin: FinView,
    /// The timers that run.
    pub timers: Vec<TimerView>,
}

/// How far the own FIN has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `FinStatus`")]
pub enum FinView {
    NotAsked,
    Queued,
    Sent,
}

/// A variable of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Variable {
    /// The RFC's name, such as `SND.UNA`.
    pub name: &'static str,
    /// How many; 1 for what is so or not.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
}

/// What a variable counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    SequenceNumber,
    Octets,
    Milliseconds,
    /// By how many a window is shifted.
    Bits,
    /// The other side's clock, in milliseconds.
    Timestamp,
    /// Something that holds; what does not is left out.
    Flag,
}

/// A running timer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct TimerView {
    /// Its name, such as `retransmission`.
    pub name: &'static str,
    /// Its name in the lab's language.
    pub title: String,
    /// When it expires, in milliseconds.
    pub deadline_ms: f64,
}

/// Everything at the cursor; `script` is that of the run, and `account` that of the trace up to there.
pub fn snapshot(history: &History, script: &str, account: &Account, words: &Words) -> Snapshot {
    let simulation = history.simulation();
    Snapshot {
        step: history.cursor(),
        time_ms: ms(simulation.now()),
        at_end: history.is_at_end(),
        client: host_view(simulation, account, Side::Client, words),
        server: host_view(simulation, account, Side::Server, words),
        in_flight: account
            .flights()
            .iter()
            .filter_map(|flight| {
                let copies = flight.copies.iter().filter(|it| it.is_in_transit()).map(|it| copy_view(*it));
                segment_view(history.trace(), flight.segment, copies.collect())
            })
            .collect(),
        missed: history.missed(script).into_iter().map(|(_, line)| line.to_owned()).collect(),
        examples: offer::examples(simulation),
    }
}

fn host_view(simulation: &Simulation, account: &Account, side: Side, words: &Words) -> HostView {
    let (host, account) = (simulation.host(side), account.host(side));
    let is_listening = host.listening_ports().next().is_some();
    HostView {
        address: host.address().to_string(),
        state: account.state().name(),
        meaning: text::host_state(account.is_up().then(|| account.state()), words).to_owned(),
        up: account.is_up(),
        listening: account.listening().to_vec(),
        requests: account.requests(),
        waiting: account.waiting(),
        half_open: account.half_open(),
        ghosts: account.ghosts(),
        memory: host.memory_held(),
        connections: host.connections().iter().map(|it| connection_view(it, words)).collect(),
        offers: offer::at_host(side, account.is_up().then(|| account.state()), is_listening),
    }
}

fn connection_view(connection: &Connection, words: &Words) -> ConnectionView {
    let tcb = connection.endpoint.tcb();
    ConnectionView {
        id: connection_number(connection.id),
        local: connection.local.to_string(),
        remote: connection.remote.to_string(),
        state: tcb.state.name(),
        variables: variables(&tcb),
        unsent: tcb.unsent.len(),
        unread: tcb.unread.len(),
        held: tcb.held.iter().map(|(_, octets)| octets).sum(),
        unacknowledged: tcb
            .unacknowledged
            .iter()
            .map(|it| {
                let segment = Segment { seq: it.seq, flags: it.flags, payload: it.text.clone(), ..Segment::default() };
                let mut told = if it.flags == Flags::default() {
                    format!("seq={} len={}", it.seq, it.text.len())
                } else {
                    segment.to_string()
                };
                if let Some(text) = text::payload(&it.text) {
                    told = format!("{told} {text}");
                }
                told
            })
            .collect(),
        fin: match tcb.fin {
            FinStatus::NotAsked => FinView::NotAsked,
            FinStatus::Queued => FinView::Queued,
            FinStatus::Sent => FinView::Sent,
        },
        timers: Timer::ALL
            .into_iter()
            .filter_map(|timer| {
                let deadline = tcb.timers.deadline(timer)?;
                Some(TimerView {
                    name: timer.name(),
                    title: text::timer(timer, words).to_owned(),
                    deadline_ms: ms(deadline),
                })
            })
            .collect(),
    }
}

/// The variables that exist, in the RFC's order: send space, receive space, options, timing. Of what was not agreed on
/// there is nothing to say.
fn variables(tcb: &Tcb) -> Vec<Variable> {
    let number = |name, value: Option<SeqNumber>| (name, value.map(|it| f64::from(it.0)), Unit::SequenceNumber);
    let octets = |name, value: Option<u32>| (name, value.map(f64::from), Unit::Octets);
    let bits = |name, value: Option<u8>| (name, value.map(f64::from), Unit::Bits);
    // Until the other side's SYN is there, it is only a guess.
    let mss = tcb.mss.filter(|_| tcb.irs.is_some());
    let Negotiated { scale, sack_permitted, ts_recent } = tcb.negotiated;
    let span = |name, value: Option<Duration>| (name, value.map(ms_long), Unit::Milliseconds);
    [
        number("ISS", tcb.iss),
        number("SND.UNA", tcb.snd_una),
        number("SND.NXT", tcb.snd_nxt),
        octets("SND.WND", tcb.snd_wnd),
        octets("Eff.snd.MSS", mss),
        bits("Snd.Wind.Shift", scale.map(|scale| scale.send)),
        number("IRS", tcb.irs),
        number("RCV.NXT", tcb.rcv_nxt),
        octets("RCV.WND", tcb.rcv_wnd),
        bits("Rcv.Wind.Shift", scale.map(|scale| scale.receive)),
        ("SACK-permitted", sack_permitted.then_some(1.0), Unit::Flag),
        ("TS.Recent", ts_recent.map(f64::from), Unit::Timestamp),
        span("RTO", tcb.rto),
        span("SRTT", tcb.srtt),
    ]
    .into_iter()
    .filter_map(|(name, value, unit)| Some(Variable { name, value: value?, unit }))
    .collect()
}
