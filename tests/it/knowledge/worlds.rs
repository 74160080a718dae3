//! Every run of small worlds, in whatever order segments arrive, are lost, come twice, timers expire and users call: whatever a
//! side is sure of is true, and two runs that look alike to a connection never differ in what it takes for known.
//!
//! The simulation is the real one. Its link holds every segment, and an explorer lets one of them go, loses it, calls for a user, or
//! lets time pass until the next timer, until nothing is left to do. Runs that differ only in the order of what happened at
//! different hosts are one *situation* ([`Situation::name`]).
//!
//! `docs/knowledge.md` says what a connection sees of a run, and has the worlds with their counts.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::path::Path;
use std::rc::Rc;

use ahash::RandomState;
use synfin::export::ladder::ladder;
use synfin::history::History;
use synfin::insight::knowledge::{Assumption, Fact, Knowledge, Ledger, Level};
use synfin::network::{Fault, SegmentKind, Transit, Which};
use synfin::profile::Handshake;
use synfin::scenario::Scenario;
use synfin::scenario::expectation::Expectation;
use synfin::simulation::{Act, Deed, InTransit, Simulation, UserCall, When};
use synfin::tcp::{Action as Interference, ConnectionId, SegmentId, Side, State, UserEvent};
use synfin::text::Words;
use synfin::time::{Duration, Instant};
use synfin::trace::{Event, EventKind, Fate, Trace};

use super::omniscience::{Blocks, Omniscience, blocks_of};
use crate::as_read::assert_as_read;

/// Where the worlds stand with their counts.
const PAGE: &str = include_str!("../../../docs/knowledge.md");

/// Between the expiry of a timer and what follows it: a script does what it does at one instant before timers expire.
const A_MOMENT: Duration = Duration::from_ms(1);

/// How long nothing happens in a pause.
const A_WHILE: Duration = Duration::from_secs(2);

/// A world: two hosts and what may happen to them.
struct World {
    /// Its name in `docs/knowledge.md`.
    name: &'static str,
    /// The settings of the hosts, as a script.
    hosts: &'static str,
    /// Deeds that are done at any time, each once.
    deeds: &'static [&'static str],
    order: Order,
    may: Budget,
    /// What is broken in it for somebody who takes something for known.
    broken: &'static [Assumption],
    /// Whether somebody acts on what only seems so: opens, speaks or hears.
    is_acted_on: bool,
    /// What it is there for: rules that are applied in it, by their ids, or that a segment is `stopped` on the way.
    reaches: &'static [&'static str],
}

/// In which order the segments of one direction arrive. Copies that stayed behind arrive whenever they like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Any,
    AsSent,
}

/// What may still happen, and how often. Arrays are by side.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Budget {
    opens: [u8; 2],
    /// SENDs of one octet each.
    sends: [u8; 2],
    closes: [u8; 2],
    aborts: [u8; 2],
    /// The host forgets everything and comes up again, with its listener.
    crashes: [u8; 2],
    losses: u8,
    /// Segments of which a copy stays in the network and arrives later, or never: none lives longer than an MSL.
    copies: u8,
    /// Timers that expire while something is on its way that will arrive.
    hasty: u8,
    /// Times at which nothing happens for two seconds.
    pauses: u8,
}

const NOTHING: Budget = Budget {
    opens: [0; 2],
    sends: [0; 2],
    closes: [0; 2],
    aborts: [0; 2],
    crashes: [0; 2],
    losses: 0,
    copies: 0,
    hasty: 0,
    pauses: 0,
};
/// The client opens, and both close; nobody sends.
const BARE: Budget = Budget { opens: [1, 0], closes: [1, 1], ..NOTHING };
/// The same, and the client sends one octet.
const ONE_OCTET: Budget = Budget { sends: [1, 0], ..BARE };
/// The same, and so does the server.
const LIFE: Budget = Budget { sends: [1, 1], ..BARE };

const HOSTS: &str = "client isn 100 200, port 49152\nserver isn 300 400 500 600, listen 80\nlink delay 0ms\n";

/// What can happen next.
#[derive(Clone, Debug)]
enum Action {
    Call(Side, UserCall),
    /// The deed of the world with this index is done.
    Do(usize),
    Deliver(SegmentId),
    /// It arrives, and a copy stays in the network.
    DeliverAndKeep(SegmentId),
    Lose(SegmentId),
    /// Time passes until the next timer.
    Wait,
    /// Time passes, and nothing happens.
    Pause,
    Crash(Side),
}

/// How a situation came about.
struct Way {
    action: Action,
    before: Option<Rc<Way>>,
}

/// Where a run has come to.
#[derive(Clone)]
struct Situation {
    simulation: Simulation,
    trace: Trace,
    knowledge: Knowledge,
    /// What both hosts had after each step.
    blocks: Vec<Blocks>,
    /// Of each segment who sent it, and which of its sender's it is; of one that nobody here sent, what it is.
    origins: Vec<(Option<Side>, u64)>,
    /// What each host has lived through, with the time and the origin of each segment.
    lived: [u64; 2],
    /// In which order connections came to be, met and ended.
    order: u64,
    views: Vec<View>,
    /// Of which segments a copy has stayed behind.
    late: Vec<SegmentId>,
    /// Which deeds of the world are done.
    done: Vec<bool>,
    left: Budget,
    way: Option<Rc<Way>>,
}

/// What a connection has seen: each call of its user with what it returned, each segment that arrived for it, each of its timers that
/// expired, and what it sent then, in order. Time is what its own clock says while it is in TIME-WAIT, since that began: nothing
/// else that is taken for known rests on it.
#[derive(Clone, Copy)]
struct View {
    side: Side,
    connection: ConnectionId,
    seen: u64,
    waits_since: Option<Instant>,
}

/// What is found in all runs of a world.
#[derive(Default)]
struct Found {
    situations: usize,
    /// What each connection that has seen something takes for known, and a way to that.
    views: HashMap<u64, (Levels, Option<Rc<Way>>)>,
    proven: BTreeSet<Fact>,
    broken: BTreeSet<Assumption>,
    reached: BTreeSet<&'static str>,
    /// A shortest way to a connection whose text leaves while it is deceived in who takes part.
    speaks_to_nobody: Option<Situation>,
    /// Whether somebody did something on what only seemed so.
    is_acted_on: bool,
}

type Levels = [Level; Fact::ALL.len()];

fn hash(of: impl Hash) -> u64 {
    RandomState::with_seeds(1, 2, 3, 4).hash_one(of)
}

impl World {
    fn start(&self) -> Situation {
        let mut story = Scenario::parse(self.hosts).expect("the hosts of a world are a script");
        story.faults = held().to_vec();
        let simulation = story.simulation();
        let mut start = Situation {
            blocks: vec![blocks_of(&simulation)],
            simulation,
            trace: Trace::default(),
            knowledge: Knowledge::default(),
            origins: Vec::new(),
            lived: [0; 2],
            order: 0,
            views: Vec::new(),
            late: Vec::new(),
            done: vec![false; self.deeds.len()],
            left: self.may,
            way: None,
        };
        while start.simulation.next_event_at().is_some() {
            start.step();
        }
        start
    }

    /// Explores all runs.
    fn explore(&self) -> Found {
        let mut found = Found::default();
        let mut start = self.start();
        self.look(&mut start, &mut found);
        let mut seen = HashSet::from([start.name()]);
        let mut next = VecDeque::from([start]);
        // Depth first, which keeps few situations at a time; but where something is looked for, the shortest way to it.
        while let Some(situation) = if self.is_acted_on { next.pop_front() } else { next.pop_back() } {
            found.situations += 1;
            for action in self.actions(&situation) {
                let mut after = situation.clone();
                after.way = Some(Rc::new(Way { action: action.clone(), before: situation.way.clone() }));
                if self.act(&mut after, &action, &mut found) && seen.insert(after.name()) {
                    next.push_back(after);
                }
            }
        }
        found
    }

    /// What can happen.
    fn actions(&self, it: &Situation) -> Vec<Action> {
        let mut actions = Vec::new();
        for side in Side::BOTH {
            let left = |budget: [u8; 2]| budget[side as usize] > 0;
            let youngest = it.simulation.host(side).connections().last();
            let is_free = youngest.is_none_or(|it| it.endpoint.state() == State::TimeWait);
            if is_free && left(it.left.opens) {
                actions.push(Action::Call(side, UserCall::OPEN));
            }
            let Some(connection) = youngest else { continue };
            if left(it.left.crashes) {
                actions.push(Action::Crash(side));
            }
            // The user of a listener knows of a connection once it is established.
            if connection.is_child() && matches!(connection.endpoint.state(), State::SynReceived) {
                continue;
            }
            let calls = [
                (it.left.sends, UserCall::send("x".into())),
                (it.left.closes, UserCall::Close),
                (it.left.aborts, UserCall::Abort),
            ];
            actions.extend(
                calls.into_iter().filter(|(budget, _)| left(*budget)).map(|(_, call)| Action::Call(side, call)),
            );
        }
        actions.extend((0..self.deeds.len()).filter(|deed| !it.done[*deed]).map(Action::Do));
        let mut has_first = [false; 2];
        for copy in it.simulation.in_transit() {
            let is_late = it.late.contains(&copy.segment);
            let is_behind = !is_late && std::mem::replace(&mut has_first[copy.to as usize], true);
            if is_behind && self.order == Order::AsSent {
                continue;
            }
            actions.push(Action::Deliver(copy.segment));
            if !is_late && it.left.copies > 0 {
                actions.push(Action::DeliverAndKeep(copy.segment));
            }
            if !is_late && it.left.losses > 0 {
                actions.push(Action::Lose(copy.segment));
            }
        }
        if it.simulation.next_event_at().is_some() && (it.is_quiet() || it.left.hasty > 0) {
            actions.push(Action::Wait);
        }
        let is_busy = it.simulation.next_event_at().is_some_and(|at| at < it.simulation.now() + A_WHILE);
        if it.is_quiet() && !is_busy && it.left.pauses > 0 {
            actions.push(Action::Pause);
        }
        actions
    }

    /// Lets something happen, and looks at what came of it. Says whether it was possible.
    fn act(&self, it: &mut Situation, action: &Action, found: &mut Found) -> bool {
        match action {
            Action::Call(side, call) => {
                let budget = match call {
                    UserCall::Open { .. } => &mut it.left.opens,
                    UserCall::Send { .. } => &mut it.left.sends,
                    UserCall::Close => &mut it.left.closes,
                    UserCall::Abort => &mut it.left.aborts,
                    _ => unreachable!("worlds have no such call"),
                };
                budget[*side as usize] -= 1;
                it.apply(Deed::user(*side, call.clone()));
                let called = it.trace.step(it.trace.steps()).first().map(|event| &event.kind);
                if !matches!(called, Some(EventKind::Called { result: Ok(_), .. })) {
                    return false;
                }
                it.hold();
            }
            Action::Do(deed) => {
                it.done[*deed] = true;
                it.apply(deed_of(self.deeds[*deed]));
                it.step();
            }
            Action::Deliver(segment) => {
                it.apply(Deed::Interfere(*segment, Interference::Release));
                it.step();
            }
            Action::DeliverAndKeep(segment) => {
                it.left.copies -= 1;
                it.late.push(*segment);
                it.apply(Deed::Interfere(*segment, Interference::Release));
                it.apply(Deed::Interfere(*segment, Interference::Duplicate(A_MOMENT)));
                it.step();
            }
            Action::Lose(segment) => {
                it.left.losses -= 1;
                it.apply(Deed::Interfere(*segment, Interference::Drop));
            }
            Action::Wait => {
                it.left.hasty -= u8::from(!it.is_quiet());
                it.wait();
            }
            Action::Pause => {
                it.left.pauses -= 1;
                it.apply(Deed::Wait(it.simulation.now() + A_WHILE));
            }
            Action::Crash(side) => {
                it.left.crashes[*side as usize] -= 1;
                let listens: Vec<u16> = it.simulation.host(*side).listening_ports().collect();
                it.apply(Deed::Crash(*side));
                it.apply(Deed::Reboot(*side));
                for port in listens {
                    it.apply(Deed::user(*side, UserCall::listen(port)));
                }
            }
        }
        self.look(it, found);
        true
    }

    /// Takes in the steps that are new.
    fn look(&self, it: &mut Situation, found: &mut Found) {
        while it.knowledge.take_step(&it.trace) {
            it.remember(self.hosts);
            let step = it.knowledge.steps();
            let seen = Omniscience { trace: &it.trace, blocks: &it.blocks };
            for change in it.knowledge.changes() {
                found.broken.extend(change.entry.broken.filter(|_| change.entry.taken_for == Level::Sure));
                if change.entry.level() == Level::Sure {
                    found.proven.insert(change.fact);
                    if let Err(wrong) = seen.is_true(step, change) {
                        panic!("{}: {change:?}: {wrong}\n{}", self.name, it.told());
                    }
                }
            }
            for View { side, connection, seen, .. } in &it.views {
                let levels = levels(it.knowledge.ledger(*side, *connection));
                match found.views.entry(*seen) {
                    Entry::Vacant(place) => drop(place.insert((levels, it.way.clone()))),
                    Entry::Occupied(entry) => {
                        let (before, way) = entry.get();
                        let (side, other) = (side.name(), told(way.as_ref()));
                        assert_eq!(before, &levels, "{}: {side}\n{other}\nlooks like\n{}", self.name, it.told());
                    }
                }
            }
            self.look_at_deeds(it, step, found);
        }
    }

    /// Who is told that there is a connection, takes text or sends some should be sure that the other side takes part.
    fn look_at_deeds(&self, it: &Situation, step: usize, found: &mut Found) {
        for event in it.trace.step(step) {
            let reached = match &event.kind {
                EventKind::Decided { rule, .. } => Some(rule.id()),
                EventKind::Routed { fate: Fate::Stopped(_), .. } => Some("stopped"),
                _ => None,
            };
            found.reached.extend(reached);
            let (side, connection, speaks) = match &event.kind {
                EventKind::Told {
                    side,
                    connection: Some(connection),
                    event: UserEvent::Established | UserEvent::Received(_),
                } => (*side, *connection, false),
                EventKind::Sent { side, connection: Some(connection), datagram, .. } => {
                    if datagram.segment.payload.is_empty() {
                        continue;
                    }
                    (*side, *connection, true)
                }
                _ => continue,
            };
            let entry =
                it.knowledge.ledger(side, connection).map(|it| it.entry(Fact::PeerWantsThis)).unwrap_or_default();
            found.is_acted_on |= entry.taken_for != Level::Sure;
            if speaks && entry.level() == Level::Deceived && found.speaks_to_nobody.is_none() {
                found.speaks_to_nobody = Some(it.clone());
            }
        }
    }
}

/// Every segment stays in the network until somebody lets it go.
fn held() -> [Fault; 2] {
    let all = Which { nth: None, kind: SegmentKind::Any, ..Which::nth(1) };
    Side::BOTH.map(|from| Fault { from, which: all, action: Interference::Hold })
}

fn deed_of(line: &str) -> Deed {
    let story = Scenario::parse(&format!("at 0ms {line}\n")).expect("it is a deed");
    story.acts.into_iter().next().expect("there is one").deed
}

fn levels(ledger: Option<&Ledger>) -> Levels {
    Fact::ALL.map(|fact| ledger.map_or(Level::Unknown, |it| it.entry(fact).taken_for))
}

impl Situation {
    /// A deed that is possible.
    #[track_caller]
    fn apply(&mut self, deed: Deed) {
        self.simulation.apply(deed, &mut self.trace).expect("it is possible here");
        self.blocks.push(blocks_of(&self.simulation));
    }

    /// What comes next.
    fn step(&mut self) {
        self.simulation.step(&mut self.trace);
        self.simulation.check_invariants();
        self.blocks.push(blocks_of(&self.simulation));
        self.hold();
    }

    /// What a middlebox sends, and a copy that stays behind, wait as everything else does.
    fn hold(&mut self) {
        let is_free = |copy: &&InTransit| copy.carried.transit != Transit::Held;
        let free = self.simulation.in_transit().iter().filter(is_free).map(|copy| copy.segment);
        for segment in free.collect::<Vec<SegmentId>>() {
            self.apply(Deed::Interfere(segment, Interference::Hold));
        }
    }

    /// Time passes until the next timer. What has been in the network for longer than an MSL is in it no more.
    fn wait(&mut self) {
        let Some(at) = self.simulation.next_event_at() else { return };
        let msl = self.simulation.host(Side::Client).profile().msl;
        let is_too_old = |id: &SegmentId| self.trace.departure(*id).is_some_and(|it| it.at + msl < at);
        let held = self.simulation.in_transit().iter().map(|copy| copy.segment);
        let too_old: Vec<SegmentId> = held.filter(is_too_old).collect();
        for segment in too_old {
            self.apply(Deed::Interfere(segment, Interference::Drop));
        }
        while self.simulation.next_event_at() == Some(at) {
            self.step();
        }
        self.apply(Deed::Wait(at + A_MOMENT));
    }

    /// Whether nothing is on its way but what may never arrive.
    fn is_quiet(&self) -> bool {
        self.simulation.in_transit().iter().all(|copy| self.late.contains(&copy.segment))
    }

    /// What makes it another one: what both hosts have lived through, in which order connections came to be, met and ended, what
    /// is in the network, and what may still happen. All the rest follows from that.
    fn name(&self) -> u64 {
        let mut network: Vec<_> =
            self.simulation.in_transit().iter().map(|it| self.origins[it.segment.index()]).collect();
        network.sort_unstable();
        let late: Vec<_> = self.late.iter().map(|it| self.origins[it.index()]).collect();
        hash((self.simulation.now(), self.lived, self.order, network, late, &self.done, self.left))
    }

    /// Keeps what the last step that was taken in has brought to each host and to each connection.
    fn remember(&mut self, hosts: &str) {
        let events = self.trace.step(self.knowledge.steps());
        let Some(first) = events.first() else { return };
        for event in events {
            match &event.kind {
                EventKind::Sent { side, .. } => {
                    let before = self.origins.iter().filter(|(from, _)| *from == Some(*side)).count();
                    self.origins.push((Some(*side), before as u64));
                }
                EventKind::Intruded { datagram, .. } => {
                    self.origins.push((None, hash(format!("{datagram:?}"))));
                }
                EventKind::Created { .. }
                | EventKind::Removed { .. }
                | EventKind::Entered { connection: Some(_), .. } => {
                    self.order = hash((self.order, format!("{:?}", event.kind)));
                }
                _ => {}
            }
        }
        let stimulus = match &first.kind {
            EventKind::Called { call, result, .. } => format!("{call:?} {result:?}"),
            EventKind::Arrived { segment, .. } => format!("{:?}", self.trace.datagram(*segment)),
            EventKind::Expired { timer, .. } => format!("{timer:?}"),
            EventKind::Crashed { .. } | EventKind::Rebooted { .. } => format!("{:?}", first.kind),
            _ => return,
        };
        let Some(side) = first.kind.side() else { return };
        let origin = match &first.kind {
            EventKind::Arrived { segment, .. } => Some(self.origins[segment.index()]),
            _ => None,
        };
        let lived = &mut self.lived[side as usize];
        *lived = hash((*lived, first.at, &stimulus, origin));
        let mut touched: BTreeMap<ConnectionId, (Vec<String>, bool)> = BTreeMap::new();
        for event in events.iter().filter(|event| event.kind.side() == Some(side)) {
            let Some(connection) = connection_of(event) else { continue };
            let (sent, begins_to_wait) = touched.entry(connection).or_default();
            match &event.kind {
                EventKind::Sent { datagram, .. } => sent.push(format!("{datagram:?}")),
                EventKind::Entered { to: State::TimeWait, .. } => *begins_to_wait = true,
                _ => {}
            }
        }
        for (connection, (sent, begins_to_wait)) in touched {
            let place = self.views.iter().position(|it| (it.side, it.connection) == (side, connection));
            let place = place.unwrap_or_else(|| {
                self.views.push(View { side, connection, seen: hash((hosts, side)), waits_since: None });
                self.views.len() - 1
            });
            let view = &mut self.views[place];
            let waited = view.waits_since.map(|since| first.at.since(since));
            view.seen = hash((view.seen, &stimulus, sent, waited));
            view.waits_since = view.waits_since.or(begins_to_wait.then_some(first.at));
        }
    }

    /// The run, for whoever has to see what is wrong.
    fn told(&self) -> String {
        format!("{}\n{}", told(self.way.as_ref()), ladder(&self.trace, &Words::default()))
    }
}

fn told(way: Option<&Rc<Way>>) -> String {
    let mut lines: Vec<String> = actions(way).iter().map(|action| format!("{action:?}")).collect();
    lines.insert(0, "from the start:".to_owned());
    lines.join("\n  ")
}

/// The actions of a way, the first of them first.
fn actions(way: Option<&Rc<Way>>) -> Vec<Action> {
    let mut actions: Vec<Action> =
        std::iter::successors(way, |it| it.before.as_ref()).map(|it| it.action.clone()).collect();
    actions.reverse();
    actions
}

/// The connection that an event is of.
fn connection_of(event: &Event) -> Option<ConnectionId> {
    match &event.kind {
        EventKind::Called { connection, .. }
        | EventKind::Arrived { connection, .. }
        | EventKind::Sent { connection, .. }
        | EventKind::Entered { connection, .. } => *connection,
        EventKind::Expired { connection, .. }
        | EventKind::Created { connection, .. }
        | EventKind::Removed { connection, .. } => Some(*connection),
        _ => None,
    }
}

const USUAL: World = World {
    name: "",
    hosts: HOSTS,
    deeds: &[],
    order: Order::AsSent,
    may: NOTHING,
    broken: &[],
    is_acted_on: false,
    reaches: &[],
};

/// A SYN of an earlier connection, in which the server's number was 200, and the octet after it.
const OLD_SYN: &str = "old to server syn seq 90 window 4000";
const OLD_TEXT: &str = "old to server seq 91 ack 201 length 1 window 4000";

const TWO_WAY: &str =
    "client isn 100 200, port 49152\nserver isn 300 400 500, listen 80, handshake two-way\nlink delay 0ms\n";
const BOTH_OPEN: &str = "client isn 100, port 49152\nserver isn 300, port 80\nlink delay 0ms\n";
const REUSE: &str = "client isn 100 200, port 49152, time-wait-reuse rfc1122\n\
    server isn 300 400 500, listen 80, time-wait-reuse rfc1122\nlink delay 0ms\n";
const NO_TIME_WAIT: &str = "client isn 100 99, port 49152, time-wait none\n\
    server isn 300 400 500 600, listen 80, time-wait none\nlink delay 0ms\n";
const COOKIES: &str =
    "client isn 100 200, port 49152\nserver isn 300 400, listen 80, backlog 0, syn-cookies on\nlink delay 0ms\n";

const OPEN_TAKES_OVER: &str = "client isn 100 5000, port 49152, timestamps on, time-wait-open timestamps\n\
    server isn 300 700, listen 80, timestamps on\nlink delay 0ms\n";
const FORGETFUL: &str = "client isn 100 200, port 49152\nserver isn 300 400, listen 80\n\
    link delay 0ms, middlebox forgets after 1s then resets\n";
const FILTERING: &str = "client isn 100 5000, port 49152\nserver isn 300 400, listen 80\n\
    link delay 0ms, middlebox filters ack after syn\n";

const WORLDS: &[World] = &[
    World { name: "life", may: LIFE, ..USUAL },
    World { name: "one loss", may: Budget { losses: 1, ..ONE_OCTET }, ..USUAL },
    World { name: "any order", order: Order::Any, may: ONE_OCTET, ..USUAL },
    World { name: "one old duplicate", may: Budget { copies: 1, ..ONE_OCTET }, ..USUAL },
    World { name: "hasty timers", may: Budget { hasty: 2, ..BARE }, ..USUAL },
    World { name: "simultaneous open", hosts: BOTH_OPEN, may: Budget { opens: [1, 1], losses: 1, ..BARE }, ..USUAL },
    World { name: "abort", may: Budget { aborts: [1, 1], ..ONE_OCTET }, ..USUAL },
    World { name: "abort and a loss", may: Budget { aborts: [1, 1], losses: 1, ..BARE }, ..USUAL },
    World { name: "client crashes", may: Budget { opens: [2, 0], crashes: [1, 0], ..BARE }, ..USUAL },
    World { name: "server crashes", may: Budget { crashes: [0, 1], ..LIFE }, ..USUAL },
    World {
        name: "old segments, three-way handshake",
        deeds: &[OLD_SYN, OLD_TEXT],
        may: Budget { opens: [1, 0], sends: [0, 1], closes: [0, 1], ..NOTHING },
        ..USUAL
    },
    World {
        name: "old segments, two-way handshake",
        hosts: TWO_WAY,
        deeds: &[OLD_SYN, OLD_TEXT],
        may: Budget { opens: [1, 0], sends: [0, 1], closes: [0, 1], ..NOTHING },
        is_acted_on: true,
        ..USUAL
    },
    World {
        name: "port used again",
        hosts: REUSE,
        may: Budget { opens: [2, 0], copies: 1, ..BARE },
        broken: &[Assumption::TimeWait],
        ..USUAL
    },
    World {
        name: "no TIME-WAIT",
        hosts: NO_TIME_WAIT,
        may: Budget { opens: [2, 0], copies: 1, ..BARE },
        broken: &[Assumption::TimeWait],
        ..USUAL
    },
    World { name: "SYN cookies", hosts: COOKIES, may: Budget { losses: 1, ..ONE_OCTET }, is_acted_on: true, ..USUAL },
    World {
        name: "TIME-WAIT taken by an OPEN",
        hosts: OPEN_TAKES_OVER,
        may: Budget { opens: [2, 0], pauses: 1, copies: 1, ..BARE },
        broken: &[Assumption::TimeWait],
        reaches: &["open-takes-time-wait"],
        ..USUAL
    },
    World {
        name: "forgetful middlebox",
        hosts: FORGETFUL,
        may: Budget { pauses: 1, ..LIFE },
        broken: &[Assumption::Path],
        reaches: &["stopped", "reset-ends-connection"],
        ..USUAL
    },
    World {
        name: "filtering middlebox",
        hosts: FILTERING,
        may: Budget { opens: [2, 0], crashes: [1, 0], ..BARE },
        reaches: &["stopped", "syn-challenged"],
        ..USUAL
    },
];

/// Larger ones, for those who have more time: with `WORLDS=full`.
const LARGER: &[World] = &[
    World { name: "hasty timers and a loss", may: Budget { hasty: 1, losses: 1, ..ONE_OCTET }, ..USUAL },
    World { name: "abort, a loss and text", may: Budget { aborts: [1, 1], losses: 1, ..ONE_OCTET }, ..USUAL },
    World {
        name: "old segments and a close by both",
        deeds: &[OLD_SYN, OLD_TEXT],
        may: Budget { sends: [0, 1], ..BARE },
        ..USUAL
    },
    World {
        name: "no TIME-WAIT and text",
        hosts: NO_TIME_WAIT,
        may: Budget { opens: [2, 0], sends: [1, 0], copies: 1, ..BARE },
        broken: &[Assumption::TimeWait],
        ..USUAL
    },
];

/// In all runs of a world, whatever a side is sure of is true, and who sees the same takes the same for known.
fn check(worlds: &[World]) -> BTreeSet<Fact> {
    let (mut proven, mut missing) = (BTreeSet::new(), Vec::new());
    for world in worlds {
        let found = world.explore();
        let row = format!("| {} | {} | {} |", world.name, found.situations, found.views.len());
        missing.extend((!PAGE.lines().any(|line| line == row)).then_some(row));
        let broken: Vec<Assumption> = found.broken.iter().copied().collect();
        assert_eq!(broken, world.broken, "{}: what is broken of what somebody is sure of", world.name);
        assert_eq!(found.is_acted_on, world.is_acted_on, "{}: whether somebody acts on what only seems so", world.name);
        let missed: Vec<&&str> = world.reaches.iter().filter(|it| !found.reached.contains(**it)).collect();
        assert!(missed.is_empty(), "{} is there for {missed:?}", world.name);
        proven.extend(found.proven);
    }
    assert!(missing.is_empty(), "docs/knowledge.md has the rows\n{}", missing.join("\n"));
    proven
}

#[test]
fn in_all_runs_of_small_worlds_what_is_certain_is_true_and_who_sees_the_same_knows_the_same() {
    let all = Fact::ALL.into_iter().filter(|fact| *fact != Fact::ApplicationRead);
    assert_eq!(check(WORLDS), all.collect(), "every fact that can be certain is certain somewhere");
    if std::env::var_os("WORLDS").is_some_and(|worlds| worlds == "full") {
        check(LARGER);
    }
}

#[test]
fn the_page_has_the_worlds_and_no_others() {
    let rows = PAGE.lines().skip_while(|line| !line.starts_with("| world |")).skip(2);
    let told: Vec<&str> =
        rows.take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1)).map(str::trim).collect();
    let names: Vec<&str> = WORLDS.iter().chain(LARGER).map(|world| world.name).collect();
    assert_eq!(told, names);
}

/// An old SYN comes, and the server's user says something.
const ALONE: World =
    World { name: "old SYN", deeds: &[OLD_SYN], may: Budget { sends: [0, 1], ..NOTHING }, is_acted_on: true, ..USUAL };

/// With a two-way handshake a server acts on what it is deceived in: it is told that there is a connection, and speaks to nobody. With
/// the third segment it is deceived as well, but does nothing before it knows better.
#[test]
fn without_the_third_segment_a_server_acts_on_what_it_is_deceived_in() {
    assert!(ALONE.explore().speaks_to_nobody.is_none(), "it waits for the third segment");
    let deceived = World { hosts: TWO_WAY, ..ALONE }.explore().speaks_to_nobody.expect("it speaks");
    let story = story_of(&deceived, TWO_WAY);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/counterexamples/deceived.tcp");
    assert_as_read([(file, story.to_string())]);

    let mut three_way = story.clone();
    three_way.server.profile.handshake = Handshake::ThreeWay;
    for (story, acts) in [(story, true), (three_way, false)] {
        let story = Scenario::parse(&story.to_string()).expect("what is printed can be read");
        let mut run = History::new(story);
        run.run_until(deceived_at(&run.scenario().acts));
        for expectation in &run.scenario().expectations {
            let is_belief = matches!(expectation, Expectation::Knows { .. });
            assert_eq!(expectation.check(run.trace()).is_ok(), acts || is_belief, "{expectation}");
        }
    }
}

/// A situation as a script: what is done in it, each deed a moment after the one before.
fn story_of(it: &Situation, hosts: &str) -> Scenario {
    let mut story = Scenario::parse(hosts).expect("the hosts of a world are a script");
    story.title = Some("a server that acts on what it is deceived in".to_owned());
    story.faults = held().to_vec();
    let mut at = Instant::ZERO;
    for action in actions(it.way.as_ref()) {
        let deed = match action {
            Action::Call(side, call) => Deed::user(side, call),
            Action::Do(_) => deed_of(OLD_SYN),
            Action::Deliver(segment) => Deed::Interfere(segment, Interference::Release),
            Action::DeliverAndKeep(_) | Action::Lose(_) | Action::Wait | Action::Pause | Action::Crash(_) => {
                unreachable!("the shortest way is shorter")
            }
        };
        story.acts.push(Act { when: When::At(at), deed });
        at = at + A_MOMENT;
    }
    let end = deceived_at(&story.acts);
    let text = format!(
        "{story}expect server knows peer-wants-this deceived at {}us\n\
         expect server told established\n\
         expect segment server data length 1 times 1\n",
        end.as_us()
    );
    Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

/// When the last deed of a story is done.
fn deceived_at(acts: &[Act]) -> Instant {
    match acts.last().map(|act| act.when) {
        Some(When::At(at)) => at,
        _ => unreachable!("everything is told with its time"),
    }
}
