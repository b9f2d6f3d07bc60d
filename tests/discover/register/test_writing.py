"""The first topology says what the register shows, and `check` accepts it, whatever that is."""

from dataclasses import replace
from ipaddress import ip_network
from random import Random

from hypothesis import given

from bulkhead.discover.register import (
    BoundaryRegister,
    Ground,
    Grounds,
    StandingKind,
    TopologyHead,
    against,
    first_topology,
)
from bulkhead.intent.load import topology_of
from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.discover.register.conftest import binds, connects
from tests.support.examples import examples
from tests.support.registers import registers

HEAD = TopologyHead(name="found", region="eu-west-1", zones="2")


def loaded(text):
    return topology_of("topology.yaml", text.encode())


def accepts(text):
    try:
        plan(loaded(text))
    except InputError as error:
        return error.problems
    return ()


def written(register, **more):
    return first_topology(register, HEAD, accepts=accepts, **more)


@examples(2)
@given(registers())
def test_of_any_register_the_topology_loads_and_plans_and_loses_no_boundary(register):
    first = written(register)
    assert not accepts(first.text)
    topology = loaded(first.text)
    said = sum(len(each.sockets) for each in topology.services.values())
    assert said == len(first.wiring.sockets)
    told = {id(each) for socket in first.wiring.sockets for each in socket.boundaries}
    told |= {id(each.boundary) for each in first.wiring.left}
    assert told == set(map(id, register.boundaries))


CODE = {
    "ticker/main.py": binds("PUB", "tcp://*:5556", "ticks")
    + binds("ROUTER", "tcp://*:5557", "ask"),
    "momentum/main.py": connects("SUB", "tcp://ticker:5556", "market"),
    "arbitrage/main.py": connects("SUB", "tcp://ticker:5556", "market"),
    "console/main.py": connects("DEALER", "tcp://ticker:5557", "ask"),
    "lonely/main.py": connects("PUSH", "tcp://mystery:7777", "out"),
}


def test_what_is_written_is_all_that_was_seen_and_nothing_else(registered):
    register = registered(CODE)
    first = written(register)
    topology = loaded(first.text)
    assert {str(each) for each in topology.connections} == {
        "momentum.market -> ticker.ticks",
        "arbitrage.market -> ticker.ticks",
        "console.ask -> ticker.ask",
    }
    held = against(register, topology)
    assert {each.kind for each in held.standings} == {
        StandingKind.AS_DECLARED,
        StandingKind.SHADOW,
    }
    (shadow,) = held.of(StandingKind.SHADOW)
    assert "mystery" not in topology.services
    assert "# TODO: lonely -> ?  tcp 7777 (nobody was seen to wait at tcp 7777)" in first.text
    assert str(shadow.boundary.client) == "lonely"


def test_every_socket_cites_its_evidence_and_what_nobody_knows_is_to_do(registered):
    text = written(registered(CODE)).text
    assert "# code: PUB ticks binds tcp://*:5556 (ticker/main.py:5)" in text
    assert "# code: SUB market connects to tcp://ticker:5556 (momentum/main.py:5)" in text
    assert "# TODO: its mechanism: nothing that was searched shows one" in text
    assert "region: eu-west-1  # TODO: yours" in text


def test_those_that_talk_with_the_same_others_are_proposed_one_segment(registered):
    first = written(registered(CODE))
    of = first.segments.of
    assert of["momentum"] == of["arbitrage"]
    assert len({of["momentum"], of["console"], of["ticker"]}) == 3


def test_where_subnets_are_known_a_service_is_proposed_where_it_is(registered):
    register = registered(CODE)
    at = {
        "ticker": "10.0.1.5",
        "momentum": "10.0.2.5",
        "arbitrage": "10.0.1.6",
        "console": "10.0.2.6",
    }
    moved = BoundaryRegister(
        boundaries=tuple(
            replace(each, client=_at(each.client, at), server=_at(each.server, at))
            for each in register.boundaries
        ),
        searched=(),
    )
    grounds = Grounds(
        blocks=tuple(
            Ground(block=ip_network(block), segment=name, vpc="v")
            for block, name in (("10.0.1.0/24", "feed"), ("10.0.2.0/24", "Trading desk"))
        ),
        source="aws",
    )
    of = written(moved, grounds=grounds).segments.of
    assert of == {
        "ticker": "feed",
        "momentum": "trading-desk",
        "arbitrage": "feed",
        "console": "trading-desk",
    }


def _at(party, addresses):
    return party and replace(party, addresses=(addresses.get(party.name, "192.0.2.1"),))


def test_types_that_nobody_saw_are_chosen_legal_and_left_to_a_person(registered):
    files = {"a/main.py": binds("ROUTER", "tcp://*:5556"), "b/main.py": CLIENT_OF_ANY}
    text = written(registered(files)).text
    assert "# TODO: its type: nothing that was searched shows it" in text
    topology = loaded(text)
    (connection,) = topology.connections
    assert str(connection.client_socket.type) == "REQ"


CLIENT_OF_ANY = """
import zmq, sys
ctx = zmq.Context()
come = ctx.socket(getattr(zmq, sys.argv[1]))
come.connect("tcp://a:5556")
"""


def test_more_than_the_quotas_let_is_written_as_far_as_they_do_and_the_rest_is_said(registered):
    """A group can stand for clients that need the same, and these all need something else."""
    begin = "import zmq\nctx = zmq.Context()\n"
    ports = range(5000, 5080, 2)
    needs = {f"c{each}": Random(each).sample(ports, 20) for each in range(32)}  # noqa: S311 - the same each time
    waits = 'at{0} = ctx.socket(zmq.ROUTER)\nat{0}.bind("tcp://*:{0}")\n'
    hub = "".join(waits.format(port) for port in ports)
    files = {"hub/main.py": begin + hub}
    for name, its in needs.items():
        to = "".join(f'to.connect("tcp://hub:{port}")\n' for port in its)
        files[f"{name}/main.py"] = f"{begin}to = ctx.socket(zmq.DEALER)\n{to}"
    first = written(registered(files))
    assert not accepts(first.text)
    assert first.refused
    left = [each for each in first.wiring.left if "quotas" in each.why]
    assert left
    assert first.text.count("the plan has no room for it") == len(left)


def test_types_that_libzmq_lets_not_talk_are_left_to_a_person_and_the_rest_is_as_seen(registered):
    files = {
        "a/main.py": binds("PUB", "tcp://*:5556"),
        "b/main.py": connects("SUB", "tcp://a:5556"),
    }
    register = registered(files)
    wrong = replace(register.boundaries[0], client_types=("PUSH", "SUB"))
    first = written(replace(register, boundaries=(wrong,)))
    assert [str(each.type) for each in first.wiring.sockets] == ["PUB", "SUB"]
    assert "# TODO: its type: several were seen" in first.text
    wrong = replace(register.boundaries[0], client_types=("PUSH",))
    first = written(replace(register, boundaries=(wrong,)))
    assert [str(each.type) for each in first.wiring.sockets] == ["TCP", "TCP"]
    assert "its type: PUB was seen, which cannot talk with its clients" in first.text


def test_a_pair_has_one_peer_and_of_several_it_is_a_person_who_decides(registered):
    files = {"a/main.py": binds("PAIR", "tcp://*:5556")}
    one = written(registered({**files, "b/main.py": connects("PAIR", "tcp://a:5556")}))
    assert [str(each.type) for each in one.wiring.sockets] == ["PAIR", "PAIR"]
    two = written(registered({"c/main.py": connects("PAIR", "tcp://a:5556")} | files))
    assert [str(each.type) for each in two.wiring.sockets] == ["TCP"] * 3
    assert "its type: PAIR was seen, which has one peer, and several were seen" in two.text
