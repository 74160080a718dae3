//! What JavaScript sees: plain structs and tagged unions, the only types that serialize.
//!
//! Times are milliseconds as numbers, enums kebab-case strings, absent values are left out. Numbers come from the
//! simulation and its trace; sentences from [`text`].

pub mod comparison;

pub mod offer;

pub mod trouble;

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::chronicle::{Account, Flight, Whereabouts};
use crate::endpoint::{FinStatus, Negotiated, Tcb};
use crate::history::{Branch, History};
use crate::host::Connection;
use crate::insight::{self, Consequence};
use crate::segment::{Flags, Options, Segment, Timestamps};
use crate::seq::SeqNumber;
use crate::simulation::Simulation;
use crate::tcp::{Role, SegmentId, Side, Timer};
use crate::text::{self, Words};
use crate::time::{Duration, Instant};
use crate::trace::{EventKind, Fate, Trace};
use offer::{Offer, SegmentOffer};

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum SideView {
    /// The left host.
    Client,
    /// The right host.
    Server,
}

/// A control bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "the names are the RFC's")]
pub enum FlagView {
    Syn,
    Fin,
    Rst,
    Psh,
    Urg,
    Ack,
}

/// The options of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct OptionsView {
    /// The maximum segment size, in octets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mss: Option<u16>,
    /// The window scale, in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub window_scale: Option<u8>,
    /// Whether selective acknowledgments may be sent.
    pub sack_permitted: bool,
    /// The timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub timestamps: Option<TimestampsView>,
}

/// The timestamps option, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct TimestampsView {
    /// The sender's clock.
    pub value: u32,
    /// The last value that it received.
    pub echo: u32,
}

impl From<Options> for OptionsView {
    fn from(options: Options) -> Self {
        Self {
            mss: options.mss,
            window_scale: options.window_scale,
            sack_permitted: options.sack_permitted,
            timestamps: options.timestamps.map(|Timestamps { value, echo }| TimestampsView { value, echo }),
        }
    }
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct SegmentView {
    /// Its number in this run, from 1, in the order in which segments left.
    pub id: u32,
    /// Who sent it; left out for a forged one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub from: Option<SideView>,
    /// SEG.SEQ.
    pub seq: u32,
    /// SEG.ACK; left out without the ACK bit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ack: Option<u32>,
    /// The control bits that are set.
    pub flags: Vec<FlagView>,
    /// Octets of text.
    pub length: usize,
    /// SEG.WND as the header carries it: in octets, unless both sides agreed to scale windows; see `Lab.segment`.
    pub window: u16,
    /// Its options.
    pub options: OptionsView,
    /// All of it in one line; options where they are not the usual ones.
    pub label: String,
    /// Why it was sent; left out for a forged one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub role: Option<RoleView>,
    /// When it left, in milliseconds.
    pub left_ms: f64,
    /// In a step: what became of its copies as it left. In a snapshot: its copies that are on their way.
    pub copies: Vec<CopyView>,
}

/// What a segment is for; the wire does not say, the sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `Role`")]
pub enum RoleView {
    New,
    Ack,
    Retransmission,
    Probe,
    KeepAlive,
    ChallengeAck,
    Reset,
    Abort,
}

/// One copy of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum CopyView {
    /// On its way.
    InFlight {
        /// When it will arrive, in milliseconds.
        due_ms: f64,
        /// Whether it will arrive with a wrong checksum.
        damaged: bool,
    },
    /// On its way, until it is released.
    Held,
    /// It is lost.
    Lost,
    /// It has arrived.
    Arrived {
        /// When, in milliseconds.
        at_ms: f64,
    },
    /// Nobody saw where it went.
    Unknown,
}

/// A segment at the cursor.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct SegmentNow {
    /// How many octets its window stands for: what the header carries, shifted where both sides agreed to scale windows (RFC
    /// 7323 §2). Left out for a segment to which the run has not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub octets: Option<u32>,
    /// What has become of it: of its copies, that which is on its way, else held, else arrived.
    pub fate: CopyView,
    /// What can be done to it.
    pub offers: Vec<SegmentOffer>,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct RuleView {
    /// Its stable id.
    pub id: &'static str,
    /// Where the standard says so.
    pub section: &'static str,
    /// Whose decision it was.
    pub side: SideView,
    /// What was decided, in the lab's language. Why, the page reads from its own words, by the id.
    pub title: String,
}

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct StateChange {
    /// Where.
    pub side: SideView,
    /// The state's name before.
    pub from: &'static str,
    /// The state's name after.
    pub to: &'static str,
}

/// What began a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub enum Stimulus {
    /// A user called.
    Called {
        /// Whose user.
        side: SideView,
        /// What it came to; left out if the call succeeded.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        error: Option<String>,
    },
    /// A segment arrived.
    Arrived {
        /// Where.
        side: SideView,
        /// The number of the segment.
        segment: u32,
    },
    /// A timer expired.
    Expired {
        /// Where.
        side: SideView,
        /// Its name.
        timer: &'static str,
    },
    /// Somebody interfered with a segment.
    Interfered {
        /// The number of the segment.
        segment: u32,
        /// How.
        action: &'static str,
    },
    /// A segment was forged.
    Forged {
        /// Whom it travels to.
        to: SideView,
        /// The number of the segment.
        segment: u32,
    },
    /// A user took a connection, or would have.
    Accepted {
        /// Whose user.
        side: SideView,
    },
    /// A host crashed.
    Crashed {
        /// Which.
        side: SideView,
    },
    /// A host came up again.
    Rebooted {
        /// Which.
        side: SideView,
    },
    /// Time passed.
    Waited,
}

/// One step: the event, and everything that followed from it at that instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct StepView {
    /// Its number, from 1.
    pub step: usize,
    /// When, in milliseconds.
    pub time_ms: f64,
    /// What happened, in one sentence of the lab's language.
    pub summary: String,
    /// What began it.
    pub stimulus: Stimulus,
    /// The reasons, in order.
    pub rules: Vec<RuleView>,
    /// The changes of state, in order.
    pub states: Vec<StateChange>,
    /// The segments that left, in order.
    pub sent: Vec<SegmentView>,
}

/// What `step`, `back`, `seek`, `runUntil` and `inject` return: where the run is, and what is new.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Report {
    /// How many steps were kept from before; what a list shows beyond them is to be taken away.
    pub kept: usize,
    /// The steps since.
    pub steps: Vec<StepView>,
    /// The number of the last step; 0 at the start.
    pub step: usize,
    /// The time, in milliseconds.
    pub time_ms: f64,
    /// Whether nothing is left to happen.
    pub at_end: bool,
    /// When the next event happens, in milliseconds; left out if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub next_ms: Option<f64>,
}

/// Everything at one moment: both hosts, and what is in the network.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Snapshot {
    /// The number of the last step; 0 at the start.
    pub step: usize,
    /// The time, in milliseconds.
    pub time_ms: f64,
    /// Whether nothing is left to happen.
    pub at_end: bool,
    /// The client's host.
    pub client: HostView,
    /// The server's host.
    pub server: HostView,
    /// What is in the network.
    pub in_flight: Vec<SegmentView>,
    /// Lines of script that show what can be asked for, and that say something here and now.
    pub examples: Vec<String>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct HostView {
    /// Its address.
    pub address: String,
    /// The state that is drawn: that of the youngest connection, else LISTEN, else CLOSED.
    pub state: &'static str,
    /// What that state means, in the lab's language.
    pub meaning: String,
    /// Whether it runs.
    pub up: bool,
    /// The ports on which it listens.
    pub listening: Vec<u16>,
    /// How many requests it keeps: connections in SYN-RECEIVED that a SYN made.
    pub requests: usize,
    /// How many established connections wait to be accepted.
    pub waiting: usize,
    /// How many connections still expect something of another end that is gone.
    pub half_open: usize,
    /// How many connections were synchronized and never had anybody at the other end.
    pub ghosts: usize,
    /// What its connections cost it, in octets.
    pub memory: usize,
    /// Its connections, oldest first.
    pub connections: Vec<ConnectionView>,
    /// What makes sense to do there now.
    pub offers: Vec<Offer>,
}

/// A connection with its variables, by the RFC's names.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct ConnectionView {
    /// Its number on this host, from 0.
    pub id: u32,
    /// Its own socket.
    pub local: String,
    /// The other side's socket.
    pub remote: String,
    /// The state's name.
    pub state: &'static str,
    /// The variables that exist in this state, in the order to show them.
    pub variables: Vec<Variable>,
    /// Octets that wait to be sent.
    pub unsent: usize,
    /// Octets that wait to be read.
    pub unread: usize,
    /// Octets that wait for something missing before them.
    pub held: usize,
    /// Segments that are sent and not acknowledged.
    pub unacknowledged: Vec<String>,
    /// How far the own FIN has come.
    pub fin: FinView,
    /// The timers that run.
    pub timers: Vec<TimerView>,
}

/// How far the own FIN has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "they are those of `FinStatus`")]
pub enum FinView {
    NotAsked,
    Queued,
    Sent,
}

/// A variable of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Variable {
    /// The RFC's name, such as `SND.UNA`.
    pub name: &'static str,
    /// How many; 1 for what is so or not.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
}

/// What a variable counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    SequenceNumber,
    Octets,
    Milliseconds,
    /// By how many a window is shifted.
    Bits,
    /// The other side's clock, in milliseconds.
    Timestamp,
    /// Something that holds; what does not is left out.
    Flag,
}

/// A running timer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct TimerView {
    /// Its name, such as `retransmission`.
    pub name: &'static str,
    /// Its name in the lab's language.
    pub title: String,
    /// When it expires, in milliseconds.
    pub deadline_ms: f64,
}

/// A branch of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct BranchView {
    /// Its number, which it keeps.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The number of the branch that it leaves; left out for the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub parent: Option<u32>,
    /// The last step that both have.
    pub after: usize,
    /// How many steps are known of it, from the start.
    pub length: usize,
    /// Whether the cursor is on it.
    pub current: bool,
    /// What was done to the run on this branch itself, as scripts write it.
    pub given: Vec<String>,
}

/// The branches of a run, in the order in which they came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Branches(pub Vec<BranchView>);

/// The branches of a run.
pub fn branches(history: &History) -> Branches {
    let view = |branch: &Branch| BranchView {
        id: branch.id().0,
        name: branch.name().to_owned(),
        parent: branch.fork().map(|fork| fork.parent.0),
        after: branch.fork().map_or(0, |fork| fork.after),
        length: branch.len(),
        current: branch.id() == history.current(),
        given: branch.given().iter().map(|it| it.deed.to_string()).collect(),
    };
    Branches(history.branches().iter().map(view).collect())
}

/// The steps after the first `kept`, and where the run is.
pub fn report(history: &History, kept: usize, words: &Words) -> Report {
    let trace = history.trace();
    Report {
        kept,
        steps: (kept + 1..=trace.steps()).filter_map(|step| step_view(trace, step, words)).collect(),
        step: history.cursor(),
        time_ms: ms(history.simulation().now()),
        at_end: history.is_at_end(),
        next_ms: history.simulation().next_event_at().map(ms),
    }
}

/// One step of a trace; `None` if there is no such step.
pub fn step_view(trace: &Trace, step: usize, words: &Words) -> Option<StepView> {
    let insight = insight::step(trace, step)?;
    let mut view = StepView {
        step,
        time_ms: ms(insight.at),
        summary: text::step(trace, step, words),
        stimulus: insight.stimulus.map_or(Stimulus::Waited, stimulus),
        rules: Vec::new(),
        states: Vec::new(),
        sent: Vec::new(),
    };
    if let Some(EventKind::Forged { segment, .. }) = insight.stimulus {
        let copies = insight.rerouted.iter().map(|it| copy_view(it.fate)).collect();
        view.sent.extend(segment_view(trace, *segment, copies));
    }
    for decision in &insight.decisions {
        let side = SideView::from(decision.side);
        if let Some(rule) = decision.rule {
            let title = words.title(rule).to_owned();
            view.rules.push(RuleView { id: rule.id(), section: rule.section(), side, title });
        }
        for consequence in &decision.consequences {
            match consequence {
                Consequence::Entered { from, to } => {
                    view.states.push(StateChange { side, from: from.name(), to: to.name() });
                }
                Consequence::Sent { segment, fates, .. } => {
                    let copies = fates.iter().map(|fate| copy_view(*fate)).collect();
                    view.sent.extend(segment_view(trace, *segment, copies));
                }
                Consequence::Told(_) => {}
            }
        }
    }
    Some(view)
}

fn stimulus(kind: &EventKind) -> Stimulus {
    match kind {
        EventKind::Called { side, result, .. } => {
            Stimulus::Called { side: (*side).into(), error: result.as_ref().err().map(ToString::to_string) }
        }
        EventKind::Arrived { side, segment, .. } => {
            Stimulus::Arrived { side: (*side).into(), segment: segment.number() }
        }
        EventKind::Expired { side, timer, .. } => Stimulus::Expired { side: (*side).into(), timer: timer.name() },
        EventKind::Interfered { segment, action } => {
            Stimulus::Interfered { segment: segment.number(), action: action.name() }
        }
        EventKind::Forged { to, segment, .. } => Stimulus::Forged { to: (*to).into(), segment: segment.number() },
        EventKind::Accepted { side, .. } => Stimulus::Accepted { side: (*side).into() },
        EventKind::Crashed { side } => Stimulus::Crashed { side: (*side).into() },
        EventKind::Rebooted { side } => Stimulus::Rebooted { side: (*side).into() },
        EventKind::Waited
        | EventKind::Found { .. }
        | EventKind::Created { .. }
        | EventKind::Removed { .. }
        | EventKind::Decided { .. }
        | EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Sent { .. }
        | EventKind::Routed { .. }
        | EventKind::TimerSet { .. }
        | EventKind::BacklogFull { .. } => Stimulus::Waited,
    }
}

/// A segment of a trace with these copies; `None` if there is no such segment.
fn segment_view(trace: &Trace, id: SegmentId, copies: Vec<CopyView>) -> Option<SegmentView> {
    let known = trace.departure(id)?;
    let segment = &known.datagram.segment;
    Some(SegmentView {
        id: id.number(),
        from: known.from.map(Into::into),
        seq: segment.seq.0,
        ack: segment.ack.map(|ack| ack.0),
        flags: flag_views(segment),
        length: segment.payload.len(),
        window: segment.wnd,
        options: segment.options.into(),
        label: segment.to_string(),
        role: known.role.map(Into::into),
        left_ms: ms(known.at),
        copies,
    })
}

fn copy_view(fate: Fate) -> CopyView {
    match fate {
        Fate::Due(at) => CopyView::InFlight { due_ms: ms(at), damaged: false },
        Fate::Damaged(at) => CopyView::InFlight { due_ms: ms(at), damaged: true },
        Fate::Held => CopyView::Held,
        Fate::Lost => CopyView::Lost,
        Fate::Unknown => CopyView::Unknown,
    }
}

fn flag_views(segment: &Segment) -> Vec<FlagView> {
    let Flags { syn, fin, rst, psh, urg } = segment.flags;
    [
        (syn, FlagView::Syn),
        (fin, FlagView::Fin),
        (rst, FlagView::Rst),
        (psh, FlagView::Psh),
        (urg, FlagView::Urg),
        (segment.ack.is_some(), FlagView::Ack),
    ]
    .into_iter()
    .filter_map(|(is_set, flag)| is_set.then_some(flag))
    .collect()
}

/// Everything at the cursor; `account` is that of the trace up to there.
pub fn snapshot(history: &History, account: &Account, words: &Words) -> Snapshot {
    let simulation = history.simulation();
    Snapshot {
        step: history.cursor(),
        time_ms: ms(simulation.now()),
        at_end: history.is_at_end(),
        client: host_view(simulation, account, Side::Client, words),
        server: host_view(simulation, account, Side::Server, words),
        in_flight: account
            .flights()
            .iter()
            .filter_map(|flight| {
                let copies = flight.copies.iter().filter(|it| it.is_in_transit()).map(|it| copy_now(*it));
                segment_view(history.trace(), flight.segment, copies.collect())
            })
            .collect(),
        examples: offer::examples(simulation),
    }
}

/// A segment at the cursor, also one to which the run has not come.
pub fn segment_now(history: &History, segment: SegmentId) -> SegmentNow {
    let trace = history.trace();
    let octets = trace.datagram(segment).map(|it| u32::from(it.segment.wnd) << trace.window_shift(segment));
    let copies = Flight::of(trace, segment).map(|flight| flight.copies).unwrap_or_default();
    let fate = copies.iter().min_by_key(|copy| match copy {
        Whereabouts::Due(_) | Whereabouts::Damaged(_) => 0,
        Whereabouts::Held => 1,
        Whereabouts::Arrived(_) => 2,
        Whereabouts::Lost(_) => 3,
        Whereabouts::Unknown => 4,
    });
    let fate = fate.map_or(CopyView::Lost, |copy| copy_now(*copy));
    SegmentNow { octets, fate, offers: offer::with_segment(segment, fate == CopyView::Held) }
}

fn copy_now(whereabouts: Whereabouts) -> CopyView {
    match whereabouts {
        Whereabouts::Due(at) => CopyView::InFlight { due_ms: ms(at), damaged: false },
        Whereabouts::Damaged(at) => CopyView::InFlight { due_ms: ms(at), damaged: true },
        Whereabouts::Held => CopyView::Held,
        Whereabouts::Lost(_) => CopyView::Lost,
        Whereabouts::Arrived(at) => CopyView::Arrived { at_ms: ms(at) },
        Whereabouts::Unknown => CopyView::Unknown,
    }
}

fn host_view(simulation: &Simulation, account: &Account, side: Side, words: &Words) -> HostView {
    let (host, account) = (simulation.host(side), account.host(side));
    let is_listening = host.listening_ports().next().is_some();
    HostView {
        address: host.address().to_string(),
        state: account.state().name(),
        meaning: text::state(account.state(), words).to_owned(),
        up: account.is_up(),
        listening: account.listening().to_vec(),
        requests: account.requests(),
        waiting: account.waiting(),
        half_open: account.half_open(),
        ghosts: account.ghosts(),
        memory: host.memory_held(),
        connections: host.connections().iter().map(|it| connection_view(it, words)).collect(),
        offers: offer::at_host(side, account.is_up().then(|| account.state()), is_listening),
    }
}

fn connection_view(connection: &Connection, words: &Words) -> ConnectionView {
    let tcb = connection.endpoint.tcb();
    ConnectionView {
        id: connection.id.0,
        local: connection.local.to_string(),
        remote: connection.remote.to_string(),
        state: tcb.state.name(),
        variables: variables(&tcb),
        unsent: tcb.unsent.len(),
        unread: tcb.unread.len(),
        held: tcb.held.iter().map(|(_, octets)| octets).sum(),
        unacknowledged: tcb
            .unacknowledged
            .iter()
            .map(|it| {
                let segment = Segment { seq: it.seq, flags: it.flags, payload: it.text.clone(), ..Segment::default() };
                if it.flags == Flags::default() {
                    format!("seq={} len={}", it.seq, it.text.len())
                } else {
                    segment.to_string()
                }
            })
            .collect(),
        fin: match tcb.fin {
            FinStatus::NotAsked => FinView::NotAsked,
            FinStatus::Queued => FinView::Queued,
            FinStatus::Sent => FinView::Sent,
        },
        timers: Timer::ALL
            .into_iter()
            .filter_map(|timer| {
                let deadline = tcb.timers.deadline(timer)?;
                Some(TimerView {
                    name: timer.name(),
                    title: text::timer(timer, words).to_owned(),
                    deadline_ms: ms(deadline),
                })
            })
            .collect(),
    }
}

/// The variables that exist, in the RFC's order: send space, receive space, options, timing. Of what was not agreed on
/// there is nothing to say.
fn variables(tcb: &Tcb) -> Vec<Variable> {
    let number = |name, value: Option<SeqNumber>| (name, value.map(|it| f64::from(it.0)), Unit::SequenceNumber);
    let octets = |name, value: Option<u32>| (name, value.map(f64::from), Unit::Octets);
    let bits = |name, value: Option<u8>| (name, value.map(f64::from), Unit::Bits);
    // Until the other side's SYN is there, it is only a guess.
    let mss = tcb.mss.filter(|_| tcb.irs.is_some());
    let Negotiated { scale, sack_permitted, ts_recent } = tcb.negotiated;
    let span = |name, value: Option<Duration>| (name, value.map(|it| it.as_us() as f64 / 1000.0), Unit::Milliseconds);
    [
        number("ISS", tcb.iss),
        number("SND.UNA", tcb.snd_una),
        number("SND.NXT", tcb.snd_nxt),
        octets("SND.WND", tcb.snd_wnd),
        octets("Eff.snd.MSS", mss),
        bits("Snd.Wind.Shift", scale.map(|scale| scale.send)),
        number("IRS", tcb.irs),
        number("RCV.NXT", tcb.rcv_nxt),
        octets("RCV.WND", tcb.rcv_wnd),
        bits("Rcv.Wind.Shift", scale.map(|scale| scale.receive)),
        ("SACK-permitted", sack_permitted.then_some(1.0), Unit::Flag),
        ("TS.Recent", ts_recent.map(f64::from), Unit::Timestamp),
        span("RTO", tcb.rto),
        span("SRTT", tcb.srtt),
    ]
    .into_iter()
    .filter_map(|(name, value, unit)| Some(Variable { name, value: value?, unit }))
    .collect()
}

/// Milliseconds since the start of the run.
pub fn ms(at: Instant) -> f64 {
    at.as_us() as f64 / 1000.0
}

impl From<Side> for SideView {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => SideView::Client,
            Side::Server => SideView::Server,
        }
    }
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::New => RoleView::New,
            Role::Ack => RoleView::Ack,
            Role::Retransmission => RoleView::Retransmission,
            Role::Probe => RoleView::Probe,
            Role::KeepAlive => RoleView::KeepAlive,
            Role::ChallengeAck => RoleView::ChallengeAck,
            Role::Reset => RoleView::Reset,
            Role::Abort => RoleView::Abort,
        }
    }
}
