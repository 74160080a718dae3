//! The one account of the hosts and of what is on its way, as a trace tells it: which connections each host has, in which
//! state, with which counterpart, whether it listens, and where the copies of each segment are. Everybody who reads a trace
//! reads it here; nobody runs the protocol again.
//!
//! A connection's *counterpart* is the connection of the other host between the same sockets that is there at the same time
//! and knows the same numbers: its ISS is our IRS, and its IRS, once it has one, is our ISS. Once both have both numbers
//! neither has another counterpart, should the numbers come again. Whatever tells a living peer from a dead one is said with
//! this word: a *ghost* was synchronized and never had one, a *half-open* connection still expects something of one that is
//! gone. A pair of sockets may have several incarnations one after the other, also where a connection in TIME-WAIT is reused;
//! so it is an [`Incarnation`] that has a counterpart.
//!
//! | file | what |
//! |---|---|
//! | `host` | what one host has |
//! | `incarnation` | one connection for as long as its numbers hold |
//! | `flight` | where the copies of a segment are |
//! | `counterparts` | who is at the other end |
//! | `delivery` | whose text users receive |
//! | `followed` | how a trace is followed that grows, is cut off, and grows again |
//!
//! ```
//! use synfin::chronicle::Chronicle;
//! use synfin::history::History;
//! use synfin::scenario::Scenario;
//! use synfin::tcp::{Side, State};
//!
//! let mut run = History::new(Scenario::parse("client isn 100\nserver isn 300, listen 80\nat 0ms client open\n")?);
//! run.run_to_end();
//! let mut chronicle = Chronicle::default();
//! chronicle.update(run.trace());
//! assert_eq!(chronicle.now().host(Side::Server).state(), State::Established);
//! assert_eq!(chronicle.at(run.trace(), 0).host(Side::Server).state(), State::Closed);
//! # Ok::<(), synfin::scenario::ScriptErrors>(())
//! ```

mod host;

mod incarnation;

mod flight;

mod counterparts;

mod delivery;

mod followed;

use std::convert::Infallible;

use crate::segment::Segment;
use crate::tcp::{ConnectionId, ConnectionOrigin, SegmentId, Side, State};
use crate::time::Instant;
use crate::trace::{Event, EventKind, Trace};

use flight::moved_by;

pub use delivery::{Deliveries, Delivery};
pub use flight::{Flight, Whereabouts};
pub(crate) use followed::{Followed, Reading};
pub use host::HostAccount;
pub use incarnation::{Incarnation, IncarnationId};

/// The account at every step of a trace that grows, is cut off, and grows again. The cost of a step is that of the step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chronicle(Followed<Account>);

impl Chronicle {
    /// Takes in what is new in `trace`; where it has become shorter, forgets what lies beyond its end. If steps that were taken in
    /// were replaced by others, [`truncate`](Self::truncate) to those that are still the same first.
    pub fn update(&mut self, trace: &Trace) {
        self.0.update(trace);
    }

    /// Goes back to the first `steps` steps of `trace`; these must be the ones that were taken in.
    pub fn truncate(&mut self, steps: usize, trace: &Trace) {
        self.0.truncate(steps, trace);
    }

    /// The account after the last step that was taken in.
    pub fn now(&self) -> &Account {
        self.0.now()
    }

    /// The account after `steps` steps of `trace`, or after all that were taken in if these are fewer.
    pub fn at(&self, trace: &Trace, steps: usize) -> Account {
        self.0.at(trace, steps)
    }
}

impl Reading for Account {
    /// It is asked what there is.
    type Told = Infallible;

    fn steps(&self) -> usize {
        self.steps
    }

    fn read_step(&mut self, trace: &Trace, _told: &mut Vec<Infallible>) {
        self.take_step(trace);
    }

    fn step_of(told: &Infallible) -> usize {
        match *told {}
    }
}

/// What both hosts have, and what is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    hosts: [HostAccount; 2],
    flights: Vec<Flight>,
    /// How many steps are taken in, and the time of the last event.
    steps: usize,
    now: Instant,
    /// The segment whose arrival began the step.
    arriving: Option<SegmentId>,
    /// Those whose time has ended in this step.
    ended: Vec<Incarnation>,
    next_incarnation: u32,
}

impl Default for Account {
    /// Before the first step: two hosts that have nothing.
    fn default() -> Self {
        Self {
            hosts: Side::BOTH.map(|_| HostAccount::default()),
            flights: Vec::new(),
            steps: 0,
            now: Instant::ZERO,
            arriving: None,
            ended: Vec::new(),
            next_incarnation: 0,
        }
    }
}

impl Account {
    /// The account at the end of an instant; at the end of the trace if `None`. Reads the trace from its start.
    pub fn until(trace: &Trace, at: Option<Instant>) -> Self {
        let mut account = Self::default();
        for event in trace.events().iter().take_while(|event| at.is_none_or(|at| event.at <= at)) {
            account.take(trace, event);
        }
        account
    }

    /// What a side has.
    pub fn host(&self, side: Side) -> &HostAccount {
        &self.hosts[side as usize]
    }

    /// The segments of which a copy is on its way or held, in the order in which they left.
    pub fn flights(&self) -> &[Flight] {
        &self.flights
    }

    /// The segment with this name, if a copy of it is on its way or held.
    pub fn flight(&self, segment: SegmentId) -> Option<&Flight> {
        let index = self.flights.binary_search_by_key(&segment, |flight| flight.segment).ok()?;
        self.flights.get(index)
    }

    /// How many steps are taken in.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The time of the last event.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The incarnations that have come to their end in the last step, each as it was then.
    pub fn ended(&self) -> &[Incarnation] {
        &self.ended
    }

    /// The present incarnation of a connection.
    pub fn incarnation(&self, side: Side, connection: ConnectionId) -> Option<&Incarnation> {
        self.host(side).find(connection)
    }

    /// The state of a connection, or with `None` that of the listeners; that which it had last if it ended in this step.
    pub fn state_of(&self, side: Side, connection: Option<ConnectionId>) -> State {
        let host = self.host(side);
        let present = connection.and_then(|id| host.find(id));
        let ended = || self.ended.iter().rfind(|it| it.side == side && Some(it.connection) == connection);
        present.or_else(ended).map_or(host.state_without_connection(), |it| it.state)
    }

    /// Takes in the next step of a trace.
    pub fn take_step(&mut self, trace: &Trace) {
        for event in trace.step(self.steps + 1) {
            self.take(trace, event);
        }
    }

    /// Takes in the next event of a trace.
    pub fn take(&mut self, trace: &Trace, event: &Event) {
        self.now = event.at;
        let step = event.step as usize;
        if step != self.steps {
            self.steps = step;
            self.arriving = None;
            self.ended.clear();
        }
        if let Some((segment, copy, whereabouts)) = moved_by(event) {
            self.move_copy(segment, copy, whereabouts);
        }
        match &event.kind {
            EventKind::Arrived { segment, .. } => self.arriving = Some(*segment),
            EventKind::Intruded { segment, to, .. } => self.flights.push(Flight::new(*segment, None, *to)),
            EventKind::Sent { side, connection, segment, datagram, .. } => {
                let sender = connection.and_then(|id| self.incarnation(*side, id)).map(|it| it.id);
                self.flights.push(Flight { sender, ..Flight::new(*segment, Some(*side), side.other()) });
                if let Some(id) = connection
                    && datagram.segment.flags.syn
                {
                    self.learn_iss(*side, *id, datagram.segment.seq);
                }
            }
            EventKind::Found { side, connection, state } => {
                let it = self.incarnate(*side, *connection, None, *state, ConnectionOrigin::Opened);
                self.hosts[*side as usize].add(it);
            }
            EventKind::Created { side, connection, sockets, origin } => {
                let it = self.incarnate(*side, *connection, Some(**sockets), State::Closed, *origin);
                self.hosts[*side as usize].add(it);
                self.learn_from_arrival(trace, *side, *connection);
                self.meet(*side, *connection);
            }
            EventKind::Removed { side, connection } => self.end(*side, *connection),
            EventKind::Entered { side, connection, port, from, to, .. } => {
                self.hosts[*side as usize].listen(*connection, *port, *from, *to);
                if let Some(id) = connection {
                    self.enter(trace, *side, *id, *from, *to);
                }
            }
            EventKind::Crashed { side } => self.hosts[*side as usize].go_down(),
            EventKind::Rebooted { side } => self.hosts[*side as usize].come_up(),
            EventKind::Accepted { side, connection } => self.claim(*side, *connection, ConnectionOrigin::Waiting),
            EventKind::Called { side, connection, result: Ok(_), .. } | EventKind::Told { side, connection, .. } => {
                self.claim(*side, *connection, ConnectionOrigin::Expected);
            }
            EventKind::Called { result: Err(_), .. }
            | EventKind::Expired { .. }
            | EventKind::Interfered { .. }
            | EventKind::Waited
            | EventKind::Refused { .. }
            | EventKind::Decided { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => {}
        }
    }

    /// The segment whose arrival began the step.
    fn arriving_segment<'a>(&self, trace: &'a Trace) -> Option<&'a Segment> {
        trace.datagram(self.arriving?).map(|datagram| &datagram.segment)
    }

    /// A user takes a connection that was `so_far`, or calls for it or hears of it.
    fn claim(&mut self, side: Side, connection: Option<ConnectionId>, so_far: ConnectionOrigin) {
        let found = connection.and_then(|id| self.hosts[side as usize].find_mut(id));
        if let Some(it) = found.filter(|it| it.origin == so_far) {
            it.origin = ConnectionOrigin::Accepted;
        }
    }

    fn move_copy(&mut self, segment: SegmentId, copy: u32, whereabouts: Whereabouts) {
        let Ok(index) = self.flights.binary_search_by_key(&segment, |flight| flight.segment) else { return };
        self.flights[index].put(copy, whereabouts);
        if self.flights[index].is_over() {
            self.flights.remove(index);
        }
    }
}
