//! What users are told, in the file's words. The RFC fixes some of the phrases; the others are the file's own.

use synfin::tcp::{CallError, Flushed, Reply, UserEvent};

use super::progress;

/// The phrases by which the file says that nothing need be told.
const NOTHING: [&str; 2] = ["none", "none required"];

/// Different wordings of one thing; the first is the one that we use.
const SYNONYMS: [(&str, &[&str]); 6] = [
    ("ok", &["ok when acknowledged", "ok (data queued or carried on SYN)", "returns local connection name"]),
    ("queued", &["queued until ESTABLISHED"]),
    (progress::DELIVERED, &["new part delivered"]),
    ("state name", &["state name and TCB pointer"]),
    ("flushed: closing", &["outstanding RECEIVEs: error: closing", "queued SENDs/RECEIVEs: error: closing"]),
    ("flushed: reset", &["queued calls: connection reset", "outstanding RECEIVEs: error: connection reset"]),
];

/// What is told unasked.
pub fn told(event: &UserEvent) -> &'static str {
    match event {
        UserEvent::Established => progress::ESTABLISHED,
        UserEvent::Received(_) => progress::DELIVERED,
        UserEvent::SendComplete => progress::SENT,
        UserEvent::CloseComplete => "CLOSE: ok",
        UserEvent::Closing => "connection closing",
        UserEvent::Reset => "error: connection reset",
        UserEvent::Refused => "error: connection refused",
        UserEvent::UserTimeout => "error: connection aborted due to user timeout",
        UserEvent::DeliveryProblem => "R1: delivery problem",
        UserEvent::ExcessiveRetransmissions => "R2: excessive retransmissions",
        UserEvent::CallsFlushed(Flushed::Closing) => "flushed: closing",
        UserEvent::CallsFlushed(Flushed::Reset) => "flushed: reset",
    }
}

/// Whether this says that other calls were ended.
pub fn is_flush(phrase: &str) -> bool {
    phrase.starts_with("flushed: ")
}

/// What a call returns, as `result` has it.
pub fn result(outcome: &Result<Reply, CallError>) -> String {
    match outcome {
        Ok(Reply::Ok) => "ok".to_owned(),
        Ok(Reply::Queued) => "queued".to_owned(),
        Ok(Reply::Data(data)) => format!("data:{}", data.len()),
        Ok(Reply::Status(state)) => format!("state = {state}"),
        Err(error) => format!("error: {error}"),
    }
}

/// What a call returns, as `notify` has it.
pub fn reply(outcome: &Result<Reply, CallError>) -> String {
    match outcome {
        Ok(Reply::Ok) => "ok".to_owned(),
        Ok(Reply::Queued) => "queued".to_owned(),
        Ok(Reply::Data(_)) => "data returned".to_owned(),
        Ok(Reply::Status(_)) => "state name".to_owned(),
        Err(error) => format!("error: {error}"),
    }
}

/// The single phrases of a case's `notify`, in our wording.
pub fn expected(notify: Option<&str>) -> Vec<&str> {
    notify.into_iter().flat_map(|text| text.split("; ")).filter(|phrase| !NOTHING.contains(phrase)).map(ours).collect()
}

fn ours(phrase: &str) -> &str {
    let known = SYNONYMS.iter().find(|(_, others)| others.contains(&phrase));
    known.map_or(phrase, |(ours, _)| ours)
}
