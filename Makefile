# Needs a Python of 3.11 or later, make, and package indexes (PyPI, npm); all else is set up on first use.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run whatif test test-slow nightly prove lint format bench versions docs gallery cases web constraints clean

# Choose an interpreter with `make test PYTHON=python3.12`; otherwise the first that fits is taken.
PYTHON ?=
VENV ?= .venv
CASE ?= isis_2017
RUN ?= runs/isis_2017-2017-03-07
# Processes that run tests at once, and any further options of pytest: `make test ARGS="-k ledger"`.
WORKERS ?= 2
ARGS ?=

PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --quiet --constraint constraints.txt

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0
export PYTHONNOUSERSITE := 1
export JAX_PLATFORMS ?= cpu

# Two processes on two cores: further threads inside each would only get in each other's way.
XLA_OPTIONS := --xla_cpu_multi_thread_eigen=false
ONE_THREAD = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
	XLA_FLAGS="$(XLA_OPTIONS) $$XLA_FLAGS"

# Most of what JAX compiles for a test runs for less time than optimising it takes. The slow tests
# and the nightly cases run what users run; name other options in XLA_FLAGS, and they are taken.
test: XLA_OPTIONS += --xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false

# What one test has compiled, the others need not compile again; a quarter less work in a first run.
KEEP_COMPILED := JAX_COMPILATION_CACHE_DIR="$(CURDIR)/$(VENV)/compiled" \
	JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0.2 JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1

# An environment in which an installation broke off, that was moved with its folder, whose
# interpreter is gone, or that was made with another one than is now asked for, counts as not made.
$(shell { test -x '$(PY)' && test ! -e '$(VENV)/.installing' && \
	grep -qxF -e 'folder $(CURDIR)' '$(VENV)/.made' && \
	{ test -z '$(PYTHON)' || grep -qxF -e 'python $(PYTHON)' '$(VENV)/.made'; }; } 2>/dev/null || \
	rm -f '$(VENV)/.made' '$(VENV)/.installed-run' '$(VENV)/.installed-dev')

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: web ## forecast the built-in case, or another: make run CASE=path/to/case
	$(VENV)/bin/dispersal forecast $(CASE) $(ARGS)

whatif: web ## put every question to a saved run and draw its report anew: make whatif RUN=runs/NAME
	@set -e; for question in compare experts influence information indicators sensitivity; do \
		echo "== $$question"; $(VENV)/bin/dispersal $$question $(RUN); done
	$(VENV)/bin/dispersal report $(RUN)

test: $(VENV)/.installed-dev web ## run every test but the slow ones
	@sh tools/get_chromium.sh > /dev/null
	$(ONE_THREAD) $(KEEP_COMPILED) $(PY) -m pytest -n $(WORKERS) -m "not slow" $(ARGS)

test-slow: $(VENV)/.installed-dev web ## run the tests that take more than a minute each
	$(PY) -m pytest -m slow $(ARGS)

nightly: $(VENV)/.installed-dev ## run 500 generated cases: make nightly DISPERSAL_SEED=1 for those of a seed
	$(ONE_THREAD) $(PY) -m pytest -m slow tests/generality $(ARGS)

prove: $(VENV)/.installed-dev web ## measure how far the forecasts can be trusted: docs/proof
	$(PY) tools/prove.py $(ARGS)

lint: $(VENV)/.installed-dev web ## check style, format, types and the direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) hatch_build.py check

format: $(VENV)/.installed-dev ## rewrite files in the project's format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Scripts that ask for a saved run are measured where there is one.
bench: $(VENV)/.installed-dev web ## measure speed; with a saved run also what reads it: make bench RUN=runs/NAME
	@set -e; measure() { echo "== $$*"; $(PY) "$$@"; }; \
	for script in benchmarks/engine_*.py benchmarks/displacement.py; do measure $$script; done; \
	measure benchmarks/forecast_isis_2017.py; \
	if test -d "$(RUN)"; then \
		for script in batches update whatif; do measure benchmarks/$$script.py "$(RUN)"; done; \
		measure benchmarks/report.py --run "$(RUN)"; \
	else echo "== no saved run at $(RUN): batches, update, whatif and report are not measured"; fi

versions: ## run the tests on each supported Python that is on this machine
	@failed=; for version in 3.11 3.12 3.13; do \
		if python=$$(sh tools/find_python.sh --only $$version 2>/dev/null); then \
			echo "== Python $$version: $$python"; \
			$(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON="$$python" || \
				failed="$$failed $$version"; \
		else echo "== Python $$version: not on this machine, skipped"; fi; \
	done; \
	test -z "$$failed" || { echo "failed on Python$$failed" >&2; exit 1; }

docs: $(VENV)/.installed-dev ## write the pages that are made from tables, and the site: site/index.html
	$(PY) tools/parameters_page.py
	$(PY) tools/report_texts.py
	rm -rf site
	$(PY) -m sphinx -q -E -n -W --keep-going -j auto -b html -d build/doctrees docs site

gallery: $(VENV)/.installed-dev web ## draw docs/gallery and run the notebook: make gallery RUN=path/to/run
	@$(INSTALL) --no-build-isolation --editable '.[gallery]'
	$(PY) tools/gallery.py $(RUN)

cases: $(VENV)/.installed-dev web ## forecast the built-in cases and write what their pages say of it
	$(PY) tools/case_pages.py $(ARGS)

web: $(VENV)/.installed-run ## build the front end of the report, where its sources changed
	@$(PY) hatch_build.py

constraints: $(VENV)/.made ## renew constraints.txt (use the oldest supported Python)
	$(PY) tools/resolve_constraints.py

clean: ## delete environments and caches, never results
	rm -rf .venv .venv-* build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .grimp_cache benchmarks/.environments
	rm -rf web/node_modules web/dist web/.npm src/dispersal/report/bundle \
		src/dispersal/world/polygons.json
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is written last, so that whatever is interrupted is done again.
$(VENV)/.made:
	@set -e; python=$$(sh tools/find_python.sh $(PYTHON)); \
	echo "Making $(VENV) with $$python"; \
	"$$python" -m venv --clear $(VENV); \
	printf 'folder %s\npython %s\n' '$(CURDIR)' '$(PYTHON)' > $@

$(VENV)/.installed-run: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Dispersal and what it needs into $(VENV); the first time takes a few minutes"
	@touch $(VENV)/.installing
	@$(INSTALL) hatchling editables
	@set -e; needs=$$($(PY) hatch_build.py needs); test -z "$$needs" || $(INSTALL) "$$needs"
	@$(INSTALL) --no-build-isolation --editable .
	@rm $(VENV)/.installing && touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-run
	@echo "Installing what tests and checks need into $(VENV)"
	@touch $(VENV)/.installing
	@$(INSTALL) --no-build-isolation --editable '.[test,lint,docs]'
	@rm $(VENV)/.installing && touch $@
