# make demo   everything from nothing to http://127.0.0.1:8000
# make test   every test, the browser ones included
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint lock bench clean

help: ## say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.run ## run the demo office at http://127.0.0.1:8000 (Ctrl-C stops it)
	@exec $(BIN)/bixuan demo

serve: $(VENV)/.run ## serve a real office (settings from the environment, see docs/how-to)
	@exec $(BIN)/bixuan serve

test: $(VENV)/.test ## run every test (PYTEST_ARGS adds arguments)
	@./tests/support/ensure-browser
	$(BIN)/lint-imports --no-cache
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(PYTEST_ARGS)

lint: $(VENV)/.test ## style, types and import direction only
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.test ## measure everything (BENCH names some only), see docs/reference/benchmarks.md
	@$(BIN)/python -m bench $(BENCH)

lock: $(VENV)/.test ## pin every package by hash again, after a change in pyproject.toml
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q pyproject.toml --extra checkout -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q pyproject.toml --extra checkout --extra test -c requirements.txt -o requirements-test.txt

clean: ## forget the environment (data stays)
	rm -rf $(VENV) build dist

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer (or: make PYTHON=/path/to/python3.12 demo)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $$($(PYTHON) -V): make PYTHON=/path/to/python3.12 demo"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.txt pyproject.toml
	@echo "Installing the pinned packages ..."
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-test.txt
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-test.txt
	@touch $@
