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
JOBS    ?=
ENGINE  ?=
DATA    ?=
BASE    ?=
LAB     ?=
SUBMISSIONS ?=
OUT     ?=
OPTIONS ?=

# The first Python from 3.11 to 3.13 that runs; PYTHON=... names another.
PYTHON  ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done)

PY      := $(abspath $(VENV))/bin/python
REPLAY  := $(PY) -m pytest --nbval-lax --nbval-cell-timeout=900 -p no:cacheprovider -q --durations=12

.DEFAULT_GOAL := help
.PHONY: help lab data mirror test test-slow test-lessons run render adopt map check clean environment serve-mirror doctor hub test-hub hub-environment image lab-container test-container labs test-labs check-lab grade

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

environment:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed and was not found. Install one (Debian or Ubuntu: sudo apt install python3 python3-venv;" >&2; \
	  echo "macOS and Windows: python.org), or name it: make lab PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@$(PYTHON) tools/machine/bootstrap.py --venv "$(VENV)" $(if $(GPU),--gpu)

lab: environment ## open the course in JupyterLab (PORT=8890, GPU=1, BROWSER=none, BIND=0.0.0.0 in a container)
	@$(PY) -m tools.machine.start --port "$(PORT)" --bind "$(BIND)"

data: environment ## fetch the data of all lessons (EDITION=full: the original sources)
	@$(PY) -m utils.data.fetch all --edition $(EDITION)

mirror: environment ## fill a folder that a class can fetch from (DIR=folder)
	@if [ -z "$(DIR)" ]; then echo "Say where: make mirror DIR=folder" >&2; exit 2; fi
	@$(PY) -m utils.data.fetch mirror "$(DIR)" --edition $(EDITION)

serve-mirror: environment ## let a class fetch from that folder (DIR=folder, PORT=8000, BIND=address)
	@if [ -z "$(DIR)" ]; then echo "Say which folder: make serve-mirror DIR=folder (make mirror DIR=folder fills it)" >&2; exit 2; fi
	@$(PY) -m tools.machine.serve_mirror "$(DIR)" --port "$(PORT)" --bind "$(or $(BIND),0.0.0.0)"

doctor: ## find out what is wrong with this machine, and what to do
	@$(if $(wildcard $(PY)),$(PY),$(or $(PYTHON),python3)) -m tools.machine.doctor

hub: hub-environment ## start the classroom hub on this machine (docker/README.md says how)
	@.hub-venv/bin/python -m jupyterhub --config docker/hub/jupyterhub_config.py

test-hub: hub-environment ## a classroom hub for a trial: two students, their files, idle servers
	COURSE_PROFILE=smoke .hub-venv/bin/python -m pytest -p no:cacheprovider -q --durations=5 tests/hub

hub-environment: environment
	@$(PY) -m tools.machine.hub_environment

test: environment ## unit tests, sync checks, and every notebook in the smoke profile
	@$(PY) -m utils.data.fetch all --edition lesson || echo "Some data is missing; tests that need it will say so." >&2
	@$(PY) -m tools.lessons.check
	@$(PY) -m tools.labs.check_sources
	COURSE_PROFILE=smoke $(PY) -m tools.lessons.fork_server \
	  $(REPLAY) --nbval-kernel-name=forked -n 2 --dist loadscope -m "not slow" tests notebooks/*.ipynb

test-slow: environment ## the unit tests that take long, which make test leaves out
	COURSE_PROFILE=smoke $(PY) -m pytest -p no:cacheprovider -q --durations=5 -n 2 --dist loadscope -m slow tests

test-lessons: environment ## every notebook as a student runs it, one after the other (NB=07 for one, JOBS=2: two at a time)
	COURSE_PROFILE=lesson $(REPLAY) --nbval-current-env $(if $(JOBS),-n $(JOBS) --dist loadscope) $(if $(NB),notebooks/$(NB)_*.ipynb,notebooks/*.ipynb)

run: environment ## run one notebook headless into reports/ (NB=07 PROFILE=full)
	@$(PY) -m tools.lessons.run "$(NB)" --profile $(PROFILE)

render: environment ## build notebooks from their sources (NB=07, or all; PROSE=1 if only words changed)
	@$(PY) -m tools.lessons.render "$(NB)" $(if $(PROSE),--prose)

adopt: environment ## bring a change made in JupyterLab back into the source (NB=07)
	@if [ -z "$(NB)" ]; then echo "Say which: make adopt NB=07" >&2; exit 2; fi
	@$(PY) -m tools.lessons.adopt "$(NB)"

map: environment ## write the course map in the README from the built notebooks
	@$(PY) -m tools.lessons.course_map

check: environment ## built files match their sources, both languages, links, ruff
	@$(PY) -m tools.lessons.check
	@$(PY) -m tools.labs.check_sources

image: ## build the container image (ENGINE=docker|podman, GPU=1, DATA=lesson puts the data in)
	@$(PYTHON) tools/machine/container.py image --engine "$(ENGINE)" --data "$(DATA)" --base "$(BASE)" $(if $(GPU),--gpu)

lab-container: ## open the course in JupyterLab in the container (PORT=8890, GPU=1)
	@$(PYTHON) tools/machine/container.py lab --engine "$(ENGINE)" --port "$(PORT)" $(if $(GPU),--gpu)

test-container: environment ## build the image and test it from inside, about ten minutes (ENGINE=...)
	COURSE_CONTAINER_ENGINE="$(ENGINE)" COURSE_CONTAINER_BASE="$(BASE)" $(PY) -m pytest -p no:cacheprovider -q --durations=12 tests/container

labs: environment ## build labs/ and labs/solutions/ from labs/source/ (LAB=05 for one)
	@$(PY) -m tools.labs.build "$(LAB)"

test-labs: environment ## solutions earn everything, stubs nothing, wrong answers meet their hint (LAB=05 for one)
	@$(PY) -m tools.labs.prove "$(LAB)"

check-lab: environment ## say which steps of your lab pass (LAB=05)
	@$(PY) -m tools.labs.check_lab "$(LAB)"

grade: environment ## grade a folder of submissions into a CSV (SUBMISSIONS=folder OUT=grades.csv OPTIONS=--help)
	@if [ -z "$(SUBMISSIONS)" ]; then echo "Say which: make grade SUBMISSIONS=folder (with STUDENT/labNN_name.ipynb in it)" >&2; exit 2; fi
	@$(PY) -m tools.labs.grade "$(SUBMISSIONS)" $(if $(OUT),--out "$(OUT)") $(OPTIONS)

clean: ## remove the environment, reports and caches (data stays)
	rm -rf "$(VENV)" .hub-venv reports .pytest_cache .ruff_cache *.egg-info
