//! Tells a story as text: `cargo run --example ladder -- FILE.tcp`, or the name of a story of the catalogue.
//!
//! With `--svg` it prints the picture instead; with `--why` what happened in each step and the reasons, each with its sentences and
//! its section; with `--knows` what each side knows, a line for each change at the end of a step:
//! `TIME SIDE[#N] FACT LEVEL by WHAT` (`docs/knowledge.md`); with `--findings` what happened, a line for each finding
//! (`docs/findings.md`); with `--story` the whole run in a few sentences; with `--quiz SEED`
//! questions about it, and with `--answers` what is right, why, and what is said to each known mistake (`docs/questions.md`); without a
//! story these are about one that the seed makes.
//! `--lang TAG` says it in another language (`zh-Hant`, `zh-Hans`). What the
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
use synfin::quiz::{self, Form, Kind, Question, Quiz, Shown};
use synfin::scenario::script::lines_of_expectations;
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::svg;
use synfin::tcp::Side;
use synfin::text::{self, Language, Words};

const USAGE: &str =
    "usage: ladder [--svg | --why | --knows | --findings | --story] [--lang en|zh-Hant|zh-Hans] FILE.tcp | STORY
       ladder --quiz SEED [--answers] [--lang en|zh-Hant|zh-Hans] [FILE.tcp | STORY]";

/// As what a run is told.
#[derive(Clone, Copy)]
enum As {
    Ladder,
    Why,
    Picture,
    Knows,
    Findings,
    Story,
}

fn main() -> ExitCode {
    let mut names = Vec::new();
    let (mut form, mut words) = (As::Ladder, Words::default());
    let (mut quiz_by, mut with_answers) = (None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--svg" => form = As::Picture,
            "--why" => form = As::Why,
            "--knows" => form = As::Knows,
            "--findings" => form = As::Findings,
            "--story" => form = As::Story,
            "--quiz" => match arguments.next().and_then(|seed| seed.parse().ok()) {
                Some(seed) => quiz_by = Some(seed),
                None => return fail(USAGE),
            },
            "--answers" => with_answers = true,
            "--lang" => match arguments.next().and_then(|tag| Language::from_tag(&tag)) {
                Some(language) => words = Words::of(language),
                None => return fail(USAGE),
            },
            switch if switch.starts_with("--") => return fail(USAGE),
            _ => names.push(argument),
        }
    }
    if let Some(seed) = quiz_by {
        return match questions(names.as_slice(), seed, with_answers, &words) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => fail(&message),
        };
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
fn tell(name: &str, script: &str, form: As, words: &Words) -> Result<String, String> {
    let scenario = read(name, script)?;
    let title = scenario.title.clone();
    let mut run = History::new(scenario);
    run.run_to_end();
    match form {
        As::Picture => {
            let (transit, words) = (Some(run.scenario().delay), words.clone());
            let mut diagram = Diagram::new(DiagramOptions { transit, words, ..DiagramOptions::default() });
            diagram.extend(run.trace());
            print!("{}", svg::document(&diagram.whole(), title.as_deref()));
        }
        As::Ladder | As::Why => {
            title.iter().for_each(|title| println!("{title}\n"));
            let told = if let As::Why = form { reasons(run.trace(), words) } else { ladder(run.trace(), words) };
            print!("{told}");
        }
        As::Knows => print!("{}", knows(run.trace())),
        As::Findings => print!("{}", findings(run.trace())),
        As::Story => println!("{}", text::story(run.trace(), words)),
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

/// The story of a script.
fn read(name: &str, script: &str) -> Result<Scenario, String> {
    Scenario::parse(script).map_err(|mistakes| {
        mistakes.0.iter().fold(String::new(), |lines, mistake| lines + &format!("{name}: {mistake}\n"))
    })
}

/// Prints a question of each kind that the story gives, or the one that the seed makes.
fn questions(names: &[String], seed: u64, with_answers: bool, words: &Words) -> Result<(), String> {
    let story = match names {
        [] => quiz::story_of(seed),
        [name] => read(name, &script_of(name)?)?,
        [_, ..] => return Err(USAGE.to_owned()),
    };
    let quiz = Quiz::of(&story);
    print!("{}", quiz.settings());
    for question in Kind::ALL.iter().filter_map(|kind| quiz.ask(*kind, seed)) {
        println!("\n--- {} ({})\n", question.kind.name(), question.level.name());
        print!("{}", shown(&quiz, &question, words));
        println!("\n{}", question.prompt_in(words));
        for (letter, choice) in ('a'..).zip(question.choices_in(words)) {
            println!("  {letter}) {choice}");
        }
        println!("{}", question.hint_in(words));
        if with_answers {
            answers(&question, words);
        }
    }
    Ok(())
}

/// What is seen of the run while a question is asked.
fn shown(quiz: &Quiz, question: &Question, words: &Words) -> String {
    let trace = quiz.shown(question.shown);
    match question.shown {
        Shown::Until(_) => ladder(&trace, words),
        Shown::Logs(_) => Side::BOTH.into_iter().fold(String::new(), |text, side| {
            let lines = quiz::log(&trace, side, words);
            text + text::side(side, words) + ":\n  " + &lines.join("\n  ") + "\n"
        }),
    }
}

/// What is right, why, and what is said to each known mistake, with the script of its world.
fn answers(question: &Question, words: &Words) {
    println!("\n  = {}", question.answer_in(question.right(), words));
    question.because_in(words).iter().for_each(|because| println!("    {because}"));
    for wrong in question.wrong() {
        println!("  ! {} [{}]", question.answer_in(wrong.answer, words), wrong.mistake.id());
        println!("    {}", quiz::reply(wrong.mistake, words));
        if let (Some(world), Form::Segment { .. } | Form::Choice(_)) = (&wrong.world, &question.form) {
            world.to_string().lines().for_each(|line| println!("    | {line}"));
        }
    }
}
