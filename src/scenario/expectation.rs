//! What a story promises, and whether a run keeps it.

use crate::chronicle::{Account, HostAccount};
use crate::insight::findings::{Findings, Kind};
use crate::insight::knowledge::{Entry, Fact, Knowledge, Level};
use crate::network::SegmentKind;
use crate::rule::Rule;
use crate::segment::{Segment, Timestamps};
use crate::seq::SeqNumber;
use crate::tcp::{Call, CallError, ConnectionId, Flushed, Open, Reply, Side, State, UserEvent};
use crate::time::Instant;
use crate::trace::{EventKind, Trace};

/// Something that must come true in a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expectation {
    /// The side's youngest connection is in this state, else its listener, else nothing: at a time, or in the end.
    State {
        /// Which side.
        side: Side,
        /// Which state.
        state: State,
        /// The nth connection instead of the youngest one, counted from 1.
        connection: Option<u32>,
        /// When; in the end if `None`.
        at: Option<Instant>,
    },
    /// A connection or listener of the side enters this state at some time.
    Reaches {
        /// Which side.
        side: Side,
        /// Which state.
        state: State,
        /// Only the nth connection, counted from 1.
        connection: Option<u32>,
    },
    /// The side sends such a segment.
    Segment {
        /// Who sends it.
        side: Side,
        /// What it is.
        pattern: Pattern,
        /// So many of them; at least one if `None`.
        times: Option<u32>,
    },
    /// A rule is applied.
    Rule {
        /// Which.
        rule: Rule,
        /// By which side; by any if `None`.
        side: Option<Side>,
        /// So often; at least once if `None`.
        times: Option<u32>,
    },
    /// Something is found (`docs/findings.md`).
    Finding {
        /// What.
        kind: Kind,
        /// At which side; at any if `None`.
        side: Option<Side>,
        /// So often; at least once if `None`.
        times: Option<u32>,
    },
    /// The side's user is told something.
    Told {
        /// Whose user.
        side: Side,
        /// What.
        news: News,
        /// Only about the nth connection, counted from 1.
        connection: Option<u32>,
        /// So often; at least once if `None`.
        times: Option<u32>,
    },
    /// The side's user receives so many octets in all.
    Receives {
        /// Whose user.
        side: Side,
        /// How many.
        octets: u64,
        /// Only from the nth connection, counted from 1.
        connection: Option<u32>,
        /// Until when; in the end if `None`.
        at: Option<Instant>,
    },
    /// The side knows so much of a fact: of its youngest connection that has a ledger, or of the nth one.
    Knows {
        /// Which side.
        side: Side,
        /// Of which fact.
        fact: Fact,
        /// How sure it is.
        level: Level,
        /// The nth connection instead of the youngest one, counted from 1.
        connection: Option<u32>,
        /// When; in the end if `None`.
        at: Option<Instant>,
    },
    /// The side has so many of something.
    Counts {
        /// Which side.
        side: Side,
        /// Of what.
        what: Counted,
        /// How many.
        count: u32,
        /// When; in the end if `None`.
        at: Option<Instant>,
    },
    /// A call of the side's user returns this error.
    Fails {
        /// Whose user.
        side: Side,
        /// Which call.
        call: Asked,
        /// Why.
        error: CallError,
        /// When; at some time if `None`.
        at: Option<Instant>,
    },
}

/// What a user can call, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// Active OPEN.
    Open,
    /// Passive OPEN.
    Listen,
    /// SEND.
    Send,
    /// RECEIVE.
    Receive,
    /// CLOSE, by a user who goes on reading or does not.
    Close,
    /// ABORT.
    Abort,
    /// STATUS.
    Status,
    /// To set a limit.
    Set,
}

impl Asked {
    /// All of them.
    pub const ALL: [Asked; 8] = [
        Asked::Open,
        Asked::Listen,
        Asked::Send,
        Asked::Receive,
        Asked::Close,
        Asked::Abort,
        Asked::Status,
        Asked::Set,
    ];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            Asked::Open => "open",
            Asked::Listen => "listen",
            Asked::Send => "send",
            Asked::Receive => "receive",
            Asked::Close => "close",
            Asked::Abort => "abort",
            Asked::Status => "status",
            Asked::Set => "set",
        }
    }

    fn of(call: &Call) -> Self {
        match call {
            Call::Open { open: Open::Active | Open::ActiveUnspecified, .. } => Asked::Open,
            Call::Open { open: Open::Passive | Open::PassiveSpecified, .. } => Asked::Listen,
            Call::Send { .. } => Asked::Send,
            Call::Receive(_) => Asked::Receive,
            Call::Close | Call::CloseAll => Asked::Close,
            Call::Abort => Asked::Abort,
            Call::Status => Asked::Status,
            Call::Set(_) => Asked::Set,
        }
    }
}

/// What a host can have several of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Connections in any state.
    Connections,
    /// Those that were synchronized without ever having had a counterpart.
    Ghosts,
    /// Those that still expect something of a counterpart that is gone (RFC 9293 §3.5.1).
    HalfOpen,
    /// Those that a SYN made, in SYN-RECEIVED.
    Requests,
    /// Those that are established and wait for their user.
    Waiting,
}

impl Counted {
    /// All of them.
    pub const ALL: [Counted; 5] =
        [Counted::Connections, Counted::Ghosts, Counted::HalfOpen, Counted::Requests, Counted::Waiting];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            Counted::Connections => "connections",
            Counted::Ghosts => "ghosts",
            Counted::HalfOpen => "half-open",
            Counted::Requests => "requests",
            Counted::Waiting => "waiting",
        }
    }
}

/// What a segment must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// Of this kind.
    pub kind: SegmentKind,
    /// With this SEG.SEQ.
    pub seq: Option<SeqNumber>,
    /// With this SEG.ACK.
    pub ack: Option<SeqNumber>,
    /// With so many octets of text.
    pub length: Option<u32>,
    /// With this SEG.WND, as the header carries it.
    pub window: Option<u16>,
    /// With this MSS option, or with `Some(None)` without one; the other options likewise.
    pub mss: Option<Option<u16>>,
    /// With this window scale.
    pub window_scale: Option<Option<u8>>,
    /// Whether it permits selective acknowledgments.
    pub sack_permitted: Option<bool>,
    /// With these timestamps.
    pub timestamps: Option<Option<Timestamps>>,
    /// Whether ECE is set.
    pub ece: Option<bool>,
    /// Whether CWR is set.
    pub cwr: Option<bool>,
}

impl Pattern {
    /// Whether the segment is like this.
    pub fn fits(&self, segment: &Segment) -> bool {
        self.parts(segment).iter().all(|(_, fits)| *fits)
    }

    /// What is asked of a segment, and whether it has it; the kind first.
    fn parts(&self, segment: &Segment) -> [(&'static str, bool); 11] {
        let octets = u32::try_from(segment.payload.len()).unwrap_or(u32::MAX);
        let options = &segment.options;
        [
            ("kind", self.kind.has(segment)),
            ("seq", self.seq.is_none_or(|seq| seq == segment.seq)),
            ("ack", self.ack.is_none() || self.ack == segment.ack),
            ("length", self.length.is_none_or(|length| length == octets)),
            ("window", self.window.is_none_or(|window| window == segment.wnd)),
            ("ece", self.ece.is_none_or(|is_set| is_set == segment.flags.ece)),
            ("cwr", self.cwr.is_none_or(|is_set| is_set == segment.flags.cwr)),
            ("mss", self.mss.is_none_or(|mss| mss == options.mss)),
            ("window-scale", self.window_scale.is_none_or(|shift| shift == options.window_scale)),
            ("sack-permitted", self.sack_permitted.is_none_or(|is_permitted| is_permitted == options.sack_permitted)),
            ("timestamps", self.timestamps.is_none_or(|timestamps| timestamps == options.timestamps)),
        ]
    }

    /// The side's segment that comes nearest without being like this, and what it has otherwise.
    fn nearest(&self, trace: &Trace, side: Side) -> Option<String> {
        let mut nearest: Option<((bool, usize), String)> = None;
        for event in trace.events() {
            let EventKind::Sent { side: s, segment, datagram, .. } = &event.kind else { continue };
            let parts = self.parts(&datagram.segment);
            let others: Vec<&str> = parts.iter().filter(|(_, fits)| !fits).map(|(name, _)| *name).collect();
            let likeness = (parts[0].1, parts.len() - others.len());
            if *s == side && !others.is_empty() && nearest.as_ref().is_none_or(|(best, _)| likeness > *best) {
                let others = others.join(", ");
                let told = format!("#{segment} {} at {}, with another {others}", datagram.segment, event.at);
                nearest = Some((likeness, told));
            }
        }
        nearest.map(|(_, told)| told)
    }
}

/// What a user can be told without having asked, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum News {
    /// The connection is established.
    Established,
    /// Everything that was sent is acknowledged.
    SendComplete,
    /// The FIN is acknowledged.
    CloseComplete,
    /// "connection closing".
    Closing,
    /// "connection reset".
    Reset,
    /// "connection refused".
    Refused,
    /// "connection aborted due to user timeout".
    UserTimeout,
    /// Delivery is in doubt.
    DeliveryProblem,
    /// Given up.
    GivenUp,
}

impl News {
    /// All of them.
    pub const ALL: [News; 9] = [
        News::Established,
        News::SendComplete,
        News::CloseComplete,
        News::Closing,
        News::Reset,
        News::Refused,
        News::UserTimeout,
        News::DeliveryProblem,
        News::GivenUp,
    ];

    /// The word by which scripts know it.
    pub const fn name(self) -> &'static str {
        match self {
            News::Established => "established",
            News::SendComplete => "send-complete",
            News::CloseComplete => "close-complete",
            News::Closing => "closing",
            News::Reset => "reset",
            News::Refused => "refused",
            News::UserTimeout => "user-timeout",
            News::DeliveryProblem => "delivery-problem",
            News::GivenUp => "given-up",
        }
    }

    fn of(event: &UserEvent) -> Option<Self> {
        match event {
            UserEvent::Established => Some(News::Established),
            UserEvent::SendComplete => Some(News::SendComplete),
            UserEvent::CloseComplete => Some(News::CloseComplete),
            UserEvent::Closing => Some(News::Closing),
            UserEvent::Reset => Some(News::Reset),
            UserEvent::Refused => Some(News::Refused),
            UserEvent::UserTimeout => Some(News::UserTimeout),
            UserEvent::DeliveryProblem => Some(News::DeliveryProblem),
            UserEvent::ExcessiveRetransmissions => Some(News::GivenUp),
            UserEvent::Received(_) | UserEvent::CallsFlushed(Flushed::Closing | Flushed::Reset) => None,
        }
    }
}

/// An expectation that did not come true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected \"{expectation}\", found {found}")]
pub struct Unmet {
    /// What was expected, as scripts write it.
    pub expectation: Expectation,
    /// What came instead.
    pub found: String,
}

impl Expectation {
    /// Whether a run that has come to its end kept the promise.
    ///
    /// # Errors
    /// With what came instead.
    pub fn check(&self, trace: &Trace) -> Result<(), Unmet> {
        let outcome = match self {
            Expectation::State { side, state, connection, at } => {
                let account = Account::until(trace, *at);
                let found = match connection.map(nth_connection) {
                    Some(id) => account.incarnation(*side, id).map_or(State::Closed, |it| it.state),
                    None => account.host(*side).state(),
                };
                (found != *state).then(|| {
                    let at: Vec<Instant> = states_entered(trace, *side, *connection)
                        .filter_map(|(at, entered)| (entered == *state).then_some(at))
                        .collect();
                    format!("{found}; {state} {}", when(&at))
                })
            }
            Expectation::Reaches { side, state, connection } => {
                let entered: Vec<(Instant, State)> = states_entered(trace, *side, *connection).collect();
                (!entered.iter().any(|(_, entered)| entered == state))
                    .then(|| listed("no change of state", entered.iter().map(|(at, state)| (*at, state.name()))))
            }
            Expectation::Segment { side, pattern, times } => {
                let sent = trace.events().iter().filter(|event| {
                    matches!(&event.kind, EventKind::Sent { side: s, datagram, .. }
                        if s == side && pattern.fits(&datagram.segment))
                });
                let sent: Vec<Instant> = sent.map(|event| event.at).collect();
                miscounted(&sent, *times, "such segment").map(|found| {
                    // Where there are too many of them, none is missed.
                    let is_missed = times.is_none_or(|times| sent.len() < times as usize);
                    match pattern.nearest(trace, *side).filter(|_| is_missed) {
                        Some(nearest) => format!("{found}; nearest comes {nearest}"),
                        None => found,
                    }
                })
            }
            Expectation::Rule { rule, side, times } => {
                let mut applied = Vec::new();
                let mut others: Vec<&str> = Vec::new();
                for event in trace.events() {
                    let EventKind::Decided { side: s, rule: r, .. } = &event.kind else { continue };
                    match side.is_none_or(|side| side == *s) {
                        true if r == rule => applied.push(event.at),
                        true if !others.contains(&r.id()) => others.push(r.id()),
                        _ => {}
                    }
                }
                miscounted(&applied, *times, "time").map(|found| match applied.as_slice() {
                    [] if !others.is_empty() => format!("{found}, but {}", others.join(", ")),
                    _ => found,
                })
            }
            Expectation::Finding { kind, side, times } => {
                let found = Findings::of(trace);
                let those = found.iter().filter(|it| it.kind == *kind && side.is_none_or(|side| side == it.side));
                let times_found: Vec<Instant> = those.map(|it| it.at).collect();
                miscounted(&times_found, *times, "time")
            }
            Expectation::Told { side, news, connection, times } => {
                let told: Vec<(Instant, News)> = trace
                    .events()
                    .iter()
                    .filter_map(|event| match &event.kind {
                        EventKind::Told { side: s, connection: it, event: told }
                            if s == side && is_of(*it, *connection) =>
                        {
                            Some((event.at, News::of(told)?))
                        }
                        _ => None,
                    })
                    .collect();
                let count = told.iter().filter(|(_, it)| it == news).count();
                let is_kept = times.map_or(count > 0, |times| count == times as usize);
                (!is_kept).then(|| listed("nothing told", told.iter().map(|(at, it)| (*at, it.name()))))
            }
            Expectation::Receives { side, octets, connection, at } => {
                let found = octets_received(trace, *side, *connection, *at);
                (found != *octets).then(|| {
                    let whole = octets_received(trace, *side, *connection, None);
                    let end = if whole == found { String::new() } else { format!("; {whole} in the end") };
                    counted(found, "octet") + &end
                })
            }
            Expectation::Knows { side, fact, level, connection, at } => {
                let knowledge = Knowledge::until(trace, *at);
                let id = connection.map(nth_connection).or(knowledge.youngest(*side));
                let entry =
                    id.and_then(|id| knowledge.ledger(*side, id)).map_or(Entry::default(), |it| it.entry(*fact));
                (entry.level() != *level).then(|| match entry.broken {
                    Some(broken) => format!("{}, without {}", entry.level().name(), broken.name()),
                    None => entry.level().name().to_owned(),
                })
            }
            Expectation::Counts { side, what, count, at } => {
                let found = what.of(Account::until(trace, *at).host(*side));
                (found != *count as usize).then(|| {
                    let whole = what.of(Account::until(trace, None).host(*side));
                    let end = if whole == found { String::new() } else { format!("; {whole} in the end") };
                    format!("{} {found}{end}", what.name())
                })
            }
            Expectation::Fails { side, call, error, at } => {
                let mut is_kept = false;
                let mut outcomes = Vec::new();
                for event in trace.events() {
                    if let EventKind::Called { side: s, call: it, result, .. } = &event.kind
                        && (*s, Asked::of(it)) == (*side, *call)
                    {
                        is_kept |= *result == Err(*error) && at.is_none_or(|at| at == event.at);
                        outcomes.push((event.at, result.as_ref().map_or_else(|error| error.name(), |_| "no error")));
                    }
                }
                (!is_kept).then(|| listed("no such call", outcomes.into_iter()))
            }
        };
        outcome.map_or(Ok(()), |found| Err(Unmet { expectation: self.clone(), found }))
    }
}

fn miscounted(found: &[Instant], times: Option<u32>, what: &str) -> Option<String> {
    let is_kept = times.map_or(!found.is_empty(), |times| found.len() == times as usize);
    (!is_kept).then(|| {
        let count = counted(found.len() as u64, what);
        if found.is_empty() { count } else { format!("{count}, {}", when(found)) }
    })
}

/// `at 100 ms and 2 s`, `never`; of many the first few.
fn when(at: &[Instant]) -> String {
    let few: Vec<String> = at.iter().take(FEW).map(Instant::to_string).collect();
    match few.as_slice() {
        [] => "never".to_owned(),
        _ => format!("at {}{}", few.join(", "), if at.len() > FEW { " …" } else { "" }),
    }
}

/// What came instead, each with its time.
fn listed(none: &str, all: impl Iterator<Item = (Instant, &'static str)>) -> String {
    let all: Vec<String> = all.map(|(at, what)| format!("{what} at {at}")).collect();
    if all.is_empty() { none.to_owned() } else { all.join(", ") }
}

/// More times than these are not listed.
const FEW: usize = 5;

/// So many of something, of which one has no "s".
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whether something of this connection is meant where only the nth one is, or any.
fn is_of(connection: Option<ConnectionId>, nth: Option<u32>) -> bool {
    nth.is_none_or(|nth| connection == Some(nth_connection(nth)))
}

fn states_entered(trace: &Trace, side: Side, nth: Option<u32>) -> impl Iterator<Item = (Instant, State)> + '_ {
    trace.events().iter().filter_map(move |event| match &event.kind {
        EventKind::Entered { side: s, connection, to, .. } if *s == side && is_of(*connection, nth) => {
            Some((event.at, *to))
        }
        EventKind::Found { side: s, connection, state } if *s == side && is_of(Some(*connection), nth) => {
            Some((event.at, *state))
        }
        _ => None,
    })
}

impl Counted {
    /// How many of it a host has.
    fn of(self, host: &HostAccount) -> usize {
        match self {
            Counted::Connections => host.connections().len(),
            Counted::Ghosts => host.ghosts(),
            Counted::HalfOpen => host.half_open(),
            Counted::Requests => host.requests(),
            Counted::Waiting => host.waiting(),
        }
    }
}

/// The name of a side's nth connection, counted from 1.
fn nth_connection(nth: u32) -> ConnectionId {
    ConnectionId::of_number(nth)
}

fn octets_received(trace: &Trace, side: Side, nth: Option<u32>, at: Option<Instant>) -> u64 {
    let events = trace.events().iter().take_while(|event| at.is_none_or(|at| event.at <= at));
    events
        .map(|event| match &event.kind {
            EventKind::Told { side: s, connection, event: UserEvent::Received(data) }
                if *s == side && is_of(*connection, nth) =>
            {
                data.len() as u64
            }
            EventKind::Called { side: s, connection, result: Ok(Reply::Data(data)), .. }
                if *s == side && is_of(*connection, nth) =>
            {
                data.len() as u64
            }
            _ => 0,
        })
        .sum()
}
