//! What an endpoint is given with each event: the time, the choices of its host, and what it may ask of it.

use crate::profile::Profile;
use crate::seq::SeqNumber;
use crate::time::Instant;

/// What an endpoint may ask of its surroundings while it handles one event.
pub struct Context<'a> {
    /// The simulated time.
    pub now: Instant,
    /// The choices of this end.
    pub profile: &'a Profile,
    /// Whether a SYN may take over the sockets of this connection, should it be in TIME-WAIT.
    pub takeover: Takeover,
    /// Whether there still is a listener to which a request can lead back.
    pub has_listener: bool,
    /// SND.NXT of the incarnation before, if the next initial send sequence number has to lie beyond it.
    pub beyond: Option<SeqNumber>,
    iss: Iss<'a>,
    /// Whether there is a user to take what arrives: not while a connection waits to be accepted.
    pub(super) has_reader: bool,
    /// Whether a listener made the endpoint, and lives on whatever becomes of it.
    pub(super) is_of_listener: bool,
    iss_is_taken: bool,
    allowance: Allowance,
}

/// Whether a SYN may take over sockets in TIME-WAIT: it is the passive OPEN on that port that accepts it
/// (RFC 9293 MAY-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takeover {
    /// Somebody listens and has room.
    Possible,
    /// Somebody listens but has no room.
    NoRoom,
    /// Nobody listens.
    NobodyListens,
}

/// Where an initial send sequence number comes from.
#[derive(Clone, Copy)]
enum Iss<'a> {
    Given(SeqNumber),
    /// Only few events need one, and it takes a keyed hash.
    Chosen(&'a dyn Fn() -> SeqNumber),
}

/// What of the host's limit of challenge ACKs is left for this event, which needs one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowance {
    Left,
    Exhausted,
    Used,
}

impl<'a> Context<'a> {
    /// A context in which `iss` is the next initial send sequence number, should one be needed.
    pub fn new(now: Instant, profile: &'a Profile, iss: SeqNumber) -> Self {
        let iss = Iss::Given(iss);
        Self {
            now,
            profile,
            takeover: Takeover::Possible,
            has_listener: true,
            beyond: None,
            iss,
            has_reader: true,
            is_of_listener: false,
            iss_is_taken: false,
            allowance: Allowance::Left,
        }
    }

    /// A context in which `choose` says the next initial send sequence number, should one be needed.
    pub fn choosing(now: Instant, profile: &'a Profile, choose: &'a dyn Fn() -> SeqNumber) -> Self {
        Self { iss: Iss::Chosen(choose), ..Self::new(now, profile, SeqNumber(0)) }
    }

    /// The same where the host's limit of challenge ACKs may be reached (RFC 5961 §7).
    pub fn with_challenges(self, may_challenge: bool) -> Self {
        Self { allowance: if may_challenge { Allowance::Left } else { Allowance::Exhausted }, ..self }
    }

    /// The same for a connection that no user has taken yet.
    pub fn without_reader(self) -> Self {
        Self { has_reader: false, ..self }
    }

    /// The same for a connection that a listener made: where it comes to nothing, it was only a request.
    pub fn of_listener(self) -> Self {
        Self { is_of_listener: true, ..self }
    }

    /// Whether the endpoint sent a challenge ACK.
    pub fn has_challenged(&self) -> bool {
        self.allowance == Allowance::Used
    }

    /// Takes one challenge ACK from the host's allowance. Says whether there was one.
    pub(super) fn take_challenge(&mut self) -> bool {
        let is_allowed = self.allowance != Allowance::Exhausted;
        if is_allowed {
            self.allowance = Allowance::Used;
        }
        is_allowed
    }

    /// Whether the endpoint used the initial send sequence number.
    pub fn iss_is_taken(&self) -> bool {
        self.iss_is_taken
    }

    pub(super) fn take_iss(&mut self) -> SeqNumber {
        self.iss_is_taken = true;
        let iss = match self.iss {
            Iss::Given(iss) => iss,
            Iss::Chosen(choose) => choose(),
        };
        match self.beyond {
            // RFC 1122 §4.2.2.13 asks for a larger number; the distance is 4.4BSD's.
            Some(nxt) if !iss.is_after(nxt) => nxt + 128_000,
            _ => iss,
        }
    }

    /// Our clock for the timestamps option, in milliseconds (RFC 7323 §5.4).
    pub(super) fn timestamp_clock(&self) -> u32 {
        (self.now.as_us() / 1000) as u32
    }
}
