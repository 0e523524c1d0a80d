# Two commands are enough: `make run` and `make test`. Whatever is longer than a line stands in scripts/.

PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# With PYTHON=… a .venv of another Python is made anew; without it a working one is kept.
PREPARE = $(PYTHON) -m scripts.prepare $(if $(filter file,$(origin PYTHON)),,--this-python)
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run run-production test bench weight lighthouse check format lock python

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: python ## serve the site with its demo clinic at http://127.0.0.1:8000/ (PORT=8001 for another port)
	@$(PREPARE) runtime
	@$(VENV_PYTHON) -m scripts.serve development

run-production: python ## the same site as a deployment runs it, with the values of .env (docs/production.md)
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m scripts.serve production

test: check ## linters and all tests, on SQLite unless DATABASE_URL names another
	@$(VENV_PYTHON) -m scripts.test $(TESTS)

check: python ## the linters alone
	@$(PREPARE) runtime test
	@$(VENV_PYTHON) -m scripts.check

bench: python ## what an answer costs, as a ratio to Django's bare one
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m tests.load.bench

weight: python ## what each type of page weighs on its way to a phone
	@$(PREPARE) runtime production test
	@$(VENV_PYTHON) -m tests.load.weight

lighthouse: python ## what Lighthouse says of each type of page (needs Node; RUNS=1 for a quick look)
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m tests.load.lighthouse

format: python ## let the formatter and the linter mend what they can
	@$(PREPARE) runtime test
	@$(VENV_PYTHON) -m ruff check --fix --quiet . ; $(VENV_PYTHON) -m ruff format .

lock: python ## compile requirements/*.in to the hashed files that are installed
	@$(PREPARE) lock
	@$(VENV_PYTHON) -m scripts.lock

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || \
		{ echo "$(PYTHON) is missing or too old: the site needs Python 3.11, 3.12 or 3.13; name one with PYTHON=…"; exit 1; }
