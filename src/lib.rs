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
//! run.interfere(SegmentId(0), Action::Drop)?;
//! run.run_to_end();
//! assert!(run.trace().events().iter().any(|event| event.to_string().contains("(Retransmission)")));
//! assert!(run.simulation().host(Side::Server).connections().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! Read from the top down; an arrow between modules never points up. `docs/architecture.md` says what must stay absent.
//!
//! | module | what it is |
//! |---|---|
//! | [`time`], [`seq`], [`segment`], [`rule`] | the words: microseconds, numbers modulo 2^32, segments, reasons |
//! | [`tcp`] | the words of TCP: states, calls, timers, sides, what users are told |
//! | `in_place` | how large values that are mostly empty are appended |
//! | [`profile`] | every choice that the RFCs leave open |
//! | [`endpoint`] | one end of one connection, after RFC 9293 §3.10 |
//! | [`isn`], [`host`] | initial sequence numbers; the sockets of one machine |
//! | [`network`] | what becomes of a segment on its way |
//! | [`trace`] | the log of a run |
//! | [`simulation`] | two hosts, the link, and the events to come |
//! | [`scenario`] | stories and their text format |
//! | [`history`] | a run that can be rewound, and its branches |
//! | [`permalink`] | a run in the fragment of a URL |
//! | [`chronicle`] | trace → what each host has, and what is on its way |
//! | [`insight`] | trace → what happened and why |
//! | [`diagram`], [`svg`] | trace → scene → SVG |
//! | [`text`] | what is told to people; the words are data, in three languages (`words/`) |
//! | [`export`] | trace → a text that can be read without a picture |
//! | [`view`], `wasm` | what JavaScript sees |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod time;

pub mod seq;

mod in_place;

pub mod segment;

pub mod rule;

pub mod tcp;

pub mod profile;

pub mod endpoint;

pub mod isn;

pub mod host;

pub mod network;

pub mod trace;

pub mod simulation;

pub mod scenario;

pub mod history;

pub mod permalink;

pub mod chronicle;

pub mod insight;

pub mod compare;

pub mod diagram;

pub mod svg;

pub mod text;

pub mod export;

pub mod view;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
