//! One end of one connection, after RFC 9293 §3.10. Read that section first; the code follows its order.
//!
//! An [`Endpoint`] is a value. It is given calls, segments and expired timers, together with a [`Context`] (the time,
//! the profile, an initial sequence number in case it needs one), and puts what it does into an [`Outbox`]: segments
//! to send, reasons, words to its user, changes of state. It knows nothing of hosts, networks or traces.
//!
//! This file only dispatches: the four cases of §3.10.7 are the four variants.
//!
//! | file | what | where in RFC 9293 |
//! |---|---|---|
//! | `calls` | what the user may ask for | §3.10.1-6 |
//! | `opening` | segments in CLOSED, LISTEN, SYN-SENT | §3.10.7.1-3 |
//! | `synchronized` | segments otherwise: the eight checks | §3.10.7.4 |
//! | `transmit` | what may be sent when; the retransmission queue | §3.7, §3.8.6 |
//! | `timeouts` | what happens when a timer expires | §3.10.8, RFC 6298 |
//! | `space` | SND.* and RCV.* | §3.3.1, §3.4 |
//! | `reassembly` | text that arrived out of order or was not yet read | §3.10.7.4 |
//! | `rtt`, `timers` | RTO; the table of deadlines | RFC 6298 |
//! | `negotiated` | the options that both SYNs agreed on | RFC 7323 |
//! | `limits` | R1, R2, user timeout and keep-alive of one connection | §3.8.3, §3.8.4, §3.9.1 |
//! | `tcb` | the whole control block as plain data | §3.3.1 |

mod calls;
mod limits;
mod negotiated;
mod opening;
mod origin;
mod outbox;
mod reassembly;
mod rtt;
mod space;
mod synchronized;
mod tcb;
mod timeouts;
mod timers;
mod transmit;

use crate::profile::Profile;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{Call, CallError, Reply, State, Timer};
use crate::time::Instant;

use synchronized::Phase;

pub use limits::Limits;
pub use negotiated::{Negotiated, WindowScale};
pub use opening::{Listen, Remote, SynSent};
pub use origin::Origin;
pub use outbox::{Effect, Outbox};
pub use synchronized::Synchronized;
pub use tcb::{FinStatus, Tcb, TcbError, Unacknowledged};
pub use timers::Timers;

/// One end of one connection: the four cases of RFC 9293 §3.10.7. The eleven state names are derived from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// No connection state at all.
    #[default]
    Closed,
    /// Waiting for a connection request.
    Listen(Box<Listen>),
    /// Waiting for the answer to our connection request.
    SynSent(Box<SynSent>),
    /// Every state in which the other side's sequence number is known.
    Synchronized(Box<Synchronized>),
}

/// What an endpoint may ask of its surroundings while it handles one event.
pub struct Context<'a> {
    /// The simulated time.
    pub now: Instant,
    /// The choices of this end.
    pub profile: &'a Profile,
    /// Whether a SYN may take over the sockets of this connection, should it be in TIME-WAIT.
    pub takeover: Takeover,
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
    fn take_challenge(&mut self) -> bool {
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

    fn take_iss(&mut self) -> SeqNumber {
        self.iss_is_taken = true;
        match self.iss {
            Iss::Given(iss) => iss,
            Iss::Chosen(choose) => choose(),
        }
    }

    /// An initial sequence number beyond those of the incarnation before, whose next one was `nxt`.
    fn take_iss_beyond(&mut self, nxt: SeqNumber) -> SeqNumber {
        let iss = self.take_iss();
        // RFC 1122 §4.2.2.13 asks for a larger number; the distance is 4.4BSD's.
        if iss.is_after(nxt) { iss } else { nxt + 128_000 }
    }

    /// Our clock for the timestamps option, in milliseconds (RFC 7323 §5.4).
    fn timestamp_clock(&self) -> u32 {
        (self.now.as_us() / 1000) as u32
    }
}

impl Endpoint {
    /// The state's name (RFC 9293 §3.3.2).
    pub fn state(&self) -> State {
        match self {
            Endpoint::Closed => State::Closed,
            Endpoint::Listen(_) => State::Listen,
            Endpoint::SynSent(_) => State::SynSent,
            Endpoint::Synchronized(synchronized) => synchronized.state(),
        }
    }

    /// Whether it is in SYN-RECEIVED because of a SYN that met a listener, not because both sides opened.
    pub fn is_half_open(&self) -> bool {
        matches!(self, Endpoint::Synchronized(it) if it.phase == Phase::SynReceived(Origin::Passive))
    }

    /// Whether it is in SYN-RECEIVED and `segment` would establish it.
    pub fn is_established_by(&self, segment: &Segment, profile: &Profile) -> bool {
        matches!(self, Endpoint::Synchronized(it) if it.is_established_by(segment, profile))
    }

    /// A segment arrives (RFC 9293 §3.10.7).
    pub fn segment_arrives(&mut self, segment: &Segment, cx: &mut Context<'_>, out: &mut Outbox) {
        let next = match self {
            Endpoint::Closed => {
                opening::segment_arrives_in_closed(segment, out);
                None
            }
            Endpoint::Listen(listen) => listen.segment_arrives(segment, cx, out),
            Endpoint::SynSent(syn_sent) => syn_sent.segment_arrives(segment, cx, out),
            Endpoint::Synchronized(synchronized) => synchronized.segment_arrives(segment, cx, out),
        };
        self.become_next(next);
    }

    /// The user calls (RFC 9293 §3.10.1-6).
    ///
    /// # Errors
    /// In the RFC's own words; the endpoint is then as it was.
    pub fn call(&mut self, call: Call, cx: &mut Context<'_>, out: &mut Outbox) -> Result<Reply, CallError> {
        let (reply, next) = match self {
            Endpoint::Closed => calls::call_in_closed(call, cx, out)?,
            Endpoint::Listen(listen) => listen.call(call, cx, out)?,
            Endpoint::SynSent(syn_sent) => syn_sent.call(call, cx, out)?,
            Endpoint::Synchronized(synchronized) => synchronized.call(call, cx, out)?,
        };
        self.become_next(next);
        Ok(reply)
    }

    /// The user takes the connection, which a listener has established meanwhile.
    pub fn accept(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        if let Endpoint::Synchronized(synchronized) = self {
            synchronized.accepted(cx, out);
        }
    }

    /// A timer expires (RFC 9293 §3.10.8). A timer that is not running does nothing.
    pub fn timeout(&mut self, timer: Timer, cx: &mut Context<'_>, out: &mut Outbox) {
        let next = match self {
            Endpoint::Closed => None,
            Endpoint::Listen(listen) => listen.timeout(timer, out),
            Endpoint::SynSent(syn_sent) => syn_sent.timeout(timer, cx, out),
            Endpoint::Synchronized(synchronized) => synchronized.timeout(timer, cx, out),
        };
        self.become_next(next);
    }

    /// The timers that are running.
    pub fn timers(&self) -> Timers {
        self.own_timers().copied().unwrap_or_default()
    }

    /// When the next of its timers expires.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.own_timers().and_then(Timers::next_deadline)
    }

    fn own_timers(&self) -> Option<&Timers> {
        match self {
            Endpoint::Closed => None,
            Endpoint::Listen(listen) => Some(&listen.timers),
            Endpoint::SynSent(syn_sent) => Some(&syn_sent.timers),
            Endpoint::Synchronized(synchronized) => Some(&synchronized.timers),
        }
    }

    /// The octets of text that it keeps: unsent, unacknowledged, out of order, unread.
    pub fn buffered(&self) -> usize {
        match self {
            Endpoint::Closed | Endpoint::Listen(_) => 0,
            Endpoint::SynSent(syn_sent) => syn_sent.unsent.len(),
            Endpoint::Synchronized(it) => {
                it.buffered() + it.previous.as_ref().map_or(0, |previous| previous.buffered())
            }
        }
    }

    /// How many control blocks it keeps: two while one in TIME-WAIT may have to come back.
    pub fn control_blocks(&self) -> usize {
        match self {
            Endpoint::Closed => 0,
            Endpoint::Listen(_) | Endpoint::SynSent(_) => 1,
            Endpoint::Synchronized(it) => 1 + usize::from(it.previous.is_some()),
        }
    }

    /// Checks what must hold after every event; tests call it after each.
    ///
    /// # Panics
    /// If an invariant is broken, with its name.
    pub fn check_invariants(&self) {
        match self {
            Endpoint::Closed | Endpoint::Listen(_) => {}
            Endpoint::SynSent(syn_sent) => {
                assert!(
                    syn_sent.timers.is_running(Timer::Retransmission),
                    "a SYN is outstanding, so its retransmission timer runs"
                );
            }
            Endpoint::Synchronized(synchronized) => synchronized.check_invariants(),
        }
    }

    fn become_next(&mut self, next: Option<Endpoint>) {
        if let Some(next) = next {
            *self = next;
        }
    }
}
