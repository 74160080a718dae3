//! What can be done to a run from outside. It is the same value everywhere: scripts and links are read into it and written
//! from it, a history keeps it, a comparison carries it over, and the simulation does it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;

use crate::host::{FIRST_DYNAMIC_PORT, Target};
use crate::segment::{Datagram, Segment};
use crate::tcp::{Action, Call, ConnectionId, Intrusion, Limit, Open, SegmentId, Side};
use crate::time::{Duration, Instant};

use super::Simulation;

/// The port of the server where a story names none.
pub const DEFAULT_SERVER_PORT: u16 = 80;

/// What can be done to a run from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A user does something.
    User {
        /// Whose user.
        side: Side,
        /// For which connection.
        whose: Whose,
        /// What.
        call: UserCall,
    },
    /// A host forgets everything and stops.
    Crash(Side),
    /// A host comes up again and knows nothing; one that runs crashes first.
    Reboot(Side),
    /// A segment that no present connection sent sets out, with the link's delay.
    Intrude(Arc<Intruder>),
    /// Something happens to a segment that is on its way.
    Interfere(SegmentId, Action),
    /// Time passes until then, if nothing else happens before. Only what was recorded of a run has this.
    Wait(Instant),
}

/// For which connection a user does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The youngest one that the user has, else a request, else the listener.
    Youngest,
    /// The side's nth, counted from 1 in the order in which they came to be.
    Nth(u32),
    /// The listener on this port.
    Listener(u16),
}

/// What a user can do. Ports that are left out are those of the story.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UserCall {
    /// Active OPEN.
    Open {
        /// Our port.
        from: Option<u16>,
        /// The other side's port.
        to: Option<u16>,
        /// Its user timeout, if that of the host is not meant.
        timeout: Option<Duration>,
    },
    /// Passive OPEN on a port.
    Listen {
        /// The port.
        port: u16,
        /// For this socket only; for whoever comes if `None`.
        from: Option<Peer>,
        /// The user timeout of its connections, if that of the host is not meant.
        timeout: Option<Duration>,
    },
    /// SEND.
    Send {
        /// The octets.
        data: Bytes,
        /// A user timeout that takes the place of the one in force.
        timeout: Option<Duration>,
        /// Whether it is the last one: CLOSE follows at once.
        is_last: bool,
    },
    /// RECEIVE up to so many octets.
    Receive(u32),
    /// CLOSE.
    Close,
    /// CLOSE, after which nobody reads either.
    CloseAll,
    /// ABORT.
    Abort,
    /// STATUS.
    Status,
    /// Set a limit of one connection.
    Set(Limit),
    /// Take the oldest established connection that waits for it, of a port or of any.
    Accept(Option<u16>),
}

/// A socket that a passive OPEN names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its address; that of the other side if it says none.
    pub address: Option<IpAddr>,
    /// Its port.
    pub port: u16,
}

/// A segment that no present connection sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intruder {
    /// Where it comes from.
    pub intrusion: Intrusion,
    /// Whom it travels to.
    pub to: Side,
    /// What it is.
    pub segment: Segment,
    /// From where SEG.SEQ is counted: from 0 if it says nothing, else from a number that the receiver has when it sets out.
    pub seq_from: Option<Mark>,
    /// The same for SEG.ACK.
    pub ack_from: Option<Mark>,
    /// Whether its window is what the connection that it claims to come from would say when it sets out; where there is none
    /// the window stands in the segment all the same.
    pub has_usual_window: bool,
    /// The address that it claims to come from; that of the other side if it says none.
    pub address: Option<IpAddr>,
    /// The port that it claims to come from; that of the other side if it says none.
    pub from_port: Option<u16>,
    /// The port that it travels to; that of the story if it says none.
    pub to_port: Option<u16>,
    /// How many of them follow each other, each from the next port; at least 1. Only a story has a future in which more
    /// than the first one leaves.
    pub times: u32,
    /// How long after each other.
    pub every: Duration,
}

/// A number of the receiver from which another is counted: of the connection between the two sockets, else of the last
/// SYN,ACK between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// IRS for SEG.SEQ, ISS for SEG.ACK.
    Isn,
    /// SND.UNA, for SEG.ACK.
    Una,
    /// RCV.NXT for SEG.SEQ, SND.NXT for SEG.ACK.
    Nxt,
}

impl Mark {
    /// All of them.
    pub const ALL: [Mark; 3] = [Mark::Isn, Mark::Una, Mark::Nxt];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            Mark::Isn => "isn",
            Mark::Una => "una",
            Mark::Nxt => "nxt",
        }
    }
}

impl Deed {
    /// What a user of `side` does, for the youngest connection or the listener.
    pub const fn user(side: Side, call: UserCall) -> Self {
        Deed::User { side, whose: Whose::Youngest, call }
    }

    /// Takes it as the first version of scripts and links meant it: a segment that says no window has that of the script.
    pub fn mean_as_version_1(&mut self) {
        if let Deed::Intrude(intruder) = self {
            Arc::make_mut(intruder).has_usual_window = false;
        }
    }

    /// One forged segment, between two sockets.
    pub fn forge(to: Side, datagram: Datagram) -> Self {
        let Datagram { source, destination, segment } = datagram;
        let address = Some(source.ip()).filter(|it| *it != Simulation::address_of(to.other()));
        let (from_port, to_port) = (Some(source.port()), Some(destination.port()));
        Deed::Intrude(Arc::new(Intruder {
            intrusion: Intrusion::Forged,
            to,
            segment,
            seq_from: None,
            ack_from: None,
            has_usual_window: false,
            address,
            from_port,
            to_port,
            times: 1,
            every: Duration::ZERO,
        }))
    }
}

impl UserCall {
    /// Active OPEN between the ports of the story.
    pub const OPEN: Self = UserCall::Open { from: None, to: None, timeout: None };

    /// Passive OPEN for whoever comes.
    pub const fn listen(port: u16) -> Self {
        UserCall::Listen { port, from: None, timeout: None }
    }

    /// SEND with the timeout in force.
    pub const fn send(data: Bytes) -> Self {
        UserCall::Send { data, timeout: None, is_last: false }
    }
}

/// The ports that are meant where a deed names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ports {
    /// From which a side opens; `None` for the next dynamic one.
    pub opens_from: [Option<u16>; 2],
    /// At which the other side finds it.
    pub found_at: [u16; 2],
}

impl Default for Ports {
    fn default() -> Self {
        Self { opens_from: [None, Some(DEFAULT_SERVER_PORT)], found_at: [FIRST_DYNAMIC_PORT, DEFAULT_SERVER_PORT] }
    }
}

impl Ports {
    /// The call as a host of `side` takes it, and for which of its connections; `None` for taking a connection that waits,
    /// which is no call of TCP.
    pub fn call(&self, side: Side, whose: Whose, call: UserCall) -> Option<(Target, Call)> {
        let other = Simulation::address_of(side.other());
        let target = match whose {
            Whose::Youngest => Target::Current,
            Whose::Nth(nth) => Target::Connection(ConnectionId::of_number(nth)),
            Whose::Listener(port) => Target::Listener(port),
        };
        Some(match call {
            UserCall::Open { from, to, timeout } => {
                let remote = SocketAddr::new(other, to.unwrap_or(self.found_at[side.other() as usize]));
                let local_port = from.or(self.opens_from[side as usize]);
                (Target::Connect { remote, local_port }, Call::Open { open: Open::Active, timeout })
            }
            UserCall::Listen { port, from: None, timeout } => {
                (Target::Listener(port), Call::Open { open: Open::Passive, timeout })
            }
            UserCall::Listen { port, from: Some(peer), timeout } => {
                let remote = SocketAddr::new(peer.address.unwrap_or(other), peer.port);
                let target = Target::Connect { remote, local_port: Some(port) };
                (target, Call::Open { open: Open::PassiveSpecified, timeout })
            }
            UserCall::Send { data, timeout, is_last } => (target, Call::Send { data, timeout, is_last }),
            UserCall::Receive(octets) => (target, Call::Receive(octets)),
            UserCall::Close => (target, Call::Close),
            UserCall::CloseAll => (target, Call::CloseAll),
            UserCall::Abort => (target, Call::Abort),
            UserCall::Status => (target, Call::Status),
            UserCall::Set(limit) => (target, Call::Set(limit)),
            UserCall::Accept(_) => return None,
        })
    }

    /// The segment that an intruder is, as far as it says so itself: numbers that are counted from the receiver's, and a window
    /// that it does not say, are only known when it sets out. Of several, the first.
    pub fn datagram(&self, intruder: &Intruder) -> Datagram {
        let Intruder { to, segment, address, from_port, to_port, .. } = intruder;
        let from = to.other();
        let socket = |side: Side, address: Option<IpAddr>, port: Option<u16>| {
            SocketAddr::new(
                address.unwrap_or(Simulation::address_of(side)),
                port.unwrap_or(self.found_at[side as usize]),
            )
        };
        Datagram {
            source: socket(from, *address, *from_port),
            destination: socket(*to, None, *to_port),
            segment: segment.clone(),
        }
    }
}
