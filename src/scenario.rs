//! Stories: two hosts with their settings, a link with its faults, and what the users do when.
//!
//! A [`Scenario`] is written as text (see [`script`]) and makes a [`Simulation`]. The catalogue is built in.

pub mod script;

use std::net::SocketAddr;

use bytes::Bytes;

use crate::endpoint::{Call, Open};
use crate::host::{FIRST_DYNAMIC_PORT, Target};
use crate::isn::IsnGenerator;
use crate::network::{Fault, Link, Side};
use crate::profile::Profile;
use crate::seq::SeqNumber;
use crate::simulation::{Command, Scheduled, Simulation, When};
use crate::time::{Duration, Instant};

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
/// assert_eq!(simulation.host(synfin::network::Side::Client).connections().len(), 1);
/// # Ok::<(), synfin::scenario::ScriptErrors>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// What it is about, if it says so.
    pub title: Option<String>,
    /// The client's host.
    pub client: HostSetup,
    /// The server's host.
    pub server: HostSetup,
    /// The one-way delay of the link.
    pub delay: Duration,
    /// What happens to segments on their way.
    pub faults: Vec<Fault>,
    /// What the users do, in the order of the text.
    pub acts: Vec<Act>,
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

/// Something that a user does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Act {
    /// When.
    pub when: When,
    /// Whose user.
    pub side: Side,
    /// What.
    pub deed: Deed,
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
    },
    /// Passive OPEN on a port.
    Listen(u16),
    /// SEND.
    Send(Bytes),
    /// RECEIVE up to so many octets.
    Receive(u32),
    /// CLOSE.
    Close,
    /// ABORT.
    Abort,
    /// STATUS.
    Status,
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
            let isn = IsnGenerator::new(setup.isns.clone(), setup.seed);
            Simulation::host_for(side, setup.profile.clone(), isn)
        };
        let listening = Side::BOTH.into_iter().flat_map(|side| {
            let ports = self.host(side).listen.iter();
            ports.map(move |port| Act { when: When::At(Instant::ZERO), side, deed: Deed::Listen(*port) })
        });
        let scheduled = listening
            .chain(self.acts.iter().cloned())
            .map(|act| Scheduled { when: act.when, command: self.command(act.side, act.deed) })
            .collect();
        let link = Link::new(self.delay, self.faults.clone());
        Simulation::new(host(Side::Client), host(Side::Server), link, scheduled)
    }

    /// The command that carries out what a user of `side` does.
    pub fn command(&self, side: Side, deed: Deed) -> Command {
        let (target, call) = match deed {
            Deed::Open { from, to } => {
                let remote =
                    SocketAddr::new(Simulation::address_of(side.other()), to.unwrap_or(self.port_of(side.other())));
                // The client's later connections take further ports; the server's side of a simultaneous open is
                // expected at its own port.
                let own = match side {
                    Side::Client => self.client.port,
                    Side::Server => Some(self.port_of(Side::Server)),
                };
                (Target::Connect { remote, local_port: from.or(own) }, Call::Open(Open::Active))
            }
            Deed::Listen(port) => (Target::Listener(port), Call::Open(Open::Passive)),
            Deed::Send(data) => (Target::Current, Call::Send(data)),
            Deed::Receive(octets) => (Target::Current, Call::Receive(octets)),
            Deed::Close => (Target::Current, Call::Close),
            Deed::Abort => (Target::Current, Call::Abort),
            Deed::Status => (Target::Current, Call::Status),
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
    /// Its script.
    pub script: &'static str,
}

macro_rules! catalogue {
    ($($id:literal),+ $(,)?) => {
        /// The built-in stories; the first one is the default.
        pub const CATALOGUE: &[Story] =
            &[$(Story { id: $id, script: include_str!(concat!("../scenarios/", $id, ".tcp")) }),+];
    };
}

catalogue! {
    "life",
    "lost-syn",
    "lost-last-ack",
    "three-segment-close",
    "simultaneous-open",
    "simultaneous-close",
    "refused",
}

/// The story with this name.
pub fn story(id: &str) -> Option<&'static Story> {
    CATALOGUE.iter().find(|story| story.id == id)
}

/// Octets to send where a story gives only their number: the letters a to z over and over.
pub fn sample_text(octets: usize) -> Bytes {
    (b'a'..=b'z').cycle().take(octets).collect()
}
