//! Tells a story as text: `cargo run --example ladder -- FILE.tcp`, or the name of a story of the catalogue.
//!
//! With `--svg` it prints the picture instead; with `--why` what happened in each step and the reasons, each with its sentences and
//! its section; with `--knows` what each side knows, a line for each change at the end of a step:
//! `TIME SIDE[#N] FACT LEVEL by WHAT` (`docs/knowledge.md`); with `--findings` what happened, a line for each finding
//! (`docs/findings.md`); with `--story` the whole run in a few sentences. `--lang TAG` says it in another language (`zh-Hant`, `zh-Hans`). What the
//! story expects and the run does not keep is listed at the end, with its line in the script and what came nearest; the exit code is
//! 1 then, and 2 if there is nothing to run. What the script foresaw and what met nothing is listed too.

use std::fmt::Write as _;
use std::process::ExitCode;

use synfin::diagram::{Diagram, DiagramOptions};
use synfin::export::findings::findings;
use synfin::export::knows::knows;
use synfin::export::ladder::ladder;
use synfin::export::reasons::reasons;
use synfin::history::{History, MOST_STEPS};
use synfin::scenario::script::lines_of_expectations;
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::svg;
use synfin::text::{self, Language, Words};

const USAGE: &str =
    "usage: ladder [--svg | --why | --knows | --findings | --story] [--lang en|zh-Hant|zh-Hans] FILE.tcp | STORY";

/// As what a run is told.
#[derive(Clone, Copy)]
enum Form {
    Ladder,
    Why,
    Picture,
    Knows,
    Findings,
    Story,
}

fn main() -> ExitCode {
    let mut names = Vec::new();
    let (mut form, mut words) = (Form::Ladder, Words::default());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--svg" => form = Form::Picture,
            "--why" => form = Form::Why,
            "--knows" => form = Form::Knows,
            "--findings" => form = Form::Findings,
            "--story" => form = Form::Story,
            "--lang" => match arguments.next().and_then(|tag| Language::from_tag(&tag)) {
                Some(language) => words = Words::of(language),
                None => return fail(USAGE),
            },
            switch if switch.starts_with("--") => return fail(USAGE),
            _ => names.push(argument),
        }
    }
    let [name] = names.as_slice() else { return fail(USAGE) };
    match script_of(name).and_then(|script| tell(name, &script, form, &words)) {
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
fn tell(name: &str, script: &str, form: Form, words: &Words) -> Result<String, String> {
    let scenario = Scenario::parse(script).map_err(|mistakes| {
        mistakes.0.iter().fold(String::new(), |lines, mistake| lines + &format!("{name}: {mistake}\n"))
    })?;
    let title = scenario.title.clone();
    let mut run = History::new(scenario);
    run.run_to_end();
    match form {
        Form::Picture => {
            let (transit, words) = (Some(run.scenario().delay), words.clone());
            let mut diagram = Diagram::new(DiagramOptions { transit, words, ..DiagramOptions::default() });
            diagram.extend(run.trace());
            print!("{}", svg::document(&diagram.whole(), title.as_deref()));
        }
        Form::Ladder | Form::Why => {
            title.iter().for_each(|title| println!("{title}\n"));
            let told = if let Form::Why = form { reasons(run.trace(), words) } else { ladder(run.trace(), words) };
            print!("{told}");
        }
        Form::Knows => print!("{}", knows(run.trace())),
        Form::Findings => print!("{}", findings(run.trace())),
        Form::Story => println!("{}", text::story(run.trace(), words)),
    }
    for (number, line) in run.missed(script) {
        eprintln!("{name}: line {number}: \"{line}\" met nothing");
    }
    let mut unmet = String::new();
    if run.cursor() >= MOST_STEPS {
        writeln!(unmet, "{name}: this story does not come to an end; it was stopped after {MOST_STEPS} steps")
            .expect("a string takes everything");
    }
    for (expectation, line) in run.scenario().expectations.iter().zip(lines_of_expectations(script)) {
        if let Err(it) = expectation.check(run.trace()) {
            writeln!(unmet, "{name}: line {line}: {it}").expect("a string takes everything");
        }
    }
    Ok(unmet)
}
