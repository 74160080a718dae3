//! Recorded trials of a real kernel, Linux 6.18: a random sequence of calls and injected segments, and after each step
//! what the kernel sent and its state. Our endpoint is given the same, and after each step the two are compared: the
//! state; each segment's flags (PSH included), relative numbers and length; the window; how much a call of the process
//! did. What arrives is checked octet by octet.
//!
//! Other files of the same names and format can take their place:
//!
//! ```text
//! KERNEL_CORPUS=FOLDER cargo test --release --test it kernel -- --nocapture
//! ```
//!
//! One trial is printed as a script, with what both did, by
//!
//! ```text
//! cargo run --example trial -- active 2024-3
//! ```
//!
//! | file | what |
//! |---|---|
//! | `corpus` | the format |
//! | `wire` | segments: comparing and printing them |
//! | `ours` | our endpoint behind the calls of a socket |
//! | `replay` | a trial, step by step |
//! | `script` | a trial as a script, to be read, and pasted into the page |
//! | `pasted` | what comes of it there |
//! | `waivers` | where the kernel does not follow the text, class by class |

mod corpus;
mod ours;
mod pasted;
mod replay;
mod script;
mod waivers;
mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use synfin::scenario::Scenario;
use synfin::tcp::State;

use corpus::Trial;
use pasted::Difference;
use waivers::Class;

/// Where another folder of trials is named.
const ENVIRONMENT_VARIABLE: &str = "KERNEL_CORPUS";

/// The head of the table in the documentation.
const TABLE_HEAD: &str = "| class | the kernel | the text, and synfin | where | needed |";

#[test]
fn every_trial_of_a_real_kernel_is_ours_too() {
    let elsewhere = std::env::var_os(ENVIRONMENT_VARIABLE).map(PathBuf::from);
    let tally = Tally::of(&corpus::read(elsewhere.as_deref().unwrap_or(&checked_in("tests/kernel"))));
    tally.print();
    assert_eq!(
        tally.differences.len(),
        0,
        "steps in which we did something else than the kernel; see one by `cargo run --example trial -- MODE NAME`"
    );
    if elsewhere.is_some() {
        return;
    }
    for class in Class::ALL.iter().copied() {
        let row = class.row();
        assert_eq!(tally.needed(class), row.needed, "{}: how often it is needed", row.name);
    }
    let page = documentation();
    for (number, of_what) in [
        (tally.trials, "recorded trials of Linux"),
        (tally.compared, "steps"),
        (tally.without_waiver, "of them need no class"),
    ] {
        let said = format!("{} {of_what}", with_commas(number));
        assert!(page.contains(&said), "docs/conformance.md says: {said}");
    }
}

/// What is printed of a trial can be pasted into the page. Where no class is needed, it does there what the kernel did, but
/// for what a script cannot say.
#[test]
fn the_scripts_of_trials_do_what_the_kernel_did() {
    let (mut same, mut different) = (0, 0);
    for trial in corpus::read(&checked_in("tests/kernel")) {
        let text = script::of(&trial);
        let scenario = Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"));
        if !replay::run(&trial).waived.is_empty() {
            continue;
        }
        match pasted::first_difference(&trial, scenario) {
            None => same += 1,
            // A setting that would have to change on the way.
            Some(Difference { state: State::FinWait2 | State::TimeWait, .. }) => different += 1,
            Some(Difference { step, kernel, script, .. }) => {
                panic!("{text}\n{} {}, step {step}: expected {kernel}; got {script}", trial.mode, trial.id)
            }
        }
    }
    assert_eq!((same, different), (1887, 68), "scripts that do the same throughout, and others");
}

/// `docs/conformance.md` lists the classes as they are.
#[test]
fn the_documentation_lists_every_habit_of_the_kernel() {
    let page = documentation();
    let rows: Vec<String> = Class::ALL.iter().map(|class| class.row().to_string()).collect();
    let listed: Vec<&str> = page.lines().skip_while(|line| *line != TABLE_HEAD).skip(2).collect();
    let listed: Vec<&str> = listed.into_iter().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(listed, rows, "the table should be:\n{}", rows.join("\n"));
}

/// What became of a corpus.
struct Tally {
    trials: usize,
    /// The trials that needed no waiver.
    without_waiver: usize,
    compared: usize,
    /// The steps behind a difference.
    skipped: usize,
    waived: BTreeMap<Class, u32>,
    differences: Vec<String>,
}

impl Tally {
    fn of(trials: &[Trial]) -> Self {
        let mut tally = Self {
            trials: trials.len(),
            without_waiver: 0,
            compared: 0,
            skipped: 0,
            waived: BTreeMap::new(),
            differences: Vec::new(),
        };
        for trial in trials {
            let report = replay::run(trial);
            tally.compared += report.compared;
            tally.skipped += trial.steps.len() - report.compared;
            tally.without_waiver += usize::from(report.waived.is_empty() && report.difference.is_none());
            for class in report.waived {
                *tally.waived.entry(class).or_default() += 1;
            }
            tally
                .differences
                .extend(report.difference.map(|difference| format!("{} {}, {difference}", trial.mode, trial.id)));
        }
        tally
    }

    fn needed(&self, class: Class) -> u32 {
        self.waived.get(&class).copied().unwrap_or(0)
    }

    fn print(&self) {
        self.print_differences();
        for class in Class::ALL.iter().copied() {
            println!("waived: {} {}", class.row().name, self.needed(class));
        }
        println!("{} trials without a waiver, {} steps skipped behind a difference", self.without_waiver, self.skipped);
        let (trials, steps, differences) = (self.trials, self.compared, self.differences.len());
        let waived: u32 = self.waived.values().sum();
        println!("kernel: {trials} trials, {steps} steps, {waived} waived, {differences} differences");
    }

    fn print_differences(&self) {
        for difference in &self.differences {
            println!("difference: {difference}");
        }
    }
}

fn documentation() -> String {
    std::fs::read_to_string(checked_in("docs/conformance.md")).expect("it is in the repository")
}

/// As English prose writes a number below a million.
fn with_commas(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

fn checked_in(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
