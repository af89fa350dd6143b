# Tongban: `make run` tries it, `make test` proves it. `make help` lists the rest.
# Each step leaves a stamp newer than what it was made from, so a second run takes seconds.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
NPM := .ci/with-node npm --prefix client_web
DEBIAN_PARTS := chromium coturn faketime fonts-noto-cjk nftables
LOCKED := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

RUN := .venv/run.stamp
DEV := .venv/dev.stamp
MODULES := client_web/node_modules/.package-lock.json
WEB := client_web/dist/index.html
# Folders are listed too: taking a file away changes only its folder.
WEB_SOURCES = $(shell find client_web -name node_modules -prune -o -name dist -prune -o -name '*.tsbuildinfo' -o -print)

.PHONY: help run test check papers tools soak bench lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(RUN) $(WEB) ## try it: demo data, addresses and sign-ins are printed (ARGS="…" goes to the command)
	@.venv/bin/tongban demo run $(ARGS)

test: $(DEV) $(WEB) ## every test, those in a real browser included (ARGS="…" goes to pytest)
	$(NPM) run test
	$(PY) -m pytest $(ARGS)

check: $(DEV) $(MODULES) ## style, types, import contracts, generated papers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(PY) -m tests.generated --check
	$(NPM) run typecheck
	$(NPM) run lint

papers: $(DEV) $(MODULES) ## write the generated papers and types anew
	$(PY) -m tests.generated

soak: $(DEV) $(WEB) ## the long proofs
	$(PY) -m pytest -m soak $(ARGS)

bench: $(DEV) $(WEB) ## one measurement: make bench NAME=call
	@test -n "$(NAME)" || { echo "which one? make bench NAME=call" >&2; exit 2; }
	$(PY) -m tests.bench.$(NAME) $(ARGS)

tools: ## Debian's parts that some tests need (installs them only as root)
	@.ci/tools $(DEBIAN_PARTS)

# The locks pin every version by hash and name no address. uv comes by pip into a throwaway environment.
lock: .venv/bin/python ## pin versions after a change in pyproject.toml (ARGS=--upgrade: the newest)
	$(PY) -m venv .cache/lock
	.cache/lock/bin/pip --disable-pip-version-check install --quiet uv
	.cache/lock/bin/$(LOCKED) $(ARGS) pyproject.toml --group build -o requirements.lock
	.cache/lock/bin/$(LOCKED) $(ARGS) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	.cache/lock/bin/$(LOCKED) $(ARGS) --group node -c requirements-dev.lock -o requirements-node.lock
	rm -rf .cache/lock

clean: ## take away all that make has made (what the server keeps under var/ stays)
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf client_web/dist client_web/node_modules tests/bench/out

.venv/bin/python:
	@.ci/make-venv "$(PYTHON)"

$(RUN): requirements.lock pyproject.toml | .venv/bin/python
	@echo "installing the server (a minute the first time)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "installing the tools of the developers"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(MODULES): client_web/package-lock.json client_web/package.json | .venv/bin/python
	@echo "installing what the screens are built with"
	@$(NPM) ci --silent
	@touch $@

$(WEB): $(MODULES) $(WEB_SOURCES)
	@echo "building the screens"
	@$(NPM) run --silent build -- --logLevel warn
	@test -s $@ && touch $@
