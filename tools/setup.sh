#!/usr/bin/env bash
# Make the Python environment and the system ready. Usage: setup.sh PYTHON STAMP PARTS...
# PARTS are those of requirements.txt that are wanted beside what it installs for everyone.
# Interrupted at any point, the next run completes: the stamp is written last.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 stamp=$2
shift 2

say() { printf '%s\n' "bulkhead: $*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    say "needs root for: $*"
    return 1
  fi
}

debian_packages() { # what the drill loads; absent packages make it say why, not fail
  command -v apt-get >/dev/null || return 0
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing Debian packages: ${missing[*]}"
  mkdir -p .bulkhead
  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}"; } \
    >.bulkhead/apt.log 2>&1; then
    tail -n 5 .bulkhead/apt.log >&2
    return 1
  fi
}

version_ok='import sys; sys.exit(sys.version_info < (3, 11))'
"$python" -c "$version_ok" || {
  say "$python is older than 3.11; name a newer one: make PYTHON=python3.12 …"
  exit 2
}

if ! .venv/bin/python -c "$version_ok" 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "making the Python environment in .venv"
  rm -rf .venv
  "$python" -m venv .venv 2>/dev/null || {
    debian_packages python3-venv
    rm -rf .venv
    "$python" -m venv .venv
  }
fi

debian_packages libnftables1 || say "going on without them: the drill will say what is missing"
browser() { command -v chromium chromium-browser google-chrome >/dev/null; }
case " $* " in
  *" test "*) # what opens the HTML page in the tests
    browser || debian_packages chromium || true
    browser || say "no Chromium here, and none could be installed: the tests of the HTML page will fail"
    # What loads the configuration of a site's device. BIRD and FRR would start as services of this
    # machine: their tests run where somebody has them.
    debian_packages strongswan-charon strongswan-swanctl libstrongswan-standard-plugins \
      libstrongswan-extra-plugins libcharon-extra-plugins ||
      say "going on without strongSwan: the tests that load its configuration are skipped"
    ;;
esac

mkdir -p .bulkhead
wanted=.bulkhead/requirements.txt
parts=$(IFS='|' && echo "$*")
# No extra is ever asked for, so `!=` holds where `==` does not.
sed -E "s/extra == '($parts)'/extra != '\1'/" requirements.txt >"$wanted"
say "installing requirements.txt, with its parts: $*"
pip() { .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile "$@"; }
pip --requirement "$wanted"
# --no-deps: everything it needs was just installed, at the pinned versions.
pip --no-deps --editable .
# pip compiles in one process all that it installs, and half of that are modules of pulumi_aws that
# nothing here imports.
seldom='/(pulumi_aws/(?!ec2/|vpc/)[^/]+/.+|sympy/.*|pip/.*)'
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
.venv/bin/python -m compileall -qq -j 0 -x "$seldom" "$packages" || true # some hold Python 2

mkdir -p .bulkhead/ready
touch ".bulkhead/ready/$stamp"
