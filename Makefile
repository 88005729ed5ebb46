# Đúng Hạn. `make` alone prints the targets. Needs make and Python 3.11 or newer, nothing else.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
BENCH_READY := $(VENV)/.ready-to-bench
OLDEST := 3.11
CODE := config connectors dashboard jobs metrics reports store

# Plugins of pytest are named in pyproject.toml; looking for others costs seconds at every start.
export PYTEST_DISABLE_PLUGIN_AUTOLOAD := 1
export PYTHONUTF8 := 1

# The Python to build with: the first one that is new enough. Another: make run PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

##@ Use it

run: $(RUN_READY) ## start everything: store, demo province, worker, dashboard (Ctrl-C stops it)
	@exec $(BIN)/python -m jobs.run $(ARGS)

serve: $(RUN_READY) ## start the dashboard and the worker on your own store (DUNGHAN_STORE), without the made-up province
	@exec $(BIN)/python -m jobs.run --own $(ARGS)

##@ Work on it

# A worker per core, but no more than help; each takes whole files, so that what a file shares is built once.
WORKERS ?= auto
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --maxprocesses 8 --dist loadfile

test: $(TEST_READY) ## run all tests; ARGS="-k overdue" for some of them, WORKERS=0 in this process
	@$(PYTEST) $(ARGS)

test-postgres: $(TEST_READY) ## run all tests with every store on PostgreSQL
	@DUNGHAN_TEST_ENGINE=postgresql $(PYTEST) $(ARGS)

test-spark: $(TEST_READY) ## derive and count on a real master and two workers of Apache Spark, every cell compared; ARGS="--rows 10_000_000"
	@$(BIN)/python -m tests.spark $(ARGS)

crash: $(TEST_READY) ## kill at every point, many times, and count the kills (half an hour); DUNGHAN_KILL_SEEDS=1 for less
	@DUNGHAN_KILLS=every DUNGHAN_KILL_SEEDS=$${DUNGHAN_KILL_SEEDS:-3} DUNGHAN_INTERLEAVINGS=$${DUNGHAN_INTERLEAVINGS:-500} \
		$(BIN)/python -m pytest tests/nothing_lost $(ARGS)

kill-mail: $(TEST_READY) ## kill a worker at every step from a report's draft to its last mail, and count the kills
	@DUNGHAN_KILLS=every $(BIN)/python -m pytest tests/mailing/test_killed_workers.py $(ARGS)

soak: $(TEST_READY) ## live simulated weeks of the whole product at 1,200 times (70 minutes; wants a C compiler); ARGS="--minutes 20"
	@$(BIN)/python -m tests.soak $(ARGS)

faults: $(TEST_READY) ## break a whole house in eight ways, 200 kills among them, and count what was lost; ARGS="--only disk"
	@$(BIN)/python -m tests.faults $(ARGS)

# What bandit holds with low confidence is any text with the word INSERT in it.
check: $(TEST_READY) ## format, lint, types, import contracts, security: change nothing, complain about everything
	@failed=; \
	for tool in 'ruff format --check .' 'ruff check .' 'mypy' 'lint-imports' \
		'bandit --quiet --confidence-level medium --configfile pyproject.toml --recursive $(CODE) streamlit_app.py'; do \
		echo "--- $$tool"; $(BIN)/$$tool || failed="$$failed $${tool%% *}"; \
	done; \
	[ -z "$$failed" ] || { echo "make check: not yet:$$failed" >&2; exit 1; }

format: $(TEST_READY) ## put the code into its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(TEST_READY) ## run all tests and say which branches they never took
	@$(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage report

published: $(TEST_READY) ## build every published set in full size and read the published figures off it (some minutes)
	@DUNGHAN_PUBLISHED=full $(BIN)/python -m pytest tests/published $(ARGS)

bench: $(BENCH_READY) ## measure beside DuckDB, pandas, PostgreSQL and SQLite, every cell compared; ARGS="--rows 10_000_000 --write"
	@$(BIN)/python -m benchmarks $(ARGS)

bench-dashboard: $(TEST_READY) ## our pages beside a page that reads SQL into pandas, in Chromium, numbers compared; ARGS="--rows 100_000"
	@$(BIN)/python -m benchmarks.dashboard $(ARGS)

bench-first: $(TEST_READY) ## first figures of a fresh server in an empty browser, beside an empty Streamlit page; ARGS="--rows 100_000"
	@$(BIN)/python -m benchmarks.first_sight $(ARGS)

bench-loading: $(TEST_READY) ## a first load and an increment beside a bare insert of the same rows, every cell compared
	@$(BIN)/python -m benchmarks.loading $(ARGS)

bench-beyond: $(TEST_READY) ## 100 million dossiers derived again in 4 GiB, beside 10 million (an hour, 6 GB of disk); ARGS="--rows 1_000_000 --beside 100_000"
	@$(BIN)/python -m benchmarks.beyond $(ARGS)

bench-insight: $(TEST_READY) ## time the analyses of the night on a million dossiers with their steps; ARGS="--rows 100_000"
	@$(BIN)/python -m benchmarks.insight $(ARGS)

bench-readers: $(TEST_READY) ## 1 to 200 readers at once on ten million dossiers, beside ordinary pages; ARGS="--rows 100_000"
	@$(BIN)/python -m benchmarks.readers $(ARGS)

bench-simulator: $(RUN_READY) ## time the made-up province: queues, and ten million dossiers by columns alone (some minutes)
	@$(BIN)/python -m benchmarks.simulator $(ARGS)

CASES ?= 10000
fuzz: $(TEST_READY) ## feed CASES=10000 made and damaged files and answers to our readers; ARGS="--seed 7 --only csv"
	@POLARS_MAX_THREADS=1 $(BIN)/python -m tests.fuzz --cases $(CASES) $(ARGS)

equality: $(TEST_READY) ## tile = list = table = Excel = JSON = report, for every role: 200 random questions; ARGS="--seed 7"
	@$(BIN)/python -m tests.equality $(ARGS)

lock: ## pin every dependency with its hashes again, from pyproject.toml
	$(call compile,pyproject.toml --extra install) --output-file requirements.txt
	$(call compile,pyproject.toml --extra install --extra test) --constraint requirements.txt --output-file requirements-test.txt
	$(call compile,pyproject.toml --extra install --extra bench) --constraint requirements.txt --output-file requirements-bench.txt
	echo uv | $(call compile,-) --output-file requirements-uv.txt

sbom: $(TEST_READY) ## write sbom.json: every package that runs, with version, hashes and licence (CycloneDX); ARGS="--out FILE"
	@$(BIN)/python -m tests.security.sbom $(ARGS)

wheelhouse: $(BIN)/python ## fetch all that runs into wheelhouse/, by its hashes, for a machine without a network (docs/deploy.md)
	$(pip_alone) download --require-hashes --only-binary=:all: --dest wheelhouse --requirement requirements.txt
	@echo "$$(ls wheelhouse | wc -l) wheels for $$($(BIN)/python --version) on $$(uname -m) are in wheelhouse/"

##@ Tidy up

clean: ## throw away what tools left behind; keeps .venv and the store
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist wheelhouse *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

clean-store: ## throw away the demo's data (var/), to begin again
	rm -rf var

distclean: clean clean-store ## throw away everything that is not in git
	rm -rf $(VENV)

help: ## print this
	@echo 'Đúng Hạn: is every dossier answered by the day it was promised?'
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run serve test test-postgres test-spark crash kill-mail soak faults check format coverage published bench bench-dashboard bench-first bench-loading bench-beyond bench-insight bench-simulator equality sbom lock clean clean-store distclean help

# --- the virtual environment ------------------------------------------------------------------------------------------
# uv when there is one, or when pip can get one; else plain pip. Both install the same files by the same hashes.

uv = $(shell { uv --version >/dev/null 2>&1 && echo uv; } || { [ -x $(BIN)/uv ] && echo $(BIN)/uv; })
compile = $(or $(uv),$(error make lock needs uv)) pip compile $(1) --quiet --upgrade --universal --python-version $(OLDEST) \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

# $(call install,what to install): by uv, and by pip where uv is absent or is stopped (a proxy's certificate, say).
pip_alone = $(BIN)/python -m pip --quiet --disable-pip-version-check
pip = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
slower = echo 'Going on with pip, which is slower …'
install = { [ -n "$(uv)" ] && $(uv) pip install --quiet --python $(BIN)/python $(1); } || { $(slower); $(pip) $(1); }

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo 'Đúng Hạn needs Python $(OLDEST) or newer; found: '"$$( (python3 --version) 2>/dev/null || echo no python3)." >&2; \
		echo 'Install one (Debian 12: apt-get install python3 python3-venv), or name it: make run PYTHON=/path/to/python3' >&2; \
		exit 1; \
	fi
	@echo 'Making $(VENV) with '"$$($(PYTHON) --version)"' …'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo 'Python could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@[ -n "$(uv)" ] || $(pip) --require-hashes -r requirements-uv.txt || echo 'No uv to be had here.'

$(RUN_READY): requirements.txt pyproject.toml | $(BIN)/python
	@echo 'Installing what runs …'
	@$(call install,--require-hashes -r requirements.txt)
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $@

$(TEST_READY): requirements-test.txt | $(RUN_READY)
	@echo 'Installing what tests …'
	@$(call install,--require-hashes -r requirements-test.txt)
	@touch $@

$(BENCH_READY): requirements-bench.txt | $(RUN_READY)
	@echo 'Installing the peers of the benchmark …'
	@$(call install,--require-hashes -r requirements-bench.txt)
	@touch $@
