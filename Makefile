# Một Cửa. `make` alone says what there is. Everything sets itself up in .venv and pwa/node_modules.
PYTHON ?= python3
DATA ?= data
PORT ?= 8000
SCENARIO ?= storm
ENGINE ?= sqlite
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MOTCUA_DATA ?= $(DATA)
export MOTCUA_ORIGINS ?= http://localhost:$(PORT)
# Code that is compiled anew at each start takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help run test test-postgresql pictures check bench peers loadtest peakday soak build clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: build $(DATA)/secret ## start the service with a small demo city, and print what to open
	@MOTCUA_KEY="$$(cat $(DATA)/secret)" motcua demo
	@MOTCUA_KEY="$$(cat $(DATA)/secret)" PORT=$(PORT) exec motcua serve

test: .venv/dev build ## run every test, the browser's journeys included
	$(BIN)/python setup/browser.py
	$(BIN)/python setup/oracle.py
	$(BIN)/python setup/postgres.py
	@(cd pwa && npm test) > .pytest_app.log 2>&1 & app=$$!; \
	$(PYTEST); service=$$?; \
	wait $$app; app=$$?; cat .pytest_app.log; rm .pytest_app.log; \
	exit $$((app | service))

test-postgresql: .venv/dev build ## run features, journeys, cuts and kills with PostgreSQL as the engine
	$(BIN)/python setup/browser.py
	$(BIN)/python setup/postgres.py
	TEST_ENGINE=postgresql $(PYTEST) tests/features tests/journeys \
		tests/faults/test_cuts.py tests/faults/test_kills_postgresql.py

pictures: .venv/dev build ## look at every screen in every shape; pictures go to tests/journeys/pictures
	$(BIN)/python setup/browser.py
	PICTURES=1 $(PYTEST) tests/journeys -k screens

check: .venv/dev pwa/node_modules/.ready build ## look at style, types, imports and the weight of the app
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	cd pwa && npm run check

bench: .venv/dev ## the served submission path against its in-process limit, in one run
	$(BIN)/python setup/wrk.py
	$(BIN)/python -m loadtests.bench --profile

peers: .venv/dev ## ours beside Kinto and pouchdb-server: creating records, and syncing them to a new phone
	$(BIN)/python setup/wrk.py
	$(BIN)/python setup/postgres.py
	$(BIN)/python setup/peers.py
	$(BIN)/python -m loadtests.peers

loadtest: .venv/dev ## simulated residents against a fresh server, headless, with a report
	$(BIN)/python -m loadtests.run

peakday: .venv/dev ## a peak day, audited, as a page to read: make peakday SCENARIO=storm|morning|evening|patchy ENGINE=sqlite|postgresql
	$(BIN)/python setup/postgres.py
	$(BIN)/python -m loadtests.peakday $(SCENARIO) --engine $(ENGINE)

soak: .venv/dev build ## the long kill tests: 300 kills of the server under load, of PostgreSQL and of a tab
	$(BIN)/python setup/browser.py
	$(BIN)/python setup/postgres.py
	MOTCUA_KILLS=300 $(BIN)/python -m pytest tests/faults tests/journeys/test_killed_tab.py -q

build: .venv/run pwa/dist/index.html ## build the app

clean: ## remove what was built and installed (never the data folder)
	rm -rf .venv pwa/node_modules pwa/dist

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python setup/node.py
	@touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

pwa/node_modules/.ready: .venv/run pwa/package-lock.json
	cd pwa && npm ci --no-audit --no-fund
	@touch $@

pwa/dist/index.html: pwa/node_modules/.ready $(shell find pwa/src pwa/public pwa/build pwa/index.html pwa/vite.config.ts -type f 2>/dev/null)
	cd pwa && npm run build

$(DATA)/secret:
	@mkdir -p $(DATA)
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_hex(32))' > $@
