//! The native integration tests, in one binary. What needs a browser is in `tests/web.rs` and `tests/browser/`.
#![cfg(not(target_arch = "wasm32"))]

mod architecture;
mod captures;
mod chronicle;
mod compare;
mod conformance;
mod digests;
mod history;
mod kernel;
mod model;
mod offers;
mod page;
mod peer;
mod permalinks;
mod pictures;
mod properties;
mod requirements;
mod rules;
mod scripted;
mod scripts;
mod stories;
mod transitions;
mod tshark;
mod view;
mod wire;
mod words;
