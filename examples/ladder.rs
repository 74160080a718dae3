//! Tells a story as text: `cargo run --example ladder -- FILE.tcp`, or the name of a story of the catalogue.
//!
//! With `--svg` it prints the picture instead; with `--knows` what each side knows, a line for each change at the end of a step:
//! `TIME SIDE[#N] FACT LEVEL by WHAT` (`docs/knowledge.md`). What the story expects and the run does not keep is listed at the end;
//! the exit code is 1 then, and 2 if there is nothing to run.

use std::fmt::Write as _;
use std::process::ExitCode;

use synfin::diagram::{Diagram, DiagramOptions};
use synfin::export::knows::knows;
use synfin::export::ladder::ladder;
use synfin::history::{History, MOST_STEPS};
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::svg;
use synfin::text::Words;

const USAGE: &str = "usage: ladder [--svg | --knows] FILE.tcp | STORY";

/// As what a run is printed.
enum Form {
    Ladder,
    Picture,
    Knows,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (switches, names): (Vec<_>, Vec<_>) = arguments.iter().map(String::as_str).partition(|it| it.starts_with("--"));
    let form = match switches.as_slice() {
        [] => Form::Ladder,
        ["--svg"] => Form::Picture,
        ["--knows"] => Form::Knows,
        _ => return fail(USAGE),
    };
    let [name] = names.as_slice() else { return fail(USAGE) };
    match script_of(name).and_then(|script| tell(name, &script, form)) {
        Ok(unmet) if unmet.is_empty() => ExitCode::SUCCESS,
        Ok(unmet) => {
            eprint!("{unmet}");
            ExitCode::FAILURE
        }
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("{}", message.trim_end());
    ExitCode::from(2)
}

/// The story of this name, else the text of this file.
fn script_of(name: &str) -> Result<String, String> {
    if let Some(story) = story(name) {
        return Ok(story.script.to_owned());
    }
    std::fs::read_to_string(name).map_err(|error| {
        let names: Vec<&str> = CATALOGUE.iter().map(|story| story.id).collect();
        format!("{name}: {error}\n{USAGE}\nstories: {}", names.join(", "))
    })
}

/// Prints the run; returns what it was expected to keep and did not, a line for each.
fn tell(name: &str, script: &str, form: Form) -> Result<String, String> {
    let scenario = Scenario::parse(script).map_err(|mistakes| {
        mistakes.0.iter().fold(String::new(), |lines, mistake| lines + &format!("{name}: {mistake}\n"))
    })?;
    let title = scenario.title.clone();
    let mut run = History::new(scenario);
    run.run_to_end();
    match form {
        Form::Ladder => {
            title.iter().for_each(|title| println!("{title}\n"));
            print!("{}", ladder(run.trace(), &Words::default()));
        }
        Form::Picture => {
            let transit = Some(run.scenario().delay);
            let mut diagram = Diagram::new(DiagramOptions { transit, ..DiagramOptions::default() });
            diagram.extend(run.trace());
            print!("{}", svg::document(&diagram.whole(), title.as_deref()));
        }
        Form::Knows => print!("{}", knows(run.trace())),
    }
    let mut unmet = String::new();
    if run.cursor() >= MOST_STEPS {
        writeln!(unmet, "{name}: this story does not come to an end; it was stopped after {MOST_STEPS} steps")
            .expect("a string takes everything");
    }
    for expectation in &run.scenario().expectations {
        if let Err(it) = expectation.check(run.trace()) {
            writeln!(unmet, "{name}: {it}").expect("a string takes everything");
        }
    }
    Ok(unmet)
}
