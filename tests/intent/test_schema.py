"""The schema that editors read takes what a topology may say, and marks what is written wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from bulkhead.intent import values
from bulkhead.intent.binding import parse_binding
from bulkhead.intent.document import read_document
from bulkhead.intent.ipv6 import parse_ipv6
from bulkhead.intent.load import topology_of
from bulkhead.intent.reference import reference
from bulkhead.intent.regions import parse_region
from bulkhead.intent.schema import schema_text
from bulkhead.intent.traffic import parse_traffic
from bulkhead.intent.written.looks import LOOKS
from bulkhead.intent.wrong import Wrong
from bulkhead.problems import InputError
from tests.intent.test_documentation import EXAMPLES, PARTS
from tests.intent.test_loading import JSON, places
from tests.intent.test_mistakes import cases
from tests.support.examples import examples
from tests.support.topologies import documents

ROOT = Path(__file__).resolve().parents[2]
TOPOLOGIES = sorted((ROOT / "topologies").glob("*.yaml"))
SCHEMA = json.loads(schema_text())
VALIDATOR = Draft7Validator(SCHEMA)

Complaints = Callable[[str], list[str]]


def marked(text: str) -> list[str]:
    """What an editor would mark, in a text that is YAML."""
    root = read_document("topology.yaml", text.encode()).root
    assert root is not None
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(root.plain())]


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("page", "made"), [("topology.schema.json", schema_text), ("topology-reference.md", reference)]
)
def test_what_is_published_is_what_the_shapes_say(page: str, made: Callable[[], str]) -> None:
    current = (ROOT / "docs" / page).read_text() == made()
    assert current, "write it anew with `make schema`, and commit it"


def test_every_key_says_what_it_is() -> None:
    """By the description of its field, which messages and pages take over."""
    shapes = {"": SCHEMA, **SCHEMA["definitions"]}
    silent = [
        f"{name}: {key}"
        for name, shape in shapes.items()
        for key, look in shape["properties"].items()
        if not look.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.name)
def test_a_topology_of_the_repository_names_the_schema(path: Path) -> None:
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
    assert named
    assert (path.parent / named[1]).resolve() == ROOT / "docs" / "topology.schema.json"
    assert marked(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(each.values[0], id=each.id) for each in EXAMPLES if not each.values[1]),
        *(
            pytest.param(each.values[1], id=each.id)
            for each in cases()
            if each.values[0] and not each.values[2]
        ),
    ],
)
def test_no_example_that_loads_is_marked(text: str, completed: Callable[[str], str]) -> None:
    assert marked(completed(text)) == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_others_include_is_not_marked(part: str) -> None:
    assert marked(PARTS[part]) == []


def test_the_word_null_is_a_mechanism_for_an_editor_too() -> None:
    """To YAML it is nothing, unless it is quoted."""
    topology = yaml.safe_load(TOPOLOGIES[0].read_text())
    socket = next(iter(next(iter(topology["services"].values()))["sockets"].values()))
    socket["mechanism"] = None
    assert VALIDATOR.is_valid(topology)
    socket["why"] = None
    assert not VALIDATOR.is_valid(topology)


MARKED = """
an unknown key, nearly a known one
an unknown key, like none
a needed key under a wrong name is one mistake
a service without a segment
a key without a value
a list where a mapping belongs
a word where a socket belongs
an empty list
replicas that are no count
who owns what, and why a socket is there
a segment without a purpose
a purpose that is a number, one of two lines, one too long
an isolation nobody knows
names that are no names
internet is taken
ranges of copies that are none, and labels that are none
a socket type in small letters, one misspelt, one that is a number
a socket without a type
a socket that neither binds nor connects
one mistake hides no other
nothing is said about what follows from a mistake
""".strip().splitlines()


@pytest.mark.parametrize("title", MARKED)
def test_a_mistake_of_shape_is_marked(title: str, completed: Callable[[str], str]) -> None:
    (text,) = [each.values[1] for each in cases() if each.id == f"shape: {title}"]
    assert marked(completed(text)) != []


def test_a_whole_topology_is_told_what_it_lacks_and_a_part_is_not() -> None:
    assert marked("name: demo\ncidr: 10.20.0.0/16\n") == [
        "$: 'region' is a required property",
        "$: 'zones' is a required property",
        "$: 'segments' is a required property",
        "$: 'services' is a required property",
    ]
    assert marked("services: { a: { segment: left } }\n") == []
    assert marked("{}\n") != []


@examples(4)
@given(document=documents(coming=True) | documents(vpcs=True), data=st.data())
def test_what_loads_is_never_marked(document: dict[str, Any], data: st.DataObject) -> None:
    """Whatever is written in whatever place of a topology."""
    *around, last = data.draw(st.sampled_from(places(document)))
    holder: Any = document
    for part in around:
        holder = holder[part]
    strange = st.one_of(JSON, st.sampled_from(LIKELY))
    holder[last] = data.draw(st.one_of(st.just(holder[last]), strange))
    text = yaml.safe_dump(document, allow_unicode=True)
    try:
        topology_of("topology.yaml", text.encode())
    except InputError:
        return
    assert marked(text) == []


LIKELY = [
    *("2..10", "1 MiB", "64 KiB", "c8i.large", "1024-65535", "windows", "CURVE", "required", "B"),
    *("service", "untrusted", "tcp://eth0:5556", "tcp://127.0.0.1:1", "ipc:///run/x", "inproc://a"),
    *("10.0.0.0/20", "192.168.0.0/32", "us-gov-west-1", "eu-west-1a", " padded ", "a" * 200, 3, 16),
]

TAKEN: dict[Callable[[Any], Any], tuple[list[Any], list[Any]]] = {
    values.parse_name: (["a", "a" * 31, "a-1"], ["A", "a" * 32, "1a", "a_b", "-a"]),
    values.parse_socket_name: (["iopub-out", "rawTx", "a_1"], ["1a", "_a", "a" * 32, "a.b"]),
    values.parse_purpose: (["a", "a" * 200, " a b ", "·" * 200], ["", "  ", "a" * 201, "a\nb", 1]),
    values.parse_label: (["edge", "2026", "a.b_c-d", "a" * 63], ["the edge", "", "a" * 64, 2026]),
    values.parse_replicas: ([1, 200, "1..200", "0..3"], [0, 201, "3", "1-3", 1.5, True]),
    values.parse_size: (
        [1, 1 << 40, "1 B", "9KiB", "64 MiB", "2 GiB"],
        [0, "64 kB", "0 B", "1.5 MiB"],
    ),
    values.parse_instance_type: (["c8i.large", "u-6tb1.metal"], ["c8i", "C8i.large", ".large"]),
    values.parse_client_ports: (
        ["linux", "any", "1-65535", "40000-40000"],
        ["solaris", "0-5", "5"],
    ),
    values.parse_asn: ([1, 65000, 4294967294], [0, 7224, 23456, 4294967295, "65000"]),
    values.parse_amazon_asn: (
        [64512, 65534, 4200000000, 4294967294],
        [1, 64511, 65535, 4199999999, 4294967295, "64512"],
    ),
    values.parse_vpc_cidr: (
        ["10.0.0.0/16", "172.31.0.0/16", "192.168.255.192/26"],
        ["10.0.0.0/15", "172.32.0.0/16", "192.168.0.0/27", "11.0.0.0/16", "10.0.0.0"],
    ),
    parse_ipv6: (
        ["amazon", {"cidr": "2600:1f18::/56", "pool": "ipam-pool-0a1b2c3d4e5f60718"}],
        ["aws", True, {}, {"cidr": "2600:1f18::/56"}, {"cidr": "2600:1f18::/48", "pool": "x"}],
    ),
    values.parse_site_cidr: (
        ["192.0.2.0/24", "10.0.0.0/8", "1.2.3.4/32", "64.0.0.0/3"],
        ["0.0.0.0/0", "256.0.0.0/8", "1.2.3.4", "1.2.3.4/33", "01.2.3.0/24", "::/0"],
    ),
    values.parse_gateway_address: (["203.0.113.10", "8.8.8.8"], ["203.0.113", "256.1.1.1", "::1"]),
    parse_region: (["eu-west-1", "us-gov-west-1", "us-iso-east-1"], ["europe", "eu-west-1a"]),
    values.parse_date: (["2027-01-31"], ["31.1.2027", "2027-1-31", 2027]),
    parse_traffic: (
        ["tcp 22", "tcp 8000-8010", "udp 53", "icmp 8", "gre", "protocol 89"],
        ["ssh 22", "tcp", 22, ""],
    ),
    parse_binding: (
        ["tcp://*:1", "tcp://eth0:65535", "ipc://@ticker", "ipc:///run/a", "inproc://a b"],
        ["tcp://*:65536", "tcp://*:70001", "TCP://*:1", "tcp://*", "*:5556", "http://*:80", 5556],
    ),
}
"""Values that each function reads, and some that it refuses for their shape."""


@pytest.mark.parametrize("parse", TAKEN, ids=lambda parse: parse.__name__)
def test_a_look_is_as_strict_as_what_reads_the_value(parse: Callable[[Any], Any]) -> None:
    look = Draft7Validator(LOOKS[parse])
    taken, refused = TAKEN[parse]
    for value in taken:
        parse(value)
        assert look.is_valid(value), value
    for value in refused:
        with pytest.raises(Wrong):
            parse(value)
        assert not look.is_valid(value), value


def patterns(look: dict[str, Any]) -> list[str]:
    own = [look["pattern"]] if "pattern" in look else []
    return [*own, *(each for inner in look.get("anyOf", ()) for each in patterns(inner))]


READERS = [parse for parse, look in LOOKS.items() if patterns(look)]


@pytest.mark.parametrize("parse", READERS, ids=lambda parse: parse.__name__)
@examples(2)
@given(data=st.data())
def test_a_look_refuses_nothing_that_is_read(
    parse: Callable[[Any], Any], data: st.DataObject
) -> None:
    like = st.one_of(*(st.from_regex(each) for each in patterns(LOOKS[parse])))
    value = data.draw(like)
    at = data.draw(st.integers(0, len(value)))
    cut = data.draw(st.integers(0, 2))
    value = value[:at] + data.draw(st.text("0159./-:*abBZ \n", max_size=2)) + value[at + cut :]
    try:
        parse(value)
    except Wrong:
        return
    assert Draft7Validator(LOOKS[parse]).is_valid(value)
