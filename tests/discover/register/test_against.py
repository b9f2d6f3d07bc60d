"""What is declared and what was seen are told apart; where they differ both places are named."""

import pytest

from bulkhead.discover.register import StandingKind, against
from tests.discover.register.conftest import binds, connects
from tests.discover.register.test_joining import strategy, ticker
from tests.support.topologies import topology_from

HEAD = """\
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2
segments:
  a: { purpose: all of it }
services:
"""
DECLARED = f"""{HEAD}\
  ticker:
    segment: a
    sockets: {{ ticks: {{ type: PUB, bind: "tcp://*:5556" }} }}
  strategy:
    segment: a
    sockets: {{ ticks: {{ type: SUB, connect: ticker.ticks }} }}
"""
CODE = {
    "ticker/main.py": binds("PUB", "tcp://*:5556"),
    "strategy/main.py": connects("SUB", "tcp://ticker:5556"),
}


@pytest.fixture
def held(registered, tmp_path):
    def run(topology, files=None, **more):
        register = registered(files, **more)
        return against(register, topology_from(tmp_path, topology))

    return run


def kinds(answer):
    return [(each.kind, each.differs) for each in answer.standings]


def test_what_is_declared_and_seen_is_as_declared(held):
    answer = held(DECLARED, CODE)
    assert kinds(answer) == [(StandingKind.AS_DECLARED, "")]
    assert answer.ok
    (standing,) = answer.standings
    assert standing.declared_at.line == 13
    assert str(standing.place) == "strategy/main.py:5"
    assert not standing.unsure


def test_what_was_never_seen_is_no_fault_and_is_told_with_what_was_searched(held):
    answer = held(DECLARED, {"else/main.py": "import zmq\nzmq.Context().socket(zmq.PUB)\n"})
    assert kinds(answer) == [(StandingKind.UNSEEN, "")]
    assert answer.ok
    assert answer.searched


def test_of_a_connection_whose_server_alone_was_seen_that_is_said(held):
    answer = held(DECLARED, {"ticker/main.py": CODE["ticker/main.py"]})
    assert {each.kind for each in answer.standings} == {
        StandingKind.UNSEEN,
        StandingKind.AS_DECLARED,
    }
    (unseen,) = answer.of(StandingKind.UNSEEN)
    assert unseen.seen_end == "server"
    (waits,) = answer.of(StandingKind.AS_DECLARED)
    assert waits.what == "ticker.ticks waits at tcp 5556"


def test_a_client_that_nobody_declared_is_a_shadow_boundary(held):
    answer = held(DECLARED, CODE | {"spy/main.py": connects("SUB", "tcp://ticker:5556")})
    (shadow,) = answer.of(StandingKind.SHADOW)
    assert "the topology has no spy" in shadow.what
    assert str(shadow.place) == "spy/main.py:5"
    assert not answer.ok


def test_a_declared_client_at_a_socket_that_it_is_not_declared_for_is_one_too(held):
    more = CODE | {
        "ticker/more.py": binds("ROUTER", "tcp://*:5600"),
        "strategy/more.py": connects("DEALER", "tcp://ticker:5600"),
    }
    (shadow,) = held(DECLARED, more).of(StandingKind.SHADOW)
    assert "it declares no such connection" in shadow.what


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"ticker/main.py": binds("PUB", "tcp://*:5557"),
          "strategy/main.py": connects("SUB", "tcp://ticker:5557")}, "port"),
        ({"ticker/main.py": binds("XPUB", "tcp://*:5556")}, "type"),
        ({"ticker/main.py": connects("PUB", "tcp://strategy:5556"),
          "strategy/main.py": binds("SUB", "tcp://*:5556")}, "direction"),
        ({"ticker/main.py": binds("PUB", "tcp://*:5556").replace(
            "out.bind", "out.curve_server = True\nout.bind")}, "mechanism"),
    ],
)  # fmt: skip
def test_what_is_declared_otherwise_is_told_with_both_places(held, change, differs):
    answer = held(DECLARED, CODE | change)
    assert kinds(answer) == [(StandingKind.DIFFERS, differs)]
    (standing,) = answer.standings
    assert standing.place is not None
    assert standing.declared_at.line == 13
    assert not answer.ok


def test_one_end_alone_at_another_port_is_told_by_its_type_and_never_twice(held):
    answer = held(DECLARED, {"ticker/main.py": binds("PUB", "tcp://*:5999")})
    assert kinds(answer) == [(StandingKind.DIFFERS, "port")]


def test_what_runs_is_held_against_it_by_names_that_somebody_says(held):
    answer = held(
        DECLARED, machines=[ticker(), strategy()], services=("ticker=10.0.0.2", "strategy=10.0.0.1")
    )
    assert kinds(answer) == [(StandingKind.AS_DECLARED, "")]


def test_a_server_that_is_known_by_its_port_alone_is_unsure_and_a_client_is_never_so_known(held):
    answer = held(DECLARED, machines=[ticker(), strategy()], services=("strategy=10.0.0.1",))
    (standing,) = answer.standings
    assert standing.kind is StandingKind.AS_DECLARED
    assert standing.unsure
    assert "ticker by port 5556 alone" in standing.matched
    answer = held(DECLARED, machines=[ticker(), strategy()], services=("ticker=10.0.0.2",))
    assert [each.kind for each in answer.standings] == [StandingKind.SHADOW, StandingKind.UNSEEN]


def test_what_never_leaves_a_host_is_not_judged(held):
    files = CODE | {
        "spy/a.py": binds("PAIR", "ipc:///run/a"),
        "spy/b.py": binds("PUB", "tcp://127.0.0.1:7777"),
    }
    answer = held(DECLARED, files)
    assert answer.ok
    assert len(answer.of(StandingKind.LOCAL)) == 2


def test_what_a_service_says_to_itself_on_one_host_needs_no_rule(held):
    helper = (
        ticker()
        .process(21, "python3", script="/srv/ticker/main.py")
        .socket(21, "established", ("10.0.0.2", 41_000), ("10.0.0.2", 5556))
        .socket(20, "established", ("10.0.0.2", 5556), ("10.0.0.2", 41_000))
    )
    services = ("ticker=10.0.0.2", "strategy=10.0.0.1")
    answer = held(DECLARED, machines=[helper, strategy()], services=services)
    assert answer.ok
    assert [each.kind for each in answer.standings] == [
        StandingKind.LOCAL,
        StandingKind.AS_DECLARED,
    ]


def test_connections_of_plain_tcp_are_counted_and_never_called_stale(held):
    topology = DECLARED.replace("PUB", "TCP").replace("SUB", "TCP")
    answer = held(topology, {"else/main.py": "import zmq\nzmq.Context().socket(zmq.PUB)\n"})
    assert answer.plain == 1
    assert not answer.standings


def test_a_name_that_a_service_had_before_is_its_name(held):
    topology = DECLARED.replace("  ticker:\n", "  quotes:\n    was: ticker\n").replace(
        "connect: ticker.ticks", "connect: quotes.ticks"
    )
    assert kinds(held(topology, CODE)) == [(StandingKind.AS_DECLARED, "")]


def test_a_port_at_which_two_services_wait_says_of_neither_that_it_is_the_server(held):
    both = DECLARED.replace("connect: ticker.ticks", "connect: [ticker.ticks, other.ticks]")
    other = '  other: { segment: a, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }\n'
    answer = held(both + other, machines=[ticker(), strategy()], services=("strategy=10.0.0.1",))
    found = [each.kind for each in answer.standings]
    assert found == [StandingKind.SHADOW, StandingKind.UNSEEN, StandingKind.UNSEEN]
