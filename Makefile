# `make demo` and `make test` work as the first command after git clone: they make .venv when it is missing.
# Everything else below uses the same .venv.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
# The libraries that `make bench` compares with are large: they stand in an environment of their own. Another one may be given.
BENCH_PY ?= $(VENV)/bench/bin/python
BENCH_STAMP = $(if $(filter file,$(origin BENCH_PY)),$(VENV)/bench.stamp)
PEERS_STAMP = $(if $(filter file,$(origin BENCH_PY)),$(VENV)/peers.stamp)
PIP     = $(PY) -m pip install --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-peers fuzz test-ulp test-memory check format generate golden verify bench bench-quick docs accuracy gallery derivations clean

help:           ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp   ## the main job, on one screen: derive, generate, verify, run on real data
	@$(PY) examples/demo.py

test: $(VENV)/test.stamp   ## tests and doctests, warnings as errors; tests that compile much take turns, others every day
	@$(PY) -m pytest -q -n 2 --dist worksteal

test-all: $(VENV)/test.stamp ## all tests, also those that take turns
	@TENSORDERIV_TURN=all $(PY) -m pytest -q -n 2 --dist worksteal

test-peers: $(PEERS_STAMP) ## the catalogue against umap, pynndescent, torch, metric-learning, faiss, simsimd, KeOps; BENCH_PY=... has extra [peers]
	@CATALOGUE_PEERS=1 $(BENCH_PY) -m pytest -q -W default tests/catalog/peers

fuzz: $(VENV)/test.stamp   ## ten thousand mutated derivations: no traceback, none over ten seconds; about 16 minutes
	@$(PY) -m tests.checker.fuzz

test-ulp: $(VENV)/test.stamp ## errors of the vector functions at a million points each, in units in the last place
	@$(PY) -m tests.emit.ulp

test-memory: $(VENV)/test.stamp ## the peak memory of losses with their gradients at 20,000 points
	@MEMORY_POINTS=20000 $(PY) -m pytest -q tests/run/test_memory.py

check: $(VENV)/test.stamp  ## format, lint, strict types, then all tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -q -n 2 --dist worksteal

format: $(VENV)/test.stamp ## put the sources into shape
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

generate: $(VENV)/demo.stamp ## write the kernels in generated/ again from the catalogue, each verified before it is written
	@$(PY) -m tensorderiv generate --again --out generated

golden: generate accuracy docs gallery derivations ## rewrite all that is checked in and derived: generated/, outputs in the documents, the gallery, golden derivations

verify: $(VENV)/demo.stamp ## verify the kernels in generated/ again
	@$(PY) -m tensorderiv verify

bench: $(BENCH_STAMP)      ## compare with other libraries, each result checked before it is timed: docs/performance.md; 45 minutes
	@$(BENCH_PY) -m benchmarks

bench-quick: $(BENCH_STAMP) ## a few rows of it, in under 3 minutes; writes nothing
	@$(BENCH_PY) -m benchmarks --quick

docs: $(VENV)/test.stamp   ## run the code in README.md and docs/ and write its output and its figures into them
	@$(PY) docs/build.py

accuracy: $(VENV)/demo.stamp ## measure how exact new and changed kernels are: docs/gallery/accuracy.json
	@$(PY) -m tensorderiv.gallery accuracy

gallery: $(VENV)/demo.stamp ## write docs/gallery/: a page for each entry of the catalogue
	@$(PY) -m tensorderiv.gallery

derivations: $(VENV)/test.stamp ## write tests/golden/derivations/: each derivation as people read it
	@$(PY) -m tests.golden.write

clean:          ## remove .venv, caches and build folders
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environments. A stamp is older than pyproject.toml when the dependencies may have changed.
$(VENV)/demo.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tensorderiv needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@echo "making $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp
	@echo "adding the test tools to $(VENV) (once)"
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/peers.stamp: $(VENV)/bench.stamp
	@echo "adding the test tools to $(VENV)/bench (once)"
	@$(VENV)/bench/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable '.[peers]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/demo.stamp
	@echo "making $(VENV)/bench with the libraries to compare with (once; several minutes)"
	@$(PYTHON) -m venv $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
