//! A row's state, condition and event as numbers: a case of the conformance vectors' kind. Our ISS is 100 and the other
//! side's 300; ten octets of ours are on their way, followed by our FIN in the states that have one. What is sent
//! follows from the row, with the variables as they were before the event and RCV.NXT as the row lets it move.

use serde_json::{Map, Value, json};

use synfin::tcp::State;

use super::state_named;
use super::table::Row;

type Object = Map<String, Value>;

/// Our first number, and the one that a new connection takes.
const ISS: u32 = 100;
const NEXT_ISS: u32 = 500;
/// The other side's first number.
const IRS: u32 = 300;
/// How many octets a segment of text, or a SEND, has.
const OCTETS: u32 = 10;
const WINDOW: u32 = 1000;
/// More than the send buffer holds, and as many RECEIVEs as may wait.
const TOO_MANY_OCTETS: u32 = 1 << 17;
const MOST_RECEIVES: u32 = 64;

/// The numbers of a control block as far as segments depend on them, also where the state has none of its own.
struct Numbers {
    una: u32,
    nxt: u32,
    rcv_nxt: u32,
}

/// The situations that a row stands for: SYN-RECEIVED of either origin where the row does not care, and every segment
/// with and without the urgent bit, which changes nothing (the urgent pointer is not modeled).
pub fn situations(row: &Row) -> Result<Vec<Value>, String> {
    let state = state_named(&row.state);
    let mut situations = Vec::new();
    for origin in origins(state) {
        let is_this_origin = match origin {
            // Of two rows with one condition, the state that follows tells which is meant.
            Some(origin) if row.event == "RST_ZWIN" => (origin == "passive") == (row.next_state == "LISTEN"),
            Some("passive") => !row.condition.contains("from SYN-SENT"),
            Some("active") => !row.condition.contains("from LISTEN"),
            Some(_) | None => true,
        };
        if is_this_origin {
            let plain = situation(row, state, origin)?;
            if let Some(segment) = plain.get("segment") {
                let mut urgent = plain.clone();
                let flags = segment["flags"].as_array().expect("a list").iter().cloned().chain([json!("URG")]);
                urgent["segment"]["flags"] = flags.collect();
                situations.push(urgent);
            }
            situations.push(plain);
        }
    }
    if situations.is_empty() { Err("stands for nothing".to_owned()) } else { Ok(situations) }
}

/// How a state can have come to be, where it remembers that.
pub fn origins(state: State) -> Vec<Option<&'static str>> {
    if state == State::SynReceived { vec![Some("passive"), Some("active")] } else { vec![None] }
}

fn situation(row: &Row, state: State, origin: Option<&str>) -> Result<Value, String> {
    let (profile, tcb) = circumstances(row, state);
    let numbers = numbers(&tcb);
    let mut case = json!({
        "id": row.to_string(),
        "state": row.state,
        "event": row.event,
        "profile": profile,
        "tcb": tcb,
    });
    if let Some(origin) = origin {
        case["origin"] = origin.into();
    }
    if let Some(call) = call(row) {
        case["call"] = call;
    } else if let Some(timer) = timer(row) {
        case["timer"] = timer.into();
    } else {
        case["segment"] = segment(row, state, &numbers).ok_or("unknown event")?;
    }
    case["expect"] = expectation(row, state, &numbers, &case)?;
    Ok(case)
}

/// The variables of a state in which ten octets and, where there is one, our FIN are unacknowledged.
pub fn variables(state: State) -> Object {
    let (has_fin, is_fin_acknowledged) = match state {
        State::FinWait1 | State::Closing | State::LastAck => (true, false),
        State::FinWait2 | State::TimeWait => (true, true),
        State::Closed | State::Listen | State::SynSent | State::SynReceived | State::Established | State::CloseWait => {
            (false, false)
        }
    };
    let has_received_fin = matches!(state, State::CloseWait | State::Closing | State::LastAck | State::TimeWait);
    let entry = |kind: &str, seq: u32, len: u32| json!({"kind": kind, "seq": seq, "len": len});
    let data = entry("DATA", ISS + 1, OCTETS);
    let fin_seq = ISS + 1 + OCTETS;
    let nxt = fin_seq + u32::from(has_fin);
    let variables = match state {
        State::Closed | State::Listen => json!({}),
        State::SynSent => json!({
            "iss": ISS, "snd_una": ISS, "snd_nxt": ISS + 1, "snd_wnd": 0, "rcv_wnd": WINDOW,
            "rtx_queue": [entry("SYN", ISS, 0)],
        }),
        State::SynReceived => json!({
            "iss": ISS, "irs": IRS, "snd_una": ISS, "snd_nxt": ISS + 1, "snd_wnd": 0,
            "rcv_nxt": IRS + 1, "rcv_wnd": WINDOW, "rtx_queue": [entry("SYN", ISS, 0)],
        }),
        _ => json!({
            "iss": ISS, "irs": IRS, "snd_una": if is_fin_acknowledged { nxt } else { ISS + 1 }, "snd_nxt": nxt,
            "snd_wnd": WINDOW, "rcv_nxt": IRS + 1 + u32::from(has_received_fin), "rcv_wnd": WINDOW,
            "fin_seq": has_fin.then_some(fin_seq),
            "rtx_queue": match (has_fin, is_fin_acknowledged) {
                (_, true) => json!([]),
                (true, false) => json!([data, entry("FIN", fin_seq, 0)]),
                (false, false) => json!([data]),
            },
        }),
    };
    let Value::Object(mut variables) = variables else { unreachable!("they were written as an object") };
    variables.insert("next_iss".to_owned(), NEXT_ISS.into());
    variables
}

/// The profile and the variables under the row's condition.
fn circumstances(row: &Row, state: State) -> (Object, Object) {
    let is = |words: &str| row.condition.contains(words);
    let mut profile = Object::new();
    // The vectors of the figures say this too: without the trimming the text is followed to the letter.
    let settings: [(&str, Value); 8] = [
        ("rfc5961", (!is("RFC 5961 off")).into()),
        ("rfc5961_ack_range", is("MAY-12 on").into()),
        ("rfc1337", is("F1 on").into()),
        ("simopen_trim_syn", is("INT-1").into()),
        ("timewait_literal_ack", is("literal step 5").into()),
        (
            "timewait_reuse",
            if is("reuse per MAY-2") {
                "rfc1122".into()
            } else if is("reuse per RFC 6191") {
                "rfc6191".into()
            } else {
                "none".into()
            },
        ),
        ("challenge_ack_limit", Value::Null),
        ("keep_alive_idle_ms", if is("application asked") { 7_200_000.into() } else { Value::Null }),
    ];
    profile.extend(settings.map(|(name, value)| (name.to_owned(), value)));

    let mut tcb = variables(state);
    let mut set = |name: &str, value: Value| tcb.insert(name.to_owned(), value);
    let fin_seq = ISS + 1 + OCTETS;
    if row.event.ends_with("_ZWIN") {
        set("rcv_wnd", 0.into());
    }
    let is_idle = is("idle") && matches!(state, State::Established | State::CloseWait);
    if is_idle
        || is("window open")
        || is("nothing queued")
        || is("behind a closed window")
        || row.event == "ZWP_TIMEOUT"
    {
        // All that left is acknowledged.
        set("snd_una", fin_seq.into());
        set("snd_nxt", fin_seq.into());
        set("rtx_queue", json!([]));
        set("fin_seq", Value::Null);
    }
    if is("behind a closed window") || row.event == "ZWP_TIMEOUT" {
        set("snd_wnd", 0.into());
        set("unsent", OCTETS.into());
    }
    if is("SEND pending") {
        set("unsent", OCTETS.into());
    }
    if is("only the FIN outstanding") {
        set("snd_una", fin_seq.into());
        set("rtx_queue", json!([{"kind": "FIN", "seq": fin_seq, "len": 0}]));
    }
    if is("remote specified") || row.event == "SEND_NO_ROOM" {
        set("remote_specified", true.into());
    }
    if is("data on hand") && row.event == "RECEIVE_DATA" {
        set("unread", 7.into());
    }
    if is("ACK pending") {
        set("ack_pending", true.into());
    }
    match row.event.as_str() {
        "ABORT" | "CLOSE" if state != State::Closed => {
            set("outstanding_receives", 1.into());
        }
        "RECEIVE_NO_ROOM" => {
            set("outstanding_receives", MOST_RECEIVES.into());
        }
        _ => {}
    }
    (profile, tcb)
}

fn numbers(tcb: &Object) -> Numbers {
    let number = |name: &str, otherwise: u32| {
        let value = tcb.get(name).and_then(Value::as_u64);
        value.map_or(otherwise, |value| u32::try_from(value).expect("32 bits"))
    };
    Numbers { una: number("snd_una", ISS), nxt: number("snd_nxt", ISS + 1), rcv_nxt: number("rcv_nxt", IRS + 1) }
}

fn call(row: &Row) -> Option<Value> {
    let octets = |octets: u32| json!({"bytes": octets});
    let (name, args) = match row.event.as_str() {
        "OPEN_PASSIVE" => ("OPEN_PASSIVE", json!({})),
        "OPEN_ACTIVE" | "OPEN_ACTIVE_UNSPEC" => ("OPEN_ACTIVE", json!({})),
        "SEND" => ("SEND", octets(OCTETS)),
        "SEND_NO_ROOM" => ("SEND", octets(TOO_MANY_OCTETS)),
        "RECEIVE_EMPTY" | "RECEIVE_DATA" | "RECEIVE_NO_ROOM" => ("RECEIVE", json!({})),
        "CLOSE" => ("CLOSE", json!({})),
        "ABORT" => ("ABORT", json!({})),
        "STATUS" => ("STATUS", json!({})),
        _ => return None,
    };
    Some(json!({"name": name, "args": args}))
}

/// The timer that the event is about.
pub fn timer(row: &Row) -> Option<&'static str> {
    match row.event.as_str() {
        "RTX_TIMEOUT" | "R1_REACHED" | "R2_REACHED" => Some("rtx"),
        "USER_TIMEOUT" => Some("user"),
        "ZWP_TIMEOUT" => Some("persist"),
        "DELACK_TIMEOUT" => Some("delack"),
        "KEEPALIVE" => Some("keepalive"),
        "TIMEWAIT_2MSL" => Some("2msl"),
        _ => None,
    }
}

/// The segment that the event is about.
fn segment(row: &Row, state: State, numbers: &Numbers) -> Option<Value> {
    let is_opening = matches!(state, State::Closed | State::Listen | State::SynSent | State::SynReceived);
    let Numbers { una, nxt, rcv_nxt: n } = *numbers;
    let fin_end = ISS + 1 + OCTETS + 1;
    // An acknowledgment that says nothing new, or of our SYN where that is unacknowledged.
    let usual = if matches!(state, State::SynSent | State::SynReceived) { nxt } else { una };
    let plain = |seq: u32, flags: &[&str], len: u32| json!({"seq": seq, "flags": flags, "len": len});
    let with_ack = |seq: u32, flags: &[&str], len: u32, ack: u32| {
        let flags: Vec<&str> = flags.iter().copied().chain(["ACK"]).collect();
        json!({"seq": seq, "flags": flags, "len": len, "ack": ack})
    };
    Some(match row.event.as_str() {
        // In SYN-SENT there is no window yet: a reset is judged by its acknowledgment.
        "RST_EXACT" if state == State::SynSent => with_ack(0, &["RST"], 0, nxt),
        "RST_OUTWIN" if state == State::SynSent => with_ack(0, &["RST"], 0, una - 10),
        "RST_EXACT" | "RST_ZWIN" => plain(n, &["RST"], 0),
        "RST_INWIN" => plain(n + 5, &["RST"], 0),
        "RST_OUTWIN" => plain(n - 50, &["RST"], 0),
        "SYN_OLD" => plain(IRS, &["SYN"], 0),
        "SYN_INWIN" => {
            let mut syn = plain(n + 100, &["SYN"], 0);
            if row.condition.contains("RFC 6191") {
                syn["tsval"] = 9.into();
            }
            syn
        }
        "SYNACK_GOOD" => with_ack(IRS, &["SYN"], 0, ISS + 1),
        "SYNACK_BAD" if is_opening => with_ack(IRS, &["SYN"], 0, ISS - 9),
        "SYNACK_BAD" => with_ack(n + 100, &["SYN"], 0, nxt),
        "ACK_NEW" if una == nxt => with_ack(n, &[], 0, nxt),
        "ACK_NEW" => with_ack(n, &[], 0, if is_opening { nxt } else { ISS + 1 + OCTETS }),
        "ACK_FIN" => with_ack(n, &[], 0, fin_end),
        "ACK_DUP" => with_ack(n, &[], 0, una),
        "ACK_UNSENT" => with_ack(n, &[], 0, nxt + 50),
        "ACK_TOO_OLD" => with_ack(n, &[], 5, una.wrapping_sub(2 * WINDOW)),
        "DATA_INORDER" => with_ack(n, &[], OCTETS, usual),
        "DATA_OOO" => with_ack(n + 20, &[], OCTETS, usual),
        "DATA_STRADDLE" => with_ack(n - 5, &[], OCTETS, usual),
        "SEG_OLD" => with_ack(n - 20, &[], OCTETS, usual),
        "SEG_BEYOND" => with_ack(n + 5 * WINDOW, &[], OCTETS, usual),
        "DATA_ZWIN" => with_ack(n, &[], 1, usual),
        "NOACK" => plain(n, &["FIN"], OCTETS),
        "FIN" => with_ack(n, &["FIN"], 0, usual),
        "FIN_ACKFIN" => with_ack(n, &["FIN"], 0, fin_end),
        "FIN_DUP" => with_ack(n - 1, &["FIN"], 0, usual),
        "FIN_OOO" => with_ack(n + 20, &["FIN"], 0, usual),
        _ => return None,
    })
}

/// What the row says must happen, in numbers.
fn expectation(row: &Row, state: State, before: &Numbers, case: &Value) -> Result<Value, String> {
    let next_state = state_named(&row.next_state);
    let segment = case.get("segment");
    let number = |name: &str| -> Result<u32, String> {
        let value = segment.and_then(|segment| segment[name].as_u64()).ok_or(format!("the event has no {name}"))?;
        Ok(u32::try_from(value).expect("32 bits"))
    };
    let is_syn = segment.is_some_and(|segment| has_flag(segment, "SYN"));
    let opens = matches!(state, State::Listen | State::SynSent) || row.condition.contains("reuse per");
    let iss = if state == State::SynSent || state == State::SynReceived { ISS } else { NEXT_ISS };

    // RCV.NXT moves over their SYN, over what the user gets and over their FIN, and over nothing else.
    let told: Vec<&str> = row.told.split("; ").collect();
    let delivered = match segment {
        Some(_) if told.iter().any(|phrase| phrase.ends_with(" delivered")) => {
            (number("seq")? + number("len")?).saturating_sub(before.rcv_nxt)
        }
        _ => 0,
    };
    let their_fin = u32::from(told.contains(&"connection closing"));
    let rcv_nxt = if is_syn && opens && next_state != state {
        number("seq")? + 1
    } else {
        before.rcv_nxt + delivered + their_fin
    };

    let variable = |name: &str| -> Result<u32, String> {
        Ok(match name {
            "0" => 0,
            "ISS" => iss,
            "SND.UNA" => before.una,
            "SND.NXT" => before.nxt,
            "SND.NXT-1" => before.nxt - 1,
            "RCV.NXT" => rcv_nxt,
            "SEG.ACK" => number("ack")?,
            "SEG.SEQ+SEG.LEN" => {
                let of_flags = ["SYN", "FIN"].map(|flag| u32::from(segment.is_some_and(|it| has_flag(it, flag))));
                number("seq")? + number("len")? + of_flags[0] + of_flags[1]
            }
            _ => return Err(format!("unknown variable {name}")),
        })
    };
    let template = match row.sent.as_str() {
        "none" => None,
        "retransmission" => Some(match state {
            State::SynSent => "<SEQ=ISS><CTL=SYN>",
            State::SynReceived => "<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>",
            _ => "<SEQ=SND.UNA><ACK=RCV.NXT><DATA><CTL=ACK>",
        }),
        template => Some(template),
    };
    let sent: Vec<Value> = template.map(|template| sent(template, &variable)).transpose()?.into_iter().collect();

    let mut expectation = json!({"state": row.next_state, "sent": sent, "notify": row.told});
    // Calls that end others say so to those; they themselves succeed.
    if case.get("call").is_some() && (row.told.contains("queued ") || row.told.contains("outstanding ")) {
        let result = if row.told == "queued until ESTABLISHED" { "queued" } else { "ok" };
        expectation["result"] = result.into();
    }
    if !matches!(next_state, State::Closed | State::Listen | State::SynSent) {
        let is_new_connection = opens && state != State::SynSent;
        let una = match (row.event.as_str(), segment) {
            _ if is_new_connection && next_state != state => iss,
            (_, Some(_)) if state == State::SynSent => {
                if next_state == State::Established {
                    ISS + 1
                } else {
                    ISS
                }
            }
            (_, Some(_)) if state == State::SynReceived && next_state != state => before.nxt,
            ("ACK_NEW" | "ACK_FIN" | "FIN_ACKFIN", Some(_)) => {
                let ack = number("ack")?;
                if before.una < ack && ack <= before.nxt { ack } else { before.una }
            }
            _ => before.una,
        };
        let new_numbers = |segment: &Value| {
            let is_new = segment["seq"] == before.nxt;
            let len = segment["len"].as_u64().map_or(0, |len| u32::try_from(len).expect("32 bits"));
            if is_new && !has_flag(segment, "RST") { len + u32::from(has_flag(segment, "FIN")) } else { 0 }
        };
        let nxt = match is_new_connection && next_state != state {
            true => iss + 1,
            false => before.nxt + sent.iter().map(new_numbers).sum::<u32>(),
        };
        expectation["vars"] = json!({"snd_una": una, "snd_nxt": nxt, "rcv_nxt": rcv_nxt});
    }
    Ok(expectation)
}

/// A segment as the table writes it: `<SEQ=SND.NXT><ACK=RCV.NXT><DATA=1><CTL=ACK>`.
fn sent(template: &str, variable: &impl Fn(&str) -> Result<u32, String>) -> Result<Value, String> {
    let mut segment = json!({"seq": 0, "flags": [], "len": 0});
    let fields = template.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).ok_or("no segment")?;
    for field in fields.split("><") {
        match field.split_once('=').unwrap_or((field, "")) {
            ("SEQ", value) => segment["seq"] = variable(value)?.into(),
            ("ACK", value) => segment["ack"] = variable(value)?.into(),
            ("DATA", "") => segment["len"] = OCTETS.into(),
            ("DATA", octets) => segment["len"] = octets.parse::<u32>().map_err(|error| error.to_string())?.into(),
            ("CTL", flags) => segment["flags"] = flags.split(',').collect::<Vec<_>>().into(),
            _ => return Err(format!("unknown field {field}")),
        }
    }
    Ok(segment)
}

fn has_flag(segment: &Value, flag: &str) -> bool {
    segment["flags"].as_array().is_some_and(|flags| flags.iter().any(|it| it == flag))
}
