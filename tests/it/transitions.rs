//! The whole transition relation of RFC 9293: `tests/conformance/transitions.tsv` says for every state and every event
//! what comes next, what is sent and what the user is told. Each row becomes a case of the conformance vectors' kind: an
//! endpoint is put into the state, meets the event, and must do what the row says, no more and no less.
//!
//! | file | what |
//! |---|---|
//! | `table` | the rows |
//! | `situations` | a row's state, condition and event as numbers |
//! | `hosts` | rows about a whole host: it is full, it reboots |

mod hosts;
mod situations;
mod table;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Deserialize;
use serde_json::Value;

use synfin::endpoint::{Context, Endpoint, Outbox};
use synfin::profile::Profile;
use synfin::seq::SeqNumber;
use synfin::tcp::{State, Timer};
use synfin::time::Instant;

use crate::conformance::block::{tcb_of, timer_named};
use crate::conformance::cases::{self, same};
use crate::conformance::message_of;
use crate::conformance::vectors::{Case, Settings, StateName, Variables};
use crate::rules::Reasons;

use situations::{situations, variables};
use table::{Row, rows};

/// Informative rows that no endpoint can meet here, by state (`*` for all) and event, and why. Rows that were replayed on
/// a model have no excuse.
const NOT_RUN: [(&str, &str, &str); 5] = [
    ("*", "CALL_NOT_AUTHORIZED", "there are no processes with rights of their own"),
    ("*", "SEC_MISMATCH", "security compartments are not modeled"),
    ("*", "ICMP_SOFT", "ICMP is not modeled"),
    ("*", "ICMP_HARD", "ICMP is not modeled"),
    ("LAST-ACK", "ZWP_TIMEOUT", "LAST-ACK is entered when the FIN leaves, so nothing waits behind a closed window"),
];

/// Shows 9293-3.5.2-G1, 9293-3.5.2-G2, 9293-3.5.2-G3, 9293-3.5.3-VAL, 9293-3.5.3-ACT, 9293-3.10.1-6, 9293-3.10.8.
#[test]
fn every_row_of_the_transition_relation_is_followed() {
    let (mut followed, mut model_checked) = (0, 0);
    let mut failures = Vec::new();
    for row in rows() {
        if is_not_run(&row) {
            assert!(!row.is_model_checked, "{row}: every row that was replayed on a model is run");
            continue;
        }
        followed += 1;
        model_checked += u32::from(row.is_model_checked);
        if let Err(difference) = follow(&row) {
            failures.push(format!("{row}: {difference}"));
        }
    }
    assert!(failures.is_empty(), "{} rows are not followed:\n{}", failures.len(), failures.join("\n"));
    assert_eq!((model_checked, followed), (447, 551), "rows that were run");
}

/// Shows 9293-3.10.8.
#[test]
fn a_timer_that_does_not_run_does_nothing_in_any_state() {
    let mut resting = 0;
    for state in State::ALL {
        for endpoint in endpoints(state) {
            for timer in Timer::ALL.into_iter().filter(|timer| !endpoint.timers().is_running(*timer)) {
                assert_eq!(does_nothing(&endpoint, timer), Ok(()), "{state}");
                resting += 1;
            }
        }
    }
    assert!(resting > State::ALL.len() * 3, "most timers rest in most states: {resting}");
}

/// The rules that following the rows applies.
pub fn reasons() -> Vec<Reasons> {
    let rows = rows();
    rows.iter().filter(|row| !is_not_run(row)).filter_map(|row| follow(row).ok()).flatten().collect()
}

/// The names of all rows that are followed.
pub fn followed() -> BTreeSet<String> {
    let followed = rows().into_iter().filter(|row| !is_not_run(row));
    followed.map(|row| format!("{}/{}", row.state, row.event)).collect()
}

fn is_not_run(row: &Row) -> bool {
    NOT_RUN.iter().any(|(state, event, _)| *event == row.event && (*state == "*" || *state == row.state))
}

/// Lets an endpoint meet what the row says, in each of the situations that it stands for.
fn follow(row: &Row) -> Result<Vec<Reasons>, String> {
    let mut reasons: Vec<Reasons> = Vec::new();
    if let Some(timer) = resting_timer(row) {
        for endpoint in endpoints(state_named(&row.state)) {
            does_nothing(&endpoint, timer)?;
        }
        return Ok(reasons);
    }
    if row.event == "URG" {
        // With and without the urgent bit, as every row is run.
        let is_it = |other: &Row| other.state == row.state && other.event == "DATA_INORDER";
        let underlying = rows().into_iter().find(is_it).ok_or("no underlying segment")?;
        same("next state", &row.next_state, &underlying.next_state)?;
        return follow(&underlying).map(|_| reasons);
    }
    if ["OPEN_NO_ROOM", "REBOOT"].contains(&row.event.as_str()) {
        hosts::follow(row, endpoints(state_named(&row.state)))?;
        return Ok(reasons);
    }
    for situation in situations(row)? {
        let case = parse::<Case>(&situation).map_err(|error| format!("{error}: {situation}"))?;
        let outcome = catch_unwind(AssertUnwindSafe(|| cases::run(&case, &Settings::new())));
        let outcome = outcome.unwrap_or_else(|panic| Err(format!("panicked: {}", message_of(panic.as_ref()))));
        let rules = outcome.map_err(|difference| format!("{difference}: {situation}"))?;
        let origin = situation["origin"].as_str().map_or(String::new(), |origin| format!("@{origin}"));
        let of = format!("{}/{}{origin} ({})", row.state, row.event, row.condition);
        let rules: Vec<_> = rules.into_iter().map(|rule| (None, rule)).collect();
        // The urgent bit changes nothing.
        match reasons.iter().find(|it| it.of == of) {
            Some(plain) if plain.rules != rules => return Err(format!("other rules than without URG: {situation}")),
            Some(_) => {}
            None => reasons.push(Reasons { of, rules }),
        }
    }
    Ok(reasons)
}

/// The timer that, by this row, never runs in this state.
fn resting_timer(row: &Row) -> Option<Timer> {
    let says_nothing = row.sent == "none" && row.told == "none" && row.next_state == row.state;
    let timer = situations::timer(row).filter(|_| says_nothing && !row.is_model_checked)?;
    Some(timer_named(timer).expect("a timer's name"))
}

/// Endpoints in this state.
fn endpoints(state: State) -> Vec<Endpoint> {
    let restore = |origin: Option<&str>| {
        let variables: Variables = parse(&Value::Object(variables(state)))?;
        let origin = origin.map(|origin| parse(&Value::from(origin))).transpose()?;
        let tcb = tcb_of(state, origin, &variables, Instant::ZERO)?;
        Endpoint::restore(&tcb, Instant::ZERO, &Profile::default()).map_err(|error| error.to_string())
    };
    let endpoints: Result<_, String> = situations::origins(state).into_iter().map(restore).collect();
    endpoints.expect("the variables are all that the state needs")
}

/// That the timer does not run, and that it would make no difference if it expired.
fn does_nothing(endpoint: &Endpoint, timer: Timer) -> Result<(), String> {
    same("running", &false, &endpoint.timers().is_running(timer))?;
    let (mut after, mut out) = (endpoint.clone(), Outbox::default());
    let profile = Profile::default();
    after.timeout(timer, &mut Context::new(Instant::ZERO, &profile, SeqNumber(0)), &mut out);
    same("effects", &0, &out.effects().len())?;
    same("the same", &true, &(after == *endpoint))
}

fn parse<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// The state of this name.
fn state_named(name: &str) -> State {
    StateName::try_from(name.to_owned()).unwrap_or_else(|error| panic!("{error}")).0
}
