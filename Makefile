# Each target starts from Python >= 3.11, make and a network to a package index, and needs the network
# only once: everything runs in .venv, which is left alone until pyproject.toml or this file changes.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test check format clean environment

# `make PYTHON=/path/to/python` chooses the interpreter that makes .venv.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
# `make test PYTEST_ARGS='-k language'` passes arguments on.
PYTEST_ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python
# Says what .venv was made from. Written last, so that a half-made .venv has none.
STAMP := $(VENV)/complete
STATE := $(shell { cat pyproject.toml Makefile; pwd; } | cksum)

# Whatever the machine's pip is told to do elsewhere, here it installs into .venv and keeps quiet.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_USER := 0
unexport PYTHONHOME PYTHONPATH

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: environment  ## Show what it does, command by command
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh docs/demo/demo.sh

test: environment  ## Run the tests in parallel
	@$(RUN) -m pytest --numprocesses auto --maxprocesses 8 $(PYTEST_ARGS)

check: environment  ## Lint, check formatting, types and the layers
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports --no-logo

format: environment  ## Format the code and fix what can be fixed
	@$(VENV)/bin/ruff check --fix-only --quiet
	@$(VENV)/bin/ruff format

clean:  ## Remove everything that these targets make
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find benchmarks evaluator tests -type d \( -name __pycache__ -o -name '.*_cache' \) -prune -exec rm -rf {} +

environment:
	@state=$$(cat $(STAMP) 2>/dev/null) || state=; \
	alive() { $(RUN) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
	if [ "$$state" = "$(STATE)" ] && alive; then exit 0; fi; \
	here() { grep -qsF "$(CURDIR)/$(VENV)" $(VENV)/pyvenv.cfg; }; \
	if [ -z "$$state" ] || ! here || ! alive; then \
		state=; python=; old=; bare=; \
		for candidate in $(PYTHON); do \
			"$$candidate" -c '' 2>/dev/null || continue; \
			if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				old="$$old $$candidate"; \
			elif ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then \
				bare="$$bare $$candidate"; \
			else \
				python=$$candidate; break; \
			fi; \
		done; \
		if [ -z "$$python" ]; then \
			echo "Python 3.11 or newer is needed, with its venv module." >&2; \
			[ -z "$$old" ] || echo "Too old:$$old" >&2; \
			[ -z "$$bare" ] || echo "Without venv (on Debian: apt-get install python3-venv):$$bare" >&2; \
			echo "Install one, or name one: make PYTHON=/path/to/python" >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$python" --version)" >&2; \
		rm -rf $(VENV) && "$$python" -m venv "$(CURDIR)/$(VENV)" || exit 1; \
	fi; \
	echo "Installing into $(VENV)" >&2; \
	rm -f $(STAMP); \
	if $(RUN) -m pip install -qq --editable '.[dev]'; then \
		$(RUN) -m compileall -q evaluator; \
		echo "$(STATE)" > $(STAMP); \
	else \
		[ -z "$$state" ] || echo "$$state" > $(STAMP); \
		echo "Could not install what pyproject.toml names." >&2; exit 1; \
	fi
