# `make demo` and `make test` work as the first command after git clone: they make .venv when it is missing.
# Everything else below uses the same .venv.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP     = $(PY) -m pip install --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test test-ulp check format generate golden verify bench docs derivations clean

help:           ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp   ## the main job, on one screen: derive, generate, verify, run on real data
	@$(PY) examples/demo.py

test: $(VENV)/test.stamp   ## all tests and doctests, warnings as errors
	@$(PY) -m pytest -q -n 2

test-ulp: $(VENV)/test.stamp ## errors of the vector functions at a million points each, in units in the last place
	@$(PY) -m tests.emit.ulp

check: $(VENV)/test.stamp  ## format, lint, strict types, then all tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m pytest -q -n 2

format: $(VENV)/test.stamp ## put the sources into shape
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

generate: $(VENV)/demo.stamp ## write generated/ from the catalogue, each kernel verified before it is written
	@$(PY) -m tensorderiv generate --all --out generated

golden: generate docs derivations ## rewrite all that is checked in and derived: generated/, outputs in the documents, golden derivations

verify: $(VENV)/demo.stamp ## verify the kernels in generated/ again
	@$(PY) -m tensorderiv verify

bench: $(VENV)/demo.stamp  ## a short, honest comparison with NumPy and SciPy (results are checked before they are timed)
	@$(PY) benchmarks/quick.py

docs: $(VENV)/demo.stamp   ## run the code in README.md and docs/ and write its output into them
	@$(PY) docs/build.py

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
