"""Whatever the language allows can be built, or is refused with the line and the remedy.

Everything that a topology makes is held against one table, `tests.support.aws_limits`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bulkhead.components.fabric import build
from bulkhead.network import PortRange, tags
from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.support.aws_limits import expect_taken
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from

SPOKEN = frozenset({tags.PURPOSE, tags.OWNER, tags.DATA})


def built(record, document, name=None):
    with tempfile.TemporaryDirectory() as folder:
        made = plan(topology_from(Path(folder), document))
    return record(lambda: build(made, name))


NAME = st.one_of(
    st.sampled_from(
        [
            "sg",
            "sg-",
            "sg-feed",
            "sg-sg",
            "aws",
            "aws-a",
            "default",
            "main",
            "vpc",
            "internet",
            "z" * 31,
        ]
    ),
    st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True),
)
SOCKET = st.one_of(
    st.sampled_from(["a", "A", "aws", "Aws", "rawTx", "rawtx", "raw_Tx", "raw-tx", "z" * 31]),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,30}", fullmatch=True),
)
CARD = st.one_of(
    st.sampled_from(["eth1", "group", "sg", "aws", "z" * 15]),
    st.from_regex(r"[a-z][a-z0-9-]{0,14}", fullmatch=True).filter(lambda it: it != "lo"),
)
PRINTABLE = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
WORDS = st.one_of(
    st.sampled_from(
        [
            "prices, and what they are made from (all of them) & more: 100 %!",
            "Händler, 売買, торговля, الأسعار",
            "é" * 200,
            "\N{BANK}" * 100,
            "<tag>&amp;\"'\\${}",
        ]
    ),
    st.text(PRINTABLE, min_size=1, max_size=100).filter(lambda it: it == it.strip()),
)
SPOKEN_OF = st.fixed_dictionaries({}, optional=dict.fromkeys(("purpose", "owner", "data"), WORDS))
PORTS = st.sampled_from(["linux", "windows", "nat", "10240-65535"])


@st.composite
def sockets(draw, host="*"):
    """Some that bind, each on one port, on many, or on a range of them."""
    names = draw(st.lists(SOCKET, min_size=1, max_size=draw(st.sampled_from([3, 45])), unique=True))
    ports = iter(range(draw(st.integers(1, 20000)), 65536, draw(st.integers(1, 3))))
    first = draw(st.sampled_from([0, 0, 41000]))
    ranged = {"Range": {"type": "PUB", "bind": f"tcp://{host}:{first}-{first + 999}"}}
    return (ranged if first and "Range" not in names else {}) | {
        name: {
            "type": "PULL",
            "why": "必要",
            "bind": [
                f"tcp://{host}:{next(ports)}" for _ in range(draw(st.sampled_from([1, 1, 2, 50])))
            ],
        }
        for name in names
    }


TRAFFIC = ["tcp 22", "tcp 8000-8010", "udp 53", "icmp 8", "sctp", "gre", "protocol 89"]


@st.composite
def flows(draw, ends):
    """What is not ZeroMQ, between two of them; nothing is in it twice."""
    every = iter(draw(st.permutations(TRAFFIC)))
    names = draw(st.lists(SOCKET.map(lambda it: f"flow-{it}"[:31]), max_size=2, unique=True))
    found = [
        {
            "name": name,
            "from": ends[0],
            "to": ends[1],
            "traffic": [next(every) for _ in range(draw(st.integers(1, 3)))],
            "why": "必要 & so on",
            "owner": draw(WORDS),
        }
        for name in names
    ]
    return {"flows": found} if found else {}


HOSTS = st.dictionaries(
    NAME,
    st.sampled_from(
        [
            {"address": "192.168.110.7", "purpose": "必要"},
            {"cidr": "192.168.110.64/26", "vlan": 4094},
        ]
    ),
    max_size=2,
)


def at_hosts(push, hosts):
    """The socket that pushes, once more from each of the hosts."""
    (socket,) = push.values()
    return {f"at_{number}": {**socket, "host": name} for number, name in enumerate(hosts)}


@st.composite
def named(draw):
    """A service that binds, one that connects, a site that does both, all by drawn names."""
    service, client, site = draw(st.lists(NAME, min_size=3, max_size=3, unique=True))
    segments = draw(st.lists(NAME, min_size=1, max_size=2, unique=True))
    bound = draw(sockets())
    last = list(bound)[-1]
    push = {"Push": {"type": "PUSH", "connect": f"{service}.{last}"}}
    cards, pushes = {}, push
    if len(segments) > 1 and draw(st.booleans()):
        names = draw(st.lists(CARD, min_size=2, max_size=2, unique=True))
        cards = {"interfaces": {names[0]: {}, names[1]: {"segment": segments[0]}}}
        pushes = {"Push": {**push["Push"], "interface": names[1]}}
    said = {"purpose": "all of them"}
    return {
        **HEAD,
        **draw(flows(draw(st.permutations([service, client, site])))),
        "name": draw(NAME),
        "zones": draw(st.integers(1, 3)),
        "segments": {
            each: {
                **said,
                **draw(SPOKEN_OF),
                "isolation": draw(st.sampled_from(["segment", "service", "none"])),
            }
            for each in segments
        },
        "sites": {
            site: {
                "cidrs": ["192.168.110.0/24", "192.168.120.0/24"][: draw(st.integers(1, 2))],
                "gateway": {"address": "203.0.113.10"},
                "client-ports": draw(PORTS),
                **draw(SPOKEN_OF),
                "sockets": {
                    **draw(st.one_of(st.just({}), sockets(), sockets("192.168.110.200"))),
                    **push,
                    **(at_hosts(push, hosts) if (hosts := draw(HOSTS)) else {}),
                },
                **({"hosts": hosts} if hosts else {}),
            }
        },
        "services": {
            service: {"segment": segments[0], "sockets": bound, **draw(SPOKEN_OF)},
            client: {
                "segment": segments[-1],
                "replicas": draw(st.sampled_from([1, 2, "2..3"])),
                "labels": draw(st.dictionaries(NAME, SOCKET, max_size=2)),
                "client-ports": draw(PORTS),
                "sockets": pushes,
                **cards,
                **draw(SPOKEN_OF),
            },
        },
    }


@given(document=named())
@examples(1 / 2, HealthCheck.function_scoped_fixture, shrink=False)
def test_what_a_topology_makes_is_called_and_tagged_as_aws_takes_it(record, document):
    """Or it is refused, with the line."""
    try:
        recording = built(record, document)
    except InputError as refused:
        assert all(each.line and each.remedy for each in refused.problems)
    else:
        expect_taken(recording.resources, spoken=SPOKEN)


def service(name, *binds, **more):
    return {
        **HEAD,
        "segments": {"left": {"purpose": "one side"}},
        "services": {
            name: {
                "segment": "left",
                "sockets": {"x": {"type": "PULL", "bind": list(binds)}},
                **more,
            }
        },
    }


@pytest.mark.parametrize("name", ["sg", "sg-", "sg-feed"])
def test_a_group_whose_name_would_begin_with_sg_gets_one_that_aws_takes(record, name):
    recording = built(record, service("feed", "tcp://*:6000"), name)
    (group,) = recording.of("SecurityGroup")
    assert group.name == f"{name}-feed-group"
    assert group.inputs["name"] == f"bulkhead-{name}-feed-group"
    assert group.inputs["tags"][tags.NAME] == "feed"
    expect_taken(recording.resources, spoken=SPOKEN)


@pytest.mark.parametrize("name", ["sg-", "sga", "feed", "s-g"])
def test_every_other_group_keeps_the_name_that_the_engine_gives_it(record, name):
    (group,) = built(record, service(name, "tcp://*:6000")).of("SecurityGroup")
    assert "name" not in group.inputs


def test_a_socket_of_55_ports_fits_into_tags(record):
    recording = built(record, service("y", *(f"tcp://*:{port}" for port in range(6000, 6110, 2))))
    (group,) = recording.of("SecurityGroup")
    values = [value for key, value in group.inputs["tags"].items() if "socket:x" in key]
    assert len(values) == 2
    assert tags.listeners_from("y", group.inputs["tags"])[-1].ports == PortRange(6108, 6108)
    expect_taken(recording.resources, spoken=SPOKEN)


def test_two_sockets_that_differ_in_case_alone_have_a_tag_each(record):
    document = service("y")
    document["services"]["y"]["sockets"] = {
        "rawTx": {"type": "PUB", "bind": "tcp://*:6000"},
        "rawtx": {"type": "PULL", "bind": "tcp://*:6001"},
    }
    recording = built(record, document)
    (group,) = recording.of("SecurityGroup")
    found = {
        each.socket: each.ports.first for each in tags.listeners_from("y", group.inputs["tags"])
    }
    assert found == {"rawTx": 6000, "rawtx": 6001}
    expect_taken(recording.resources, spoken=SPOKEN)


REFUSED = [
    "AWS: billing",
    "aws:x",
    "\N{BANK}" * 101,
    "x" * 201,
    "a\u00a0b",
    "a\u2028b",
    "\x07",
    "\ue000",
]


@pytest.mark.parametrize("key", ["purpose", "owner", "data"])
@pytest.mark.parametrize("said", REFUSED, ids=ascii)
def test_what_no_tag_can_hold_is_refused_with_the_line(tmp_path, said, key):
    with pytest.raises(InputError) as refused:
        topology_from(tmp_path, service("y", "tcp://*:6000", **{key: said}))
    (problem,) = refused.value.problems
    assert problem.what.startswith(f"service y, {key}: ")
    assert problem.remedy


def fullest(owner, kind):
    """As many sockets as are planned of a service or a site of which all is said."""

    def with_sockets(count):
        document = service("y", "tcp://*:4000")
        said = {key: key[0] * 200 for key in ("purpose", "owner", "data")}
        bound = {
            f"s{number}": {"type": "PUB", "bind": f"tcp://*:{5000 + 2 * number}"}
            for number in range(count)
        }
        document["services"]["y"] |= said
        document["sites"] = {
            "x": {
                "cidrs": ["192.168.110.0/24"],
                "gateway": {"address": "203.0.113.10"},
                "client-ports": "windows",
                "sockets": {"ask": {"type": "PUSH", "connect": "y.x"}},
                **said,
            }
        }
        document[kind][owner]["sockets"] |= bound
        return document

    for count in range(60, 0, -1):
        try:
            with tempfile.TemporaryDirectory() as folder:
                plan(topology_from(Path(folder), with_sockets(count)))
        except InputError:
            continue
        return with_sockets(count)
    raise AssertionError("not one socket is planned")


@pytest.mark.parametrize(
    ("owner", "kind", "tagged"),
    [("y", "services", "SecurityGroup"), ("x", "sites", "VpnConnection")],
)
def test_as_many_sockets_as_are_planned_leave_room_for_all_that_people_say(
    record, owner, kind, tagged
):
    recording = built(record, fullest(owner, kind))
    assert max(len(each.inputs["tags"]) for each in recording.of(tagged)) > 40
    expect_taken(recording.resources, spoken=SPOKEN)
