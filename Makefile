# Everything a developer does. `make` alone lists it.
SHELL := bash
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
export PORT

.DEFAULT_GOAL := help
.PHONY: help run setup test test-all demo demo-full lint bench bench-messages chaos scan sbom backup restore ci clean assets

help: ## List these commands
	@grep -E '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup ## Set up what is missing and start the site: web, worker and schedule
	@.ci/run-site

setup: .venv/.installed var/assets/.built ## Install what the site needs, without starting it

test: .venv/.installed-dev ## Run the tests on the embedded parts
	@READ_DOTENV=off $(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

test-all: .venv/.installed-dev assets ## Run the tests on PostgreSQL and Redis (DATABASE_URL, BROKER_URL to name others)
	@.ci/test-on-servers $(ARGS)

demo: setup ## Make the demo data afresh, deleting the old
	@$(MANAGE) migrate --verbosity 0 && $(MANAGE) load_strategy && $(MANAGE) demo --reset

demo-full: setup ## Make the demo of the whole borough: 6,000 people, two programme years; deletes the old
	@$(MANAGE) migrate --verbosity 0 && $(MANAGE) load_strategy && $(MANAGE) demo --reset --full

lint: .venv/.installed-dev ## Check style, the house, migrations and the deploy settings
	@.ci/lint

bench: .venv/.installed-dev ## Measure requests, bookings and documents
	@$(BIN)/python -m benchmarks $(ARGS)

bench-messages: .venv/.installed-dev ## Measure 20,000 weekly emails and 5,000 impact invitations, with workers killed
	@$(BIN)/python -m benchmarks.messages

chaos: .venv/.installed-dev ## Kill workers, Redis, PostgreSQL and the mail server while people book; then count (RUNS=3)
	@$(BIN)/python -m benchmarks.chaos $(RUNS)

scan: .venv/.installed-dev assets ## Let a scanner (Wapiti) crawl and attack the site, as a stranger and signed in (ARGS=--long)
	@.ci/scan $(ARGS)

sbom: .venv/.installed ## List all packages of the product for scanners, in var/sbom.json (CycloneDX)
	@.ci/sbom

backup: .venv/.installed ## Back up database and uploads into one file under var/backups, while the site runs
	@$(MANAGE) backup

restore: .venv/.installed ## Put a backup back: make restore FILE=var/backups/….tar.gz
	@$(MANAGE) restore $(FILE) --replace

ci: ## Everything that must hold, as CI runs it (Debian, root)
	@.ci/run

assets: var/assets/.built ## Build the style sheet and scripts

clean: ## Remove the environment, the data and everything else that was made here
	rm -rf .venv var static/node_modules

.venv/.installed: requirements.txt
	@.ci/install $(PYTHON) requirements.txt && touch $@

.venv/.installed-dev: requirements.txt requirements-dev.txt
	@.ci/install $(PYTHON) requirements-dev.txt && touch $@ .venv/.installed

var/assets/.built: $(wildcard static/*.json static/*.js static/*/*) | .venv/.installed
	@.ci/build-assets && mkdir -p $(@D) && touch $@
