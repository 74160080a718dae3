//! From SYN to FIN: a TCP connection you can step through, break and explain.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod endpoint;
pub mod history;
pub mod host;
pub mod isn;
pub mod network;
pub mod profile;
pub mod rule;
pub mod scenario;
pub mod segment;
pub mod seq;
pub mod simulation;
pub mod text;
pub mod time;
pub mod trace;
