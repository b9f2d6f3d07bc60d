"""The sample starts from what the verb prints, on this host: no message without a known key."""

import os
import shutil
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "pyzmq"
PATIENCE = 20


@pytest.fixture
def sample(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLE))
    return import_module("bulkhead_sockets")


@pytest.fixture
def topology(tmp_path):
    """The sample's, at a port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (SAMPLE / "topology.yaml").read_text()
    path = tmp_path / "topology.yaml"
    path.write_text(text.replace(":5556", f":{port}"))
    return path


@pytest.fixture
def printed(ask, topology, tmp_path):
    """What the verb prints for the programs: JSON of the server, variables of the client."""
    as_json = tmp_path / "ticker.json"
    as_json.write_text(ask("endpoints", topology, "-s", "ticker", "--format", "json").out)
    words = ("endpoints", topology, "-s", "reader", "--replica", "2", "--format", "env")
    lines = ask(*words).out.splitlines()
    return as_json, dict(line.split("=", 1) for line in lines)


def test_both_programs_run_from_what_was_printed(printed, tmp_path):
    as_json, variables = printed
    words = ["--keys", tmp_path / "keys", "--make-keys", "--loopback"]
    ticker = subprocess.Popen(
        [sys.executable, SAMPLE / "ticker.py", "--settings", as_json, *words],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert ticker.stdout.readline() == "bound\n"
        reader = subprocess.run(
            [sys.executable, SAMPLE / "reader.py", *words],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        assert reader.stdout == "EURUSD 1.0832\n"
        assert ticker.wait(PATIENCE) == 0
    finally:
        ticker.kill()


def test_the_options_are_set_and_a_key_that_nobody_knows_is_turned_away(sample, printed, tmp_path):
    as_json, variables = printed
    keys, others = tmp_path / "keys", tmp_path / "others"
    server, client = sample.from_json(as_json), sample.from_environment(variables)
    sample.make_missing_keys(keys, {**server, **{f"{name}-": client[name] for name in client}})
    shutil.copytree(keys, others)
    for path in others.rglob("reader/*"):
        path.unlink()
    sample.make_missing_keys(others, client)
    with sample.sockets_of(server, keys=keys, place=sample.on_loopback) as opened:
        ticks = opened["ticks"]
        for option, value in server["ticks"].options.items():
            asked = ticks.getsockopt_string if isinstance(value, str) else ticks.getsockopt
            assert asked(getattr(zmq, option)) == value, option
        assert ticks.getsockopt_string(zmq.LAST_ENDPOINT).startswith("tcp://127.20.")
        turned_away = zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_SUCCEEDED
        monitor = ticks.get_monitor_socket(turned_away)
        monitor.rcvtimeo = PATIENCE * 1000
        with sample.sockets_of(client, keys=others, place=sample.on_loopback):
            event = recv_monitor_message(monitor)["event"]
            assert event == zmq.EVENT_HANDSHAKE_FAILED_AUTH
        with sample.sockets_of(client, keys=keys, place=sample.on_loopback):
            events = iter(lambda: recv_monitor_message(monitor)["event"], None)
            assert zmq.EVENT_HANDSHAKE_SUCCEEDED in events
        ticks.disable_monitor()
        monitor.close()


@pytest.mark.parametrize("choice", "*!")
def test_of_a_range_some_free_port_is_bound(sample, tmp_path, choice):
    settings = {
        "s": sample.SocketSettings(type="PUB", bind=(f"tcp://127.20.0.9:{choice}[51000-51099]",))
    }
    with sample.sockets_of(settings, keys=tmp_path) as opened:
        bound = opened["s"].getsockopt_string(zmq.LAST_ENDPOINT)
    assert bound.startswith("tcp://127.20.0.9:510")
