"""Sockets are written down as tags, of which a resource has fifty."""

import pytest

from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.support.topologies import HEAD, topology_from

IDS = ["service", "site", "service, one socket", "site, one socket"]


def with_sockets(of, sockets):
    """A service and a site; one of them binds the sockets."""
    idle = {"idle": {"type": "PAIR", "bind": "inproc://idle"}}
    push = {"push": {"type": "PUSH", "connect": "feed.in"}}
    feed_in = {"in": {"type": "PULL", "bind": "tcp://*:4999"}}
    return {
        **HEAD,
        "segments": {"left": {"purpose": "one side"}},
        "services": {
            "feed": {"segment": "left", "sockets": feed_in},
            "maker": {"segment": "left", "sockets": sockets if of == "maker" else idle},
        },
        "sites": {
            "venue": {
                "cidrs": ["192.168.110.0/24"],
                "gateway": {"address": "203.0.113.10"},
                "sockets": {**push, **(sockets if of == "venue" else {})},
            }
        },
    }


def one_port_each(count):
    return {f"s{n}": {"type": "PUB", "bind": f"tcp://*:{5000 + n}"} for n in range(count)}


def ports_of_one(count):
    return {"s": {"type": "PUB", "bind": [f"tcp://*:{10000 + 2 * n}" for n in range(count)]}}


def one_port_of_many(count):
    """At as many addresses of the site: eleven of the longest fit into a tag."""
    wheres = [f"192.168.110.{host}" for host in range(100, 250)]
    bound = [f"tcp://{where}:{10000 + 2 * n}" for n in range(-(-count // 150)) for where in wheres]
    return {"s": {"type": "PUB", "bind": bound[:count]}}


def each_at_an_address(count):
    return {
        f"s{n}": {"type": "PUB", "bind": f"tcp://192.168.110.{100 + n}:5000"} for n in range(count)
    }


@pytest.mark.parametrize(
    ("of", "sockets"),
    [
        ("venue", each_at_an_address(40)),
        ("venue", one_port_of_many(11 * 40)),
        ("maker", one_port_each(40)),
        ("venue", one_port_each(40)),
        ("maker", ports_of_one(41 * 40)),
        ("venue", ports_of_one(41 * 40)),
    ],
    ids=["addresses", "one socket at addresses", *IDS],
)
def test_as_many_sockets_as_tags_have_room_for_are_planned(tmp_path, of, sockets):
    assert plan(topology_from(tmp_path, with_sockets(of, sockets)))


@pytest.mark.parametrize(
    ("of", "sockets", "said"),
    [
        ("venue", each_at_an_address(41), "site venue binds 41 sockets on 41 ports, which take 41"),
        ("venue", one_port_of_many(11 * 40 + 1), "binds 1 sockets on 441 ports, which take 41"),
        ("maker", one_port_each(41), "service maker binds 41 sockets on 41 ports, which take 41"),
        ("venue", one_port_each(50), "site venue binds 50 sockets on 50 ports, which take 50"),
        ("maker", ports_of_one(41 * 40 + 1), "binds 1 sockets on 1641 ports, which take 41"),
        ("venue", ports_of_one(41 * 40 + 1), "binds 1 sockets on 1641 ports, which take 41"),
    ],
    ids=["addresses", "one socket at addresses", *IDS],
)
def test_more_are_refused_with_the_line_of_their_owner(tmp_path, of, sockets, said):
    with pytest.raises(InputError) as refused:
        plan(topology_from(tmp_path, with_sockets(of, sockets)))
    (problem,) = refused.value.problems
    assert said in problem.what
    lines = (tmp_path / "topology.yaml").read_text().splitlines()
    assert lines[problem.line - 1].strip() == f"{of}:"
    assert problem.remedy.startswith("split the s")
