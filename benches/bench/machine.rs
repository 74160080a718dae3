//! What the program asks of the machine that it runs on: the time, and to print a line. For WebAssembly the standard
//! library has neither a clock nor an output, so there both are JavaScript's.

#[cfg(not(target_arch = "wasm32"))]
pub use native::{now, print};
#[cfg(target_arch = "wasm32")]
pub use wasm::{now, print};

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);

    /// Milliseconds since some moment.
    pub fn now() -> f64 {
        START.elapsed().as_secs_f64() * 1000.0
    }

    /// Prints a line.
    pub fn print(line: &str) {
        println!("{line}");
    }
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        /// Milliseconds since some moment. In Node it is as fine as the system's clock; browsers make it coarser.
        #[wasm_bindgen(js_namespace = performance)]
        pub fn now() -> f64;

        /// Prints a line.
        #[wasm_bindgen(js_namespace = console, js_name = log)]
        pub fn print(line: &str);
    }
}
