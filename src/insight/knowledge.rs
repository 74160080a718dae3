//! Who knows what: after each step, for each side of each connection, the [`Ledger`] of what it can know of the other side, how
//! sure it is, and which segment, timer or call that rests on.
//!
//! This is knowledge in the strict sense: a side is *sure* of a fact if the fact holds in every run, within the stated
//! [assumptions](Assumption), in which that side has sent, received and been asked the same until now. It speaks of the moment when
//! the proving segment was sent. `docs/knowledge.md` has each fact as a predicate over both hosts, and the reasons.
//!
//! Whether an assumption was broken is not for the side to know. The reader of a trace sees both hosts and the network, and says
//! so: see [`Entry::broken`].
//!
//! | file | what |
//! |---|---|
//! | `ledger` | the facts, the levels, what an entry rests on |
//! | `octets` | what the copies of each unacknowledged octet have told the other side |
//! | `mind` | what is kept of one side of one connection, and what a segment proves to it |
//! | `origin` | whether a segment comes from whom its receiver believes in |
//!
//! ```
//! use synfin::history::History;
//! use synfin::insight::knowledge::{Fact, Knowledge, Level};
//! use synfin::scenario::Scenario;
//! use synfin::tcp::{ConnectionId, Side};
//!
//! let mut run = History::new(Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?);
//! run.run_to_end();
//! let mut knowledge = Knowledge::default();
//! knowledge.update(run.trace());
//! let [client, server] = Side::BOTH.map(|side| knowledge.ledger(side, ConnectionId(0)).expect("it is there"));
//! assert_eq!(client.level(Fact::PeerHasNumber), Level::Sure);
//! // The third segment is not acknowledged: that it has arrived only text can show.
//! assert_eq!(client.level(Fact::PeerKnowsNumber), Level::Unknown);
//! assert_eq!(server.level(Fact::PeerKnowsNumber), Level::Sure);
//! # Ok::<(), synfin::scenario::ScriptErrors>(())
//! ```

mod ledger;

mod octets;

mod mind;

mod origin;

use crate::chronicle::{Account, Followed, Incarnation, IncarnationId, Reading};
use crate::rule::Rule;
use crate::tcp::{Call, ConnectionId, SegmentId, Side, State, Timer};
use crate::time::{Duration, Instant};
use crate::trace::{Event, EventKind, Trace};

use mind::Mind;
use octets::{FIN, NOTHING, SYN};
use origin::{Arrival, Tag};

pub use ledger::{Assumption, Basis, Change, Entry, Fact, Ledger, Level};

/// What the sides know at the end of a trace that grows, is cut off, and grows again. The cost of a step is that of the step.
#[derive(Clone, Debug, Default)]
pub struct Knowledge(Followed<Minds>);

impl Knowledge {
    /// Takes in what is new in `trace`; where it has become shorter, forgets what lies beyond its end. If steps that were taken in
    /// were replaced by others, [`truncate`](Self::truncate) to those that are still the same first.
    pub fn update(&mut self, trace: &Trace) {
        self.0.update(trace);
    }

    /// What is known at the end of an instant; at the end of the trace if `None`. Reads the trace from its start.
    pub fn until(trace: &Trace, at: Option<Instant>) -> Self {
        let mut knowledge = Self::default();
        let is_before = |step: usize| trace.step(step).first().is_some_and(|event| at.is_none_or(|at| event.at <= at));
        while is_before(knowledge.steps() + 1) {
            knowledge.take_step(trace);
        }
        knowledge
    }

    /// Takes in the next step of `trace`. Says whether there was one.
    pub fn take_step(&mut self, trace: &Trace) -> bool {
        self.0.take_step(trace)
    }

    /// Goes back to the first `steps` steps of `trace`; these must be the ones that were taken in.
    pub fn truncate(&mut self, steps: usize, trace: &Trace) {
        self.0.truncate(steps, trace);
    }

    /// How many steps are taken in.
    pub fn steps(&self) -> usize {
        self.0.now().steps()
    }

    /// What a side knows of a connection; as it was left where the connection is over.
    pub fn ledger(&self, side: Side, connection: ConnectionId) -> Option<&Ledger> {
        let is_it = |ledger: &Ledger| (ledger.side, ledger.connection) == (side, connection);
        let present = self.0.now().live.iter().map(|mind| &mind.ledger).find(|it| is_it(it));
        present.or_else(|| self.0.told().iter().map(|(_, ledger)| ledger).rfind(|it| is_it(it)))
    }

    /// What a side knows of its present connections, the oldest first; of the last one that is over, as it was left, if there is none.
    pub fn present(&self, side: Side) -> impl Iterator<Item = &Ledger> {
        let is_of_side = move |ledger: &&Ledger| ledger.side == side;
        let live = self.0.now().live.iter().map(|mind| &mind.ledger).filter(is_of_side);
        let mut past = self.0.told().iter().map(|(_, ledger)| ledger);
        let last = if live.clone().next().is_none() { past.rfind(is_of_side) } else { None };
        last.into_iter().chain(live)
    }

    /// The youngest connection of which a side knows or knew anything.
    pub fn youngest(&self, side: Side) -> Option<ConnectionId> {
        let past = self.0.told().iter().map(|(_, ledger)| ledger);
        let all = self.0.now().live.iter().map(|mind| &mind.ledger).chain(past);
        all.filter(|ledger| ledger.side == side).map(|ledger| ledger.connection).max()
    }

    /// What changed by the last step that was taken in: of each connection, in the order of the facts.
    pub fn changes(&self) -> &[Change] {
        &self.0.now().changes
    }
}

/// What both hosts know of their present connections.
#[derive(Clone, Debug, Default)]
struct Minds {
    account: Account,
    live: Vec<Mind>,
    /// What is not on the wire, of the segments that are in the network.
    tags: Vec<Tag>,
    /// Whose listeners take a SYN for a connection, as far as it was seen.
    is_two_way: [bool; 2],
    /// Half of what TIME-WAIT takes, as far as one was seen.
    msl: Option<Duration>,
    /// What the last step changed.
    changes: Vec<Change>,
}

/// What is known of the step that is taken in.
struct Step<'a> {
    trace: &'a Trace,
    events: &'a [Event],
    by: Basis,
    arrival: Option<Arrival>,
    /// How many octets a SEND gave to a connection that only comes to be by it.
    handed: u64,
    /// What each connection that is touched knew before.
    before: Vec<Ledger>,
}

impl Reading for Minds {
    /// What was known of a connection that is over, with the step in which it ended.
    type Told = (usize, Ledger);

    fn steps(&self) -> usize {
        self.account.steps()
    }

    fn read_step(&mut self, trace: &Trace, past: &mut Vec<(usize, Ledger)>) {
        self.changes.clear();
        let events = trace.step(self.account.steps() + 1);
        let Some(first) = events.first() else { return };
        let by = match &first.kind {
            EventKind::Arrived { segment, .. } => Basis::Segment(*segment),
            EventKind::Expired { .. } => Basis::Timer,
            EventKind::Crashed { .. } | EventKind::Rebooted { .. } => Basis::Crash,
            _ => Basis::User,
        };
        let arrival = self.arrival(&first.kind);
        let mut step = Step { trace, events, by, arrival, handed: 0, before: Vec::new() };
        for event in events {
            self.account.take(trace, event);
            self.take(&mut step, event);
        }
        self.arrive(&mut step);
        self.mark_what_left(&step);
        self.settle(&step, past);
        let Self { account, tags, .. } = self;
        if tags.len() > account.flights().len() {
            tags.retain(|tag| account.flight(tag.segment).is_some());
        }
    }

    fn step_of((step, _): &(usize, Ledger)) -> usize {
        *step
    }
}

impl Minds {
    fn take(&mut self, step: &mut Step<'_>, event: &Event) {
        match &event.kind {
            EventKind::Found { side, connection, .. } | EventKind::Created { side, connection, .. } => {
                self.begin(step, *side, *connection);
            }
            EventKind::Called { side, connection: Some(connection), call, result: Ok(_) } => {
                if let Call::Send { data, .. } = &**call {
                    match self.touch(step, *side, *connection) {
                        Some(mind) => mind.hand_over(data.len() as u64, step.by),
                        None => step.handed = data.len() as u64,
                    }
                }
            }
            EventKind::Entered { side, connection: Some(connection), from, to, .. } => {
                self.enter(step, *side, *connection, *from, *to);
            }
            EventKind::Decided { side, connection, rule } => {
                self.is_two_way[*side as usize] |= *rule == Rule::TwoWayHandshake;
                let mind = connection.and_then(|id| self.touch(step, *side, id));
                if let Some(mind) = mind {
                    match rule {
                        Rule::FinReceived | Rule::FinCrossesFin | Rule::FinInFinWait2 => mind.fin_is_taken = true,
                        Rule::TimeWaitSkipped => mind.is_last_ack_unseen = true,
                        _ => {}
                    }
                }
            }
            EventKind::TimerSet { side, connection, timer: Timer::TimeWait, deadline: Some(deadline) } => {
                // What comes back to TIME-WAIT says again when it ends.
                let since = event.at;
                let is_anew = self.touch(step, *side, *connection).is_some_and(|mind| {
                    let is_anew = *deadline > mind.clock_ends;
                    if is_anew {
                        (mind.clock_set, mind.clock_ends) = (since, *deadline);
                    }
                    is_anew
                });
                if is_anew {
                    let msl = Duration::from_us(deadline.since(since).as_us() / 2);
                    self.msl = Some(self.msl.map_or(msl, |it| it.min(msl)));
                }
            }
            EventKind::Sent { side, connection, segment, .. } => self.leave(step, *side, *connection, *segment),
            EventKind::Removed { side, connection } => {
                if let Some(mind) = self.touch(step, *side, *connection) {
                    mind.is_over = true;
                }
            }
            _ => {}
        }
    }

    /// The mind of a connection. Remembers what it knew before this step.
    fn touch(&mut self, step: &mut Step<'_>, side: Side, connection: ConnectionId) -> Option<&mut Mind> {
        let is_it = |ledger: &Ledger| (ledger.side, ledger.connection) == (side, connection);
        let mind = self.live.iter_mut().rfind(|mind| is_it(&mind.ledger))?;
        if !step.before.iter().any(is_it) {
            step.before.push(mind.ledger);
        }
        Some(mind)
    }

    /// The incarnation of a mind, also if it ended in this step.
    fn incarnation(&self, mind: &Mind) -> Option<&Incarnation> {
        let Ledger { side, connection, .. } = mind.ledger;
        let present = self.account.incarnation(side, connection).filter(|it| it.id == mind.incarnation);
        present.or_else(|| self.account.ended().iter().find(|it| it.id == mind.incarnation))
    }

    fn begin(&mut self, step: &mut Step<'_>, side: Side, connection: ConnectionId) {
        let Some(it) = self.account.incarnation(side, connection) else { return };
        let mut mind = Mind::new(it);
        // What opens a connection without a SYN of its own answers a SYN cookie (RFC 4987 §3.6): our SYN left before.
        if let Some(iss) = it.iss {
            mind.octets.begin(Some(iss));
            mind.octets.leave(iss, 1, SYN);
            mind.is_of_cookie = true;
        }
        step.before.push(mind.ledger);
        mind.hand_over(std::mem::take(&mut step.handed), step.by);
        self.live.push(mind);
    }

    fn enter(&mut self, step: &mut Step<'_>, side: Side, connection: ConnectionId, from: State, to: State) {
        let next = self.account.incarnation(side, connection).map(Mind::new);
        let Some(mind) = self.touch(step, side, connection) else { return };
        match (from, to) {
            (State::TimeWait, State::SynReceived) => {
                if let Some(next) = next {
                    let previous = std::mem::replace(mind, next);
                    mind.previous = Some(Box::new(previous));
                }
                return;
            }
            (State::SynReceived, State::TimeWait) => {
                if let Some(previous) = mind.previous.take() {
                    *mind = *previous;
                }
                return;
            }
            (State::SynSent, State::Established) => mind.has_met_listener = true,
            (_, State::CloseWait | State::Closing) | (State::FinWait2, State::TimeWait) => mind.fin_is_taken = true,
            (_, State::Closed | State::Listen) => mind.left_from = Some(from),
            _ => {}
        }
        mind.is_last_ack_unseen |= to == State::TimeWait;
        mind.previous = None;
    }

    /// A segment leaves.
    fn leave(&mut self, step: &mut Step<'_>, side: Side, connection: Option<ConnectionId>, segment: SegmentId) {
        let sender = connection.and_then(|id| self.account.incarnation(side, id));
        let (id, iss) = (sender.map(|it| it.id), sender.and_then(|it| it.iss));
        let Some(datagram) = step.trace.datagram(segment) else { return };
        let it = &datagram.segment;
        let answered = step.arrival.as_ref().and_then(|arrival| arrival.tag.as_ref()?.sender);
        let now = self.account.now();
        let tag = Tag { segment, sender: id, taken: None, answered, is_kept: false, provoked: None, tainted: None };
        if let Some(mind) = connection.and_then(|id| self.touch(step, side, id)) {
            mind.last_sent = now;
            mind.octets.begin(iss);
            if !it.is_empty() && !it.flags.rst {
                let seen = if mind.fin_is_taken { SYN | FIN } else { SYN };
                let end = mind.octets.leave(it.seq, it.len(), if it.ack.is_some() { seen } else { NOTHING });
                if it.flags.fin {
                    mind.fin_end = end;
                }
            }
        }
        self.tags.push(tag);
    }

    /// What the segment proves whose arrival began the step, if it was for a connection.
    fn arrive(&mut self, step: &mut Step<'_>) {
        let Some(Arrival { side, connection: Some(connection), .. }) = step.arrival else { return };
        if self.touch(step, side, connection).is_none() {
            return;
        }
        let Some(index) = self.live.iter().rposition(|it| (it.ledger.side, it.ledger.connection) == (side, connection))
        else {
            return;
        };
        let Some(it) = self.incarnation(&self.live[index]) else { return };
        let origin = self.origin(step, it);
        let (irs, state) = (it.irs, it.state);
        let is_two_way = self.is_two_way[side.other() as usize];
        let mind = &mut self.live[index];
        mind.arrives(step, (irs, state), origin, is_two_way);
    }

    /// Of what left in this step: whether its sender is still there, and what it had taken by then, also just now.
    fn mark_what_left(&mut self, step: &Step<'_>) {
        let receiver = step.arrival.as_ref().and_then(|it| self.account.incarnation(it.side, it.connection?));
        let provoked = receiver.and_then(|it| self.origin(step, it).of_peer);
        let Self { account, live, tags, .. } = self;
        let number = account.steps();
        let is_of_step = |tag: &Tag| step.trace.departure(tag.segment).is_some_and(|it| it.step as usize == number);
        for tag in tags.iter_mut().rev().take_while(|tag| is_of_step(tag)) {
            if let Some(sender) = live.iter().find(|mind| tag.sender == Some(mind.incarnation)) {
                (tag.is_kept, tag.provoked) = (!sender.is_over, provoked);
                (tag.taken, tag.tainted) = (sender.taken, sender.tainted);
            }
        }
    }

    /// Ends what is over, and says what has changed.
    fn settle(&mut self, step: &Step<'_>, past: &mut Vec<(usize, Ledger)>) {
        for before in &step.before {
            let (side, connection) = (before.side, before.connection);
            let Some(index) =
                self.live.iter().rposition(|it| (it.ledger.side, it.ledger.connection) == (side, connection))
            else {
                continue;
            };
            let clean = self.what_is_left(&self.live[index]);
            let mind = &mut self.live[index];
            mind.settle(step, clean);
            let number = step.events.first().map_or(0, |event| event.step);
            mind.ledger.changes_since(before, number, step.by, &mut self.changes);
            if mind.is_over {
                past.push((self.account.steps(), self.live.remove(index).ledger));
            }
        }
    }

    /// Which assumption was broken if something that an incarnation sent, or an answer to it, is still in the network when its
    /// TIME-WAIT ends.
    fn what_is_left(&self, mind: &Mind) -> Option<Assumption> {
        if mind.left_from != Some(State::TimeWait) {
            return None;
        }
        let is_of = |id: Option<IncarnationId>| id == Some(mind.incarnation);
        let is_answer = |segment| self.tags.iter().any(|tag| tag.segment == segment && is_of(tag.answered));
        let mut flights = self.account.flights().iter();
        let is_left = flights.any(|flight| is_of(flight.sender) || is_answer(flight.segment));
        is_left.then_some(Assumption::Lifetime)
    }
}
