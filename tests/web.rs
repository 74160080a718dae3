//! What only a browser can prove about the module. `make test` runs this in Chromium and in Firefox.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_module_runs_in_a_browser() {
    assert!(web_sys::window().is_some(), "there is a window");
}
