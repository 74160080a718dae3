//! Stories: two hosts with their settings, a link with its faults, and what the users do when.
//!
//! A [`Scenario`] is written as text (see [`script`]) and makes a [`Simulation`]. The catalogue is built in.

pub mod expectation;
pub mod script;

use std::sync::Arc;

use bytes::Bytes;

use crate::certain::certain;
use crate::host::FIRST_DYNAMIC_PORT;
use crate::isn::IsnGenerator;
use crate::network::{Chance, Fault, Link, Middlebox};
use crate::profile::Profile;
use crate::seq::SeqNumber;
use crate::simulation::{Act, DEFAULT_SERVER_PORT, Deed, Intruder, Ports, Simulation, UserCall, When};
use crate::tcp::Side;
use crate::time::{Duration, Instant};

pub use expectation::{Expectation, Unmet};
pub use script::{ScriptError, ScriptErrors};

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
    /// What stands on the link.
    pub middlebox: Middlebox,
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
        let mut story = Vec::with_capacity(self.acts.len() + self.client.listen.len() + self.server.listen.len());
        for side in Side::BOTH {
            let listens = |port: &u16| Act::user(When::At(Instant::ZERO), side, UserCall::listen(*port));
            story.extend(self.host(side).listen.iter().map(listens));
        }
        for act in &self.acts {
            self.schedule(act, &mut story);
        }
        let link = Link::new(self.delay, self.faults.clone()).with_chance(self.chance).with_middlebox(&self.middlebox);
        Simulation::new(host(Side::Client), host(Side::Server), self.ports(), link, story)
    }

    /// The lines of the story's script that have met nothing in a simulation of it, with their numbers, counted from 1: faults
    /// without a segment, acts that have waited in vain.
    pub fn missed<'a>(&self, script: &'a str, simulation: &Simulation) -> Vec<(usize, &'a str)> {
        let (mut faults_met, mut acts) = (simulation.link().faults_met(), self.acts.iter());
        let mut missed = Vec::new();
        for (number, line) in (1..).zip(script.lines()) {
            let is_missed = match line.split_whitespace().next() {
                Some("drop" | "duplicate" | "delay" | "corrupt" | "hold") => faults_met.next() == Some(false),
                Some("at" | "when") => acts.next().is_some_and(|act| simulation.waits_for(act.when)),
                _ => false,
            };
            if is_missed {
                missed.push((number, line.trim()));
            }
        }
        missed
    }

    /// The ports that this story means where it names none.
    pub fn ports(&self) -> Ports {
        let found_at = Side::BOTH.map(|side| self.port_of(side));
        // The client's later connections take further ports; the server's side of a simultaneous open is expected at its
        // own port.
        Ports { opens_from: [self.client.port, Some(self.port_of(Side::Server))], found_at }
    }

    /// Adds what happens, one segment after the other where several intrude.
    fn schedule(&self, act: &Act, story: &mut Vec<Act>) {
        let Deed::Intrude(intruder) = &act.deed else {
            story.push(act.clone());
            return;
        };
        let first_port = intruder.from_port.unwrap_or(self.port_of(intruder.to.other()));
        story.extend((0..intruder.times).map(|index| {
            // A port beyond the last one begins at 1 again: there is no port 0.
            let port = (u32::from(first_port).saturating_sub(1) + index) % u32::from(u16::MAX) + 1;
            let from_port = Some(certain(u16::try_from(port), "a remainder of 65535, plus one"));
            let one = Intruder { from_port, times: 1, every: Duration::ZERO, ..Intruder::clone(intruder) };
            let later = Duration::from_us(intruder.every.as_us().saturating_mul(u64::from(index)));
            Act { when: act.when.later_by(later), deed: Deed::Intrude(Arc::new(one)) }
        }));
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
    /// Its script. The page's module has none: the page fetches the file.
    #[cfg(feature = "embedded")]
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
            #[cfg(feature = "embedded")]
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
        "held-syn-three-way",
        "held-syn-rfc1337",
        "held-syn-two-way",
        "held-syn-after-abort",
        "held-syn-after-abort-two-way",
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
        "fin-with-text",
        "simultaneous-close",
        "lost-fin",
        "lost-ack-of-fin",
        "lost-last-ack",
        "fin-before-missing-data",
        "close-in-syn-sent",
        "close-in-syn-received",
        "fin-wait-2",
        "fin-wait-2-keep-alive",
        "fin-wait-2-limit";
    TimeWait:
        "time-wait",
        "no-time-wait-lost-last-ack",
        "no-time-wait-old-segment",
        "old-segment-timestamps",
        "time-wait-reuse",
        "time-wait-open",
        "time-wait-assassination",
        "time-wait-rfc1337";
    Resets:
        "abort",
        "upload-refused",
        "idle-connection-closed",
        "linger",
        "half-open-after-crash",
        "half-open-syn-again",
        "challenge-ack-filtered",
        "half-open-for-ever",
        "keep-alive-firewall",
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
