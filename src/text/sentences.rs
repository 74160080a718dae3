//! What happened, in sentences: one short line for an event, one sentence for a step. All numbers come from the trace.

use std::net::SocketAddr;

use crate::insight::{self, Consequence, Decision, Routed, StepInsight};
use crate::rule::Rule;
use crate::segment::{Datagram, MOST_WINDOW_SHIFT, Segment};
use crate::tcp::{
    Action, Call, CallError, ConnectionId, DeedError, Intrusion, Limit, Objection, Open, Reply, Role, SegmentId, Side,
    UserEvent,
};
use crate::time::{Duration, Instant};
use crate::trace::{Certainty, EventKind, Fate, Trace};

use super::keys::{self as say, Core, Say};
use super::names::{self, call_error, octets, octets_of, timer, user_event};
use super::payload::payload;
use super::trouble::trouble;
use super::words::Words;
use super::{Language, spaced};

/// A sentence names up to this many segments that were sent for one reason; of more, only the first and the last.
const MOST_IN_A_LIST: usize = 3;

/// One step in one sentence, for the status line and for those who cannot see the picture: what happened, what was
/// decided, which states changed, what left. It is empty for a step that the trace does not have, and before the first.
///
/// ```
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
/// use synfin::text::{self, Language, Words};
///
/// let script = "client isn 100\nserver isn 300, listen 80\nat 0ms client open\n";
/// let mut run = History::new(Scenario::parse(script)?);
/// run.run_to_end();
/// assert_eq!(
///     text::step(run.trace(), 3, &Words::of(Language::English)),
///     "SYN seq=100 reaches the server: a listener answers a SYN with a SYN,ACK, so the server goes from LISTEN to \
///      SYN-RECEIVED and sends SYN,ACK seq=300 ack=101.",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn step(trace: &Trace, step: usize, words: &Words) -> String {
    let teller = Teller { trace, words };
    let sentence = insight::step(trace, step).map(|insight| teller.step(&insight)).unwrap_or_default();
    match words.language() {
        Language::English => capitalized(&sentence),
        Language::TraditionalChinese | Language::SimplifiedChinese => spaced(&sentence),
    }
}

/// One event in one short line, for lists.
pub fn event(kind: &EventKind, trace: &Trace, words: &Words) -> String {
    put_together(Teller { trace, words }.event(kind), words)
}

/// A segment in the fewest words: its flags and numbers.
pub fn segment(segment: &Segment, words: &Words) -> String {
    flags_and_numbers(segment, Window::IfClosed, words)
}

/// A user's call, as it is named: `CLOSE`, `SEND with 5 octets`.
pub fn call(call: &Call, words: &Words) -> String {
    put_together(Teller { trace: &Trace::default(), words }.call(call), words)
}

/// A window as the header carries it, and by how much it counts if it is scaled: `wnd=50000×4`.
pub fn window(field: u16, shift: u8) -> String {
    match shift {
        0 => format!("wnd={field}"),
        shift => format!("wnd={field}×{}", 1u32 << shift.min(MOST_WINDOW_SHIFT)),
    }
}

/// What one of two runs does where they begin to differ.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// The run.
    pub trace: &'a Trace,
    /// What happens in it then, if anything does.
    pub event: Option<&'a EventKind>,
    /// Why, if that was decided.
    pub rule: Option<Rule>,
}

/// The first thing in which two runs differ, in one sentence: what each does, and why.
pub fn difference(at: Instant, courses: [Course<'_>; 2], words: &Words) -> String {
    let [left, right] = courses.map(|Course { trace, event: kind, rule }| {
        let what = match kind {
            Some(kind) => event(kind, trace, words),
            None => words.text(Core::NothingHappens).to_owned(),
        };
        match rule {
            Some(rule) => {
                let title = within_a_sentence(words.title(rule), words);
                words.say(&say::Because { what: &what, title: &title })
            }
            None => what,
        }
    });
    put_together(words.say(&say::RunsPart { at: &at.to_string(), left: &left, right: &right }), words)
}

/// Puts what happened in a trace into words.
#[derive(Clone, Copy)]
struct Teller<'a> {
    trace: &'a Trace,
    words: &'a Words,
}

/// When a segment's window is told with it.
#[derive(Clone, Copy)]
enum Window {
    /// Only where it matters most: when it is closed.
    IfClosed,
    /// Always, and by how many bits it is shifted.
    Always(u8),
}

impl<'a> Teller<'a> {
    fn step(self, insight: &StepInsight<'_>) -> String {
        let stimulus = insight.stimulus.map(|kind| self.stimulus(kind, insight));
        let mut decisions: Vec<String> = merged(&insight.decisions).iter().map(|it| self.decision(it)).collect();
        for it in &insight.interposed {
            decisions.push(self.interposed(it.datagram, it.to));
        }
        let consequences = match insight.backlog_full {
            Some((side, port)) if decisions.is_empty() => {
                self.say(&say::BacklogFullDrops { port: &port.to_string(), side: self.name(side) })
            }
            Some(_) | None => joined(&decisions, |first, second| self.say(&say::Decisions { first: &first, second })),
        };
        match stimulus {
            None => self.say(&say::Sentence { told: &consequences }),
            Some(stimulus) if consequences.is_empty() => self.say(&say::Sentence { told: &stimulus }),
            Some(stimulus) => {
                self.say(&say::SentenceWithConsequences { stimulus: &stimulus, consequences: &consequences })
            }
        }
    }

    /// What set a step off, as the beginning of its sentence.
    fn stimulus(self, kind: &EventKind, insight: &StepInsight<'_>) -> String {
        let nothing_follows =
            insight.decisions.is_empty() && insight.timers.is_empty() && insight.backlog_full.is_none();
        match kind {
            EventKind::Called { side, connection, call, result } => {
                let called = self.called(*side, *connection, call, result);
                let called = self.say(&say::WithArticle { what: &called });
                match (&**call, result) {
                    (Call::Send { .. }, Ok(_)) if insight.decisions.is_empty() => {
                        self.say(&say::HasToWait { called: &called })
                    }
                    _ => called,
                }
            }
            EventKind::Arrived { side, segment, copy, connection } => {
                let is_about_window = |rule| {
                    matches!(rule, Rule::WindowUpdated | Rule::WindowShrinks | Rule::WindowCloses | Rule::WindowIsOlder)
                };
                let window = if insight.rules().any(is_about_window) {
                    Window::Always(self.trace.window_shift(*segment))
                } else {
                    Window::IfClosed
                };
                let traveler = &self.traveler(*segment, *copy, window);
                let side = &self.place(*side, *connection);
                if nothing_follows {
                    self.say(&say::ArrivesForNothing { traveler, side })
                } else {
                    self.say(&say::Arrives { traveler, side })
                }
            }
            EventKind::Expired { side, connection, timer: which } if nothing_follows => {
                let timer = &self.possession(*side, Some(*connection), timer(*which, self.words));
                self.say(&say::WithArticle { what: &self.say(&say::ExpiresForNothing { timer }) })
            }
            EventKind::Interfered { segment, action } => self.interfered(*segment, *action, Some(&insight.rerouted)),
            EventKind::Intruded { intrusion, to, datagram, .. } => {
                let (segment, to, side) = (&self.datagram(datagram, *to, Window::IfClosed), self.name(*to), *to);
                let leaves = match intrusion {
                    Intrusion::Old => self.say(&say::AnOldLeaves { segment, to }),
                    Intrusion::Forged => self.say(&say::AForgedLeaves { segment, to }),
                    Intrusion::Middlebox => self.interposed(datagram, side),
                };
                self.then_due(leaves, &insight.rerouted)
            }
            EventKind::Accepted { side, connection: None } => self.say(&say::AcceptsNone { side: self.name(*side) }),
            EventKind::Waited => self.say(&say::NothingUntil { at: &insight.at.to_string() }),
            EventKind::Refused { error } => self.refused(*error),
            EventKind::Expired { .. }
            | EventKind::Accepted { .. }
            | EventKind::Crashed { .. }
            | EventKind::Rebooted { .. }
            | EventKind::Found { .. }
            | EventKind::Created { .. }
            | EventKind::Removed { .. }
            | EventKind::Decided { .. }
            | EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Sent { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => self.say(&say::WithArticle { what: &self.event(kind) }),
        }
    }

    /// A decision and what came of it: "the other side has no more to send, so the server goes …".
    fn decision(self, decision: &Decision<'_>) -> String {
        let mut acts: Vec<String> = Vec::new();
        let is_same = |a: &Consequence<'_>, b: &Consequence<'_>| match (a, b) {
            (Consequence::Sent { role: a, .. }, Consequence::Sent { role: b, .. }) => a == b,
            (Consequence::Sent { .. } | Consequence::Entered { .. } | Consequence::Told(_), _) => false,
        };
        for alike in decision.consequences.chunk_by(is_same) {
            let mut segments = Vec::new();
            let mut sent_as = None;
            for consequence in alike {
                match consequence {
                    Consequence::Entered { from, to } => {
                        acts.push(self.say(&say::Goes { from: from.name(), to: to.name() }));
                    }
                    Consequence::Told(event) => acts.push(self.telling(event)),
                    Consequence::Sent { segment, datagram, role, fates } => {
                        let window = match decision.rule {
                            Some(Rule::WindowReopens) => Window::Always(self.trace.window_shift(*segment)),
                            _ => Window::IfClosed,
                        };
                        let sent = self.datagram(datagram, decision.side.other(), window);
                        segments.push(self.sent_off(sent, fates));
                        sent_as = Some(*role);
                    }
                }
            }
            acts.extend(sent_as.map(|role| self.sending(&self.several(&segments), role)));
        }
        let title = decision.rule.map(|rule| within_a_sentence(self.words.title(rule), self.words));
        let who = &self.place(decision.side, decision.connection);
        let acts = match acts.as_slice() {
            [] => return title.unwrap_or_default(),
            [only] => only,
            [first @ .., last] => {
                let first = joined(first, |first, second| self.say(&say::ActsList { first: &first, second }));
                &self.say(&say::ActsLast { first: &first, last })
            }
        };
        match title {
            None => self.say(&say::Acts { who, acts }),
            Some(title) => self.say(&say::SoActs { title: &title, who, acts }),
        }
    }

    fn event(self, kind: &EventKind) -> String {
        match kind {
            EventKind::Called { side, connection, call, result } => self.called(*side, *connection, call, result),
            EventKind::Arrived { side, segment, copy, connection } => self.say(&say::Arrives {
                traveler: &self.traveler(*segment, *copy, Window::IfClosed),
                side: &self.place(*side, *connection),
            }),
            EventKind::Expired { side, connection, timer: which } => {
                let timer = &self.possession(*side, Some(*connection), timer(*which, self.words));
                self.say(&say::Expires { timer })
            }
            EventKind::Interfered { segment, action } => self.interfered(*segment, *action, None),
            EventKind::Intruded { intrusion, to, datagram, .. } => {
                let (side, segment) = (*to, &self.datagram(datagram, *to, Window::IfClosed));
                let to = self.name(side);
                match intrusion {
                    Intrusion::Old => self.say(&say::OldLeaves { segment, to }),
                    Intrusion::Forged => self.say(&say::ForgedLeaves { segment, to }),
                    Intrusion::Middlebox => self.interposed(datagram, side),
                }
            }
            EventKind::Accepted { side, connection } => {
                let user = &self.possession(*side, *connection, self.words.text(Core::Application));
                self.say(&say::Accepts { user })
            }
            EventKind::Crashed { side } => self.say(&say::Crashes { side: self.name(*side) }),
            EventKind::Rebooted { side } => self.say(&say::Reboots { side: self.name(*side) }),
            EventKind::Waited => self.words.text(Core::TimePasses).to_owned(),
            EventKind::Refused { error } => self.refused(*error),
            EventKind::Found { side, connection, state } => {
                self.say(&say::StartsOut { place: &self.place(*side, Some(*connection)), state: state.name() })
            }
            EventKind::Created { side, connection, sockets, .. } => self.say(&say::Begins {
                place: &self.place(*side, Some(*connection)),
                remote: &sockets.remote.to_string(),
            }),
            EventKind::Removed { side, connection } => {
                self.say(&say::Forgotten { place: &self.place(*side, Some(*connection)) })
            }
            EventKind::Decided { side, connection, rule } => {
                let title = &within_a_sentence(self.words.title(*rule), self.words);
                self.say(&say::Decides { place: &self.place(*side, *connection), title })
            }
            EventKind::Entered { side, connection, from, to, certainty, .. } => {
                let place = &self.place(*side, *connection);
                let (from, to) = (from.name(), to.name());
                match certainty {
                    Certainty::Known => self.say(&say::ChangesState { place, from, to }),
                    Certainty::Inferred => self.say(&say::MustHaveChanged { place, from, to }),
                }
            }
            EventKind::Told { side, connection, event } => {
                self.say(&say::SideActs { place: &self.place(*side, *connection), acts: &self.telling(event) })
            }
            EventKind::Sent { side, connection, datagram, role, .. } => {
                let acts = &self.sending(&self.datagram(datagram, side.other(), Window::IfClosed), *role);
                self.say(&say::SideActs { place: &self.place(*side, *connection), acts })
            }
            EventKind::Routed { segment, copy, fate } => {
                let traveler = &self.traveler(*segment, *copy, Window::IfClosed);
                match fate {
                    Fate::Due(at) => self.say(&say::IsDue { traveler, at: &at.to_string() }),
                    Fate::Damaged(at) => self.say(&say::IsDamaged { traveler, at: &at.to_string() }),
                    Fate::Held => self.say(&say::IsHeld { traveler }),
                    Fate::Lost => self.say(&say::IsLost { traveler }),
                    Fate::Stopped(Objection::Forgotten) => self.say(&say::IsForgotten { traveler }),
                    Fate::Stopped(Objection::Filtered) => self.say(&say::IsFiltered { traveler }),
                    Fate::Unknown => self.say(&say::IsUnknown { traveler }),
                }
            }
            EventKind::TimerSet { side, connection, timer: which, deadline } => {
                let timer = &self.possession(*side, Some(*connection), timer(*which, self.words));
                match deadline {
                    Some(at) => self.say(&say::TimerSet { timer, at: &at.to_string() }),
                    None => self.say(&say::TimerStopped { timer }),
                }
            }
            EventKind::BacklogFull { side, port } => {
                self.say(&say::BacklogIsFull { side: self.name(*side), port: &port.to_string() })
            }
        }
    }

    fn called(
        self,
        side: Side,
        connection: Option<ConnectionId>,
        call: &Call,
        result: &Result<Reply, CallError>,
    ) -> String {
        let caller = &self.possession(side, connection, self.words.text(Core::Application));
        let called = &self.say(&say::Calls { caller, call: &self.call(call) });
        match result {
            // What SEND and CLOSE wait for, a rule says.
            Ok(Reply::Ok | Reply::Queued) if !matches!(call, Call::Receive(_)) => called.clone(),
            Ok(Reply::Ok | Reply::Queued) => self.say(&say::WaitsForData { called }),
            Ok(Reply::Data(data)) => self.say(&say::Gets { called, octets: &octets_of(data, self.words) }),
            Ok(Reply::Status(state)) => self.say(&say::IsTold { called, state: state.name() }),
            Err(error) => self.say(&say::GetsError { called, error: call_error(*error, self.words) }),
        }
    }

    fn call(self, call: &Call) -> String {
        match call {
            Call::Open { open, timeout } => {
                let open = match open {
                    Open::Passive => Core::CallListen,
                    Open::PassiveSpecified => Core::CallListenToOne,
                    Open::Active => Core::CallConnect,
                    Open::ActiveUnspecified => Core::CallConnectNowhere,
                };
                self.with_timeout(self.words.text(open).to_owned(), *timeout)
            }
            Call::Send { data, timeout, is_last } => {
                let octets = octets_of(data, self.words);
                let send = match is_last {
                    true => self.say(&say::CallSendLast { octets: &octets }),
                    false => self.say(&say::CallSend { octets: &octets }),
                };
                self.with_timeout(send, *timeout)
            }
            Call::Receive(u32::MAX) => self.words.text(Core::CallReceiveAll).to_owned(),
            Call::Receive(most) => {
                let most = usize::try_from(*most).unwrap_or(usize::MAX);
                self.say(&say::CallReceive { octets: &octets(most, self.words) })
            }
            Call::Close => "CLOSE".to_owned(),
            Call::CloseAll => self.words.text(Core::CallCloseAll).to_owned(),
            Call::Abort => "ABORT".to_owned(),
            Call::Status => "STATUS".to_owned(),
            Call::Set(limit) => self.limit(*limit),
        }
    }

    /// A call with the user timeout that it brings.
    fn with_timeout(self, call: String, timeout: Option<Duration>) -> String {
        match timeout {
            Some(timeout) => self.say(&say::CallWithTimeout { call: &call, timeout: &timeout.to_string() }),
            None => call,
        }
    }

    /// A call for which the RFC has no name, though it must be there (MUST-21, MUST-24).
    fn limit(self, limit: Limit) -> String {
        let words = self.words;
        let (name, value) = match limit {
            Limit::R1(1) => ("R1", Some(self.words.text(Core::LimitOneRepetition).to_owned())),
            Limit::R1(count) => ("R1", Some(self.say(&say::LimitRepetitions { count: &count.to_string() }))),
            Limit::R2(limit) => ("R2", limit.map(|it| it.to_string())),
            Limit::R2Syn(limit) => (words.text(Core::LimitR2OfSyn), limit.map(|it| it.to_string())),
            Limit::UserTimeout(limit) => (words.text(Core::LabelUserTimeout), limit.map(|it| it.to_string())),
            Limit::KeepAlive(keep_alive) => ("keep-alive", keep_alive.map(|it| it.idle.to_string())),
        };
        let value = value.as_deref().unwrap_or(words.text(Core::LimitNone));
        self.say(&say::CallSet { name, value })
    }

    /// What the story asks for and cannot have.
    fn refused(self, error: DeedError) -> String {
        let why = trouble(error.into(), self.words);
        self.say(&say::NotPossible { why: &within_a_sentence(why.trim_end_matches(['.', '。']), self.words) })
    }

    /// What somebody did to a segment, and when its copies are due now if that is known.
    fn interfered(self, segment: SegmentId, action: Action, rerouted: Option<&[Routed]>) -> String {
        let mut traveler = self.traveler(segment, 0, Window::IfClosed);
        if let Some(insight) = self.trace.departure(segment) {
            traveler = self.say(&say::OnItsWay { traveler: &traveler, to: self.name(insight.to) });
        }
        let traveler = &traveler;
        if rerouted.is_some_and(<[Routed]>::is_empty) {
            return self.say(&say::InterferedNothing { traveler });
        }
        let rerouted = rerouted.unwrap_or_default();
        match action {
            Action::Drop => self.say(&say::InterferedDrop { traveler }),
            Action::Duplicate(_) => self.then_due(self.say(&say::InterferedDuplicate { traveler }), rerouted),
            Action::Delay(by) => {
                self.then_due(self.say(&say::InterferedDelay { traveler, by: &by.to_string() }), rerouted)
            }
            Action::Corrupt => self.say(&say::InterferedCorrupt { traveler }),
            Action::Hold => self.say(&say::InterferedHold { traveler }),
            Action::Release => self.then_due(self.say(&say::InterferedRelease { traveler }), rerouted),
        }
    }

    /// With when copies that were rerouted arrive: ", due at …"; a new copy of a held segment is held as well.
    fn then_due(self, what: String, rerouted: &[Routed]) -> String {
        let what = &what;
        let mut times: Vec<String> = rerouted
            .iter()
            .filter_map(|routed| match routed.fate {
                Fate::Due(at) | Fate::Damaged(at) => Some(at.to_string()),
                Fate::Held | Fate::Lost | Fate::Stopped(_) | Fate::Unknown => None,
            })
            .collect();
        times.dedup();
        match (times.as_slice(), rerouted) {
            ([], [Routed { fate: Fate::Held, copy: 1.., .. }]) => self.say(&say::ThenCopyHeld { what }),
            ([], [Routed { fate: Fate::Stopped(Objection::Forgotten), .. }]) => self.say(&say::ButForgotten { what }),
            ([], [Routed { fate: Fate::Stopped(Objection::Filtered), .. }]) => self.say(&say::ButFiltered { what }),
            ([], _) => what.clone(),
            ([at], [Routed { copy: 1.., .. }]) => self.say(&say::ThenCopyDue { what, at }),
            (times, _) => {
                let times = &joined(times, |first, last| self.say(&say::And { first: &first, last }));
                self.say(&say::ThenDue { what, times })
            }
        }
    }

    /// What a middlebox does.
    fn interposed(self, datagram: &Datagram, to: Side) -> String {
        let segment = &self.datagram(datagram, to, Window::IfClosed);
        self.say(&say::MiddleboxSends { segment, to: self.name(to) })
    }

    /// What the user is told, as something that a side does.
    fn telling(self, event: &UserEvent) -> String {
        self.say(&say::Tells { told: &user_event(event, self.words) })
    }

    /// Sending, as something that a side does.
    fn sending(self, what: &str, role: Option<Role>) -> String {
        match role {
            Some(Role::New | Role::Ack | Role::Reset | Role::Abort) | None => self.say(&say::Sends { what }),
            Some(Role::Retransmission) => self.say(&say::SendsAgain { what }),
            Some(Role::Probe) => self.say(&say::SendsProbe { what }),
            Some(Role::KeepAlive) => self.say(&say::SendsKeepAlive { what }),
            Some(Role::ChallengeAck) => self.say(&say::SendsChallenge { what }),
        }
    }

    /// The segments that one side sent for one reason: each of them if they are few, else the first and the last.
    fn several(self, segments: &[String]) -> String {
        match segments {
            [] => String::new(),
            [only] => only.clone(),
            [first, _, .., last] if segments.len() > MOST_IN_A_LIST => {
                self.say(&say::ManySegments { count: &segments.len().to_string(), first, last })
            }
            [first @ .., last] => {
                let first = &joined(first, |first, second| self.say(&say::List { first: &first, second }));
                self.say(&say::And { first, last })
            }
        }
    }

    /// A segment with what the network does to it at once.
    fn sent_off(self, segment: String, fates: &[Fate]) -> String {
        let it = &segment;
        match fates {
            [Fate::Lost, ..] => self.say(&say::LostOnTheWay { segment: it }),
            [Fate::Stopped(Objection::Forgotten), ..] => self.say(&say::ForgottenOnTheWay { segment: it }),
            [Fate::Stopped(Objection::Filtered), ..] => self.say(&say::FilteredOnTheWay { segment: it }),
            [Fate::Damaged(_), ..] => self.say(&say::DamagedOnTheWay { segment: it }),
            [Fate::Held, ..] => self.say(&say::HeldOnTheWay { segment: it }),
            [Fate::Due(_), _, ..] => self.say(&say::DuplicatedOnTheWay { segment: it }),
            [Fate::Due(_)] | [Fate::Unknown, ..] | [] => segment,
        }
    }

    /// A copy of a segment, with what distinguishes it from others that look the same.
    fn traveler(self, id: SegmentId, copy: u32, window: Window) -> String {
        let Some(insight) = self.trace.departure(id) else {
            return self.words.text(Core::UnknownSegment).to_owned();
        };
        let segment = &self.datagram(insight.datagram, insight.to, window);
        let named = match insight.role {
            None if insight.intrusion == Some(Intrusion::Old) => self.say(&say::TheOld { segment }),
            None if insight.intrusion == Some(Intrusion::Forged) => self.say(&say::TheForged { segment }),
            None if insight.intrusion == Some(Intrusion::Middlebox) => self.say(&say::TheMiddlebox { segment }),
            Some(Role::New | Role::Ack | Role::Reset | Role::Abort) | None => segment.clone(),
            Some(Role::Retransmission) => self.say(&say::TheRepeated { segment }),
            Some(Role::Probe) => self.say(&say::TheProbe { segment }),
            Some(Role::KeepAlive) => self.say(&say::TheKeepAlive { segment }),
            Some(Role::ChallengeAck) => self.say(&say::TheChallenge { segment }),
        };
        if copy == 0 { named } else { self.say(&say::ACopy { segment: &named }) }
    }

    /// A side, with the number of its connection where it is not the first.
    fn place(self, side: Side, connection: Option<ConnectionId>) -> String {
        let name = self.name(side);
        match nth(connection) {
            Some(nth) => self.say(&say::OfConnection { name, nth: &nth }),
            None => name.to_owned(),
        }
    }

    /// Something that a side has for a connection: "client's retransmission timer".
    fn possession(self, side: Side, connection: Option<ConnectionId>, what: &str) -> String {
        let name = self.name(side);
        match nth(connection) {
            Some(nth) => self.say(&say::PossessionOfConnection { name, nth: &nth, what }),
            None => self.say(&say::Possession { name, what }),
        }
    }

    /// A segment within a sentence, which travels to this side, with its sockets where they are not the usual ones.
    fn datagram(self, datagram: &Datagram, to: Side, window: Window) -> String {
        let told = self.segment(&datagram.segment, window);
        let Some(usual) = self.trace.usual_sockets() else { return told };
        let (from, to) = (usual[to.other() as usize], usual[to as usize]);
        let told = match self.unusual(datagram.source, from) {
            Some(socket) => self.say(&say::SegmentFrom { segment: &told, socket: &socket }),
            None => told,
        };
        match self.unusual(datagram.destination, to) {
            Some(socket) => self.say(&say::SegmentTo { segment: &told, socket: &socket }),
            None => told,
        }
    }

    /// A socket if it is not the usual one, and only its port if its address is.
    fn unusual(self, socket: SocketAddr, usual: SocketAddr) -> Option<String> {
        match socket.ip() == usual.ip() {
            true if socket == usual => None,
            true => Some(self.say(&say::Port { port: &socket.port().to_string() })),
            false => Some(socket.to_string()),
        }
    }

    /// A segment within a sentence: its flags and numbers, what it says where that is the point, and its options if they are
    /// not the usual ones.
    fn segment(self, segment: &Segment, window: Window) -> String {
        let mut told = flags_and_numbers(segment, window, self.words);
        if let Some(text) = payload(&segment.payload) {
            told.push(' ');
            told += &text;
        }
        if !segment.options.are_usual() {
            told.push(' ');
            told += &segment.options.to_string();
        }
        told
    }

    fn name(self, side: Side) -> &'a str {
        names::side(side, self.words)
    }

    fn say(self, text: &impl Say) -> String {
        self.words.say(text)
    }
}

/// The decisions with those in a row that have the same reason taken together.
fn merged<'a>(decisions: &[Decision<'a>]) -> Vec<Decision<'a>> {
    let mut merged: Vec<Decision<'a>> = Vec::new();
    for decision in decisions {
        match merged.last_mut() {
            Some(last)
                if (last.side, last.connection, last.rule) == (decision.side, decision.connection, decision.rule) =>
            {
                last.consequences.extend(decision.consequences.iter().cloned());
            }
            _ => merged.push(decision.clone()),
        }
    }
    merged
}

/// The number of a connection that is not the first of its side.
fn nth(connection: Option<ConnectionId>) -> Option<String> {
    match connection {
        Some(it) if it.number() > 1 => Some(it.number().to_string()),
        Some(_) | None => None,
    }
}

/// Several things as one, two at a time from the first on.
fn joined(several: &[String], join: impl Fn(String, &str) -> String) -> String {
    let mut several = several.iter();
    let first = several.next().cloned().unwrap_or_default();
    several.fold(first, |joined, next| join(joined, next))
}

/// Flags and numbers of a segment: `SYN,ACK seq=300 ack=101`.
fn flags_and_numbers(segment: &Segment, told: Window, words: &Words) -> String {
    let has_flags = segment.flags != Default::default() || segment.ack.is_some();
    let mut line =
        if has_flags { segment.control().to_string().replace(' ', "") } else { words.text(Core::NoFlags).to_owned() };
    line += &format!(" seq={}", segment.seq);
    if let Some(ack) = segment.ack {
        line += &format!(" ack={ack}");
    }
    if !segment.payload.is_empty() {
        line += &format!(" len={}", segment.payload.len());
    }
    let shift = match told {
        Window::Always(shift) => Some(shift),
        Window::IfClosed => (segment.wnd == 0 && segment.ack.is_some() && !segment.flags.rst).then_some(0),
    };
    match shift {
        None => line,
        Some(shift) => format!("{line} {}", window(segment.wnd, shift)),
    }
}

/// A title as a clause within a sentence: without its capital, unless the first word is a name in capitals.
fn within_a_sentence(title: &str, words: &Words) -> String {
    let mut chars = title.chars();
    match (words.language(), chars.next()) {
        (Language::English, Some(first)) if !chars.as_str().starts_with(|c: char| c.is_ascii_uppercase()) => {
            [&*first.to_ascii_lowercase().to_string(), chars.as_str()].concat()
        }
        (Language::English | Language::TraditionalChinese | Language::SimplifiedChinese, _) => title.to_owned(),
    }
}

/// A sentence with its capital.
pub(crate) fn capitalized(sentence: &str) -> String {
    let mut sentence = sentence.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

/// What was put together from pieces, in the form that it has on a page.
pub(crate) fn put_together(line: String, words: &Words) -> String {
    match words.language() {
        Language::English => line,
        Language::TraditionalChinese | Language::SimplifiedChinese => spaced(&line),
    }
}
