"""The real Locust, from PyPI, on the network that its topology plans.

Its master and workers speak ZeroMQ (ROUTER/DEALER on 5557). Workers register
through the planned rules; one in a segment that declares no such flow never does.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bulkhead.plan.files import locked_plan
from bulkhead.twin import Program, Twin, availability

pytestmark = pytest.mark.integration

TOPOLOGIES = Path(__file__).resolve().parents[2] / "topologies"
LOCUSTFILE = """
from locust import HttpUser, constant, task

class Visitor(HttpUser):
    wait_time = constant(0.1)

    @task
    def home(self):
        self.client.get("/")
"""


def until(said: Callable[[], bool], seconds: float) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while not said():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def log(program: Program) -> str:
    return program.stderr.read_text(errors="replace") + program.stdout.read_text(errors="replace")


def test_locust_workers_register_through_the_planned_rules_and_others_never_do(tmp_path):
    reason = availability()
    if reason:
        pytest.skip(str(reason))
    network = locked_plan(TOPOLOGIES / "locust.yaml").network
    address = {each.name: str(each.address) for each in network.interfaces}
    (port,) = {each.ports.first for each in network.listeners if each.owner == "target"}
    locustfile = tmp_path / "locustfile.py"
    locustfile.write_text(LOCUSTFILE)
    locust = [sys.executable, "-m", "locust", "--locustfile", str(locustfile)]
    join = [*locust, "--worker", "--master-host", address["master-1"]]

    with Twin(network) as twin:
        twin.run("target-1", [sys.executable, "-m", "http.server", str(port)], cwd=tmp_path)
        master = twin.run(
            "master-1",
            [
                *[*locust, "--master", "--headless", "--expect-workers", "2"],
                *["--users", "4", "--spawn-rate", "4", "--run-time", "3s", "--stop-timeout", "1"],
                *["--host", f"http://{address['target-1']}:{port}"],
                *["--csv", str(tmp_path / "run"), "--exit-code-on-error", "3"],
            ],
        )
        outsider = twin.run("dashboard-1", join)
        assert until(lambda: "Waiting for workers" in log(master), 20), log(master)
        workers = [twin.run(f"worker-{number}", join) for number in (1, 2)]
        assert master.wait(timeout=60) == 0, log(master)
        for worker in workers:
            assert worker.wait(timeout=10) == 0
            assert "Got quit message from master" in log(worker)
        said = log(master)
        assert said.count("reported as ready") == 2, said
        # It tried from before the workers came until the run was over.
        assert "Starting Locust" in log(outsider)
        assert "message from master" not in log(outsider)
        assert twin.counters()["dashboard-1 egress: no security group rule"] > 0

    with (tmp_path / "run_stats.csv").open() as file:
        total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
    assert int(total["Request Count"]) > 0
    assert int(total["Failure Count"]) == 0
