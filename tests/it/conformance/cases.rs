//! One event for one endpoint: what it sends, which state it enters, what its user is told.

use serde_json::Value;

use synfin::endpoint::{Context, Effect, Endpoint, Outbox};
use synfin::profile::Profile;
use synfin::rule::Rule;
use synfin::seq::SeqNumber;
use synfin::tcp::{Call, Open, Reply, UserEvent};
use synfin::time::{Duration, Instant};

use super::block::{tcb_of, timer_named, variable};
use super::phrases;
use super::progress;
use super::settings::profile_of;
use super::vectors::{CallText, Case, Kind, OriginName, Settings};
use super::wire::{Wire, octets, segment_of};

/// When the event happens. It is late enough for whatever has to be old by then.
const NOW: Instant = Instant::from_ms(10_000_000);

/// Runs a case; says where it differs, or else which rules were applied, in order.
pub fn run(case: &Case, defaults: &Settings) -> Result<Vec<Rule>, String> {
    let mut profile = profile_of(defaults, &case.profile, None)?;
    if let Some(rcv_wnd) = case.tcb.rcv_wnd {
        profile.receive_buffer = rcv_wnd;
    }
    let mut endpoint = endpoint_of(case, &profile)?;
    let before = endpoint.tcb();
    let mut cx = Context::new(NOW, &profile, SeqNumber(case.tcb.next_iss.unwrap_or_default()))
        .with_challenges(profile.challenge_ack_limit != Some(0));
    let mut out = Outbox::default();
    let outcome = match (&case.segment, &case.call, &case.timer) {
        (Some(segment), None, None) => {
            endpoint.segment_arrives(&segment_of(segment)?, &mut cx, &mut out);
            None
        }
        (None, Some(call), None) => Some(endpoint.call(call_of(call, &case.event)?, &mut cx, &mut out)),
        (None, None, Some(timer)) => {
            endpoint.timeout(timer_named(timer)?, &mut cx, &mut out);
            None
        }
        _ => return Err("a case has one of segment, call and timer".to_owned()),
    };
    endpoint.check_invariants();
    let after = endpoint.tcb();

    let sent: Vec<Wire> = out.segments().map(Wire::of).collect();
    let expected = case.expect.sent.iter().map(Wire::expected).collect::<Result<Vec<_>, _>>()?;
    if sent != expected {
        return Err(format!("expected to be sent: {}; came: {}", list(&expected), list(&sent)));
    }
    same("state", case.expect.state.0.name(), after.state.name())?;
    for (name, expected) in &case.expect.vars {
        same_variable(name, expected, &variable(&after, name)?)?;
    }
    if let Some(expected) = &case.expect.result {
        let came = outcome.as_ref().map(phrases::result).ok_or("only calls have results")?;
        same("result", expected, &came)?;
    }

    // Text is delivered when it is there for the user to take, whether or not a RECEIVE waited for it.
    let is_delivered = after.unread.len() > before.unread.len();
    let told = out.effects().iter().filter_map(|effect| match effect {
        Effect::Tell(UserEvent::Received(_)) if is_delivered => None,
        Effect::Tell(event) => Some(phrases::told(event)),
        Effect::Because(_) | Effect::Enter { .. } | Effect::Send { .. } => None,
    });
    let reply = outcome.as_ref().map(phrases::reply);
    let said: Vec<&str> =
        reply.as_deref().into_iter().chain(told).chain(is_delivered.then_some(progress::DELIVERED)).collect();
    let is_due =
        |phrase: &str| progress::is_due(phrase, Some(&before), Some(&after)) || reply.as_deref() == Some(phrase);
    check_said(&phrases::expected(case.expect.notify.as_deref()), &said, is_due)?;
    let rules = out.effects().iter().filter_map(|effect| match effect {
        Effect::Because(rule) => Some(*rule),
        Effect::Enter { .. } | Effect::Send { .. } | Effect::Tell(_) => None,
    });
    let rules: Vec<Rule> = rules.collect();
    // A case may begin with a window that is as wide as the buffer although there is text to be read: then to read it
    // decides nothing.
    let is_reasonable = match &outcome {
        Some(Err(_) | Ok(Reply::Status(_))) => rules.is_empty(),
        Some(Ok(Reply::Data(_))) => true,
        Some(Ok(Reply::Ok | Reply::Queued)) | None => !rules.is_empty(),
    };
    if !is_reasonable {
        return Err(format!("reasons are given exactly where something is decided; came {rules:?}"));
    }
    Ok(rules)
}

/// Everything expected is said, in this order; beside it only what is due: progress, and the reply, which `result` checks.
pub fn check_said(expected: &[&str], said: &[&str], is_due: impl Fn(&str) -> bool) -> Result<(), String> {
    let mut missing = expected.iter().peekable();
    let mut unexpected = said.iter().filter(|phrase| missing.next_if(|next| next == phrase).is_none());
    let is_fine = unexpected.all(|phrase| is_due(phrase)) && missing.peek().is_none();
    if is_fine { Ok(()) } else { Err(format!("expected to be told: {expected:?}; came: {said:?}")) }
}

fn endpoint_of(case: &Case, profile: &Profile) -> Result<Endpoint, String> {
    // What is in the queue was sent so long ago that the timer is due now, or R2 is reached, as the event says.
    let is_syn = case.tcb.rtx_queue.iter().flatten().next().is_some_and(|oldest| oldest.kind == Kind::Syn);
    let age = match case.event.as_str() {
        "R2_REACHED" if is_syn => profile.r2_syn.ok_or("there is no R2")?,
        "R2_REACHED" => profile.r2_data.ok_or("there is no R2")?,
        _ => profile.initial_rto,
    };
    let origin = case.origin.unwrap_or(OriginName::Passive);
    let mut tcb = tcb_of(case.state.0, Some(origin), &case.tcb, before_now(age))?;
    if let ("R1_REACHED", Some(oldest)) = (case.event.as_str(), tcb.unacknowledged.first_mut()) {
        oldest.retransmissions = profile.r1_retransmissions.saturating_sub(1);
    }
    if let Some(timer) = &case.timer {
        tcb.timers.start(timer_named(timer)?, NOW);
    }
    let endpoint = Endpoint::restore(&tcb, NOW, profile).map_err(|error| error.to_string())?;
    same("restored state", case.state.0.name(), endpoint.state().name())?;
    Ok(endpoint)
}

/// So long before the event.
fn before_now(age: Duration) -> Instant {
    Instant::ZERO + (NOW.since(Instant::ZERO) - age)
}

/// The call; that the remote socket is missing is only in the event's name.
fn call_of(call: &CallText, event: &str) -> Result<Call, String> {
    let bytes = call.args.bytes;
    match event {
        "OPEN_ACTIVE_UNSPEC" => Ok(Call::open(Open::ActiveUnspecified)),
        _ => call_named(&call.name, bytes),
    }
}

/// The call that the file calls by this name.
pub fn call_named(name: &str, bytes: Option<u32>) -> Result<Call, String> {
    Ok(match name {
        "OPEN_ACTIVE" => Call::open(Open::Active),
        "OPEN_PASSIVE" => Call::open(Open::Passive),
        "SEND" => Call::send(octets(bytes.ok_or("SEND without bytes")?)),
        "RECEIVE" => Call::Receive(bytes.unwrap_or(u32::MAX)),
        "CLOSE" => Call::Close,
        "ABORT" => Call::Abort,
        "STATUS" => Call::Status,
        _ => return Err(format!("unknown call {name}")),
    })
}

/// Two things that must be the same.
pub fn same<T: PartialEq + std::fmt::Display + ?Sized>(what: &str, expected: &T, came: &T) -> Result<(), String> {
    if expected == came { Ok(()) } else { Err(format!("{what}: expected {expected}; came {came}")) }
}

/// Two values of a variable that must be the same. In which order timers are listed says nothing.
pub fn same_variable(name: &str, expected: &Value, came: &Value) -> Result<(), String> {
    let in_any_order = |value: &Value| {
        let mut names: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
        names.sort_unstable();
        names
    };
    match (expected, came) {
        (Value::Array(_), Value::Array(_)) if in_any_order(expected) == in_any_order(came) => Ok(()),
        // A whole number may be written with a fraction of zero.
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Ok(()),
        _ => same(name, expected, came),
    }
}

fn list(segments: &[Wire]) -> String {
    if segments.is_empty() {
        return "nothing".to_owned();
    }
    segments.iter().map(Wire::to_string).collect::<Vec<_>>().join(" ")
}
