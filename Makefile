# Needs make and Python 3.11 or newer; everything else is installed into .venv. `make help` lists the verbs.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help serve test check fmt bench soak docs clean

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
HOST ?=
PORT ?=
WORKERS ?= 2
TORCH_INDEX ?=
ARGS ?=

IN := .venv/bin/python
# Called by every verb that needs an environment: 0.1 s when nothing changed.
environment = @test -n "$(PYTHON)" || { echo "Fall Line needs Python 3.11 or newer and found none. Install it, or name it: make $@ PYTHON=/path/to/python3"; exit 1; }; \
	"$(PYTHON)" -m scripts.environment $(1) --torch-index "$(TORCH_INDEX)"

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-6s %s\n", $$1, $$2}' Makefile

serve: ## set up .venv if needed and open the course (HOST=… PORT=… TORCH_INDEX=<PyTorch's CPU index>)
	$(call environment,serve)
	@.venv/bin/fallline serve $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") $(ARGS)

test: ## set up all that tests need, a browser and PostgreSQL included, and run them (WORKERS=2 ARGS="-k words")
	$(call environment,dev)
	@$(IN) -m scripts.suite --workers "$(WORKERS)" -m "not soak" $(ARGS)

check: ## lint, format, types, layers
	$(call environment,dev)
	$(IN) -m ruff check
	$(IN) -m ruff format --check
	$(IN) -m mypy
	.venv/bin/lint-imports

fmt: ## format, and mend what the linter can mend
	$(call environment,dev)
	$(IN) -m ruff check --fix-only --quiet
	$(IN) -m ruff format

bench: ## run every benchmark and write docs/benchmarks.md
	$(call environment,dev)
	$(IN) -m benchmarks all --write docs/benchmarks.md $(ARGS)

soak: ## the long tests
	$(call environment,dev)
	@$(IN) -m scripts.suite --workers 0 -m soak $(ARGS)

docs: ## write docs/reference.md anew and check links and names
	$(call environment,dev)
	$(IN) -m scripts.reference
	$(IN) -m scripts.links

clean: ## remove .venv and every cache
	rm -rf .venv .make .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
