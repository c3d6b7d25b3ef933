# Each target starts from Python >= 3.11, make and a network to a package index, and needs the network
# only once: everything runs in .venv, which is left alone until pyproject.toml or this file changes.
# Where there is node, what concerns the sources of the playground's page is run too.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test playground check format playground-assets clean environment packages

# `make PYTHON=/path/to/python` chooses the interpreter that makes .venv.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
# `make test PYTEST_ARGS='-k language'` passes arguments on.
PYTEST_ARGS ?=
# One more than there are cores, since tests of services and of the page wait for them.
PROCESSES = $$($(RUN) -c 'import os; print(min(8, (os.cpu_count() or 1) + 1))')
# Plugins found by themselves would have all modules of their distributions rewritten for assertions,
# in each process anew: these are the ones that tests need.
PLUGINS := --disable-plugin-autoload -p xdist -p hypothesispytest -p schemathesis -p evaluator
# `make playground PLAYGROUND_ARGS='--port 8000'` does too.
PLAYGROUND_ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python
# Says what .venv was made from. Written last, so that a half-made .venv has none.
STAMP := $(VENV)/complete
STATE := $(shell { cat pyproject.toml Makefile; pwd; } | cksum)

# The page of the playground; its packages are installed anew when their lock file changes.
WEB := evaluator/server/playground/web
PACKAGES := $(WEB)/node_modules/complete

# Whatever the machine's pip is told to do elsewhere, here it installs into .venv and keeps quiet.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_USER := 0
# What has been compiled once is kept, in whatever environment.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

demo: environment  ## Show what it does, command by command
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh docs/demo/demo.sh

playground: environment  ## Open a page in which decisions explain themselves and rules can be tried
	@$(VENV)/bin/evaluator playground --open $(PLAYGROUND_ARGS)

test: environment packages  ## Run the tests in parallel
	@$(RUN) -m pytest $(PLUGINS) --numprocesses $(PROCESSES) --dist worksteal $(PYTEST_ARGS)

check: environment packages  ## Lint, check formatting, types, the layers and that what is built is fresh
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(RUN) -m tests.server.playground.assets
	@if [ -e $(PACKAGES) ]; then cd $(WEB) && npm run --silent check; fi

format: environment packages  ## Format the code and fix what can be fixed
	@$(VENV)/bin/ruff check --fix-only --quiet
	@$(VENV)/bin/ruff format
	@if [ -e $(PACKAGES) ]; then cd $(WEB) && npm run --silent format; fi

playground-assets: packages  ## Build the playground's page anew, with node and npm
	@[ -e $(PACKAGES) ] || { echo "node 18 or newer is needed, with npm." >&2; exit 1; }
	@cd $(WEB) && npm run --silent build

clean:  ## Remove everything that these targets make
	rm -rf $(VENV) $(WEB)/node_modules build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
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

packages:
	@state=$$(cat $(PACKAGES) 2>/dev/null) || state=; \
	wanted=$$(cksum < $(WEB)/package-lock.json); \
	if [ "$$state" = "$$wanted" ]; then exit 0; fi; \
	rm -f $(PACKAGES); \
	command -v npm >/dev/null || exit 0; \
	node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null || exit 0; \
	echo "Installing into $(WEB)/node_modules" >&2; \
	if (cd $(WEB) && npm ci --silent); then \
		echo "$$wanted" > $(PACKAGES); \
	else \
		echo "npm could not install them: what needs them is left out." >&2; \
	fi
