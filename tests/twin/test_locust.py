"""A real ZeroMQ application on the hosts of a twin: Locust, sockets, load and all."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from twin.networks import Sketch

from bulkhead.twin import Program, Twin

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(90),
    pytest.mark.usefixtures("namespaces"),
]

LOCUSTFILE = """
from locust import HttpUser, constant, task

class Visitor(HttpUser):
    wait_time = constant(0.05)

    @task
    def page(self):
        self.client.get("/")
"""
LOCUST = (sys.executable, "-m", "locust", "--locustfile")


def office() -> Sketch:
    """Master, workers and a web server, each in a group that says just what it needs."""
    net = Sketch()
    net.subnet("control", "10.0.1.0/24")
    net.subnet("load", "10.0.2.0/24")
    net.subnet("target", "10.0.3.0/24")
    net.group("master", ingress=["tcp 5557 @worker"])
    net.group("worker", egress=["tcp 5557 @master", "tcp 8000 @web"])
    net.group("visitor", egress=["tcp 5557 @master", "tcp 8000 @web"])
    net.group("web", ingress=["tcp 8000 @worker"])
    net.host("master", "control", "10.0.1.10", ["master"])
    net.host("worker-1", "load", "10.0.2.11", ["worker"])
    net.host("worker-2", "load", "10.0.2.12", ["worker"])
    net.host("visitor", "load", "10.0.2.13", ["visitor"])
    net.host("web", "target", "10.0.3.10", ["web"])
    return net


def totals(log: str) -> tuple[int, int]:
    """Requests and failures of the summary that the master prints at the end."""
    found = re.search(r"Aggregated +(\d+) +(\d+)\(", log)
    assert found, log
    return int(found[1]), int(found[2])


def start(twin: Twin, folder: Path) -> tuple[Program, dict[str, Program]]:
    """A master that waits for two workers and then runs for two seconds; the rest beside it."""
    locustfile = folder / "locustfile.py"
    locustfile.write_text(LOCUSTFILE)
    twin.run("web", [sys.executable, "-m", "http.server", "8000", "--directory", str(folder)])
    master = twin.run(
        "master",
        [
            *LOCUST, str(locustfile), "--master", "--headless", "--users", "4",
            "--spawn-rate", "4", "--run-time", "2s", "--expect-workers", "2",
            "--expect-workers-max-wait", "20", "--only-summary", "--host", "http://10.0.3.10:8000",
        ],
    )  # fmt: skip
    workers = {
        name: twin.run(name, [*LOCUST, str(locustfile), "--worker", "--master-host", "10.0.1.10"])
        for name in ("worker-1", "worker-2", "visitor")
    }
    return master, workers


def test_locust_works_through_the_rules_it_needs_and_a_host_outside_them_does_not_join(tmp_path):
    with Twin(office().network()) as twin:
        master, workers = start(twin, tmp_path)
        assert master.wait(60) == 0, master.stderr.read_text()
        requests, failures = totals(master.stderr.read_text())
        assert requests > 0
        assert failures == 0
        assert workers["worker-1"].wait(20) == 0
        assert workers["worker-2"].wait(20) == 0
        counters = twin.counters()
        assert counters["worker worker/egress/tcp-5557-@master"] == 2
        assert counters["master master/ingress/tcp-5557-@worker"] == 2
        assert counters["web web/ingress/tcp-8000-@worker"] >= 2
        assert counters["master ingress: no security group rule"] >= 1, "the visitor knocked"
