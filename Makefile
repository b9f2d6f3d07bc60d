# Two commands matter: `make up` and `make test`. Both do all the set-up they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up preview down env check drill test fast pure unit integration engines faults lint style types fmt bench schema requirements clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := .bulkhead/ready
PREVIEWED = .bulkhead/preview/$(STACK)
STACK ?= dev
# What is tested starts hundreds of processes: each reads the modules that one of them compiled.
unexport PYTHONDONTWRITEBYTECODE
TOPOLOGY ?= $(shell sed -n 's/^ *bulkhead:topology: *//p' Pulumi.$(STACK).yaml)

help: ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/; s/[$$]+/$$/' | expand -t 14

# A shell that talks to the local AWS.
LOCALLY = eval "$$($(BIN)/python -m local_aws env --stack $(STACK))";

# What mends a difference is said for any account; so it is done in this one.
HERE = || { code=$$?; [ $$code -ne 1 ] || printf '%s\n' \
	'here: `make up` is `pulumi up --refresh`; `aws` talks to this AWS after: eval "$$(make -s env)"' >&2; \
	exit $$code; }

up: $(READY)/run ## Build the stack in the local AWS, then prove and drill what stands there
	@$(BIN)/python -m local_aws up --stack $(STACK)
	@$(LOCALLY) $(BIN)/bulkhead drill aws --for $(TOPOLOGY) $(HERE)

preview: $(READY)/run ## Show what `make up` would change, and which flows that opens and closes
	@$(BIN)/python -m local_aws preview --stack $(STACK) --keep $(PREVIEWED)
	@$(BIN)/bulkhead review $(PREVIEWED)/state.json $(PREVIEWED)/preview.json --fail-on none

down: $(READY)/run ## Destroy the stack and stop the local AWS
	@$(BIN)/python -m local_aws down --stack $(STACK)

check: $(READY)/run ## Prove that what stands there is exactly what is declared
	@$(LOCALLY) $(BIN)/bulkhead check $(TOPOLOGY) --on aws $(HERE)

drill: $(READY)/run ## The same, and try it with real sockets in a twin
	@$(LOCALLY) $(BIN)/bulkhead drill aws --for $(TOPOLOGY) $(HERE)

env: $(READY)/run ## Print a shell's settings: eval "$$(make -s env)"
	@$(BIN)/python -m local_aws env --stack $(STACK)

# mypy has one process: it runs beside the unit tests, which take the core that it leaves.
test: $(READY)/test style ## Lint, types, unit, property, component and integration tests
	@$(MAKE) --no-print-directory --jobs types unit engines
	@$(MAKE) --no-print-directory integration

fast: $(READY)/test ## A first look, under a minute: lint beside pure
	@$(MAKE) --no-print-directory --jobs --output-sync style types pure

pure: $(READY)/test ## Tests within one process, properties on few examples
	@$(PARALLEL) -m "not integration and not slow" --hypothesis-profile=fast

unit: $(READY)/test ## What needs no engine, local AWS or namespaces
	@$(PARALLEL) -m "not integration"

# One process a core; who is done takes over what another has still to do.
PARALLEL = $(BIN)/pytest -q --numprocesses=auto --dist=worksteal

# Stacks that are built wait more than they compute; the short files of the twin come last and fill up.
integration: $(READY)/test engines ## What does
	@$(BIN)/pytest -q -m integration --numprocesses=3 --dist=loadfile --no-loadscope-reorder $(INTEGRATION)

# Only these files are read: each of the three processes reads them for itself.
INTEGRATION = $(shell grep --recursive --files-with-matches --include='test_*.py' 'mark\.integration' tests | sort)

engines: $(READY)/test ## Pulumi, its YAML, an AWS emulator of other authors: made here if there are none
	@$(BIN)/python tools/pulumi_cli.py > /dev/null
	@$(BIN)/python tools/emulator.py > /dev/null
	@$(BIN)/python tools/yaml_host.py > /dev/null

# Of these places `make test` takes a sample, another one each time.
faults: $(READY)/test ## Every fault at every call of AWS: an hour or two
	@FAULTS=all $(BIN)/pytest -q -rA --timeout=0 tests/local_aws/test_bad_weather.py tests/local_aws/test_engine_in_bad_weather.py tests/observe/live/test_bad_weather.py

lint: style types ## ruff, mypy --strict, import directions

style: $(READY)/test ## ruff, import directions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(READY)/test ## mypy --strict
	@$(BIN)/mypy

fmt: $(READY)/test ## Format, and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/bulkhead fmt topologies/*.yaml bulkhead/intent/examples/*.yaml

bench: $(READY)/test .bulkhead/bench/bin/fwshift ## Speed: ratios to peers and growth over size, in one run
	@$(BIN)/python -m bench $(BENCH)

schema: $(READY)/run ## Write what docs/ says of every key of a topology, from what reads them
	@$(BIN)/bulkhead schema -o docs/topology.schema.json
	@$(BIN)/bulkhead schema --markdown -o docs/topology-reference.md
	@$(BIN)/bulkhead presets --markdown -o docs/presets.md

requirements: .bulkhead/pin/bin/uv ## Resolve requirements.txt again after an edit of pyproject.toml
	@.bulkhead/pin/bin/python tools/pin.py $<

clean: ## Remove everything that set-up made (the local stack included)
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m local_aws stop || true
	rm -rf .venv .bulkhead

$(READY)/run: requirements.txt pyproject.toml tools/setup.sh
	@tools/setup.sh $(PYTHON) run doubt discover local

# All that `run` installs is in it: one pass for both.
$(READY)/test: requirements.txt pyproject.toml tools/setup.sh
	@tools/setup.sh $(PYTHON) test doubt discover local test
	@touch $(READY)/run

# The peer runs in an environment of its own: nothing of ours imports it.
.bulkhead/bench/bin/fwshift: bench/requirements.txt
	@$(PYTHON) -m venv .bulkhead/bench
	@.bulkhead/bench/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<

.bulkhead/pin/bin/uv:
	@$(PYTHON) -m venv .bulkhead/pin
	@.bulkhead/pin/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
