# Every task of the course. `make` lists the ones that people need, `make help-all` every one.
# A task's line is `name: needs ## (student|instructor|author): what it does`; without those words it stands in help-all only.

SHELL   := /bin/sh
VENV    ?= .venv
PROFILE ?= lesson
EDITION ?= lesson
PORT    ?=
BIND    ?=
NB      ?=
GPU     ?=
PROSE   ?=
SEEDS   ?= 5
JOBS    ?=
ENGINE  ?=
DATA    ?=
BASE    ?=
LAB     ?=
SUBMISSIONS ?=
OUT     ?=
OPTIONS ?=
UPGRADE ?=

# The first Python from 3.11 to 3.13 that runs, the environment's own before all; PYTHON=... names another.
PYTHON  ?= $(shell for p in "$(VENV)/bin/python" python3.12 python3.11 python3.13 python3 python; do \
	"$$p" -I -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo "$$p"; break; }; done)

# Set for another project, they would put its modules before the course's own, `utils` too.
unexport PYTHONPATH PYTHONHOME

# Where HOME cannot be written, what Jupyter and others keep there goes to a folder of its own.
AWAY    := $(shell [ -w "$$HOME" ] || mktemp -d)
ifneq ($(AWAY),)
$(foreach name,JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR IPYTHONDIR MPLCONFIGDIR,$(eval export $(name) ?= $(AWAY)/$(name)))
endif

# Quoted, since the path of the environment may hold a space.
PY      := "$(VENV)/bin/python"
REPLAY  := $(PY) -m pytest --nbval-lax --nbval-kernel-name=python3 --nbval-cell-timeout=900 -p no:cacheprovider -p one_at_a_time -q --durations=12

.DEFAULT_GOAL := help
.PHONY: help help-all start lab check-lab update data doctor test mirror serve-mirror grade image start-container hub \
  render projects adopt labs run check test-lessons test-labs test-gaps clean environment hub-environment test-hub test-container test-slow map lock seeds \
  author-environment checkpoints present slides handout check-slides key quiz site check-site

help: ## list the tasks that people need
	@awk -F ':.*## ' '/^[a-z-]+:.*## [a-z]+: / { split($$2, part, ": "); who = part[1]; sub(/^[a-z]+: /, "", $$2); \
	  if (who != last) print who; last = who; printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "make help-all lists every task."

help-all: ## list every task
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { sub(/^[a-z]+: /, "", $$2); printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

start: environment ## student: open the course in JupyterLab (PORT=8890, GPU=1, BROWSER=none, BIND=0.0.0.0 in a container)
	@$(PY) -m tools.machine.start --port "$(PORT)" --bind "$(BIND)"

lab: environment ## student: open one lab in JupyterLab (LAB=06b)
	@$(PY) -m tools.machine.start --port "$(PORT)" --bind "$(BIND)" --lab "$(or $(LAB),02)"

check-lab: environment ## student: say which steps of your lab pass (LAB=06b)
	@$(PY) -m tools.labs.check_lab "$(LAB)"

update: ## student: bring a new version of the course; your work in work/ stays as it is
	@"$(or $(PYTHON),python3)" -m tools.machine.update

data: environment ## student: fetch the data of all lessons, or say what one needs and fetch it (NB=17; EDITION=full: the original sources)
	@$(PY) -m utils.data all --edition $(EDITION) --lesson "$(NB)"

doctor: ## student: find out what is wrong with this machine, and what to do
	@"$(or $(PYTHON),python3)" -m tools.machine.doctor

test: environment ## student: unit tests, sync checks, and every notebook in the smoke profile
	@$(PY) -m utils.data all --edition lesson || echo "Some data is missing; tests that need it will say so." >&2
	@$(PY) -m tools.lessons.check
	@$(PY) -m tools.labs.check_sources
	COURSE_PROFILE=smoke $(REPLAY) -p forked_kernels -n 2 --dist loadscope -m "not slow" tests notebooks/*.ipynb projects/*.ipynb

mirror: environment ## instructor: fill a folder that a class can fetch from (DIR=folder)
	@if [ -z "$(DIR)" ]; then echo "Say where: make mirror DIR=folder" >&2; exit 2; fi
	@$(PY) -m utils.data mirror "$(DIR)" --edition $(EDITION)

serve-mirror: environment ## instructor: let a class fetch from that folder (DIR=folder, PORT=8000, BIND=address)
	@if [ -z "$(DIR)" ]; then echo "Say which folder: make serve-mirror DIR=folder (make mirror DIR=folder fills it)" >&2; exit 2; fi
	@$(PY) -m tools.machine.serve_mirror "$(DIR)" --port "$(PORT)" --bind "$(or $(BIND),0.0.0.0)"

grade: environment ## instructor: grade a folder of submissions into a CSV (SUBMISSIONS=folder OUT=grades.csv OPTIONS=--help)
	@if [ -z "$(SUBMISSIONS)" ]; then echo "Say which: make grade SUBMISSIONS=folder (with STUDENT/labNN_name.ipynb in it)" >&2; exit 2; fi
	@$(PY) -m tools.labs.grade "$(SUBMISSIONS)" $(if $(OUT),--out "$(OUT)") $(OPTIONS)

image: ## instructor: build the container image (ENGINE=docker|podman, GPU=1, DATA=lesson puts the data in)
	@"$(PYTHON)" tools/machine/container.py image --engine "$(ENGINE)" --data "$(DATA)" --base "$(BASE)" $(if $(GPU),--gpu)

start-container: ## instructor: open the course in JupyterLab in the container (PORT=8890, GPU=1)
	@"$(PYTHON)" tools/machine/container.py start --engine "$(ENGINE)" --port "$(PORT)" $(if $(GPU),--gpu)

hub: hub-environment ## instructor: start the classroom hub on this machine (docker/README.md says how)
	@.hub-venv/bin/python -m jupyterhub --config docker/hub/jupyterhub_config.py

present: environment ## instructor: a deck on the screen and beside it a notebook with a ready kernel (NB=06 COURSE_LANGUAGE=zh, en or both)
	@$(PY) -m tools.machine.present "$(NB)" --port "$(PORT)"

slides: environment ## instructor: decks for a browser without a network, into build/slides (NB=06, COURSE_LANGUAGE=zh or en)
	@$(PY) -m tools.lessons.slides "$(NB)"

key: environment ## instructor: schedule, questions with answers, gaps filled, one page a lesson, into build/key (NB=06)
	@$(PY) -m tools.labs.key "$(NB)"

quiz: author-environment ## an exam to print, its key and a deck for Anki, from docs/quiz into build/quiz (NB=06 for one lesson)
	@$(PY) -m tools.lessons.quiz "$(NB)"

site: author-environment ## instructor: the course as a website that works from a USB stick, into build/site (NB=06 for one lesson)
	@$(PY) -m tools.lessons.slides "$(NB)" >/dev/null
	@$(PY) -m tools.lessons.site "$(NB)"

render: environment ## author: build notebooks from their sources (NB=06, or all; PROSE=1 if only words changed)
	@$(PY) -m tools.lessons.render "$(NB)" $(if $(PROSE),--prose)

projects: environment ## build the projects from their sources (NB=01, or all; PROSE=1 if only words changed)
	@$(PY) -m tools.lessons.render "$(NB)" --projects $(if $(PROSE),--prose)

adopt: environment ## copy a change made in JupyterLab back into the source (NB=06)
	@if [ -z "$(NB)" ]; then echo "Say which: make adopt NB=06" >&2; exit 2; fi
	@$(PY) -m tools.lessons.adopt "$(NB)"

labs: environment ## author: build labs/ and labs/solutions/ from labs/source/ (LAB=06 for those of lesson 06)
	@$(PY) -m tools.labs.build "$(LAB)"

run: environment ## run one notebook headless into reports/ (NB=06 PROFILE=full)
	@$(PY) -m tools.lessons.run "$(NB)" --profile $(PROFILE)

check: environment ## author: built files match their sources, both languages, links, ruff
	@$(PY) -m tools.lessons.check
	@$(PY) -m tools.labs.check_sources

test-lessons: environment ## every notebook as a student runs it, one after the other (NB=06 for one, JOBS=2: two at a time)
	COURSE_PROFILE=lesson $(REPLAY) $(if $(JOBS),-n $(JOBS) --dist loadscope) $(if $(NB),notebooks/$(NB)_*.ipynb,notebooks/*.ipynb projects/*.ipynb)

test-labs: environment ## solutions earn everything, stubs nothing, wrong answers meet their hint (LAB=06 for those of lesson 06)
	@$(PY) -m tools.labs.prove "$(LAB)"

test-gaps: environment ## the lessons' gaps say so when empty, pass when filled, wrong answers meet their hint (NB=05)
	@$(PY) -m tools.labs.prove_gaps "$(NB)"

clean: ## remove the environment, reports and caches (data stays)
	rm -rf "$(VENV)" .hub-venv .bench-venv reports .pytest_cache .ruff_cache *.egg-info

environment: ## install what the course runs on into .venv
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed and was not found. Install one (Debian or Ubuntu: sudo apt install python3 python3-venv;" >&2; \
	  echo "macOS and Windows: python.org), or name it: make start PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@"$(PYTHON)" tools/machine/bootstrap.py --venv "$(VENV)" $(if $(GPU),--gpu)

test-hub: hub-environment ## a classroom hub for a trial: two students, their files, idle servers; in containers, too, where Docker has the image
	COURSE_PROFILE=smoke .hub-venv/bin/python -m pytest -p no:cacheprovider -q --durations=5 tests/hub

hub-environment: environment ## install what the hub runs on into .hub-venv
	@$(PY) -m tools.machine.hub_environment

test-slow: environment ## the unit tests that take long, which make test leaves out
	COURSE_PROFILE=smoke $(PY) -m pytest -p no:cacheprovider -q --durations=5 -n 2 --dist loadscope -m slow tests

author-environment: environment ## what site and browser checks need besides
	@$(PY) -m pip install --quiet --require-hashes --requirement requirements-author.txt

check-site: site ## every page of the site in a real browser: links, width, contrast, no request outside
	@$(PY) -m tools.lessons.site_check

handout: author-environment ## the decks of make slides as PDF, a slide a page, into build/handout (NB=06)
	@$(PY) -m tools.lessons.slides "$(NB)" >/dev/null
	@$(PY) -m tools.lessons.handout "$(NB)"

check-slides: author-environment ## every slide of every deck in a real browser: nothing cut off, nothing too small (NB=06)
	@$(PY) -m tools.lessons.slides "$(NB)"
	@$(PY) -m tools.lessons.slides_check "$(NB)"

lock: ## compile the locks from pyproject.toml (UPGRADE="certifi tornado": these to their newest versions)
	@"$(PYTHON)" tools/machine/lock.py $(if $(UPGRADE),--upgrade $(UPGRADE))

map: environment ## write the course map in the README from the built notebooks
	@$(PY) -m tools.lessons.course_map

seeds: environment ## run a lesson with other seeds and store what it measured, with its spread (NB=15 SEEDS=5)
	@if [ -z "$(NB)" ]; then echo "Say which: make seeds NB=06" >&2; exit 2; fi
	@$(PY) -m tools.lessons.seeds "$(NB)" --seeds "$(SEEDS)"

checkpoints: environment ## train lessons once, into data/checkpoints, so that a class with COURSE_CHECKPOINTS=1 does not wait (NB=15, or all that train)
	@$(PY) -m tools.lessons.checkpoints "$(NB)"

bench: environment ## the course against its ancestor, its peers and the machine, into benchmarks/results.md; about an hour (ONLY="peers limits" QUICK=1)
	@$(PY) -m benchmarks $(if $(QUICK),--quick) $(ONLY)

test-container: environment ## build the image and test it from inside, about ten minutes (ENGINE=...)
	COURSE_CONTAINER_ENGINE="$(ENGINE)" COURSE_CONTAINER_BASE="$(BASE)" $(PY) -m pytest -p no:cacheprovider -q --durations=12 tests/container
