//! The format of the recorded trials: one JSON object a line, in `corpus_*.jsonl.gz`. `corpus_rare` has trials of every
//! mode, picked from many because they need a class that others seldom need.
//!
//! Numbers are relative, modulo 2^32: those of the injected segments to the other side's initial one (`seq`) and to the
//! kernel's (`ack`), those of the kernel's segments the other way round. `seq_abs` is a number as it stood in the header.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use synfin::tcp::State;

/// A random sequence of calls and injected segments, and after each what the kernel did.
#[derive(Deserialize)]
pub struct Trial {
    pub id: String,
    pub mode: Mode,
    pub steps: Vec<Step>,
}

/// What a trial begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A `connect`.
    Active,
    /// A `listen`; the listener stays throughout.
    Passive,
    /// A `connect`; then mostly the other side's SYN.
    Simopen,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::Active => "active",
            Mode::Passive => "passive",
            Mode::Simopen => "simopen",
        })
    }
}

/// One step: what happened to the kernel, what it sent, and its state then.
#[derive(Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub stimulus: Stimulus,
    pub out: Vec<Sent>,
    /// The state of the pair of sockets; a listener shows as CLOSED.
    #[serde(deserialize_with = "state_by_name")]
    pub state: State,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Stimulus {
    /// A call of the application, which never blocks.
    Call { call: Syscall, args: Vec<u32>, result: Answer },
    /// A segment that arrives.
    In(Injected),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Syscall {
    Listen,
    Connect,
    Accept,
    Send,
    Recv,
    /// `shutdown(SHUT_WR)`: nothing more to send, reading goes on.
    ShutdownWr,
    /// `close`: neither sending nor reading goes on.
    Close,
    /// `close` with `SO_LINGER` and a time of zero.
    Abort,
}

impl Syscall {
    /// As the trials write it.
    pub fn name(self) -> &'static str {
        match self {
            Syscall::Listen => "listen",
            Syscall::Connect => "connect",
            Syscall::Accept => "accept",
            Syscall::Send => "send",
            Syscall::Recv => "recv",
            Syscall::ShutdownWr => "shutdown_wr",
            Syscall::Close => "close",
            Syscall::Abort => "abort",
        }
    }
}

/// What a call returned: a number, or the negated name of an error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Number(u32),
    Error(String),
}

#[derive(Deserialize)]
pub struct Injected {
    pub flags: Vec<Flag>,
    pub seq: i64,
    pub ack: Option<i64>,
    pub len: usize,
    pub win: u16,
}

/// A segment of the kernel. One marked `new_isn` begins a new incarnation, to whose initial number the following ones
/// are relative; ours shows that by itself.
#[derive(Deserialize)]
pub struct Sent {
    pub flags: Vec<Flag>,
    pub seq: Option<i64>,
    pub seq_abs: Option<u32>,
    pub ack: Option<i64>,
    pub len: usize,
    pub win: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Flag {
    Syn,
    Fin,
    Rst,
    Psh,
    Ack,
    Urg,
}

/// Every trial of every corpus in `folder`, in the order of the files' names and of their lines.
pub fn read(folder: &Path) -> Vec<Trial> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.expect("the folder can be listed").path())
        .filter(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            name.starts_with("corpus_") && name.ends_with(".jsonl.gz")
        })
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{}: no corpus_*.jsonl.gz", folder.display());
    paths.iter().flat_map(|path| trials_of(path)).collect()
}

fn trials_of(path: &Path) -> Vec<Trial> {
    let name = path.display();
    let file = File::open(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut text = String::new();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}:{}: {error}", index + 1)))
        .collect()
}

fn state_by_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<State, D::Error> {
    let name = String::deserialize(deserializer)?;
    State::ALL
        .into_iter()
        .find(|state| state.name() == name)
        .ok_or_else(|| serde::de::Error::custom(format!("unknown state {name}")))
}
