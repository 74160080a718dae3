//! A vector's variables as a control block, and a control block's variables by the vectors' names.

use serde_json::{Value, json};

use synfin::endpoint::{FinStatus, Negotiated, Origin, Remote, Tcb, Unacknowledged};
use synfin::segment::Flags;
use synfin::seq::SeqNumber;
use synfin::tcp::{State, Timer};
use synfin::time::Instant;

use super::vectors::{Kind, OriginName, QueueEntry, Variables};
use super::wire::octets;

/// The window of a control block that says nothing about it.
const WINDOW: u32 = 1000;

/// The control block that these variables describe, everything in its queue sent at `first_sent`.
pub fn tcb_of(
    state: State,
    origin: Option<OriginName>,
    variables: &Variables,
    first_sent: Instant,
) -> Result<Tcb, String> {
    let seq = |number: Option<u32>| number.map(SeqNumber);
    let has_received_fin = matches!(state, State::CloseWait | State::Closing | State::LastAck | State::TimeWait);
    let fin = match (state, variables.fin_seq) {
        (_, Some(_)) | (State::FinWait2 | State::LastAck | State::TimeWait, None) => FinStatus::Sent,
        // Where the file lists a queue without FIN, the FIN still waits behind text.
        (State::FinWait1 | State::Closing, None) if variables.rtx_queue.is_none() => FinStatus::Sent,
        (State::FinWait1 | State::Closing, None) => FinStatus::Queued,
        _ => FinStatus::NotAsked,
    };
    let queue = match &variables.rtx_queue {
        Some(queue) => queue.clone(),
        None => queue_of(state, variables, fin),
    };
    Ok(Tcb {
        origin: origin.map(|origin| match origin {
            OriginName::Active => Origin::Active,
            OriginName::Passive => Origin::Passive,
        }),
        remote: if variables.remote_specified == Some(true) { Remote::Specified } else { Remote::Unspecified },
        iss: seq(variables.iss.or(variables.snd_una.filter(|_| state == State::SynSent))),
        snd_una: seq(variables.snd_una),
        snd_nxt: seq(variables.snd_nxt),
        snd_wnd: Some(variables.snd_wnd.unwrap_or(WINDOW)),
        // What was received is at least their SYN, and their FIN in the states that come after it.
        irs: seq(variables.irs).or(seq(variables.rcv_nxt).map(|nxt| nxt - 1 - u32::from(has_received_fin))),
        rcv_nxt: seq(variables.rcv_nxt),
        rcv_wnd: variables.rcv_wnd,
        unacknowledged: queue.iter().map(|entry| unacknowledged(entry, first_sent)).collect(),
        unsent: octets(variables.unsent.unwrap_or(0)),
        fin,
        unread: octets(variables.unread.unwrap_or(0)),
        outstanding_receives: variables.outstanding_receives.unwrap_or(0),
        ack_is_delayed: variables.ack_pending.unwrap_or(false),
        negotiated: Negotiated {
            ts_recent: variables.ts_recent.filter(|_| variables.ts_on == Some(true)),
            ..Negotiated::default()
        },
        ..Tcb::empty(state)
    })
}

/// What must be in flight from SND.UNA to SND.NXT where the file does not list it.
fn queue_of(state: State, variables: &Variables, fin: FinStatus) -> Vec<QueueEntry> {
    let (Some(una), Some(nxt)) = (variables.snd_una, variables.snd_nxt) else { return Vec::new() };
    let in_flight = nxt.wrapping_sub(una);
    if in_flight == 0 {
        return Vec::new();
    }
    match state {
        State::SynSent | State::SynReceived => vec![QueueEntry { kind: Kind::Syn, seq: una, len: 0 }],
        _ => {
            let fin = u32::from(fin == FinStatus::Sent);
            let data = QueueEntry { kind: Kind::Data, seq: una, len: in_flight - fin };
            let fin = (fin == 1).then_some(QueueEntry { kind: Kind::Fin, seq: nxt.wrapping_sub(1), len: 0 });
            Some(data).filter(|data| data.len > 0).into_iter().chain(fin).collect()
        }
    }
}

fn unacknowledged(entry: &QueueEntry, first_sent: Instant) -> Unacknowledged {
    Unacknowledged {
        seq: SeqNumber(entry.seq),
        flags: Flags { syn: entry.kind == Kind::Syn, fin: entry.kind == Kind::Fin, ..Flags::default() },
        text: octets(entry.len),
        first_sent,
        retransmissions: 0,
    }
}

/// An entry of the retransmission queue as the file writes it.
fn entry(it: &Unacknowledged) -> Value {
    let kind = match it.flags {
        Flags { syn: true, .. } => "SYN",
        Flags { fin: true, .. } => "FIN",
        _ => "DATA",
    };
    json!({"kind": kind, "seq": it.seq.0, "len": it.text.len()})
}

/// The timer that the file calls by this name.
pub fn timer_named(name: &str) -> Result<Timer, String> {
    Timer::ALL.into_iter().find(|timer| name_of(*timer) == name).ok_or_else(|| format!("unknown timer {name}"))
}

pub fn name_of(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmission => "rtx",
        Timer::Persist => "persist",
        Timer::DelayedAck => "delack",
        Timer::KeepAlive => "keepalive",
        Timer::User => "user",
        Timer::TimeWait => "2msl",
        Timer::Linger => "linger",
        Timer::FinWait2 => "finwait2",
    }
}

/// A variable of a control block by its name in the file: numbers as they are, times in milliseconds.
pub fn variable(tcb: &Tcb, name: &str) -> Result<Value, String> {
    let seq = |number: Option<SeqNumber>| Value::from(number.map(|number| number.0));
    let deadline = |timer| Value::from(tcb.timers.deadline(timer).map(|at| at.as_us() / 1000));
    Ok(match name {
        "iss" => seq(tcb.iss),
        "irs" => seq(tcb.irs),
        "snd_una" => seq(tcb.snd_una),
        "snd_nxt" => seq(tcb.snd_nxt),
        "snd_wnd" => tcb.snd_wnd.into(),
        "rcv_nxt" => seq(tcb.rcv_nxt),
        "rcv_wnd" => tcb.rcv_wnd.into(),
        "rto" => tcb.rto.map(|rto| rto.as_us() / 1000).into(),
        "srtt" => tcb.srtt.map(|srtt| srtt.as_us() / 1000).into(),
        "fin_seq" => seq(tcb.snd_nxt.filter(|_| tcb.fin == FinStatus::Sent).map(|nxt| nxt - 1)),
        "rtx_queue" => tcb.unacknowledged.iter().map(entry).collect(),
        "outstanding_receives" => tcb.outstanding_receives.into(),
        "remote_specified" => (tcb.remote == Remote::Specified).into(),
        "ack_pending" => tcb.ack_is_delayed.into(),
        "ts_on" => tcb.negotiated.ts_recent.is_some().into(),
        "ts_recent" => tcb.negotiated.ts_recent.into(),
        "unread" => tcb.unread.len().into(),
        "unsent" => tcb.unsent.len().into(),
        "timers" => {
            Timer::ALL.into_iter().filter(|timer| tcb.timers.is_running(*timer)).map(name_of).collect::<Vec<_>>().into()
        }
        _ => match name.strip_prefix("timer_") {
            Some(timer) => deadline(timer_named(timer)?),
            None => return Err(format!("unknown variable {name}")),
        },
    })
}
