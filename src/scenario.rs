//! Stories: two hosts with their settings, a link with its faults, and what the users do when.
//!
//! A [`Scenario`] is written as text (see [`script`]) and makes a [`Simulation`]. The catalogue is built in.

pub mod expectation;
pub mod script;

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

use crate::host::{FIRST_DYNAMIC_PORT, Target};
use crate::isn::IsnGenerator;
use crate::network::{Chance, Fault, Link};
use crate::profile::Profile;
use crate::segment::{Datagram, Segment};
use crate::seq::SeqNumber;
use crate::simulation::{Command, Scheduled, Simulation, When};
use crate::tcp::{Action, Call, ConnectionId, Limit, Open, SegmentId, Side};
use crate::time::{Duration, Instant};

pub use expectation::{Expectation, Unmet};
pub use script::{ScriptError, ScriptErrors};

/// The port of the server where a story names none.
const DEFAULT_SERVER_PORT: u16 = 80;

/// A story.
///
/// ```
/// use synfin::scenario::Scenario;
///
/// let story = Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?;
/// let mut simulation = story.simulation();
/// while simulation.step(&mut ()) {}
/// assert_eq!(simulation.host(synfin::tcp::Side::Client).connections().len(), 1);
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// What it is about, if it says so.
    pub title: Option<String>,
    /// What else it says about itself, line by line.
    pub notes: Vec<String>,
    /// The client's host.
    pub client: HostSetup,
    /// The server's host.
    pub server: HostSetup,
    /// The one-way delay of the link.
    pub delay: Duration,
    /// What may happen to any segment.
    pub chance: Chance,
    /// What happens to some segments.
    pub faults: Vec<Fault>,
    /// What happens, in the order of the text.
    pub acts: Vec<Act>,
    /// What must come true.
    pub expectations: Vec<Expectation>,
}

/// The settings of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct HostSetup {
    /// The initial sequence numbers of its connections, in order; further ones are computed (RFC 6528).
    pub isns: Vec<SeqNumber>,
    /// The secret from which the further ones are computed.
    pub seed: u64,
    /// The ports on which it listens from the start.
    pub listen: Vec<u16>,
    /// The port from which it opens; without one, the client takes the first dynamic port and the server the port on
    /// which it is expected.
    pub port: Option<u16>,
    /// Its choices.
    pub profile: Profile,
}

/// Something that happens because the story says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Act {
    /// When.
    pub when: When,
    /// What.
    pub doing: Doing,
}

impl Act {
    /// Something that a user of `side` does, for the youngest connection or the listener.
    pub fn user(when: When, side: Side, deed: Deed) -> Self {
        Self { when, doing: Doing::User { side, whose: Whose::Youngest, deed } }
    }
}

/// What can happen because the story says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// A user does something.
    User {
        /// Whose user.
        side: Side,
        /// For which connection.
        whose: Whose,
        /// What.
        deed: Deed,
    },
    /// A host forgets everything and stops.
    Crash(Side),
    /// A host comes up again and knows nothing.
    Reboot(Side),
    /// A segment that nobody sent sets out.
    Forge(Forgery),
    /// Something happens to a segment on its way.
    Interfere(SegmentId, Action),
    /// Time passes until then, if nothing else happens before. Only what was recorded of a run has this.
    Wait(Instant),
}

/// For which connection a user does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The youngest one that the user has, else a half-open one, else the listener.
    Youngest,
    /// The side's nth, counted from 1 in the order in which they came to be.
    Nth(u32),
    /// The listener on this port.
    Listener(u16),
}

/// A segment that nobody sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Forgery {
    /// Whom it travels to.
    pub to: Side,
    /// What it is.
    pub segment: Segment,
    /// The address that it claims to come from; that of the other side if it says none.
    pub address: Option<IpAddr>,
    /// The port that it claims to come from; that of the other side if it says none.
    pub from_port: Option<u16>,
    /// The port that it travels to; that of the story if it says none.
    pub to_port: Option<u16>,
    /// How many of them follow each other, each from the next port; at least 1.
    pub times: u32,
    /// How long after each other.
    pub every: Duration,
}

/// A socket that a passive OPEN names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its address; that of the other side if it says none.
    pub address: Option<IpAddr>,
    /// Its port.
    pub port: u16,
}

/// What a user can do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Active OPEN, from and to a port; without them, those of the story.
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
    },
    /// RECEIVE up to so many octets.
    Receive(u32),
    /// CLOSE.
    Close,
    /// ABORT.
    Abort,
    /// STATUS.
    Status,
    /// Set a limit of one connection.
    Set(Limit),
    /// Take the oldest established connection that waits for it, of a port or of any.
    Accept(Option<u16>),
}

impl Deed {
    /// SEND with the timeout in force.
    pub const fn send(data: Bytes) -> Self {
        Deed::Send { data, timeout: None }
    }
}

impl Scenario {
    /// Reads a script.
    ///
    /// # Errors
    /// Every mistake in the text, with its line and column.
    pub fn parse(text: &str) -> Result<Self, ScriptErrors> {
        script::parse(text)
    }

    /// The settings of a side.
    pub fn host(&self, side: Side) -> &HostSetup {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The settings of a side, to change them.
    pub fn host_mut(&mut self, side: Side) -> &mut HostSetup {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    /// The simulation at the start of this story.
    pub fn simulation(&self) -> Simulation {
        let host = |side| {
            let setup = self.host(side);
            let isn = IsnGenerator::new(&setup.isns, setup.seed);
            Simulation::host_for(side, setup.profile.clone(), isn)
        };
        let mut scheduled = Vec::with_capacity(self.acts.len() + self.client.listen.len() + self.server.listen.len());
        for side in Side::BOTH {
            for port in &self.host(side).listen {
                let command = self.command(side, Deed::Listen { port: *port, from: None, timeout: None });
                scheduled.push(Scheduled { when: When::At(Instant::ZERO), command });
            }
        }
        for Act { when, doing } in &self.acts {
            self.schedule(*when, doing, &mut scheduled);
        }
        let link = Link::new(self.delay, self.faults.clone()).with_chance(self.chance);
        Simulation::new(host(Side::Client), host(Side::Server), link, scheduled)
    }

    /// The command that carries out what a user of `side` does, for the youngest connection or the listener.
    pub fn command(&self, side: Side, deed: Deed) -> Command {
        self.user_command(side, Whose::Youngest, deed)
    }

    /// The command that carries out what happens; for a forgery that is repeated, the first one.
    pub fn command_for(&self, doing: Doing) -> Command {
        match doing {
            Doing::User { side, whose, deed } => self.user_command(side, whose, deed),
            Doing::Crash(side) => Command::Crash(side),
            Doing::Reboot(side) => Command::Reboot(side),
            Doing::Interfere(segment, action) => Command::Interfere { segment, action },
            Doing::Wait(until) => Command::Wait(until),
            Doing::Forge(forgery) => {
                let Forgery { to, segment, address, from_port, to_port, .. } = forgery;
                let from = to.other();
                let source = SocketAddr::new(
                    address.unwrap_or(Simulation::address_of(from)),
                    from_port.unwrap_or(self.port_of(from)),
                );
                let destination = SocketAddr::new(Simulation::address_of(to), to_port.unwrap_or(self.port_of(to)));
                Command::Forge { to, datagram: Datagram { source, destination, segment }.into() }
            }
        }
    }

    /// What a command is in the words of a story; the inverse of [`Scenario::command_for`].
    pub fn doing(&self, command: &Command) -> Doing {
        let user = |side: &Side, whose, deed| Doing::User { side: *side, whose, deed };
        match command {
            Command::Crash(side) => Doing::Crash(*side),
            Command::Reboot(side) => Doing::Reboot(*side),
            Command::Interfere { segment, action } => Doing::Interfere(*segment, *action),
            Command::Wait(until) => Doing::Wait(*until),
            Command::Accept { side, port } => user(side, Whose::Youngest, Deed::Accept(*port)),
            Command::Forge { to, datagram } => Doing::Forge(Forgery {
                to: *to,
                segment: datagram.segment.clone(),
                address: Some(datagram.source.ip()).filter(|it| *it != Simulation::address_of(to.other())),
                from_port: Some(datagram.source.port()),
                to_port: Some(datagram.destination.port()),
                times: 1,
                every: Duration::ZERO,
            }),
            Command::Call { side, target, call } => {
                let (whose, ports) = match target {
                    Target::Connect { remote, local_port } => (Whose::Youngest, Some((*local_port, *remote))),
                    Target::Listener(port) => (Whose::Listener(*port), None),
                    Target::Connection(id) => (Whose::Nth(id.0.saturating_add(1)), None),
                    Target::Current => (Whose::Youngest, None),
                };
                let deed = match (call, whose, ports) {
                    (
                        Call::Open { open: Open::Passive | Open::PassiveSpecified, timeout },
                        Whose::Listener(port),
                        _,
                    ) => {
                        return user(side, Whose::Youngest, Deed::Listen { port, from: None, timeout: *timeout });
                    }
                    (Call::Open { open: Open::PassiveSpecified, timeout }, _, Some((Some(port), remote))) => {
                        let address = Some(remote.ip()).filter(|it| *it != Simulation::address_of(side.other()));
                        let from = Some(Peer { address, port: remote.port() });
                        Deed::Listen { port, from, timeout: *timeout }
                    }
                    (Call::Open { timeout, .. }, _, ports) => Deed::Open {
                        from: ports.and_then(|(from, _)| from),
                        to: ports.map(|(_, to)| to.port()),
                        timeout: *timeout,
                    },
                    (Call::Send { data, timeout }, ..) => Deed::Send { data: data.clone(), timeout: *timeout },
                    (Call::Receive(octets), ..) => Deed::Receive(*octets),
                    (Call::Close, ..) => Deed::Close,
                    (Call::Abort, ..) => Deed::Abort,
                    (Call::Status, ..) => Deed::Status,
                    (Call::Set(limit), ..) => Deed::Set(*limit),
                };
                user(side, whose, deed)
            }
        }
    }

    /// Adds the commands that carry out what happens, and when.
    fn schedule(&self, when: When, doing: &Doing, scheduled: &mut Vec<Scheduled>) {
        let Doing::Forge(forgery) = doing else {
            scheduled.push(Scheduled { when, command: self.command_for(doing.clone()) });
            return;
        };
        let first_port = forgery.from_port.unwrap_or(self.port_of(forgery.to.other()));
        scheduled.extend((0..forgery.times).map(|index| {
            // A port beyond the last one begins at 1 again: there is no port 0.
            let port = (u32::from(first_port).saturating_sub(1) + index) % u32::from(u16::MAX) + 1;
            let from_port = Some(u16::try_from(port).expect("a remainder of 65535, plus one"));
            let one = Forgery { from_port, ..forgery.clone() };
            let later = Duration::from_us(forgery.every.as_us().saturating_mul(u64::from(index)));
            Scheduled { when: when.later_by(later), command: self.command_for(Doing::Forge(one)) }
        }));
    }

    fn user_command(&self, side: Side, whose: Whose, deed: Deed) -> Command {
        let target = match whose {
            Whose::Youngest => Target::Current,
            Whose::Nth(nth) => Target::Connection(ConnectionId(nth.saturating_sub(1))),
            Whose::Listener(port) => Target::Listener(port),
        };
        let (target, call) = match deed {
            Deed::Open { from, to, timeout } => {
                let remote =
                    SocketAddr::new(Simulation::address_of(side.other()), to.unwrap_or(self.port_of(side.other())));
                // The client's later connections take further ports; the server's side of a simultaneous open is
                // expected at its own port.
                let own = match side {
                    Side::Client => self.client.port,
                    Side::Server => Some(self.port_of(Side::Server)),
                };
                (Target::Connect { remote, local_port: from.or(own) }, Call::Open { open: Open::Active, timeout })
            }
            Deed::Listen { port, from: None, timeout } => {
                (Target::Listener(port), Call::Open { open: Open::Passive, timeout })
            }
            Deed::Listen { port, from: Some(peer), timeout } => {
                let address = peer.address.unwrap_or(Simulation::address_of(side.other()));
                let remote = SocketAddr::new(address, peer.port);
                (
                    Target::Connect { remote, local_port: Some(port) },
                    Call::Open { open: Open::PassiveSpecified, timeout },
                )
            }
            Deed::Send { data, timeout } => (target, Call::Send { data, timeout }),
            Deed::Receive(octets) => (target, Call::Receive(octets)),
            Deed::Close => (target, Call::Close),
            Deed::Abort => (target, Call::Abort),
            Deed::Status => (target, Call::Status),
            Deed::Set(limit) => (target, Call::Set(limit)),
            Deed::Accept(port) => return Command::Accept { side, port },
        };
        Command::Call { side, target, call }
    }

    /// The port at which the other side finds this one.
    pub fn port_of(&self, side: Side) -> u16 {
        let setup = self.host(side);
        setup.port.or(setup.listen.first().copied()).unwrap_or(match side {
            Side::Client => FIRST_DYNAMIC_PORT,
            Side::Server => DEFAULT_SERVER_PORT,
        })
    }
}

/// A story of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Story {
    /// Its name in permalinks and attributes.
    pub id: &'static str,
    /// Where it belongs.
    pub chapter: Chapter,
    /// Its script.
    pub script: &'static str,
}

/// What stories are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chapter {
    /// A connection from its beginning to its end.
    Whole,
    /// How a connection comes to be, or does not.
    Opening,
    /// What would go wrong with fewer segments.
    WhyThree,
    /// What the numbers and windows are for.
    Data,
    /// How a connection ends.
    Closing,
    /// Why somebody has to wait after the end.
    TimeWait,
    /// What ends a connection that was not to end.
    Resets,
    /// The worked examples of RFC 9293 §3.5 and §3.6, with its numbers.
    Figures,
}

impl Chapter {
    /// Every chapter, in the order of the catalogue.
    pub const ALL: [Chapter; 8] = [
        Chapter::Whole,
        Chapter::Opening,
        Chapter::WhyThree,
        Chapter::Data,
        Chapter::Closing,
        Chapter::TimeWait,
        Chapter::Resets,
        Chapter::Figures,
    ];

    /// Its name among the words of the stories.
    pub const fn name(self) -> &'static str {
        match self {
            Chapter::Whole => "whole",
            Chapter::Opening => "opening",
            Chapter::WhyThree => "why-three",
            Chapter::Data => "data",
            Chapter::Closing => "closing",
            Chapter::TimeWait => "time-wait",
            Chapter::Resets => "resets",
            Chapter::Figures => "figures",
        }
    }
}

macro_rules! catalogue {
    ($($chapter:ident: $($id:literal),+;)+) => {
        /// The built-in stories, chapter by chapter; the first one is the default.
        pub const CATALOGUE: &[Story] = &[$($(Story {
            id: $id,
            chapter: Chapter::$chapter,
            script: include_str!(concat!("../scenarios/", $id, ".tcp")),
        }),+),+];
    };
}

catalogue! {
    Whole:
        "life",
        "lossy-link";
    Opening:
        "handshake",
        "data-with-third-segment",
        "options-agreed",
        "options-not-offered",
        "lost-syn",
        "lost-syn-ack",
        "lost-third-idle",
        "lost-third-with-data",
        "lost-third-server-first",
        "simultaneous-open",
        "refused",
        "nobody-answers",
        "backlog-full",
        "accept-queue-full";
    WhyThree:
        "stale-syn-three-way",
        "stale-syn-two-way",
        "stale-data-three-way",
        "stale-data-two-way",
        "ghost-three-way",
        "ghost-two-way";
    Data:
        "lost-data",
        "damaged-segment",
        "delayed-ack",
        "nagle",
        "zero-window",
        "sequence-wrap";
    Closing:
        "client-closes-first",
        "server-closes-first",
        "half-close",
        "three-segment-close",
        "simultaneous-close",
        "lost-fin",
        "lost-ack-of-fin",
        "lost-last-ack",
        "fin-before-missing-data",
        "close-in-syn-sent",
        "close-in-syn-received",
        "fin-wait-2",
        "fin-wait-2-keep-alive";
    TimeWait:
        "time-wait",
        "no-time-wait-lost-last-ack",
        "no-time-wait-old-segment",
        "time-wait-reuse",
        "time-wait-assassination",
        "time-wait-rfc1337";
    Resets:
        "abort",
        "half-open-after-crash",
        "half-open-for-ever",
        "quiet-time",
        "blind-rst-out-of-window",
        "blind-rst-in-window",
        "blind-rst-without-rfc5961",
        "blind-syn-out-of-window",
        "blind-syn-in-window",
        "blind-syn-without-rfc5961",
        "syn-flood",
        "syn-cookies";
    Figures:
        "figure-6",
        "figure-7",
        "figure-8",
        "figure-9",
        "figure-10",
        "figure-11",
        "figure-12",
        "figure-13";
}

/// The story with this name.
pub fn story(id: &str) -> Option<&'static Story> {
    CATALOGUE.iter().find(|story| story.id == id)
}

/// Octets to send where a story gives only their number: the letters a to z over and over.
pub fn sample_text(octets: usize) -> Bytes {
    (b'a'..=b'z').cycle().take(octets).collect()
}
