//! Our end: a [`Host`], with bytes around it.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use bytes::Bytes;

use synfin::host::{Host, HostEffect, Target};
use synfin::isn::IsnGenerator;
use synfin::profile::{Profile, Reading};
use synfin::segment::codec;
use synfin::seq::SeqNumber;
use synfin::tcp::{Call, CallError, ConnectionId, Flushed, Open, Reply, State, UserEvent};
use synfin::time::Instant;

use super::meeting::{Closes, End, User};

/// A host of ours with one connection.
pub struct Ours {
    host: Host,
    connection: Option<ConnectionId>,
    user: User,
    leaving: Vec<Vec<u8>>,
    /// Which reasons it gave.
    pub rules: BTreeSet<&'static str>,
    /// Which states it was in.
    pub states: Vec<State>,
}

impl Ours {
    fn new(local: SocketAddr, isn: u32, profile: Profile, user: User) -> Self {
        assert_eq!(user.reads.is_some(), profile.reading == Reading::OnCall, "who takes time reads by call");
        Self {
            host: Host::new(local.ip(), profile, IsnGenerator::new(&[SeqNumber(isn)], 0)),
            connection: None,
            user,
            leaving: Vec::new(),
            rules: BTreeSet::new(),
            states: Vec::new(),
        }
    }

    /// One that listens.
    pub fn listening(local: SocketAddr, isn: u32, profile: Profile, user: User) -> Self {
        let mut it = Self::new(local, isn, profile, user);
        it.call(Instant::ZERO, Target::Listener(local.port()), Call::open(Open::Passive)).expect("the port is free");
        it
    }

    /// One that connects.
    pub fn connecting(local: SocketAddr, remote: SocketAddr, isn: u32, profile: Profile, user: User) -> Self {
        let mut it = Self::new(local, isn, profile, user);
        let target = Target::Connect { remote, local_port: Some(local.port()) };
        it.call(Instant::ZERO, target, Call::open(Open::Active)).expect("there is no connection yet");
        it
    }

    fn call(&mut self, now: Instant, target: Target, call: Call) -> Result<Reply, CallError> {
        let outcome = self.host.call(now, target, call);
        self.take_effects();
        outcome.map(|(reply, _)| reply)
    }

    fn take_effects(&mut self) {
        self.host.check_invariants();
        for effect in self.host.take_effects() {
            match effect {
                // An old duplicate of the other side's SYN may find our listener when everything is over. The connection
                // that it makes belongs to nobody, and has to go away again.
                HostEffect::Created { connection, .. } if self.connection.is_some() => {
                    assert!(self.user.has_closed, "{connection:?} is a second one");
                }
                HostEffect::Created { connection, .. } => self.connection = Some(connection),
                HostEffect::Send { datagram, .. } => {
                    self.leaving.push(codec::encode(&datagram).expect("segments fit into packets"));
                }
                HostEffect::Because { rule, .. } => {
                    self.rules.insert(rule.id());
                }
                HostEffect::Tell { connection, event } if self.is_ours(connection) => self.told(event),
                HostEffect::Enter { connection, to, .. } if self.is_ours(connection) => self.states.push(to),
                HostEffect::Tell { .. }
                | HostEffect::Enter { .. }
                | HostEffect::Removed { .. }
                | HostEffect::Timer { .. } => {}
                HostEffect::BacklogFull { .. } => panic!("one connection fits"),
            }
        }
    }

    fn is_ours(&self, connection: Option<ConnectionId>) -> bool {
        connection.is_some() && connection == self.connection
    }

    fn told(&mut self, event: UserEvent) {
        match event {
            UserEvent::Established => self.user.is_established = true,
            UserEvent::Received(text) => self.user.received.extend_from_slice(&text),
            UserEvent::Closing => self.user.has_seen_end |= self.user.reads.is_none(),
            UserEvent::SendComplete | UserEvent::CloseComplete | UserEvent::DeliveryProblem => {}
            UserEvent::Reset if self.user.closes == Closes::Never => self.user.has_closed = true,
            UserEvent::CallsFlushed(Flushed::Reset) if matches!(self.user.closes, Closes::Never | Closes::Aborts) => {}
            UserEvent::Reset
            | UserEvent::Refused
            | UserEvent::UserTimeout
            | UserEvent::ExcessiveRetransmissions
            | UserEvent::CallsFlushed(_) => panic!("nothing is given up here: {event:?}"),
        }
    }

    fn unread(&self) -> usize {
        self.host.connections().first().map_or(0, |it| it.endpoint.tcb().unread.len())
    }

    fn read(&mut self, now: Instant, octets: usize) {
        let id = self.connection.expect("what is unread came over a connection");
        let most = u32::try_from(octets).expect("readings are small");
        match self.call(now, Target::Connection(id), Call::Receive(most)).expect("something is unread") {
            Reply::Data(text) => self.user.received.extend_from_slice(&text),
            reply @ (Reply::Ok | Reply::Queued | Reply::Status(_)) => panic!("something is unread, but {reply:?}"),
        }
    }
}

impl End for Ours {
    fn arrives(&mut self, now: Instant, packet: &[u8]) {
        let datagram = codec::decode(packet).expect("the link damages nothing");
        self.host.datagram_arrives(now, &datagram);
        self.take_effects();
    }

    fn next_at(&mut self, _: Instant) -> Option<Instant> {
        let timer = self.host.next_timer().map(|(at, ..)| at);
        [timer, self.user.next_reading(self.unread())].into_iter().flatten().min()
    }

    fn expires(&mut self, now: Instant) {
        if let Some((at, connection, timer)) = self.host.next_timer()
            && at <= now
        {
            self.host.timeout(now, connection, timer);
            self.take_effects();
        } else if let Some((octets, _)) = self.user.reads {
            self.read(now, octets);
            self.user.last_reading = now;
        }
    }

    fn user_acts(&mut self, now: Instant) {
        let Some(id) = self.connection else { return };
        while let Some(chunk) = self.user.next_chunk().filter(|_| !self.user.has_closed) {
            let (text, octets) = (Bytes::copy_from_slice(chunk), chunk.len());
            match self.call(now, Target::Connection(id), Call::send(text)) {
                Ok(_) => self.user.handed_over += octets,
                Err(CallError::InsufficientResources) => break,
                Err(error) => panic!("nobody has closed or reset the connection, but: {error}"),
            }
        }
        let is_close_wait = self.states.last() == Some(&State::CloseWait);
        self.user.has_seen_end |= is_close_wait && self.unread() == 0;
        if self.user.closes_now() {
            let call = if self.user.closes == Closes::Aborts { Call::Abort } else { Call::Close };
            self.call(now, Target::Connection(id), call).expect("it was not closed before");
            self.user.has_closed = true;
        }
    }

    fn leaving(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.leaving)
    }

    fn is_over(&self) -> bool {
        self.user.has_closed && self.host.connections().is_empty()
    }

    fn user(&self) -> &User {
        &self.user
    }

    fn status(&self) -> String {
        format!("{:?}", self.host.connections())
    }
}
