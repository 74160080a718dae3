# Each target does its own set-up (scripts/bootstrap), and only what is missing is installed or built.

export PATH := $(CURDIR)/.tools/bin:$(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help serve test check bench fuzz build fmt clean

# A heading before each step, so that a long log can be read.
step = @printf '\n== %s\n' '$(1)'

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: build ## build the site and serve it on a loopback port (PORT=8080), printing its address
	@exec node scripts/serve.mjs

test: ## everything: formatting, lints, native tests, and the page in Chromium and in Firefox
	@scripts/bootstrap test
	$(call step,formatting)
	cargo fmt --check
	$(call step,lints: native)
	cargo clippy --all-targets -- -D warnings
	$(call step,lints: wasm32)
	cargo clippy --lib --tests --benches --examples --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --lib --target wasm32-unknown-unknown --no-default-features -- -D warnings
	$(call step,native tests)
	cargo test
	$(call step,the site is built)
	scripts/build
	$(call step,types of the page and of the scripts)
	node_modules/.bin/tsc -b
	$(call step,the module in Chromium)
	wasm-pack test --headless --chrome
	$(call step,the module in Firefox)
	wasm-pack test --headless --firefox
	$(call step,the page in both browsers)
	@rm -rf tests/browser/shots
	node --test --test-reporter=spec tests/browser/*.test.mjs
	$(call step,all of it passed)

check: test fuzz ## what who ends a piece of work runs: test, fuzz, and the page in every width, language, color scheme and browser
	$(call step,the page in every surrounding)
	MATRIX=full node --test --test-reporter=spec tests/browser/layout.test.mjs
	$(call step,all of the check passed)

fuzz: ## try the properties for long: scripts, links and runs of every kind (PROPTEST_CASES=20000), and larger worlds
	WORLDS=full PROPTEST_CASES=$${PROPTEST_CASES:-20000} cargo test --release --test it -- \
		compare:: history:: knowledge:: permalinks:: properties:: scripts:: wire::

# Cargo starts what it compiled for wasm32 by this; the argument is what wasm-opt optimizes for.
wasm_bench = CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER='node scripts/wasm-bench.mjs $(1)' \
	cargo bench --bench bench --target wasm32-unknown-unknown

bench: ## measure connections beside smoltcp, memory, replay and insight, natively and as WebAssembly; and the load of the page
	@scripts/bootstrap bench
	$(call step,natively)
	cargo bench --bench bench
	$(call step,as WebAssembly in V8: both sides optimized for speed)
	$(call wasm_bench,-O3)
	$(call step,as WebAssembly in V8: both sides optimized for size as the page is)
	$(call wasm_bench,-Oz) --profile wasm-bench
	$(call step,the load of the page: beside a bare page and mermaid)
	@scripts/build
	node benches/page/load.mjs

build: ## build the site (dist) and print what each part weighs beside its budget
	@scripts/bootstrap serve
	@scripts/build

fmt: ## format the Rust sources
	cargo fmt

clean: ## remove what was built; installed tools stay (.tools, node_modules)
	cargo clean
	rm -rf dist www/pkg tests/browser/shots
