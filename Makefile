# The portal's commands; README.md says what they need. `make` alone lists them.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
# Tests run so many at a time: on two cores three, as one or the other waits for a clock or another process
WORKERS ?= 3
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
# The newest Python that the machine has, from 3.11 on; name another with PYTHON=…
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)

.PHONY: help run web worker beat prepare install install-dev browser lint types layers migrations \
	catalogue catalogues checks test test-faults bench bench-evolution bench-forecast bench-presence audit clean
.DEFAULT_GOAL := help

help:
	@echo "make run      the whole portal on this machine (PORT, DATA_DIR, EMAIL_FILE_DIR, DEMO, PUBLIC_URL)"
	@echo "make test     every check and every test (WORKERS tests at a time)"
	@echo "make test-faults  what happens when servers and processes are stopped and killed"
	@echo "make bench    what the main answers cost, beside bare views on the same server"
	@echo "make bench-evolution  what the seating engine makes of kept problems (DATA=directory for larger ones)"
	@echo "make bench-presence  how long a million records of presence take to load (ROWS=number)"
	@echo "make bench-forecast  what the forecasts miss by, beside last week's value (DATA=directory for other data)"
	@echo "make pictures takes the README's pictures anew"
	@echo "make prepare  migrate the database and collect the static files"
	@echo "make web      the web server alone      (DATABASE_URL, REDIS_URL, SECRET_KEY, PUBLIC_URL,"
	@echo "make worker   the background worker      ALLOWED_HOSTS)"
	@echo "make beat     the scheduler"

# --- what is installed ----------------------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "This Python cannot make virtual environments (on Debian: apt-get install python3-venv)."; \
	  exit 1; }

$(VENV)/.installed: requirements.lock | $(PY)
	@echo "Installing the portal's libraries (once) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(PY)
	@echo "Installing the tools of the checks (once) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(VENV)/.installed $@

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

%.mo: %.po | $(VENV)/.installed
	@$(VENV)/bin/pybabel --quiet compile --domain django --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<))) \
	  --input-file $< --output-file $@
catalogues: $(CATALOGUES)

# --- running --------------------------------------------------------------------------------

run: install catalogues
	@exec $(PY) -m config.runner run --die-with-parent

prepare: install catalogues
	@$(PY) -m config.prepare

web: install catalogues
	@exec $(PY) -m config.runner web

worker beat: install catalogues
	@exec $(PY) -m config.runner $@

# --- checking -------------------------------------------------------------------------------

lint:
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint --quiet --lint templates

types:
	$(VENV)/bin/mypy .

layers:
	$(VENV)/bin/lint-imports

# Compares models with migration files; the address of no database keeps it from starting one.
migrations:
	DATABASE_URL=postgres://none@//nonexistent/none REDIS_URL=redis://localhost:1 \
	  $(PY) -W ignore manage.py makemigrations --check --dry-run --settings config.settings.test

catalogue:
	$(PY) -m config.catalogue

browser:
	@$(PY) -m tests.browser_program

# What needs no database; the slowest of them leaves a core to the others.
checks: lint types layers migrations catalogue browser

test: install-dev catalogues
	@$(MAKE) --no-print-directory --jobs 2 --output-sync checks
	$(VENV)/bin/pytest -n $(WORKERS) --dist worksteal

test-faults: install-dev catalogues
	$(VENV)/bin/pytest -m faults --timeout 600 tests/faults

bench: install-dev catalogues
	@command -v wrk >/dev/null || { echo "make bench needs wrk (on Debian: apt-get install wrk)"; exit 1; }
	$(PY) -m tests.load.bench

# One core, so that the seconds mean something; DATA names a directory of further problems.
bench-evolution: install-dev
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 10 $(PY) -m tests.load.seating --data "$(DATA)"
	@nice -n 10 $(VENV)/bin/pytest -q -p no:cacheprovider tests/load/evolution_job.py

# One core as well; DATA names a directory with the data sets. AutoARIMA joins in with the extra `bench`.
bench-forecast: install-dev
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 10 $(PY) -m tests.load.forecasting --data "$(DATA)"

# ROWS=number for fewer.
bench-presence: install-dev
	@nice -n 10 $(VENV)/bin/pytest -q -s -p no:cacheprovider tests/load/presence.py

pictures: install-dev catalogues browser
	$(PY) -m tests.readme_pictures

audit: install-dev
	$(PY) -m pip install --quiet pip-audit
	$(PY) -m pip_audit -r requirements.lock

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
