# Recollect. `make run` and `make test` are all a newcomer needs; each installs and builds what it needs first.
# Everything is built with the one profile, --release: a cold build takes about forty minutes on two cores, once.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PHOTOS   ?=
PORT     ?=
DATA     ?=
FEATURES ?=
comma    := ,
export PHOTOS PORT DATA

# Where setup puts what the system does not have; before the rest of the path, so that it wins over something too old.
tools  := $(or $(RECOLLECT_TOOLS),$(or $(XDG_DATA_HOME),$(HOME)/.local/share)/recollect/tools)
export PATH := $(tools)/node/bin:$(HOME)/.cargo/bin:$(PATH)

target := $(or $(CARGO_TARGET_DIR),target)
stamps := $(target)/make
bin    := $(target)/release/recollect
# mistral.rs by itself: with the rest, its wants of shared dependencies would have most of them built anew.
alone  := --release --locked --no-default-features --features mistralrs$(if $(FEATURES),$(comma)$(FEATURES))
cargo_flags := --release --locked $(if $(FEATURES),--features $(FEATURES))

web_sources := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null | sed 's/ /\\ /g')

.PHONY: help run build test lint eval bench setup clean web rust models test-web test-rust test-e2e engine-mistralrs test-mistralrs

help: ## this list
	@echo 'Recollect: ask your own photos and videos.'
	@echo
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s'|' 2>/dev/null \
	  || sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  make \1   \2/p' $(MAKEFILE_LIST)
	@echo
	@echo '  PHOTOS=~/Pictures   the folder to index and watch; without it: the demo library'
	@echo '  PORT=8080           the port of the server; without it: a free one'
	@echo '  DATA=DIR            where the library is kept; without it: your data folder'
	@echo '  FEATURES=a,b        cargo features'

run: build models ## set up, build, and start Recollect; prints the address to open
	@photos=$${PHOTOS/#\~/$$HOME}; \
	exec $(bin) $${DATA:+--data "$${DATA/#\~/$$HOME}"} run $${PORT:+--port "$$PORT"} $${photos:+"$$photos"}

build: $(stamps)/setup web rust ## build without starting

test: $(stamps)/setup-test web models ## everything: the web app, Rust, and a real browser
	@for step in test-web test-rust test-e2e; do \
	  start=$$SECONDS; $(MAKE) $$step; echo "make: $$step took $$((SECONDS - start)) s"; \
	done

# Order matters: clippy and rustdoc take the dependencies that `rust` has built (scripts/lint-rustc says how).
lint: $(stamps)/setup-test web rust ## formatting, clippy, documentation, types of the web app, licences
	cargo fmt --all --check
	RUSTC_WORKSPACE_WRAPPER='$(CURDIR)/scripts/lint-rustc' cargo build $(cargo_flags) --all-targets
	cd web && npm run check
	scripts/licences $(if $(FEATURES),--features $(FEATURES))
	@if command -v cargo-deny >/dev/null; then \
	  cargo deny --locked check licenses bans sources; \
	  cargo deny --locked check advisories || { compgen -G "$${CARGO_HOME:-$$HOME/.cargo}/advisory-dbs/*/.git" >/dev/null && exit 1; \
	    echo 'lint: the database of security advisories cannot be had here; advisories were NOT checked'; }; \
	else \
	  echo 'lint: cargo-deny is not installed: licences, bans and sources are checked, security advisories are NOT'; \
	fi

engine-mistralrs: $(stamps)/setup ## build the engine that runs mistral.rs, by itself (a quarter of an hour; FEATURES=cuda)
	cargo build $(alone) --bin recollect-mistralrs

test-mistralrs: $(stamps)/setup-test ## test the engine that runs mistral.rs, by itself
	cargo test $(alone) --bin recollect-mistralrs --test mistralrs

eval: build models ## build the test library, ask its questions, score the answers (needs ../shared)
	@scripts/eval.sh $(bin)

bench: build models ## measure speed and memory
	@scripts/bench.sh $(bin)

setup: ## install what is missing on this machine
	@scripts/setup --test

clean: ## remove what was built (not the models, not your libraries)
	cargo clean
	rm -rf web/dist web/node_modules

# --- steps ----------------------------------------------------------------------------------------------------------

# Setup runs again when what it installs may have changed; otherwise its stamp makes the second time quick.
$(stamps)/setup: scripts/setup Cargo.toml web/package.json
	@scripts/setup
	@mkdir -p $(@D) && touch $@

$(stamps)/setup-test: scripts/setup Cargo.toml web/package.json
	@scripts/setup --test
	@mkdir -p $(@D) && touch $(@D)/setup $@

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@mkdir -p $(@D) && touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(web_sources)
	cd web && npm run build
	@touch $@

# The web app is embedded in the binary, so it comes first.
web: web/dist/index.html

rust: web
	cargo build $(cargo_flags)

# The text encoder that search by meaning needs. Without a network everything else works.
models: rust
	@$(bin) models pull all-MiniLM-L6-v2 </dev/null \
	  || echo 'make: the text model could not be fetched; Recollect starts without it (search knows words, not meaning)'

test-web: web
	cd web && npm test

test-rust: web
	cargo test $(cargo_flags)

test-e2e: rust
	@tests/e2e/run.sh $(bin)
