# What a person types. Every target works from a fresh clone; `make` alone lists them.

MAKEFLAGS += --no-print-directory
# Bytecode is kept, whatever the environment says: many tests start a process of their own
unexport PYTHONDONTWRITEBYTECODE
SHELL := /bin/sh
PORT ?= 8000
ARGS ?=
STEPS ?= 100000
JOBS ?= 1
SEED ?=
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.requirements
HERE := http://127.0.0.1:$(PORT)
VERSION ?=
OTHER_PYTHON := .local/python-$(VERSION)
PYTEST := $(PYTHON) -m pytest -n auto --maxprocesses 8 --dist loadgroup --no-loadscope-reorder

# Three commands in one process: a second start should not wait for Django to load three times.
# The lock is for two first starts at once: `migrate` takes it, too, but the demonstration is loaded once as well.
define PREPARE
import django
django.setup()
from django.core.management import call_command
from monographs.core.migration_lock import migration_lock
print("Preparing the database (a minute or two the first time) …", flush=True)
with migration_lock(tell=print):
    call_command("migrate", verbosity=0)
    call_command("setup_site")
    call_command("load_demo")
endef
export PREPARE

define PORT_IS_FREE
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"Port {sys.argv[1]} cannot be used ({error}). Choose another: PORT=8123 make run")
endef
export PORT_IS_FREE

# What `check --deploy` is told so that production settings load; nothing connects to it.
DUMMY_PRODUCTION := DJANGO_SETTINGS_MODULE=cms.settings.production \
	DATABASE_URL=postgresql://nobody@localhost/none SECRET_KEY=$$(printf '%064d' 0)-lint-only-lint-only \
	ALLOWED_HOSTS=example.org BASE_URL=https://example.org EMAIL_URL=smtp://mail.example.org:587

COMPILE := $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"

.PHONY: help setup run test test-extended test-python test-access test-crash test-mutation soak fuzz lint messages format safety-case \
	understanding-checklist drills requirements sbom licences audit bench backup restore db-stop reset clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## the virtual environment in .venv; instant when nothing changed
	@:

$(STAMP): requirements-dev.txt
	@set -e; \
	if command -v flock >/dev/null; then \
		exec 9>.setup.lock; \
		flock -n 9 || { echo "Waiting for another set-up of this folder …"; flock 9; }; \
		if [ -n "$$(find $(STAMP) -newer requirements-dev.txt 2>/dev/null)" ]; then exit 0; fi; \
	fi; \
	good='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; \
	for candidate in $(VENV)/bin/python python3 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c "$$good" 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
		echo "This project needs Python 3.11, 3.12 or 3.13, and none of them is on the PATH" >&2; \
		echo "(python3 here is: $$(python3 --version 2>&1 || echo missing)). Install one and run the command again." >&2; \
		exit 1; \
	fi; \
	if [ "$$found" != $(PYTHON) ]; then \
		echo "Making $(VENV) with $$("$$found" --version) …"; \
		rm -rf $(VENV); \
		"$$found" -m venv $(VENV); \
	fi; \
	echo "Installing what requirements-dev.txt names …"; \
	$(PYTHON) devtools/requirements_installer.py requirements-dev.txt; \
	touch $(STAMP)

run: setup ## a site with demonstration content at http://127.0.0.1:8000 (PORT=… for another port)
	@$(PYTHON) -c "$$PORT_IS_FREE" "$(PORT)"
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-cms.settings.local} $(PYTHON) -c "$$PREPARE"
	@printf '  %s\n' '' \
		'What patients read   $(HERE)/' \
		'Where it is written  $(HERE)/admin/' \
		'Review queue         $(HERE)/admin/review/' '' \
		'Sign in as writer, writer2, reviewer, reviewer2, editor or admin' \
		'Password for each    monographs-demo' '' \
		'Ctrl-C stops it; its PostgreSQL server runs on until `make db-stop`.' ''
	@export BASE_URL=$${BASE_URL:-$(HERE)}; \
	trap 'exit 130' INT; trap 'exit 143' TERM; trap 'kill $$started 2>/dev/null; wait' EXIT; \
	exec 3<&0; started=; \
	$(PYTHON) manage.py scheduler & started=$$!; \
	$(PYTHON) manage.py runserver 127.0.0.1:$(PORT) <&3 & server=$$!; started="$$started $$server"; \
	wait $$server

test: setup ## every test but the extended ones (ARGS="-k name" for some)
	@$(PYTEST) $(ARGS)

test-extended: setup ## the long ones: browser, deployment, processes killed, random steps, more examples (ARGS=…)
	@CRASH_TIMES=$${CRASH_TIMES:-0.2} $(PYTEST) -m "extended or (hypothesis and not all_examples)" --hypothesis-profile extended $(ARGS)

test-python: setup ## the tests on another Python (VERSION=3.13), in .local/python-VERSION (ARGS="tests/core" for some)
	@test -n "$(VERSION)" || { echo "Name the version: make test-python VERSION=3.13" >&2; exit 2; }
	@$(VENV)/bin/uv venv --quiet --seed --allow-existing --python "$(VERSION)" "$(OTHER_PYTHON)"
	@"$(OTHER_PYTHON)/bin/python" devtools/requirements_installer.py requirements-dev.txt
	@"$(OTHER_PYTHON)/bin/python" -m pytest -n auto --maxprocesses 8 --dist loadgroup $(ARGS)

test-access: setup ## every bypass route tried as every role, as a table of outcomes
	@$(PYTHON) -m pytest tests/access_control -n auto --maxprocesses 8 -p no:randomly -qq --no-header -rN --access-report $(ARGS)

test-crash: setup ## processes killed during sign-offs, withdrawals and publishing, with a summary (CRASH_TIMES=10 for more)
	@$(PYTHON) -m pytest tests/crash -m extended -s -q -p no:randomly $(ARGS)

test-mutation: setup ## whether the state machine detects faults seeded in the code, and in how many steps
	@$(PYTHON) -m pytest tests/stateful/test_seeded_faults.py -m mutation -n 2 -q -rP --show-capture=stdout -p no:randomly $(ARGS)

lint: setup ## style, types, imports between packages, templates, migrations, production checks
	@$(MAKE) --jobs 2 --keep-going $(CHECKS)

CHECKS := check-style check-layout check-types check-imports check-templates check-migrations \
	check-production check-requirements check-licences
.PHONY: $(CHECKS)
check-style:
	@$(VENV)/bin/ruff check --quiet --output-format concise .
check-layout:
	@$(VENV)/bin/ruff format --quiet --check .
check-types:
	@$(VENV)/bin/mypy
check-imports:
	@$(VENV)/bin/lint-imports --no-logo
check-templates:
	@$(VENV)/bin/djlint --lint --quiet templates
check-migrations:
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@$(PYTHON) manage.py lint_migrations
check-production:
	@$(DUMMY_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
check-requirements:
	@$(PYTHON) -m pip check
check-licences:
	@$(PYTHON) -m devtools.supply_chain.licences --check

messages: setup ## extract the interface's messages into the English catalogue (needs GNU gettext)
	@$(PYTHON) manage.py makemessages --verbosity 0 --locale en --no-wrap --no-location --extension html,py \
		--ignore ".*" --ignore tests --ignore "templates/wagtailadmin/*"

format: setup ## layout, sorted imports and the mistakes that ruff can fix
	@$(VENV)/bin/ruff check --fix --quiet . || true
	@$(VENV)/bin/ruff format .

safety-case: setup ## write docs/safety-case.md from its hazard log, docs/safety-case.toml
	@$(PYTHON) -m devtools.safety_case

understanding-checklist: setup ## write docs/understanding-checklist.md from docs/understanding-checklist.toml
	@$(PYTHON) -m devtools.understanding_checklist

drills: setup ## write docs/drills.md, what tests show to operators: alarms, releases side by side, commands
	@DJANGO_SETTINGS_MODULE=cms.settings.test $(PYTHON) -c \
		"import django; django.setup(); from tests.drills import write; write()"

requirements: setup ## pin what pyproject.toml asks for, with hashes, and see whether the image can be built of it
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra s3 --constraint requirements.txt --output-file requirements-s3.txt
	@$(COMPILE) --extra dev --constraint requirements-s3.txt --output-file requirements-dev.txt
	@$(PYTHON) -m devtools.image_wheels

sbom: setup ## write build/sbom.cdx.json, the image's bill of materials (CycloneDX), from requirements.txt
	@mkdir -p build
	@$(PYTHON) -m devtools.supply_chain.sbom > build/sbom.cdx.json
	@echo "Wrote build/sbom.cdx.json."

licences: setup ## the licence of every package that requirements-dev.txt names, and which of them the image has
	@$(PYTHON) -m devtools.supply_chain.licences

audit: setup ## known vulnerabilities of the image's packages; fails also if they could not be looked up
	@$(PYTHON) -m devtools.supply_chain.audit

soak: setup ## the state machine in random order for long (STEPS=100000 SEED=… JOBS=1), and faults of the whole stack
	@$(PYTHON) -m tests.resilience
	@$(PYTHON) -m tests.stateful.soak --steps $(STEPS) --jobs $(JOBS) $(if $(SEED),--seed $(SEED))

fuzz: setup ## malformed input at every public address, and the API against its OpenAPI document (FUZZ_REQUESTS=5000 FUZZ_SEED=…)
	@FUZZ_REQUESTS=$${FUZZ_REQUESTS:-5000} SCHEMATHESIS_EXAMPLES=$${SCHEMATHESIS_EXAMPLES:-200} \
		$(PYTHON) -m pytest tests/public/test_fuzz.py tests/api/test_openapi.py -m '' -n 0 -q -rP --show-capture=stdout \
		-p no:randomly $(ARGS)

bench: setup ## what a page costs beside stock Wagtail, nginx and Varnish, and how that grows (ARGS="--sizes 100 1000 50000")
	@$(PYTHON) -m benchmarks.public_pages $(ARGS)

backup: setup ## database, figures and uploads into one file: make backup FILE=monographs.backup (ARGS="--encrypt-to age1…")
	@test -n "$(FILE)" || { echo "Name the file: make backup FILE=monographs.backup" >&2; exit 2; }
	@$(PYTHON) manage.py backup "$(FILE)" $(ARGS)

restore: setup ## a backup into an empty database: make restore FILE=monographs.backup (ARGS="--identity backup.key")
	@test -r "$(FILE)" || { echo "Name an existing file: make restore FILE=monographs.backup" >&2; exit 2; }
	@$(PYTHON) manage.py restore "$(FILE)" $(ARGS)

db-stop: setup ## stop this machine's own PostgreSQL server (the next command starts it again)
	@$(PYTHON) -m cms.localdb stop

reset: db-stop ## delete this machine's own database, figures, uploads and emails
	@rm -rf .local

clean: ## remove everything that can be made again; the data in .local stay
	@if [ -e $(STAMP) ]; then $(MAKE) db-stop; fi
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
