"""What several witnesses say of one connection is one boundary, with what each of them saw."""

import pytest

from bulkhead.discover.register import Certainty, CrossingKind, EvidenceKind, FlowSeen
from tests.discover.register.conftest import binds, connects, said
from tests.support.machines import Machine


def kinds(boundary):
    return {each.kind for each in boundary.evidence}


def ticker(name="b", address="10.0.0.2", script="/srv/ticker/main.py"):
    return (
        Machine(name, address)
        .process(20, "python3", script=script)
        .socket(20, "listening", ("0.0.0.0", 5556))
        .socket(20, "established", (address, 5556), ("10.0.0.1", 40_000))
    )


def strategy(script="/srv/strategy/main.py"):
    return (
        Machine("a", "10.0.0.1")
        .process(10, "python3", script=script)
        .socket(10, "established", ("10.0.0.1", 40_000), ("10.0.0.2", 5556))
    )


CODE = {
    "ticker/main.py": binds("PUB", "tcp://*:5556"),
    "strategy/main.py": connects("SUB", "tcp://ticker:5556"),
}
RUNS = {"services": ("ticker=ticker", "strategy=strategy")}


def test_code_alone_tells_an_edge_by_the_name_and_the_port_and_says_that_nobody_saw_it(registered):
    register = registered(CODE)
    assert said(register) == ["strategy -> ticker tcp 5556"]
    (boundary,) = register.boundaries
    assert (boundary.client_type, boundary.server_type) == ("SUB", "PUB")
    assert boundary.certainty is Certainty.LIKELY
    assert any("nobody saw it run" in each for each in boundary.why)
    assert [each.where for each in boundary.evidence] == ["ticker/main.py:5", "strategy/main.py:5"]
    assert boundary.crosses is CrossingKind.UNKNOWN


def test_code_and_two_machines_are_one_boundary_of_which_both_speak(registered):
    register = registered(CODE, [ticker(), strategy()], **RUNS)
    assert said(register) == ["strategy -> ticker tcp 5556"]
    (boundary,) = register.boundaries
    assert kinds(boundary) == {EvidenceKind.CODE, EvidenceKind.HOST}
    assert boundary.certainty is Certainty.SURE
    assert any("agree" in each for each in boundary.why)
    assert (boundary.client.machines, boundary.server.machines) == (("a",), ("b",))
    assert boundary.server.addresses == ("0.0.0.0", "10.0.0.2")
    assert (boundary.client_type, boundary.server_type) == ("SUB", "PUB")


def test_without_a_name_that_says_so_one_file_that_runs_is_the_code(registered):
    files = {
        "router.py": binds("ROUTER", "tcp://*:5556"),
        "worker.py": connects("DEALER", "tcp://router:5556"),
    }
    machines = [ticker(script="/opt/x/router.py"), strategy(script="/opt/x/worker.py")]
    register = registered(files, machines)
    assert said(register) == ["worker.py -> router.py tcp 5556"]
    assert kinds(register.boundaries[0]) == {EvidenceKind.CODE, EvidenceKind.HOST}


def test_by_a_port_alone_it_is_possible_and_that_is_said(registered):
    files = {"feed/quotes.py": binds("PUB", "tcp://*:5556")}
    register = registered(
        files, [ticker(script="/usr/bin/thing"), strategy(script="/usr/bin/other")]
    )
    (boundary,) = register.boundaries
    assert kinds(boundary) == {EvidenceKind.CODE, EvidenceKind.HOST}
    assert any("by tcp 5556 alone" in each for each in boundary.why)


def test_a_socket_to_which_nobody_connects_is_kept_and_said(registered):
    register = registered({"feed/a.py": binds("PUB", "tcp://*:5556")})
    (boundary,) = register.boundaries
    assert boundary.client is None
    assert boundary.unbound == "nobody was seen to connect to it"
    assert boundary.exposed is True


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({}, "nobody was seen to wait at tcp 5556"),
        (
            {"x/a.py": binds("PUB", "tcp://*:5556"), "y/a.py": binds("PUB", "tcp://*:5556")},
            "several wait at tcp 5556, and nothing says which is meant: x, y",
        ),
        ({"x/a.py": binds("PULL", "tcp://*:5556")}, "nobody was seen to wait at tcp 5556"),
    ],
)
def test_a_connect_whose_server_is_not_told_is_kept_with_the_reason(registered, others, why):
    register = registered({"w/a.py": connects("SUB", "tcp://10.9.9.9:5556"), **others})
    (boundary,) = [each for each in register.boundaries if each.server is None]
    assert boundary.unbound == why


def test_both_ends_that_ask_for_one_variable_mean_one_endpoint(registered):
    text = "import os, zmq\nctx = zmq.Context()\ns = ctx.socket(zmq.{})\ns.{}(os.environ['FEED'])\n"
    files = {"x/a.py": text.format("PUB", "bind"), "y/a.py": text.format("SUB", "connect")}
    register = registered(files)
    (boundary,) = register.bound
    assert (str(boundary.client), str(boundary.server)) == ("y", "x")
    assert boundary.port is None


def test_a_compose_file_says_what_the_programs_are_called_and_which_port_they_take(registered):
    text = "import os, zmq\nctx = zmq.Context()\ns = ctx.socket(zmq.PUB)\ns.bind(f\"tcp://*:{os.environ['PORT']}\")\n"
    compose = (
        "services:\n  ticker:\n    build: ./one\n    environment:\n      PORT: '7001'\n"
        "  reader:\n    build: {context: ./two}\n"
    )
    register = registered(
        {
            "one/main.py": text,
            "two/main.py": connects("SUB", "tcp://ticker:7001"),
            "compose.yaml": compose,
        }
    )
    assert said(register) == ["reader -> ticker tcp 7001"]
    (boundary,) = register.boundaries
    assert EvidenceKind.CONFIG in kinds(boundary)
    assert "a service of compose.yaml" in boundary.server.because


def test_a_workload_of_kubernetes_names_the_code_that_its_image_is_built_of(registered):
    manifest = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: price-feed}\n"
        "spec: {template: {spec: {containers: [{name: c, image: 'local/team/quotes:1.2'}]}}}\n"
    )
    register = registered({"quotes/main.py": binds("PUB", "tcp://*:5556"), "k8s.yaml": manifest})
    assert said(register) == ["? -> price-feed tcp 5556"]


def test_processes_of_one_program_are_told_apart_by_the_ports_that_they_wait_at(registered):
    machine = (
        Machine("a", "10.0.0.1")
        .process(1, "locust", script="-m locust")
        .process(2, "locust", script="-m locust")
        .process(3, "locust", script="-m locust")
        .socket(1, "listening", ("0.0.0.0", 5557))
        .socket(1, "established", ("127.0.0.1", 5557), ("127.0.0.1", 40_001))
        .socket(2, "established", ("127.0.0.1", 40_001), ("127.0.0.1", 5557))
        .socket(1, "established", ("127.0.0.1", 5557), ("127.0.0.1", 40_002))
        .socket(3, "established", ("127.0.0.1", 40_002), ("127.0.0.1", 5557))
    )
    register = registered(machines=[machine])
    assert said(register) == ["locust -> locust-5557 tcp 5557"]
    (boundary,) = register.boundaries
    assert boundary.crosses is CrossingKind.HOST
    assert boundary.exposed is True
    assert not boundary.local


def test_a_flow_speaks_for_a_port_that_is_known_and_makes_no_boundary_of_any_other(registered):
    flows = [
        FlowSeen(client="10.0.0.1", server="10.0.0.2", port=5556, records=7, days=3,
                 first="2026-03-01", last="2026-03-09"),
        FlowSeen(client="10.0.0.1", server="10.0.0.2", port=443),
    ]  # fmt: skip
    register = registered(CODE, [ticker(), strategy()], flows=flows, **RUNS)
    assert said(register) == ["strategy -> ticker tcp 5556"]
    (seen,) = [each for each in register.boundaries[0].evidence if each.kind is EvidenceKind.FLOWS]
    assert (seen.count, seen.days, seen.first, seen.last) == (7, 3, "2026-03-01", "2026-03-09")
    assert any("1 flows to ports" in each for each in register.notes)


def test_a_connection_that_gets_no_answer_is_an_edge_and_no_more_than_possible(registered):
    machine = (
        Machine("a", "10.0.0.1")
        .process(10, "worker")
        .socket(10, "asking", ("10.0.0.1", 40_000), ("10.0.0.9", 5555))
    )
    register = registered(machines=[machine])
    (boundary,) = register.boundaries
    assert str(boundary.server) == "10.0.0.9"
    assert not boundary.server.known
    assert boundary.certainty is Certainty.POSSIBLE
    assert "gets no answer" in boundary.evidence[0].what


def test_what_was_searched_is_said_with_how_far_it_came(registered):
    machine = ticker()
    machine.value["counts"]["sockets_unread"] = 2
    register = registered(CODE, [machine])
    assert any(
        "host b at 2026-03-01T12:00:00Z, not all of which" in each for each in register.searched
    )
    assert any("code in" in each for each in register.searched)
    assert any("not all of it was read" in each for each in register.notes)


def test_sockets_of_tests_are_left_out_and_counted(registered):
    register = registered({**CODE, "ticker/tests/test_a.py": binds("PUB", "tcp://*:9999")})
    assert said(register) == ["strategy -> ticker tcp 5556"]
    assert "1 sockets of tests are left out" in register.notes


def test_of_several_at_one_port_the_name_in_the_endpoint_says_which(registered):
    files = {
        "x/a.py": binds("PUB", "tcp://*:5556"),
        "y/a.py": binds("PUB", "tcp://*:5556"),
        "w/a.py": connects("SUB", "tcp://y.prod.svc:5556"),
    }
    assert said(registered(files)) == ["w -> y tcp 5556", "? -> x tcp 5556"]


def test_a_port_that_two_programs_bind_says_of_neither_that_it_is_what_runs(registered):
    files = {"x/a.py": binds("PUB", "tcp://*:5556"), "y/a.py": binds("PUB", "tcp://*:5556")}
    register = registered(files, [ticker(script="/usr/bin/thing")])
    assert len(register.boundaries) == 3
    assert all(len(kinds(each)) == 1 for each in register.boundaries)
