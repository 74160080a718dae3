//! A trial, step by step: the same stimulus for our side, then the comparison with what the kernel did.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::corpus::Trial;
use super::ours::{Event, Ours, Outcome};
use super::waivers::{self, Class, Resumption, Situation};

/// How many classes may take part in one step: an edge of the window, what lies behind it, and how it is answered.
const MOST_CLASSES: u32 = 4;

/// What became of a trial.
#[derive(Default)]
pub struct Report {
    /// How many steps were compared: all of them, or those up to the first difference.
    pub compared: usize,
    /// The classes that were needed, in order.
    pub waived: Vec<Class>,
    /// Step, expected, got.
    pub difference: Option<String>,
}

/// One step of a replayed trial.
pub struct Replayed<'a> {
    /// Our side before it.
    pub before: &'a Ours,
    pub event: &'a Event,
    /// What the kernel did.
    pub kernel: &'a Outcome,
    /// The classes that were needed; or what we did instead.
    pub settled: &'a Result<Vec<Class>, String>,
}

/// Replays a trial. A broken invariant of ours is a difference too.
pub fn run(trial: &Trial) -> Report {
    run_watched(trial, |_| {})
}

/// The same, and shows each step to `watch`.
pub fn run_watched(trial: &Trial, mut watch: impl FnMut(&Replayed<'_>)) -> Report {
    let mut report = Report::default();
    let mut ours = Ours::new(trial.mode);
    for (index, step) in trial.steps.iter().enumerate() {
        report.compared += 1;
        let event = ours.event_of(step);
        let kernel = Outcome::recorded(step);
        let (next, settled) = match catch_unwind(AssertUnwindSafe(|| settle(&ours, &event, &kernel))) {
            Ok(Ok((next, classes))) => (Some(next), Ok(classes)),
            Ok(Err(got)) => (None, Err(got.to_string())),
            Err(panic) => (None, Err(format!("a panic: {}", message_of(panic.as_ref())))),
        };
        watch(&Replayed { before: &ours, event: &event, kernel: &kernel, settled: &settled });
        match settled {
            Ok(classes) => report.waived.extend(classes),
            Err(got) => {
                let (state, what) = (ours.state(), ours.describe(&event));
                report.difference =
                    Some(format!("step {}, in {state}, {what}: expected {kernel}; got {got}", index + 1));
            }
        }
        match next {
            Some(next) => ours = next,
            None => break,
        }
    }
    report
}

/// Our side after a step, and the classes that were needed; or what we did instead of what the kernel did.
fn settle(start: &Ours, event: &Event, kernel: &Outcome) -> Result<(Ours, Vec<Class>), Outcome> {
    let window = kernel.window();
    let mut plain = start.clone();
    let ours = plain.apply(event, window);
    let is_same = ours.is_same_as(kernel) && is_where_the_kernel_is(&plain, kernel, window);
    match go_on(start, event, kernel, window, MOST_CLASSES) {
        // Both did the same, and nothing that does not show sets them apart.
        Some((next, _)) if is_same && next.is_where(&plain) => Ok((plain, Vec::new())),
        Some(next) => Ok(next),
        None if is_same => Ok((plain, Vec::new())),
        None => Err(ours),
    }
}

/// Where the classes that apply lead, if they lead to what the kernel did.
fn go_on(
    before: &Ours,
    event: &Event,
    kernel: &Outcome,
    window: Option<u16>,
    most_classes: u32,
) -> Option<(Ours, Vec<Class>)> {
    let mut after = before.clone();
    let ours = after.apply(event, window);
    let is_same = ours.is_same_as(kernel);
    let situation = Situation { before, event, kernel, ours: &ours, after: &after, window };
    let (mut next, classes) = match waivers::find(&situation) {
        None | Some((_, Resumption::AsWeAre)) if is_same => (after, Vec::new()),
        None => return None,
        Some((class, Resumption::AsWeAre)) => (after, vec![class]),
        Some((class, Resumption::From(next))) => (*next, vec![class]),
        Some((class, Resumption::WithoutWindow)) => {
            let (next, behind) = go_on(before, event, kernel, None, most_classes.checked_sub(1)?)?;
            return Some((next, [vec![class], behind].concat()));
        }
        Some((class, Resumption::Instead(instead))) => {
            let (before, event) = *instead;
            let (next, behind) = go_on(&before, &event, kernel, window, most_classes.checked_sub(1)?)?;
            (next, [vec![class], behind].concat())
        }
    };
    next.follow_window(window);
    is_where_the_kernel_is(&next, kernel, window).then_some((next, classes))
}

/// Our state is the kernel's, and RCV.WND what it announced, if it said something.
fn is_where_the_kernel_is(ours: &Ours, kernel: &Outcome, window: Option<u16>) -> bool {
    let wnd = ours.variables().map(|v| v.edge.offset_from(v.rcv_nxt));
    let has_window = wnd.is_none_or(|wnd| window.is_none_or(|window| wnd == u32::from(window)));
    ours.state() == kernel.state && has_window
}

fn message_of(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "without a message",
    }
}
