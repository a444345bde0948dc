# The commands that README names. `make` alone lists them.
# HOST, PORT, DATABASE_URL and the other variables of docs/configuration.md work from the environment
# and from the command line: `make run PORT=8001`, `make test ARGS="-k workflow"`.

.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# One more than there are cores: tests wait for the browser and for the programs that they start.
JOBS ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
ARGS ?=
SIZES ?=
SOURCES := requirements/base.in requirements/mysql.in requirements/s3.in requirements/dev.in
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes
# The suite names its own settings; `make test` is the SQLite run whatever database the shell is set up for.
ON_SQLITE := env -u DATABASE_URL -u RDS_HOSTNAME

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.PHONY: run
run: check-python ## install, prepare and serve TMS on http://127.0.0.1:8000 (HOST=, PORT=, DATABASE_URL=)
	@$(PYTHON) -m scripts.run

.PHONY: test
test: install-dev ## run the whole test suite on SQLite (ARGS= for pytest)
	@$(PYTHON) -m scripts.suite -n $(JOBS) $(ARGS)

.PHONY: test-mysql
test-mysql: need-server install-dev ## run the suite on the MySQL or MariaDB server that DATABASE_URL names
	@$(PYTHON) -m scripts.install mysql
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

.PHONY: e2e
e2e: install-dev ## run the tests that drive a browser
	@$(ON_SQLITE) $(BIN)/python -m pytest -m browser $(ARGS)

.PHONY: bench
bench: install-dev ## measure TMS on the database of DATABASE_URL (SIZES="1000 100000" makes one for each size)
	@case "$$DATABASE_URL" in mysql*|mariadb*) $(PYTHON) -m scripts.install mysql;; esac
	@$(BIN)/python -m benchmarks.run $(SIZES) $(ARGS)

.PHONY: drill
drill: install-dev ## kill web server, worker and database under load, and count what's lost (ARGS="--rounds 4")
	@$(PYTHON) -m scripts.install mysql
	@$(BIN)/python -m drills.kill $(ARGS)

.PHONY: lint
lint: install-dev ## check style, types, layers and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates

.PHONY: format
format: install-dev ## format the Python code and mend what ruff can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: audit
audit: install-dev ## look for known vulnerabilities in the pinned packages (needs the network)
	@$(BIN)/python -m scripts.audit

.PHONY: sbom
sbom: install-dev ## write the bill of materials to data/sbom.cdx.json
	@mkdir -p data
	@$(BIN)/python -m scripts.sbom data/sbom.cdx.json

.PHONY: requirements
requirements: install-dev ## pin the packages of requirements/*.in again (ARGS=--upgrade for newer ones)
	$(COMPILE) $(ARGS) requirements/base.in -o requirements.txt
	$(COMPILE) $(ARGS) requirements/mysql.in -o requirements-mysql.txt
	$(COMPILE) $(ARGS) requirements/s3.in -o requirements-s3.txt
	$(COMPILE) $(ARGS) requirements/dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## remove the environment and caches; data/ and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: install-dev
install-dev: check-python
	@$(PYTHON) -m scripts.install base dev

.PHONY: need-server
need-server:
	@case "$$DATABASE_URL" in mysql*|mariadb*) ;; *) \
	  echo "Name the server: make test-mysql DATABASE_URL=mysql://user:password@127.0.0.1:3306/tms" >&2; exit 2;; esac

.PHONY: check-python
check-python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "TMS needs Python 3.11 or newer, and there is no $(PYTHON) here. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "TMS needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make PYTHON=python3.12 …" >&2; exit 1; }
