//! The format `tcp-conformance-vectors/1`. A key that is not known here makes its vector fail with a clear line,
//! because it may well be what the vector is about. Fields whose names begin with an underscore are for human readers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use synfin::tcp::{Side, State};
use synfin::time::{Duration, Instant};

/// Settings by name.
pub type Settings = BTreeMap<String, Value>;

/// The file. Its vectors are parsed one by one, so that one that is not understood does not hide the others.
#[derive(Deserialize)]
pub struct File {
    pub format: String,
    #[serde(default)]
    pub profile_defaults: Settings,
    #[serde(default)]
    pub vectors: Vec<Value>,
    #[serde(default)]
    pub segment_cases: Vec<Value>,
    #[serde(default)]
    pub call_cases: Vec<Value>,
    #[serde(default)]
    pub timer_cases: Vec<Value>,
}

/// A time in milliseconds, whole or not.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "f64")]
pub struct Ms(Duration);

impl Ms {
    pub fn duration(self) -> Duration {
        self.0
    }

    pub fn instant(self) -> Instant {
        Instant::ZERO + self.0
    }
}

impl TryFrom<f64> for Ms {
    type Error = String;
    fn try_from(ms: f64) -> Result<Self, String> {
        let us = (ms * 1000.0).round();
        if !(0.0..1e15).contains(&us) {
            return Err(format!("{ms} is no time in milliseconds"));
        }
        Ok(Self(Duration::from_us(us as u64)))
    }
}

/// Which end of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Peer {
    A,
    B,
}

impl Peer {
    pub fn side(self) -> Side {
        match self {
            Peer::A => Side::Client,
            Peer::B => Side::Server,
        }
    }
}

/// A name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StateName(pub State);

impl TryFrom<String> for StateName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        let state = State::ALL.into_iter().find(|state| state.name() == name);
        state.map(StateName).ok_or_else(|| format!("unknown state {name}"))
    }
}

/// A segment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentText {
    pub seq: u32,
    pub ack: Option<u32>,
    pub flags: Vec<String>,
    #[serde(default)]
    pub len: u32,
    pub wnd: Option<u16>,
    pub mss: Option<u16>,
    pub tsval: Option<u32>,
    pub tsecr: Option<u32>,
}

/// The variables of a control block.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variables {
    pub iss: Option<u32>,
    pub irs: Option<u32>,
    pub snd_una: Option<u32>,
    pub snd_nxt: Option<u32>,
    pub snd_wnd: Option<u32>,
    pub rcv_nxt: Option<u32>,
    pub rcv_wnd: Option<u32>,
    /// Where our FIN is, once it was sent.
    pub fin_seq: Option<u32>,
    pub rtx_queue: Option<Vec<QueueEntry>>,
    /// The ISS that the next connection takes.
    pub next_iss: Option<u32>,
    pub remote_specified: Option<bool>,
    /// Octets that wait for a RECEIVE.
    pub unread: Option<u32>,
    /// Octets that wait to be sent.
    pub unsent: Option<u32>,
    pub outstanding_receives: Option<usize>,
    /// Whether an acknowledgment is delayed.
    pub ack_pending: Option<bool>,
    /// Whether the connection uses timestamps, and the last one received.
    pub ts_on: Option<bool>,
    pub ts_recent: Option<u32>,
}

/// An entry of the retransmission queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueEntry {
    pub kind: Kind,
    pub seq: u32,
    pub len: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    Syn,
    Data,
    Fin,
}

/// How an endpoint came to SYN-RECEIVED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginName {
    Active,
    Passive,
}

/// A story of two hosts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(default)]
    pub profile: Settings,
    #[serde(default)]
    pub timed: bool,
    pub initial: BTreeMap<Peer, Initial>,
    pub steps: Vec<Step>,
    #[serde(rename = "title")]
    _title: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    _kind: Option<IgnoredAny>,
    #[serde(rename = "provenance")]
    _provenance: Option<IgnoredAny>,
    #[serde(rename = "source")]
    _source: Option<IgnoredAny>,
    #[serde(rename = "tags")]
    _tags: Option<IgnoredAny>,
    #[serde(rename = "notes")]
    _notes: Option<IgnoredAny>,
    #[serde(rename = "replayable")]
    _replayable: Option<IgnoredAny>,
}

/// How one end of a story begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Initial {
    pub state: StateName,
    pub origin: Option<OriginName>,
    /// One for each connection to come.
    #[serde(default)]
    pub iss: Vec<u32>,
    #[serde(default = "default_window")]
    pub rcv_wnd: u32,
    pub rcv_buf: Option<u32>,
    #[serde(default)]
    pub tcb: Variables,
}

/// The window of an end that says nothing about it.
fn default_window() -> u32 {
    1000
}

/// A step of a story. Which fields it has depends on what it does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub n: u32,
    #[serde(rename = "do")]
    pub what: What,
    pub peer: Option<Peer>,
    pub call: Option<String>,
    pub bytes: Option<u32>,
    pub result: Option<String>,
    pub dir: Option<Direction>,
    pub to: Option<Peer>,
    pub segment: Option<SegmentText>,
    pub fate: Option<FateName>,
    pub id: Option<String>,
    pub role: Option<String>,
    pub timer: Option<String>,
    pub t_ms: Option<Ms>,
    pub arrive_ms: Option<Ms>,
    #[serde(default)]
    pub after: BTreeMap<Peer, StateName>,
    #[serde(default)]
    pub vars: BTreeMap<Peer, BTreeMap<String, Value>>,
    #[serde(default)]
    pub signals: Vec<Signal>,
    #[serde(rename = "rfc_line")]
    _rfc_line: Option<IgnoredAny>,
    #[serde(rename = "note")]
    _note: Option<IgnoredAny>,
    #[serde(rename = "why")]
    _why: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    Call,
    Segment,
    Arrive,
    Inject,
    Timer,
    Assert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Direction {
    #[serde(rename = "A->B")]
    ToB,
    #[serde(rename = "B->A")]
    ToA,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FateName {
    Delivered,
    Delayed,
    Lost,
}

/// Something that a step tells a user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    pub peer: Peer,
    pub signal: String,
}

/// One event for one endpoint: a segment, a call or a timer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    pub state: StateName,
    pub event: String,
    pub origin: Option<OriginName>,
    #[serde(default)]
    pub profile: Settings,
    #[serde(default)]
    pub tcb: Variables,
    pub segment: Option<SegmentText>,
    pub call: Option<CallText>,
    pub timer: Option<String>,
    pub expect: Expectation,
    #[serde(rename = "source")]
    _source: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallText {
    pub name: String,
    #[serde(default)]
    pub args: Arguments,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    pub bytes: Option<u32>,
}

/// What a case is to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub state: StateName,
    #[serde(default)]
    pub sent: Vec<SegmentText>,
    pub notify: Option<String>,
    pub result: Option<String>,
    #[serde(default)]
    pub vars: BTreeMap<String, Value>,
}
