#!/usr/bin/env bash
# Resolve pyproject.toml into exact, hashed pins: one resolution for everything,
# written as three files so that no machine installs more than it runs.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
$python -m pip install --quiet 'uv>=0.9'
all=$(mktemp)
trap 'rm -f "$all"' EXIT
compile() { .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header "$@"; }
compile pyproject.toml --all-extras -o "$all"
pin() { # FILE EXTRAS...
  local file=$1; shift
  compile pyproject.toml --generate-hashes -c "$all" "$@" -o "$file"
}
pin requirements.txt --extra pulumi --extra doubt
pin requirements-local.txt --extra pulumi --extra doubt --extra local
pin requirements-test.txt --all-extras
echo 'fwshift==0.40.18' | compile - --generate-hashes -o bench/requirements.txt # a peer, run beside us
