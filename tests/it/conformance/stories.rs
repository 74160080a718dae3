//! Two hosts, step by step. The story decides what the network does and in which order things happen: every segment is
//! held as it leaves, and let go, lost or kept when its step comes. What the hosts do is theirs alone, and is compared:
//! which segments left, in which order and when; what a call returned; both states, the variables and what the users
//! were told after each step. A timer's step is the timer's real expiry; in a story without times no timer is early or
//! late, and the one that the step names expires.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;

use synfin::endpoint::{Endpoint, Tcb};
use synfin::host::{Connection, Target};
use synfin::isn::IsnGenerator;
use synfin::network::Link;
use synfin::profile::TimeWaitReuse;
use synfin::rule::Rule;
use synfin::segment::Datagram;
use synfin::seq::SeqNumber;
use synfin::simulation::{Deed, Ports, Simulation};
use synfin::tcp::{Action, Call, CallError, Open, Reply, Role, SegmentId, Side, State, Timer};
use synfin::time::{Duration, Instant};
use synfin::trace::{Event, EventKind, Trace};

use crate::rules::{rules_of, silent_steps};

use super::block::{tcb_of, timer_named, variable};
use super::cases::{call_named, check_said, same, same_variable};
use super::phrases;
use super::progress;
use super::settings::profile_of;
use super::vectors::{Direction, FateName, Initial, Ms, OriginName, Peer, SegmentText, Settings, Step, Story, What};
use super::wire::{Wire, segment_of};

/// How much time a step of a story without times takes: little, so that no timer that the story does not mention
/// expires.
const TICK: Duration = Duration::from_ms(1);

/// The user timeout of a story without times that lets it expire and sets none: later than everything else.
const SOME_DAY: Duration = Duration::from_secs(100 * 24 * 3600);

/// The port of each side; a story has one pair of sockets.
const PORTS: [u16; 2] = [49152, 80];

/// Runs a story to its end; says where it differs first, or else which rules were applied by whom, in order.
pub fn run(story: &Story, defaults: &Settings) -> Result<Vec<(Side, Rule)>, String> {
    let mut stage = Stage::set(story, defaults)?;
    for step in &story.steps {
        stage
            .play(step)
            .and_then(|()| stage.compare(step))
            .map_err(|difference| format!("step {}: {difference}", step.n))?;
    }
    match stage.left.iter().flatten().next() {
        Some(extra) => Err(format!("at the end: expected nothing else to be sent; came {}", extra.wire())),
        None => match silent_steps(&stage.trace).first() {
            Some(step) => Err(format!("no reason is given: {step}")),
            None => Ok(rules_of(&stage.trace).collect()),
        },
    }
}

/// A simulation that waits for its next step.
struct Stage {
    simulation: Simulation,
    trace: Trace,
    /// How many events of the trace were looked at.
    seen: usize,
    is_timed: bool,
    /// What each side sent and no step has mentioned yet; all of it is held.
    left: [VecDeque<Left>; 2],
    /// What steps have given a name, to let it arrive later, or once more.
    named: BTreeMap<String, Left>,
    /// What was told in this step.
    told: Vec<(Side, &'static str)>,
    /// The connections before this step, by side.
    before: [Option<Tcb>; 2],
}

/// A segment that left.
#[derive(Clone)]
struct Left {
    id: SegmentId,
    at: Instant,
    role: Role,
    datagram: Arc<Datagram>,
}

impl Left {
    fn wire(&self) -> Wire {
        Wire::of(&self.datagram.segment)
    }
}

impl Stage {
    fn set(story: &Story, defaults: &Settings) -> Result<Self, String> {
        let of_peer = |peer| -> Result<_, String> {
            let initial = story.initial.get(&peer).ok_or("a story has two ends")?;
            let mut profile = profile_of(defaults, &story.profile, Some(peer))?;
            profile.receive_buffer = initial.rcv_buf.unwrap_or(initial.rcv_wnd);
            let is_user_timeout = |step: &Step| step.peer == Some(peer) && step.timer.as_deref() == Some("user");
            if !story.timed && story.steps.iter().any(is_user_timeout) {
                profile.user_timeout = profile.user_timeout.or(Some(SOME_DAY));
            }
            Ok((initial, profile))
        };
        let ((a, of_a), (b, of_b)) = (of_peer(Peer::A)?, of_peer(Peer::B)?);
        let host = |side, initial: &Initial, profile| {
            let chosen: Vec<SeqNumber> = initial.iss.iter().copied().map(SeqNumber).collect();
            Simulation::host_for(side, profile, IsnGenerator::new(&chosen, 0))
        };
        let mut stage = Self {
            simulation: Simulation::new(
                host(Side::Client, a, of_a),
                host(Side::Server, b, of_b),
                Ports::default(),
                Link::new(Duration::ZERO, Vec::new()),
                Vec::new(),
            ),
            trace: Trace::default(),
            seen: 0,
            is_timed: story.timed,
            left: Default::default(),
            named: BTreeMap::new(),
            told: Vec::new(),
            before: [None, None],
        };
        stage.place(Side::Client, a)?;
        stage.place(Side::Server, b)?;
        stage.seen = stage.trace.events().len();
        Ok(stage)
    }

    /// Puts one end in its initial state.
    fn place(&mut self, side: Side, initial: &Initial) -> Result<(), String> {
        let state = initial.state.0;
        match state {
            State::Closed => {}
            State::Listen => self.listen(side)?,
            _ => {
                let origin = initial.origin.unwrap_or(OriginName::Passive);
                if state == State::SynReceived && origin == OriginName::Passive {
                    self.listen(side)?;
                }
                let tcb = tcb_of(state, Some(origin), &initial.tcb, Instant::ZERO)?;
                let wnd = initial.rcv_wnd.min(initial.rcv_buf.unwrap_or(u32::MAX));
                let tcb = Tcb { rcv_wnd: tcb.rcv_wnd.or(Some(wnd)), ..tcb };
                let profile = self.simulation.host(side).profile();
                let endpoint = Endpoint::restore(&tcb, Instant::ZERO, profile).map_err(|error| error.to_string())?;
                self.simulation.restore(side, port(side), socket(side.other()), endpoint, &mut self.trace);
            }
        }
        same("initial state", state.name(), self.state(side).name())
    }

    fn listen(&mut self, side: Side) -> Result<(), String> {
        self.call_now(side, Target::Listener(port(side)), Call::open(Open::Passive))
            .map(drop)
            .map_err(|error| error.to_string())
    }

    /// Lets happen what the step says.
    fn play(&mut self, step: &Step) -> Result<(), String> {
        self.told.clear();
        self.before = Side::BOTH.map(|side| self.block(side));
        match step.what {
            What::Call => {
                let call = call_named(given(&step.call, "call")?, step.bytes)?;
                let came = phrases::result(&self.call(*given(&step.peer, "peer")?, step.t_ms, call)?);
                step.result.as_ref().map_or(Ok(()), |expected| same("result", expected, &came))
            }
            What::Segment => self.segment(step),
            What::Arrive => {
                let id = given(&step.id, "id")?;
                let left = self.named.get(id).ok_or_else(|| format!("no segment is called {id}"))?.clone();
                self.deliver(&left, step.arrive_ms.or(step.t_ms))
            }
            What::Inject => self.inject(
                given(&step.to, "to")?.side(),
                given(&step.segment, "segment")?,
                step.arrive_ms.or(step.t_ms),
            ),
            What::Timer => {
                self.expire(given(&step.peer, "peer")?.side(), timer_named(given(&step.timer, "timer")?)?, step.t_ms)
            }
            What::Assert => step.t_ms.map_or(Ok(()), |at| self.wait_until(at.instant())),
        }
    }

    /// After the step: states, variables, what was told, and what must always hold.
    fn compare(&mut self, step: &Step) -> Result<(), String> {
        self.simulation.check_invariants();
        for (peer, expected) in &step.after {
            same(&format!("state of {peer:?}"), expected.0.name(), self.state(peer.side()).name())?;
        }
        for (peer, variables) in &step.vars {
            let tcb = self.block(peer.side());
            for (name, expected) in variables {
                let came = tcb.as_ref().map_or(Ok(Value::Null), |tcb| variable(tcb, name))?;
                same_variable(&format!("{name} of {peer:?}"), expected, &came)?;
            }
        }
        for peer in [Peer::A, Peer::B] {
            let signals: Vec<&str> =
                step.signals.iter().filter(|it| it.peer == peer).map(|it| it.signal.as_str()).collect();
            let expected: Vec<&str> = signals.iter().flat_map(|signal| phrases::expected(Some(signal))).collect();
            let (before, after) = (&self.before[peer.side() as usize], self.block(peer.side()));
            // The file leaves it open whether a story mentions that a CLOSE or an ABORT ended other calls.
            let is_due = |phrase: &str| {
                progress::is_due(phrase, before.as_ref(), after.as_ref())
                    || (step.what == What::Call && phrases::is_flush(phrase))
            };
            let told = self.told.iter().filter(|(side, _)| *side == peer.side());
            let came: Vec<&str> = told.map(|(_, phrase)| *phrase).collect();
            check_said(&expected, &came, is_due).map_err(|difference| format!("{peer:?}: {difference}"))?;
        }
        Ok(())
    }

    /// A user calls. The stories have one control block a side: where a listener has no connection, it *is* the block,
    /// and OPEN turns it active.
    fn call(&mut self, peer: Peer, at: Option<Ms>, call: Call) -> Result<Result<Reply, CallError>, String> {
        let side = peer.side();
        self.wait_until(self.time(at))?;
        let is_listening = self.simulation.host(side).listening_ports().next().is_some();
        let target = match (self.connection(side), &call) {
            (None, Call::Open { open: Open::Active, .. }) => {
                if is_listening {
                    self.close_listener(side);
                }
                Target::Connect { remote: socket(side.other()), local_port: Some(port(side)) }
            }
            (None, Call::Open { .. }) => Target::Listener(port(side)),
            (Some(connection), _) => Target::Connection(connection.id),
            (None, _) => Target::Current,
        };
        let result = self.call_now(side, target, call);
        self.absorb();
        Ok(result)
    }

    fn call_now(&mut self, side: Side, target: Target, call: Call) -> Result<Reply, CallError> {
        let first = self.trace.events().len();
        self.simulation
            .call(side, target, call, &mut self.trace)
            .expect("a call is recorded with what it returned, even if that is an error");
        match &self.trace.events()[first].kind {
            EventKind::Called { result, .. } => result.clone(),
            other => unreachable!("a call is recorded first, not {other}"),
        }
    }

    /// A segment must have left, and meets its fate.
    fn segment(&mut self, step: &Step) -> Result<(), String> {
        let expected = Wire::expected(given(&step.segment, "segment")?)?;
        let side = match given(&step.dir, "dir")? {
            Direction::ToB => Side::Client,
            Direction::ToA => Side::Server,
        };
        let Some(left) = self.left[side as usize].pop_front() else {
            return Err(format!("expected {} to send {expected}; came nothing", side.name()));
        };
        same(&format!("sent by the {}", side.name()), &expected.to_string(), &left.wire().to_string())?;
        if let Some(role) = &step.role {
            check_role(role, left.role)?;
        }
        if let Some(t_ms) = step.t_ms {
            same("departure", &t_ms.instant(), &left.at)?;
        }
        if let Some(id) = &step.id {
            self.named.insert(id.clone(), left.clone());
        }
        match given(&step.fate, "fate")? {
            FateName::Delivered => self.deliver(&left, step.arrive_ms),
            FateName::Delayed => given(&step.id, "id").map(drop),
            FateName::Lost => self.interfere(left.id, Action::Drop),
        }
    }

    /// Lets a held segment arrive; if it has arrived before, a copy of it.
    fn deliver(&mut self, left: &Left, at: Option<Ms>) -> Result<(), String> {
        let is_held = self.simulation.in_transit().iter().any(|it| it.segment == left.id);
        if !is_held {
            return self.forge(Datagram::clone(&left.datagram), at);
        }
        let at = self.time(at);
        self.interfere(left.id, Action::Release)?;
        self.arrive(left.id, at)
    }

    fn inject(&mut self, to: Side, text: &SegmentText, at: Option<Ms>) -> Result<(), String> {
        let datagram = Datagram { source: socket(to.other()), destination: socket(to), segment: segment_of(text)? };
        self.forge(datagram, at)
    }

    fn forge(&mut self, datagram: Datagram, at: Option<Ms>) -> Result<(), String> {
        let to = Side::BOTH.into_iter().find(|side| socket(*side) == datagram.destination);
        let to = to.expect("the story's sockets are the two sides'");
        let at = self.time(at);
        let first = self.trace.events().len();
        self.simulation.apply(Deed::forge(to, datagram), &mut self.trace).map_err(|error| error.to_string())?;
        match &self.trace.events()[first].kind {
            EventKind::Intruded { segment, .. } => self.arrive(*segment, at),
            other => unreachable!("a forged segment is recorded first, not {other}"),
        }
    }

    /// Lets a segment that is due now arrive at `at`, and nothing else before it.
    fn arrive(&mut self, id: SegmentId, at: Instant) -> Result<(), String> {
        let now = self.simulation.now();
        if at < now {
            return Err(format!("the story goes back from {now} to {at}"));
        }
        if at > now {
            self.interfere(id, Action::Delay(at.since(now)))?;
        }
        let to = self.simulation.in_transit().iter().find(|it| it.segment == id).map(|it| it.to);
        let lent = to.filter(|to| self.needs_listener(*to));
        if let Some(to) = lent {
            self.listen(to)?;
        }
        let first = self.trace.events().len();
        self.simulation.step(&mut self.trace);
        if let Some(to) = lent {
            self.call_now(to, Target::Listener(port(to)), Call::Close).map_err(|error| error.to_string())?;
        }
        match self.trace.events().get(first) {
            Some(Event { at: came_at, kind: EventKind::Arrived { segment, .. }, .. })
                if (*came_at, *segment) == (at, id) =>
            {
                self.absorb();
                Ok(())
            }
            Some(other) => Err(format!("expected an arrival at {at}; came at {}: {}", other.at, other.kind)),
            None => Err(format!("expected an arrival at {at}; nothing is left to happen")),
        }
    }

    /// Whether a SYN could take over sockets in TIME-WAIT if somebody listened (RFC 9293 MAY-2). An end of a story is one
    /// control block, which knows no listener beside it; our hosts accept no SYN without one.
    fn needs_listener(&self, side: Side) -> bool {
        let host = self.simulation.host(side);
        host.profile().timewait_reuse != TimeWaitReuse::Never
            && host.listening_ports().all(|it| it != port(side))
            && self.connection(side).is_some_and(|it| it.endpoint.state() == State::TimeWait)
    }

    /// Lets a timer expire.
    fn expire(&mut self, side: Side, timer: Timer, at: Option<Ms>) -> Result<(), String> {
        let what = format!("the {}'s timer {}", side.name(), timer.name());
        let running = self.connection(side).and_then(|it| Some((it.id, it.endpoint.timers().deadline(timer)?)));
        let (connection, due) = running.ok_or_else(|| format!("expected {what} to expire; it does not run"))?;
        let at = match (at, self.simulation.next_event_at()) {
            (Some(at), _) => at.instant(),
            // Without times, the one that the step names may come before others that were started earlier.
            (None, Some(next)) if !self.is_timed => due.min(next),
            (None, _) => due,
        };
        if self.is_timed && due != at {
            return Err(format!("expected {what} to expire at {at}; it would at {due}"));
        }
        self.wait_until(at)?;
        self.simulation.expire(side, connection, timer, &mut self.trace);
        self.absorb();
        Ok(())
    }

    fn interfere(&mut self, segment: SegmentId, action: Action) -> Result<(), String> {
        self.simulation.apply(Deed::Interfere(segment, action), &mut self.trace).map_err(|error| error.to_string())
    }

    /// Takes in what has happened: what left is held, and what was told is remembered.
    fn absorb(&mut self) {
        let (mut begun, mut ended) = (Vec::new(), Vec::new());
        let news = self.trace.events()[self.seen..].to_vec();
        for event in news {
            match event.kind {
                EventKind::Sent { side, segment, datagram, role: Some(role), .. } => {
                    self.interfere(segment, Action::Hold).expect("it has only just left");
                    self.left[side as usize].push_back(Left { id: segment, at: event.at, role, datagram });
                }
                EventKind::Told { side, event, .. } => self.told.push((side, phrases::told(&event))),
                EventKind::Created { side, connection, .. } => begun.push((side, connection)),
                EventKind::Entered { side, connection: Some(_), to: State::Closed, .. } => ended.push(side),
                _ => {}
            }
        }
        // In the stories the user of a passive OPEN has its connection from the first SYN on, as one who asks for it has.
        for (side, connection) in begun {
            if self.simulation.host(side).connections().iter().any(|it| it.id == connection && it.is_child()) {
                self.call_now(side, Target::Connection(connection), Call::Status).expect("it is there");
            }
        }
        // In the stories a passive OPEN is used up by the connection that it leads to: when that is over, rather than
        // back in LISTEN, nobody listens any more.
        for side in ended {
            if self.simulation.host(side).listening_ports().next().is_some() {
                self.close_listener(side);
            }
        }
        self.seen = self.trace.events().len();
    }

    fn close_listener(&mut self, side: Side) {
        self.call_now(side, Target::Listener(port(side)), Call::Close).expect("a listener can be closed");
    }

    /// The time that a step names, or else, in a story without times, a little later.
    fn time(&self, ms: Option<Ms>) -> Instant {
        let now = self.simulation.now();
        let later = now + TICK;
        match ms {
            Some(ms) => ms.instant(),
            None if !self.is_timed && self.simulation.next_event_at().is_none_or(|next| later < next) => later,
            None => now,
        }
    }

    fn wait_until(&mut self, at: Instant) -> Result<(), String> {
        if at == self.simulation.now() {
            return Ok(());
        }
        self.simulation
            .apply(Deed::Wait(at), &mut self.trace)
            .map_err(|error| format!("waiting from {} to {at}: {error}", self.simulation.now()))
    }

    fn state(&self, side: Side) -> State {
        self.simulation.host(side).state_towards(port(side), socket(side.other()))
    }

    fn block(&self, side: Side) -> Option<Tcb> {
        self.connection(side).map(|it| it.endpoint.tcb())
    }

    fn connection(&self, side: Side) -> Option<&Connection> {
        let connections = self.simulation.host(side).connections();
        connections.iter().find(|it| it.local == socket(side) && it.remote == socket(side.other()))
    }
}

/// Whether the sender's own word for a segment fits the story's.
fn check_role(role: &str, came: Role) -> Result<(), String> {
    let fits: &[Role] = match role {
        "new" | "synack-reuse" => &[Role::New],
        "ack" | "desync-ack" => &[Role::Ack, Role::ChallengeAck],
        "rtx" => &[Role::Retransmission],
        "probe" => &[Role::Probe],
        "rst-reply" => &[Role::Reset],
        "rst-abort" => &[Role::Abort],
        // Whatever answers an injected segment.
        "stale-answer" => &[Role::New, Role::Ack, Role::ChallengeAck, Role::Reset],
        _ => return Err(format!("unknown role {role}")),
    };
    if fits.contains(&came) { Ok(()) } else { Err(format!("role: expected {role}; came {came:?}")) }
}

fn given<'a, T>(field: &'a Option<T>, name: &str) -> Result<&'a T, String> {
    field.as_ref().ok_or_else(|| format!("the step says no {name}"))
}

fn port(side: Side) -> u16 {
    PORTS[side as usize]
}

fn socket(side: Side) -> SocketAddr {
    SocketAddr::new(Simulation::address_of(side), port(side))
}
