"""New keys for a site's tunnels: one at a time, and seen by nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from ipaddress import IPv4Address

import pytest

from bulkhead.onsite import StandingTunnel
from bulkhead.onsite.rotation import MOST_WAITED, CannotRotateError, rotation, rotation_script

FIRST, SECOND = "198.51.100.1", "198.51.100.2"
KEY = "abcdefgh12345678" * 4
KEPT_IN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s2svpn"
TUNNELS = tuple(
    StandingTunnel(number=number, outside=IPv4Address(address), key=KEPT_IN)
    for number, address in ((1, FIRST), (2, SECOND))
)

AWS = f"""#!{sys.executable}
import json, pathlib, sys
here = pathlib.Path(__file__).parent
state = json.loads((here / "state").read_text())
words = sys.argv[1:]
said = {{"words": words}}
if "get-random-password" in words:
    print("{KEY}")
elif "modify-vpn-tunnel-options" in words:
    mine = words[words.index("--vpn-tunnel-outside-ip-address") + 1]
    said["stdin"] = sys.stdin.read()
    state[mine] = ["DOWN", "DOWN", "UP"][: state["left"]] or ["DOWN"]
    state["since"] = 5
else:
    mine = next(each for each in state if each in words[-1])
    answers = state[mine]
    shown = answers[0]
    if len(answers) > 1:
        state[mine] = answers[1:]
    print(shown, "2026-11-30T20:00:0%d" % state["since"], sep="\\t")
(here / "state").write_text(json.dumps(state))
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(said) + "\\n")
"""


@pytest.fixture
def script(tmp_path):
    found = rotation("trading", "exchange", "eu-west-1", "vpn-1", TUNNELS)
    text = rotation_script(found).replace(f"-ge {MOST_WAITED}", "-ge 4")
    (tmp_path / "rotate.sh").write_text(text)
    for name, text in (("aws", AWS), ("sleep", "#!/bin/sh\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def run(*words, first="UP", second="UP", left=3):
        state = {FIRST: [first], SECOND: [second], "left": left, "since": 1}
        (tmp_path / "state").write_text(json.dumps(state))
        (tmp_path / "calls").write_text("")
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", str(tmp_path / "rotate.sh"), *words],
            env={"PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        calls = [json.loads(each) for each in (tmp_path / "calls").read_text().splitlines()]
        return done, calls

    return run


def changing(calls):
    return [each for each in calls if "modify-vpn-tunnel-options" in each["words"]]


@pytest.mark.parametrize(("step", "address"), [("1", FIRST), ("2", SECOND)])
def test_each_step_gives_one_tunnel_a_key_that_only_aws_is_told(script, step, address):
    done, calls = script(step)
    assert done.returncode == 0, done.stderr
    (changed,) = changing(calls)
    assert json.loads(changed["stdin"]) == {"PreSharedKey": KEY}
    words = changed["words"]
    assert words[words.index("--vpn-tunnel-outside-ip-address") + 1] == address
    assert words[words.index("--pre-shared-key-storage") + 1] == "SecretsManager"
    assert not any(KEY in each for call in calls for each in call["words"])
    assert KEY not in done.stdout + done.stderr
    assert KEPT_IN in done.stdout


def test_it_waits_until_the_tunnel_was_down_and_is_up_again(script):
    done, calls = script("1")
    assert "is up: now sh rotate-exchange.sh 2" in done.stdout
    looked = [each for each in calls if FIRST in each["words"][-1]]
    assert len(looked) == 4  # before, twice while it is down, and when it is up


def test_nothing_is_changed_while_the_other_tunnel_is_down(script):
    done, calls = script("1", second="DOWN")
    assert done.returncode == 1
    assert "the site would be cut off" in done.stderr
    assert not changing(calls)


def test_a_tunnel_that_stays_down_ends_the_step_with_a_warning(script):
    done, _ = script("2", left=0)
    assert done.returncode == 1
    assert "begin no other step before it is" in done.stderr


def test_without_a_step_nothing_is_asked(script):
    done, calls = script()
    assert (done.returncode, calls) == (2, [])
    assert "usage: sh rotate-exchange.sh 1" in done.stderr


def test_what_nobody_saw_is_not_rotated():
    with pytest.raises(CannotRotateError, match="of the two tunnels of vpn-1 1 have"):
        rotation("trading", "exchange", "eu-west-1", "vpn-1", TUNNELS[:1])
