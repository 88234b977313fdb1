# Relative paths only: the clone may lie in a folder with spaces in its name.
SHELL := /bin/sh
WORKBOOK := .venv/bin/workbook
VENV_PYTHON := .venv/bin/python
COMPILE = $(VENV_PYTHON) -m uv pip compile -q --generate-hashes --no-header
BOOTSTRAP = python=$$(sh helpers/install/find-python.sh) && "$$python" helpers/install/bootstrap.py

# Another project's PYTHONPATH, PYTHONHOME and their kin; PYTHON itself is a choice.
unexport $(filter-out PYTHON,$(filter PYTHON%,$(.VARIABLES)))

.DEFAULT_GOAL := help
.PHONY: help lab test up down reset status doctor notebooks lesson soak bench engines-table test-engines test-localstack test-compose lock clean setup setup-test

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup:
	@$(BOOTSTRAP) lab

setup-test:
	@$(BOOTSTRAP) test

lab: setup ## start the servers and open JupyterLab on the first lesson
	@$(WORKBOOK) lab $(ARGS)

test: setup-test ## run every test
	@$(VENV_PYTHON) tests/parts.py $(PARTS)

up: setup ## start the servers; they stay until make down
	@$(WORKBOOK) up

down: setup ## stop the servers; data stays
	@$(WORKBOOK) down

reset: setup ## a fresh cluster, without topics and streams
	@$(WORKBOOK) reset

status: setup ## show every server
	@$(WORKBOOK) status

doctor: setup ## check this machine and say how to mend it; ARGS=--fix mends what is safe
	@$(WORKBOOK) doctor $(ARGS)

notebooks: setup ## write the notebooks from lessons/
	@$(VENV_PYTHON) -m helpers.course.notebooks

lesson: setup-test ## run the solutions of one lesson as a test: make lesson LESSON=08
	@ls notebooks/solutions/$(LESSON)_*.ipynb >/dev/null 2>&1 || \
		{ echo "Which lesson? Give its two digits: make lesson LESSON=08" >&2; exit 2; }
	@$(VENV_PYTHON) -m pytest -p tests.lesson_servers -p nbval.plugin --nbval-lax \
		--nbval-current-env notebooks/solutions/$(LESSON)_*.ipynb

soak: setup-test ## the long tests and the many repetitions, most of an hour
	@$(VENV_PYTHON) tests/parts.py --soak $(PARTS)

bench: setup-test ## measure times, memory and rates; ARGS=--write writes them into docs/
	@$(VENV_PYTHON) -m bench $(ARGS)

engines-table: setup-test ## measure lesson 12's engines anew; ARGS="streams quix" only those
	@$(VENV_PYTHON) -m bench.engines $(ARGS)

test-engines: setup-test ## install and try every engine of lesson 12, the large ones too
	@$(VENV_PYTHON) -m pytest -m "" tests/engines

test-localstack: setup-test ## run the Kinesis lessons on LocalStack (needs Python 3.13)
	@$(VENV_PYTHON) tests/parts.py localstack

test-compose: setup-test ## run the tests and lessons on containers (needs Docker)
	@$(VENV_PYTHON) tests/parts.py compose

lock: setup-test ## write all locks anew from pyproject.toml (needs the network)
	$(COMPILE) --universal --python-version 3.11 \
		pyproject.toml -o requirements.lock
	$(COMPILE) --universal --python-version 3.11 \
		--extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(COMPILE) --python-version 3.13 \
		tests/localstack/requirements.in -o tests/localstack/requirements.lock
	$(VENV_PYTHON) -m helpers.servers.runtime.write_locks
	$(VENV_PYTHON) -m helpers.engines.write_locks

clean: ## say what the workbook takes on this disk, and free it; work/ stays
	@python=$$(sh helpers/install/find-python.sh) && "$$python" -m helpers.install.clean
