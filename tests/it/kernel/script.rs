//! A trial as a script that can be pasted into the page, with what the kernel did, and what we did where that differs.
//!
//! The script has what a host of ours can be asked to do: the calls as deeds of a user, the segments as forged ones. The other
//! host is down, so that it answers nothing. What a script cannot say stands in it as a comment, or not at all:
//!
//! - `accept` and `recv`: the user of a script takes connections and text at once.
//! - The window. Ours follows what the kernel announced; in a script it is what is left of the receive buffer.
//! - How a trial goes on behind a class: often from where the kernel is. A script goes on from where we are.
//! - Two settings that [`Ours`] changes from one segment to the next, as the kernel does: whether RFC 5961 counts after
//!   `close()`, in FIN-WAIT-2, and what is acknowledged in TIME-WAIT.

use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use synfin::profile::Profile;
use synfin::scenario::Scenario;
use synfin::segment::{Flags, Segment};
use synfin::tcp::{Side, State};
use synfin::time::{Duration, Instant};

use super::corpus::{Mode, Syscall, Trial};
use super::ours::{Event, Ours};
use super::replay::{self, Replayed};

/// From one step to the next. No timer may expire in a trial.
pub const STEP: Duration = Duration::from_ms(100);

/// Longer than any trial.
const NO_TIMEOUT: Duration = Duration::from_secs(60);

/// Where the kernel stands.
pub fn side_of(mode: Mode) -> Side {
    match mode {
        Mode::Active | Mode::Simopen => Side::Client,
        Mode::Passive => Side::Server,
    }
}

/// The trial as a script.
pub fn of(trial: &Trial) -> String {
    let side = side_of(trial.mode);
    let mut deeds = format!("# Nobody else answers.\nat 0ms {} crash\n", side.other().name());
    let mut at = Instant::ZERO;
    let mut number = 0;
    let mut isns = Vec::new();
    let report = replay::run_watched(trial, |step| {
        number += 1;
        isns = step.before.initial_numbers();
        write!(deeds, "\n# {number}. {}", Told { step, side, at }).expect("a string takes everything");
        at = at + STEP;
    });
    let skipped = trial.steps.len() - report.compared;
    if skipped > 0 {
        writeln!(deeds, "\n# {skipped} steps follow.").expect("a string takes everything");
    }
    let mut scenario = Scenario { title: Some(format!("Trial {} {}", trial.mode, trial.id)), ..Scenario::default() };
    scenario.delay = Duration::from_ms(50);
    let setup = scenario.host_mut(side);
    setup.isns = isns;
    setup.profile = Profile {
        initial_rto: NO_TIMEOUT,
        min_rto: NO_TIMEOUT,
        simopen_trim_syn: trial.mode != Mode::Passive,
        ..Ours::new(trial.mode).profile().clone()
    };
    format!("{scenario}{deeds}")
}

/// A step: the line, and what came of it.
struct Told<'a> {
    step: &'a Replayed<'a>,
    side: Side,
    at: Instant,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, side, at } = *self;
        writeln!(f, "In {}: {}", step.before.state(), step.before.describe(step.event))?;
        if let Some(deed) = deed(step.before, step.event, side) {
            writeln!(f, "at {}ms {deed}", at.as_us() / 1000)?;
        }
        writeln!(f, "#    the kernel: {}", step.kernel)?;
        match step.settled {
            Ok(classes) if classes.is_empty() => Ok(()),
            Ok(classes) => {
                writeln!(f, "#    synfin:     {}", answer(step))?;
                for class in classes {
                    let row = class.row();
                    writeln!(f, "#    {} ({}): the kernel {}; {}", row.name, row.section, row.kernel, row.text)?;
                }
                Ok(())
            }
            Err(got) => writeln!(f, "#    synfin:     {got}\n#    no class covers this"),
        }
    }
}

/// What we do where nothing is waived.
fn answer(step: &Replayed<'_>) -> String {
    let window = step.kernel.window();
    let mut ours = step.before.clone();
    match catch_unwind(AssertUnwindSafe(|| ours.apply(step.event, window).to_string())) {
        Ok(outcome) => outcome,
        Err(_) => "a panic".to_owned(),
    }
}

/// The event as a script writes it; `None` if no call or segment of TCP's comes of it.
fn deed(ours: &Ours, event: &Event, side: Side) -> Option<String> {
    let has_connection = ours.holds_latest() && ours.state() != State::Closed;
    let is_opening = matches!(ours.state(), State::SynSent | State::SynReceived);
    let call = match event {
        Event::Segment(segment) => return Some(Forged { segment, to: side }.to_string()),
        Event::Call(Syscall::Listen, _) => "listen 80".to_owned(),
        Event::Call(Syscall::Connect, _) => "open".to_owned(),
        Event::Call(Syscall::Accept | Syscall::Recv, _) => return None,
        // A socket that outlived its connection.
        Event::Call(_, _) if !has_connection => return None,
        Event::Call(Syscall::Send, _) if is_opening => return None,
        Event::Call(Syscall::Send, octets) => format!("send {octets}"),
        Event::Call(Syscall::ShutdownWr | Syscall::Close, _) => "close".to_owned(),
        Event::Call(Syscall::Abort, _) => "abort".to_owned(),
    };
    Some(format!("{} {call}", side.name()))
}

/// A segment as a script writes it, with other text of the same length.
struct Forged<'a> {
    segment: &'a Segment,
    to: Side,
}

impl fmt::Display for Forged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment { seq, ack, flags, wnd, options, payload } = self.segment;
        let Flags { syn, fin, rst, psh, urg, ece: _, cwr: _ } = *flags;
        write!(f, "forge to {}", self.to.name())?;
        for (is_set, name) in [(syn, "syn"), (fin, "fin"), (rst, "rst"), (psh, "psh"), (urg, "urg")] {
            if is_set {
                write!(f, " {name}")?;
            }
        }
        write!(f, " seq {seq}")?;
        if let Some(ack) = ack {
            write!(f, " ack {ack}")?;
        }
        if !payload.is_empty() {
            write!(f, " length {}", payload.len())?;
        }
        write!(f, " window {wnd}")?;
        options.mss.map_or(Ok(()), |mss| write!(f, " mss {mss}"))
    }
}
