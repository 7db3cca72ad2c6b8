# Queuelight. `make run` starts everything; `make test` runs every test; `make help` lists the rest.
# Plain POSIX make and sh, so that BSD's make reads it too.

PY = .venv/bin/python

.PHONY: help run test test-postgres check bench lock screenshots lint fmt clean env env-dev

help:
	@echo "make run          build the environment, start everything, print READY with the addresses (Ctrl-C ends it)"
	@echo "make test         run every test"
	@echo "make test-postgres  the tests that lean on the database, on PostgreSQL (TESTS=... for others)"
	@echo "make check        lint, types, import rules, templates, build files, then every test"
	@echo "make bench        measure the ways to the glass and to the mailbox, and what they cost"
	@echo "make screenshots  make the pictures of the documents anew"
	@echo "make lint fmt     the checks without the tests; bring the code into its form"
	@echo "make lock         resolve the requirements anew (needs uv)"
	@echo "make clean        remove the environment and the caches; never your data"

run: env
	@exec $(PY) manage.py up

test: env-dev
	@$(PY) scripts/run_tests.py

test-postgres: env-dev
	@$(PY) scripts/test_postgres.py $(TESTS)

check: lint
	@$(PY) scripts/run_tests.py

lint: env-dev
	@$(PY) scripts/lint.py

fmt: env-dev
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format --quiet .
	@$(PY) -m djlint templates --reformat --quiet || true

bench: env-dev
	@$(PY) manage.py bench

screenshots: env-dev
	@$(PY) scripts/screenshots.py $(ONLY)

lock:
	@sh scripts/lock.sh

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	@find . -name __pycache__ -type d -not -path "./.git/*" -prune -exec rm -rf {} +

env:
	@sh scripts/environment.sh requirements.txt

env-dev:
	@sh scripts/environment.sh requirements-dev.txt
