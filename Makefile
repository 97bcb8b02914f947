# Every task of the course. `make` alone lists them.

SHELL   := /bin/sh
VENV    ?= .venv
PROFILE ?= lesson
EDITION ?= lesson
PORT    ?=
BIND    ?=
NB      ?=
GPU     ?=
PROSE   ?=

# The first Python from 3.11 to 3.13 that runs; PYTHON=... names another.
PYTHON  ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done)

PY      := $(abspath $(VENV))/bin/python
REPLAY  := $(PY) -m pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=900 -p no:cacheprovider -q --durations=12

.DEFAULT_GOAL := help
.PHONY: help lab data mirror test test-lessons run render adopt map check clean environment

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

environment:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed and was not found. Install one (Debian or Ubuntu: sudo apt install python3 python3-venv;" >&2; \
	  echo "macOS and Windows: python.org), or name it: make lab PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@$(PYTHON) tools/bootstrap.py --venv "$(VENV)" $(if $(GPU),--gpu)

lab: environment ## open the course in JupyterLab (PORT=8890, GPU=1, BROWSER=none, BIND=0.0.0.0 in a container)
	@$(PY) -m tools.lab --port "$(PORT)" --bind "$(BIND)"

data: environment ## fetch the data of all lessons (EDITION=full: the original sources)
	@$(PY) -m utils.fetch all --edition $(EDITION)

mirror: environment ## fill a folder that a class can fetch from (DIR=folder)
	@if [ -z "$(DIR)" ]; then echo "Say where: make mirror DIR=folder" >&2; exit 2; fi
	@$(PY) -m utils.fetch mirror "$(DIR)" --edition $(EDITION)

test: environment ## unit tests, sync checks, and every notebook in the smoke profile
	@$(PY) -m utils.fetch all --edition lesson || echo "Some data is missing; tests that need it will say so." >&2
	@$(PY) -m tools.check
	COURSE_PROFILE=smoke $(REPLAY) -n 2 --dist loadscope tests notebooks/*.ipynb

test-lessons: environment ## every notebook as a student runs it, one after the other (NB=07 for one)
	COURSE_PROFILE=lesson $(REPLAY) $(if $(NB),notebooks/$(NB)_*.ipynb,notebooks/*.ipynb)

run: environment ## run one notebook headless into reports/ (NB=07 PROFILE=full)
	@$(PY) -m tools.run "$(NB)" --profile $(PROFILE)

render: environment ## build notebooks from their sources (NB=07, or all; PROSE=1 if only words changed)
	@$(PY) -m tools.render "$(NB)" $(if $(PROSE),--prose)

adopt: environment ## bring a change made in JupyterLab back into the source (NB=07)
	@if [ -z "$(NB)" ]; then echo "Say which: make adopt NB=07" >&2; exit 2; fi
	@$(PY) -m tools.adopt "$(NB)"

map: environment ## write the course map in the README from the built notebooks
	@$(PY) -m tools.course_map

check: environment ## built files match their sources, both languages, links, ruff
	@$(PY) -m tools.check

clean: ## remove the environment, reports and caches (data stays)
	rm -rf "$(VENV)" reports .pytest_cache .ruff_cache *.egg-info
