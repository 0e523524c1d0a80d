# `make run` and `make test` are all you need; `make help` lists the rest.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
ifdef PYTHON
# A Python was named: replace a .venv that was made with another one.
THIS_PYTHON := --this-python
else
# The first of these that the site supports.
PYTHON := $(or $(shell for python in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done),python3)
endif
PREPARE := $(PYTHON) -m scripts.prepare $(THIS_PYTHON)
VENV_PYTHON := .venv/bin/python
COMPILE := .venv/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade)
export PORT ?= 8000

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run run-production test check bench compare weight lighthouse validate format lock python

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: python ## serve the site with its demo clinic at http://127.0.0.1:8000/ (PORT=8001 for another port)
	@$(PREPARE) runtime
	@$(VENV_PYTHON) -m scripts.serve dev

run-production: python .env ## serve the site as in production, with the values in .env (docs/production.md)
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m scripts.serve production

test: check ## run the linters and all tests, on SQLite unless DATABASE_URL names another database
	@$(VENV_PYTHON) -m pytest --numprocesses=auto --quiet $(or $(TESTS),$(if $(CI),--cov))

check: python ## run the linters, two at a time
	@$(PREPARE) runtime test
	@printf '%s\n' mypy 'ruff check' 'ruff format --check' 'djlint . --lint --quiet' lint-imports \
	'python -m tests.migrated_database' | \
	PATH="$(CURDIR)/.venv/bin:$$PATH" xargs -P 2 -I LINTER sh -c \
	'found=$$(LINTER 2>&1) && echo "  ok  LINTER" || { echo "  FAILED  LINTER"; echo "$$found"; exit 1; }'

bench: python ## measure what a response costs, compared with a bare Django's
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m tests.load.bench

compare: python ## measure the site beside a new Wagtail project and CodeRed CMS (installs that from PyPI)
	@$(PREPARE) runtime production test
	@$(VENV_PYTHON) -m tests.load.compare

weight: python ## measure how many bytes each type of page sends to a phone
	@$(PREPARE) runtime production test
	@$(VENV_PYTHON) -m tests.load.weight

lighthouse: python ## run Lighthouse on each type of page (needs Node; RUNS=1 for a quick check)
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m tests.load.lighthouse

validate: python ## check the HTML of every page and state with the Nu HTML checker (needs Java and npm)
	@$(PREPARE) runtime production
	@$(VENV_PYTHON) -m tests.load.validate

format: python ## format the code, and fix what ruff can fix by itself
	@$(PREPARE) runtime test
	@$(VENV_PYTHON) -m ruff check --fix --quiet . ; $(VENV_PYTHON) -m ruff format .

lock: python ## compile requirements/*.in into pinned, hashed files (UPGRADE=1 for the newest versions)
	@$(PREPARE) lock
	@$(COMPILE) requirements/runtime.in -o requirements.txt
	@$(COMPILE) requirements/production.in -o requirements/production.txt
	@$(COMPILE) requirements/test.in -o requirements/test.txt
	@$(COMPILE) requirements/lock.in -o requirements/lock.txt

python:
	@$(PYTHON) -c '$(SUPPORTED)' 2>/dev/null || { echo "The site needs Python 3.11, 3.12 or 3.13, and $(PYTHON)" \
		"is not one of these: install one, or name it with PYTHON=…"; exit 1; }

.env: | python
	@umask 077; key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') && \
		sed -e "s|^SECRET_KEY=$$|SECRET_KEY=$$key|" -e "s|^\(SITE_URL=http://127.0.0.1\):8000$$|\1:$(PORT)|" .env.example >$@
	@echo "Wrote .env with a new secret key: set this deployment's values there, and never commit it."
