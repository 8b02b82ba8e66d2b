PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= ./data
DEMO ?= 1
SEEDS ?= 150
FROM ?= 1
SEED ?=
TO ?= ./backups
KEEP ?=
GUIDE ?=

PYTHON := .venv/bin/python
PWA_SOURCES := $(shell find pwa sync/ts \( -name node_modules -o -name dist \) -prune -o -type f -print)

# The flag $(2) with what somebody gave for $(1): what stands above is not meant for this target.
said = $(if $(filter file,$(origin $(1))),,$(2) $($(1)))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run phone backup restore test check sim bench soak dev format lock install system icons pictures clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/installed pwa/dist/index.html ## install what is missing, build the app, serve it: PORT=8000 DATA=./data HOST=127.0.0.1 DEMO=1
	@exec env HUSHUI_DEMO=$(DEMO) .venv/bin/hushui run --host $(HOST) --port $(PORT) --data $(DATA)

phone: .venv/installed pwa/dist/index.html ## let phones in the same network in, by https: PORT=8443 GUIDE=8080 DATA=./data HOST=(found)
	@exec env HUSHUI_DEMO=$(DEMO) .venv/bin/hushui phone --data $(DATA) \
	  $(call said,HOST,--host) $(call said,PORT,--port) $(if $(GUIDE),--guide-port $(GUIDE))

backup: .venv/installed ## copy ledger and photos while the server runs: TO=./backups (folder, or NAME.tar) KEEP=7 DATA=./data
	@exec .venv/bin/hushui backup --data $(DATA) --to $(TO) $(if $(KEEP),--keep $(KEEP))

restore: .venv/installed ## put a backup back, the server stopped: BACKUP=./backups/hushui-… (or NAME.tar) DATA=./data
	@exec .venv/bin/hushui restore --data $(DATA) $(or $(BACKUP),$(error BACKUP=, which one?))

test: ## every check and test; what .ci/run calls
	@bash .ci/test

check: install ## format, lint, types and unit tests, with caches
	@bash .ci/test quick typescript types lint format python

sim: install ## simulate devices on bad networks: SEEDS=150 FROM=1, or one SEED=7
	@exec $(PYTHON) -m tests.sim --seeds $(SEEDS) --from $(FROM) $(if $(SEED),--seed $(SEED))

bench: install system ## how fast and how small, against limits of this machine: DATA=./data BIG= (1: also at 1,000,000 records)
	@exec $(PYTHON) -m tests.bench --data $(DATA) $(if $(BIG),--big)

soak: install ## the long tests, too slow for every change
	@exec $(PYTHON) -m tests.soak

dev: install ## serve and rebuild as files change: PORT=8000 for the server
	@.venv/bin/hushui run --reload --port $(PORT) --data $(DATA) & server=$$!; \
	trap 'kill $$server' EXIT; trap 'exit 130' INT TERM; \
	PORT=$(PORT) npm run dev -w pwa

format: install ## format and fix what can be fixed
	@.venv/bin/ruff check --fix --exit-zero --quiet .
	@.venv/bin/ruff format .
	@npx eslint --fix --quiet . || true
	@npx prettier --write --log-level warn .

lock: install ## choose newer versions within the ranges: constraints.txt and package-lock.json
	@$(PYTHON) -m piptools compile --quiet --upgrade --extra dev --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file constraints.txt pyproject.toml
	@npm update

install: .venv/installed node_modules/installed ## Python and npm packages, when their lists changed

system: ## Debian packages for the tests, when missing: Chromium and a Chinese font
	@bash .ci/system

icons: .venv/installed ## draw the app's icons again
	@$(PYTHON) .ci/icons.py

pictures: install system ## take the pictures of the README and of every page again
	@.venv/bin/pytest --quiet tests/e2e/test_pages.py tests/e2e/test_pictures.py -k 'pictures_of or pages_of'
	@$(PYTHON) -m tests.e2e.pictures

clean: ## remove what was installed and built, never the data
	@rm -rf .venv node_modules pwa/node_modules sync/ts/node_modules pwa/dist sync/ts/dist \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/installed: pyproject.toml constraints.txt
	@bash .ci/system python
	@test -x $(PYTHON) || python3 -m venv .venv
	@.venv/bin/pip install --quiet -e '.[dev]' -c constraints.txt
	@touch $@

node_modules/installed: package-lock.json package.json pwa/package.json sync/ts/package.json .npmrc
	@npm ci --no-progress --loglevel=error
	@touch $@

pwa/dist/index.html: node_modules/installed $(PWA_SOURCES)
	@npm run --silent build -w pwa
	@touch $@
