//! The settings that a lesson switches to show what they are for: each against what the RFC says.

use crate::profile::{Handshake, Profile, TimeWait};
use crate::scenario::Scenario;

/// A world in which one thing is otherwise, at both hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counterfactual {
    /// A connection is established when its SYN has been seen (against RFC 9293 §3.5).
    TwoWayHandshake,
    /// Who closes first forgets the connection at once (against RFC 9293 §3.6.1).
    NoTimeWait,
    /// A reset or SYN anywhere inside the window ends a connection, as before RFC 5961.
    Rfc5961Off,
}

impl Counterfactual {
    /// All of them.
    pub const ALL: [Counterfactual; 3] =
        [Counterfactual::TwoWayHandshake, Counterfactual::NoTimeWait, Counterfactual::Rfc5961Off];

    /// Makes it true of a story, at both hosts; nothing else changes.
    pub fn apply(self, story: &mut Scenario) {
        for profile in profiles(story) {
            match self {
                Counterfactual::TwoWayHandshake => profile.handshake = Handshake::TwoWay,
                Counterfactual::NoTimeWait => profile.time_wait = TimeWait::Skipped,
                Counterfactual::Rfc5961Off => {
                    profile.rfc5961 = false;
                    profile.rfc5961_ack_range = false;
                }
            }
        }
    }

    /// Takes it back: the story follows the RFC again, at both hosts; nothing else changes.
    pub fn revoke(self, story: &mut Scenario) {
        for profile in profiles(story) {
            match self {
                Counterfactual::TwoWayHandshake => profile.handshake = Handshake::ThreeWay,
                Counterfactual::NoTimeWait => profile.time_wait = TimeWait::TwoMsl,
                // Whether acknowledgments that are too old are answered (§5) is a choice that the story keeps.
                Counterfactual::Rfc5961Off => profile.rfc5961 = true,
            }
        }
    }
}

fn profiles(story: &mut Scenario) -> [&mut Profile; 2] {
    [&mut story.client.profile, &mut story.server.profile]
}
