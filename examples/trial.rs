//! Prints a recorded trial of a real kernel as a script, with what the kernel did, and what we did where that differs:
//! `cargo run --example trial -- active 2024-3`.
//!
//! The mode is `active`, `passive` or `simopen`; the name is the one that the tests print. `KERNEL_CORPUS=FOLDER` takes other trials
//! than those of `tests/kernel/`. The exit code is 1 if no class covers a difference, and 2 if there is no such trial.

#[path = "../tests/it/kernel"]
mod kernel {
    pub mod corpus;
    mod ours;
    pub mod replay;
    pub mod script;
    mod waivers;
    mod wire;
}

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kernel::{corpus, replay, script};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, name] = arguments.as_slice() else {
        eprintln!("usage: trial active|passive|simopen NAME");
        return ExitCode::from(2);
    };
    let folder = std::env::var_os("KERNEL_CORPUS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel"));
    let trials = corpus::read(&folder);
    let Some(trial) = trials.iter().find(|trial| trial.mode.to_string() == *mode && trial.id == *name) else {
        eprintln!("{}: no trial {mode} {name}", folder.display());
        return ExitCode::from(2);
    };
    print!("{}", script::of(trial));
    ExitCode::from(u8::from(replay::run(trial).difference.is_some()))
}
