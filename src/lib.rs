//! From SYN to FIN: a TCP connection you can step through, break and explain.
//!
//! Two hosts speak TCP over a faulty network, inside a value that can be copied, compared and replayed. Everything that
//! happens is appended to one trace; the picture, the explanations and the page are functions of it. Names are those of
//! RFC 9293.
//!
//! ```
//! use synfin::history::History;
//! use synfin::tcp::{Action, SegmentId, Side};
//! use synfin::scenario::{Scenario, story};
//!
//! let life = story("life").expect("the catalogue has it");
//! let mut run = History::new(Scenario::parse(life.script)?);
//! run.seek(2);
//! // The SYN has just left. Lose it, and see that the connection lives all the same, a second later.
//! run.interfere(SegmentId::FIRST, Action::Drop)?;
//! run.run_to_end();
//! assert!(run.trace().events().iter().any(|event| event.to_string().contains("(Retransmission)")));
//! assert!(run.simulation().host(Side::Server).connections().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! Read from the top down: nobody names a module of a later part, and running and reading do not name each other, but for
//! two modules that read what runs came to. `docs/architecture.md` says what else must stay absent.
//!
//! | module | what it is |
//! |---|---|
//! | **ground** | **words that everybody shares** |
//! | [`time`], [`seq`] | microseconds; numbers modulo 2^32 |
//! | `certain`, `in_place`, `named` | what cannot fail; how large values that are mostly empty are appended; enums with names that last |
//! | [`segment`] | what travels, and its bytes |
//! | [`rule`] | why an endpoint does what it does |
//! | [`tcp`] | the words of TCP: states, calls, timers, sides, what users are told |
//! | [`trace`] | the log of a run |
//! | **running** | **what decides** |
//! | [`profile`] | every choice that the RFCs leave open |
//! | [`isn`] | initial sequence numbers |
//! | [`network`] | what becomes of a segment on its way |
//! | [`endpoint`] | one end of one connection, after RFC 9293 §3.10 |
//! | [`host`] | the sockets of one machine |
//! | [`simulation`] | two hosts, the link, the events to come, and what can be done to them |
//! | [`scenario`] | stories, their text format, and whether a run keeps what they promise |
//! | [`history`] | a run that can be rewound, and its branches |
//! | [`compare`] | two runs in lock-step, and where they differ |
//! | [`permalink`] | a run in the fragment of a URL |
//! | **reading** | **what understands a trace** |
//! | [`chronicle`] | trace → what each host has, and what is on its way |
//! | [`insight`] | trace → what happened and why |
//! | [`text`] | what is told to people; the words are data, in three languages (`words/`) |
//! | [`diagram`], [`svg`] | trace → scene → SVG |
//! | [`export`] | trace → a text that can be read without a picture |
//! | **asking** | **what runs worlds and reads them** |
//! | [`quiz`] | questions about runs: what is asked, what it is worth, the worlds of wrong answers |
//! | **face** | **what JavaScript sees** |
//! | [`lab`] | reports and snapshots as plain structs |
//! | `wasm` | the classes that a page uses |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod time;

pub mod seq;

mod certain;

mod in_place;

mod named;

pub mod segment;

pub mod rule;

pub mod tcp;

pub mod trace;

pub mod profile;

pub mod isn;

pub mod network;

pub mod endpoint;

pub mod host;

pub mod simulation;

pub mod scenario;

pub mod history;

pub mod compare;

pub mod permalink;

pub mod chronicle;

pub mod insight;

pub mod text;

pub mod diagram;

pub mod svg;

pub mod export;

pub mod quiz;

pub mod lab;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
