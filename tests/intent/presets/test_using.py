"""A preset is as if it were written: under what is, above defaults, at the line of `use`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulkhead.intent import Topology
from bulkhead.intent.document import MOST_VALUES
from bulkhead.intent.mechanisms import Mechanism
from tests.support.topologies import topology_from

HEAD = """\
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments: { left: { purpose: a }, right: { purpose: b } }
"""


def loaded(folder: Path, text: str) -> Topology:
    return topology_from(folder, HEAD + text)


def wired(topology: Topology) -> set[str]:
    return {
        f"{each.client}.{each.client_socket.name} -> {each.server}.{each.server_socket.name}"
        for each in topology.connections
    }


def test_it_is_the_same_as_writing_it(tmp_path: Path) -> None:
    used = loaded(
        tmp_path,
        """\
services:
  master: { segment: left, use: salt.master }
  minion: { segment: right, replicas: 2..50, use: { preset: salt.minion, of: master } }
""",
    )
    spelt = loaded(
        tmp_path,
        """\
services:
  master:
    segment: left
    sockets:
      publish: { type: PUB, bind: "tcp://*:4505", why: jobs for the minions }
      returns: { type: ROUTER, bind: "tcp://*:4506", why: "results, files, authentication" }
  minion:
    segment: right
    replicas: 2..50
    sockets:
      publish: { type: SUB, connect: master.publish, why: jobs from the master }
      returns: { type: REQ, connect: master.returns, why: "results, files, authentication" }
""",
    )
    assert used.services == spelt.services
    assert wired(used) == wired(spelt) != set()


def test_everything_it_says_is_at_the_line_of_its_use(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  master: { segment: left, use: salt.master }
  minion:
    segment: right
    use:
      - preset: salt.minion
        of: master
    sockets:
      returns:
        why: what came of it
""",
    )
    at = {
        ("master", "sockets", "publish", "bind"): 7,
        ("minion", "sockets", "publish", "connect"): 11,
        ("minion", "sockets", "publish"): 11,
        ("minion", "sockets", "returns", "connect"): 11,
        ("minion", "sockets", "returns"): 14,
        ("minion", "sockets", "returns", "why"): 15,
    }
    assert {path: topology.place_of("services", *path).line for path in at} == at


def test_what_is_written_wins_over_it_and_it_wins_over_defaults(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
defaults: { socket: { mechanism: CURVE, zap: true, largest-message: 1 MiB, why: all the same } }
services:
  master:
    segment: left
    use: salt.master
    sockets:
      publish: { bind: "tcp://*:14505", why: jobs }
      status: { type: PUB, bind: "tcp://*:9000" }
  minion: { segment: right, use: salt.minion }
""",
    )
    publish, returns, status = (
        topology.sockets[f"master.{each}"] for each in ("publish", "returns", "status")
    )
    assert [each.text for each in publish.bind] == ["tcp://*:14505"]
    assert (publish.why, returns.why, status.why) == (
        "jobs",
        "results, files, authentication",
        "all the same",
    )
    assert [each.mechanism for each in (publish, returns, status)] == [
        Mechanism.NULL,
        Mechanism.NULL,
        Mechanism.CURVE,
    ]
    assert publish.largest_message == 1 << 20
    assert wired(topology) == {
        "minion.publish -> master.publish",
        "minion.returns -> master.returns",
    }


def test_a_mechanism_is_that_of_all_its_zeromq_sockets(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  master:
    segment: left
    use: { preset: locust.master, mechanism: CURVE, zap: true }
  worker: { segment: right, use: { preset: locust.worker, mechanism: CURVE } }
  submit: { segment: left, use: { preset: parsl.submit, mechanism: NULL } }
  pool: { segment: right, use: { preset: parsl.worker, mechanism: NULL } }
""",
    )
    secured = {name: (each.mechanism, each.zap) for name, each in topology.sockets.items()}
    assert secured["master.workers"] == (Mechanism.CURVE, True)
    assert secured["worker.master"] == (Mechanism.CURVE, False)
    assert secured["master.web"] == (Mechanism.NULL, False)
    assert secured["submit.workers"] == secured["pool.interchange"] == (Mechanism.NULL, False)


def test_a_socket_that_one_side_lacks_the_other_does_not_connect_to(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  node: { segment: left, use: { preset: bitcoin.node, without: sequence } }
  wallet: { segment: right, use: { preset: bitcoin.subscriber, without: [transactions] } }
""",
    )
    assert set(topology.services["node"].sockets) == {"blocks", "transactions"}
    assert wired(topology) == {"wallet.blocks -> node.blocks"}
    assert set(topology.services["wallet"].sockets) == {"blocks"}


def test_of_names_one_or_several_of_those_who_could_be_meant(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  one: { segment: left, use: salt.master }
  two: { segment: left, use: salt.master }
  a: { segment: right, use: { preset: salt.minion, of: two } }
  b: { segment: right, use: { preset: salt.minion, of: [one, two], without: returns } }
  c:
    segment: right
    use: { preset: salt.minion, without: returns }
    sockets: { publish: { connect: one.publish } }
""",
    )
    assert wired(topology) == {
        "a.publish -> two.publish",
        "a.returns -> two.returns",
        "b.publish -> one.publish",
        "b.publish -> two.publish",
        "c.publish -> one.publish",
    }


def test_of_is_about_the_role_that_it_names_and_the_others_are_found(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  head: { segment: left, use: zeek.manager }
  spare: { segment: left, use: { preset: zeek.manager, without: log } }
  logger: { segment: left, use: { preset: zeek.logger, of: head } }
  worker: { segment: right, use: { preset: zeek.worker, of: head } }
""",
    )
    assert {each for each in wired(topology) if each.startswith("worker.")} == {
        "worker.events -> head.events-in",
        "worker.subscriptions -> head.events-out",
        "worker.log -> logger.log",
    }


def test_a_service_may_be_several_things(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  master: { segment: left, use: salt.master }
  node: { segment: right, use: [misp.server, { preset: salt.minion, of: master }] }
""",
    )
    assert set(topology.services["node"].sockets) == {"events", "publish", "returns"}


def test_peers_meet_all_others_and_copies_of_one_each_other(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
services:
  hub: { segment: left, use: zyre.hub }
  a: { segment: left, use: zyre.node }
  b: { segment: right, replicas: 3, use: zyre.node }
""",
    )
    assert {each for each in wired(topology) if ".peers" in each} == {
        "a.peers -> b.mailbox",
        "b.peers -> a.mailbox",
        "b.peers -> b.mailbox",
    }


def test_a_host_of_a_site_uses_one_too_without_what_stays_on_it(tmp_path: Path) -> None:
    topology = loaded(
        tmp_path,
        """\
sites:
  lab:
    cidrs: [192.168.0.0/24]
    gateway: { address: 203.0.113.1 }
    use: jupyter.kernel
services:
  notebook: { segment: left, use: { preset: jupyter.client, of: lab } }
""",
    )
    assert "iopub-pipe" not in topology.sites["lab"].sockets
    assert len(topology.connections) == 5
    assert topology.place_of("sites", "lab", "sockets", "shell").line == 10


def test_presets_that_fill_the_memory_are_refused(
    complaints: Callable[[str], list[str]],
) -> None:
    nodes = "".join(f"  s{each}: {{ segment: left, use: zyre.node }}\n" for each in range(600))
    services = f"  hub: {{ segment: left, use: zyre.hub }}\n{nodes}"
    (said, *_) = complaints(f"{HEAD}services:\n{services}")
    assert f"all that presets fill in is more than {MOST_VALUES} values" in said
