# SMS campaigns and a contact centre for Odoo 19: "make help" lists the targets.

DEV := python3 -m dev
PYTHON := .venv/bin/python

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: setup
setup: ## fetch Odoo, make the Python environment and the PostgreSQL cluster
	@$(DEV) setup

.PHONY: demo
demo: ## the main job: 10,000 contacts through a simulated gateway (DEMO_RECIPIENTS, DEMO_EXIT=1, DEMO_WORKERS)
	@$(DEV) demo

.PHONY: serve
serve: ## the same stack with a campaign to send by hand, left running
	@$(DEV) serve

.PHONY: stop
stop: ## stop what "serve" and the tests left running
	@$(DEV) stop

.PHONY: simulator
simulator: ## the gateway's simulator alone (SIMULATOR_ARGS="--port 8900 --token …")
	@$(DEV) python
	@$(PYTHON) -m tests.simulator $(SIMULATOR_ARGS)

.PHONY: faults
faults: ## the proof: servers killed at every step, nobody texted twice, nothing lost (FAULTS_MODES=prefork, FAULTS_ONLY=word)
	@$(DEV) python
	@$(PYTHON) -m tests.faults

.PHONY: test
test: ## all tests, with coverage; skips count as failures
	@$(DEV) test

.PHONY: odoo-tests
odoo-tests: ## Odoo's own tests of SMS, without our addons and with them: what differs
	@$(DEV) odoo-tests

.PHONY: test-fast
test-fast: ## the plain-Python tests, without a database, in seconds
	@$(DEV) python
	@$(PYTHON) -m pytest -c setup.cfg --rootdir=. -p no:odoo -p tests.plain_addons \
		--import-mode=importlib $$(ls */tests/test_tools_*.py tests/test_*.py)

.PHONY: bench
bench: ## campaigns beside Odoo's own mass SMS and a bare script, the inbox, the screens (BENCH_ARGS="--contacts 2000")
	@$(DEV) setup
	@$(PYTHON) -m tests.bench all $(BENCH_ARGS)

.PHONY: bench-million
bench-million: ## a plan of 1,000,000 contacts and the memory of its worker (BENCH_ARGS="--contacts 100000")
	@$(DEV) setup
	@$(PYTHON) -m tests.bench million $(BENCH_ARGS)

.PHONY: bench-webhooks
bench-webhooks: ## requests a second, bursts and reply times of the inbox (BENCH_ARGS="--workers 2")
	@$(DEV) setup
	@$(PYTHON) -m tests.bench webhooks $(BENCH_ARGS)

.PHONY: bench-screens
bench-screens: ## each screen with 1,000,000 messages against an empty database (BENCH_ARGS="--messages 100000")
	@$(DEV) setup
	@$(PYTHON) -m tests.bench screens $(BENCH_ARGS)

.PHONY: bench-growth
bench-growth: ## bytes of WAL and disk of an SMS, jobs a second: the figures of docs/SCALING.md
	@$(DEV) setup
	@$(PYTHON) -m tests.bench growth --workers 2 $(BENCH_ARGS)

.PHONY: lint
lint: ## ruff, planted secrets, pylint-odoo, the OCA checks and the translations
	@$(DEV) python
	@PYTHON=$(PYTHON) bash dev/lint.sh

.PHONY: audit
audit: ## known flaws of the pinned dependencies: pip-audit where its data can be reached, and an offline check
	@$(DEV) python
	@$(PYTHON) -m dev.audit

.PHONY: translations
translations: ## export the terms of all addons and merge them into pt_BR.po
	@$(DEV) setup
	@$(PYTHON) -m dev.translations

.PHONY: screenshots
screenshots: ## take the pictures of the documentation anew (SCREENSHOTS=guide: the user guide only)
	@$(DEV) setup
	@$(PYTHON) -m tests.screenshots

.PHONY: clean
clean: ## stop everything and delete .venv and .local
	@$(DEV) clean
