//! The native integration tests, in one binary. What needs a browser is in `tests/web.rs` and `tests/browser/`.
#![cfg(not(target_arch = "wasm32"))]

mod architecture;
mod as_read;
mod captures;
mod chronicle;
mod compare;
mod conformance;
mod digests;
mod findings;
mod history;
mod kernel;
mod knowledge;
mod lab;
mod links;
mod model;
mod offers;
mod page;
mod peer;
mod permalinks;
mod pictures;
mod properties;
mod quiz;
mod requirements;
mod rules;
mod scripted;
mod scripts;
mod sentences;
mod stories;
mod transitions;
mod tshark;
mod wire;
mod words;

/// The segment with this number, from 1.
fn segment(number: u32) -> synfin::tcp::SegmentId {
    synfin::tcp::SegmentId::new(number.try_into().expect("segments are counted from 1"))
}
