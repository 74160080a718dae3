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
//! | `transmit` | what may be sent when | §3.7, §3.8.6 |
//! | `timeouts` | what happens when a timer expires | §3.10.8, RFC 6298 |
//! | `progress` | how far a synchronized connection has come: its state, its FIN, the acknowledgment it owes | §3.3.2 |
//! | `space` | SND.* and RCV.* | §3.3.1, §3.4 |
//! | `retransmission_queue` | what may have to be repeated | §3.8.1 |
//! | `reassembly` | text that arrived out of order or was not yet read | §3.10.7.4 |
//! | `receives` | RECEIVEs that wait | §3.9.1.3 |
//! | `rtt`, `timers` | RTO; the table of deadlines | RFC 6298 |
//! | `negotiated` | the options that both SYNs agreed on | RFC 7323 |
//! | `limits` | R1, R2, user timeout and keep-alive of one connection | §3.8.3, §3.8.4, §3.9.1 |
//! | `context`, `outbox` | what an endpoint is given with an event; what it does | |
//! | `tcb` | the whole control block as plain data | §3.3.1 |

mod calls;
mod context;
mod limits;
mod negotiated;
mod opening;
mod outbox;
mod progress;
mod reassembly;
mod receives;
mod retransmission_queue;
mod rtt;
mod space;
mod synchronized;
mod tcb;
mod timeouts;
mod timers;
mod transmit;

use crate::profile::{Profile, TimeWaitOpen};
use crate::rule::Rule;
use crate::segment::Segment;
use crate::seq::SeqNumber;
use crate::tcp::{Call, CallError, Reply, State, Timer};
use crate::time::{Duration, Instant};

use progress::Phase;

pub use context::{Context, Takeover};
pub use limits::Limits;
pub use negotiated::{Negotiated, WindowScale};
pub use opening::{Listen, Remote, SynSent};
pub use outbox::{Effect, Outbox};
pub use progress::{FinStatus, Origin};
pub use synchronized::Synchronized;
pub use tcb::{Tcb, TcbError, Unacknowledged};
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
    pub fn is_request(&self) -> bool {
        matches!(self, Endpoint::Synchronized(it) if it.phase == Phase::SynReceived(Origin::Passive))
    }

    /// Whether it is in SYN-RECEIVED and `segment` would establish it.
    pub fn is_established_by(&self, now: Instant, segment: &Segment, profile: &Profile) -> bool {
        matches!(self, Endpoint::Synchronized(it) if it.is_established_by(now, segment, profile))
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

    /// SND.NXT, if this is in TIME-WAIT and its user may open a new connection between the same sockets: its timestamps, and
    /// those of whatever is left of it, are older by a second at least.
    pub fn gives_way_to_open(&self, now: Instant, profile: &Profile) -> Option<SeqNumber> {
        let Endpoint::Synchronized(it) = self else { return None };
        let is_told_apart = it.negotiated.ts_recent.is_some()
            && profile.timestamps
            && now.since(it.timestamp_clock.taken_at) >= Duration::from_secs(1);
        let may = profile.timewait_open == TimeWaitOpen::Timestamps && it.phase == Phase::TimeWait && is_told_apart;
        may.then_some(it.snd.nxt)
    }

    /// Ends in TIME-WAIT for the sake of a new connection.
    pub fn give_way_to_open(&mut self, out: &mut Outbox) {
        out.because(Rule::OpenTakesTimeWait);
        out.enter(self.state(), State::Closed);
        *self = Endpoint::Closed;
    }

    /// The listener that made this connection has closed: a request is forgotten, as it could not be accepted any more, and
    /// what is established but was not taken is given up.
    pub fn listener_closes(&mut self, cx: &mut Context<'_>, out: &mut Outbox) {
        let Endpoint::Synchronized(it) = self else { return };
        *self = match it.phase {
            Phase::SynReceived(_) => {
                out.because(Rule::RequestEndsWithListener);
                it.leave_to(State::Listen, cx, out)
            }
            _ => {
                out.because(Rule::UntakenEndsWithListener);
                it.call_abort(cx, out)
            }
        };
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

    /// The window that a segment from here would say now, as the header carries it, where the other side may know one.
    pub fn window_field(&self, is_syn: bool, profile: &Profile) -> Option<u16> {
        match self {
            Endpoint::Closed | Endpoint::Listen(_) => None,
            Endpoint::SynSent(_) => Some(profile.opening_window()),
            Endpoint::Synchronized(it) => Some(it.window_field(is_syn)),
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
