"""What AWS takes as a name, a text, a tag: held against everything that a topology makes.

One table. What is not taken must never be planned: it is derived otherwise, or the line
of the topology is refused.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bulkhead.network import PortRange, tags
from bulkhead.plan import plan
from bulkhead.problems import InputError
from infra.build import build
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from

GROUP_NAME = r"(?!sg-)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}"
RULE_TEXT = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=;{}!$*]{0,255}"


@dataclass(frozen=True)
class Text:
    """An input that must match a pattern in full."""

    kind: str
    input: str
    pattern: str
    page: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.input}"


API = "docs.aws.amazon.com/AWSEC2/latest/APIReference"
TEXTS = [
    Text("SecurityGroup", "name", GROUP_NAME, f"{API}/API_CreateSecurityGroup.html"),
    Text("SecurityGroup", "description", GROUP_NAME, f"{API}/API_CreateSecurityGroup.html"),
    Text("SecurityGroupIngressRule", "description", RULE_TEXT, f"{API}/API_IpRange.html"),
    Text("SecurityGroupEgressRule", "description", RULE_TEXT, f"{API}/API_IpRange.html"),
]

# docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions: EC2 takes
# more characters than these, which are those that every service takes.
TAG_KEY = r"(?![Aa][Ww][Ss]:)[\w +\-=.:/@]{1,128}"
TAG_VALUE = r"(?![Aa][Ww][Ss]:)[\w +\-=.:/@]{0,256}"
TAGS = 50
OF_OTHERS = 1
"""Left free at the least, for what an organisation puts on everything."""

ENGINE_SUFFIX = "-0123456"
"""What the engine appends to a resource's name where the program gives none."""


def names_and_texts(recording, text):
    for each in recording.of(text.kind):
        given = each.inputs.get(text.input)
        if given is None and text.input == "name":
            given = each.name + ENGINE_SUFFIX
        if given is not None:
            yield given


def expect_taken(recording):
    for text in TEXTS:
        for said in names_and_texts(recording, text):
            assert re.fullmatch(text.pattern, said, re.ASCII), (str(text), said, text.page)
    for each in recording.resources:
        put = each.inputs.get("tags") or {}
        assert len(put) <= TAGS - OF_OTHERS, (each.urn, len(put))
        for key, value in put.items():
            assert re.fullmatch(TAG_KEY, key, re.ASCII), (each.urn, key)
            assert re.fullmatch(TAG_VALUE, value, re.ASCII), (each.urn, key, value)


def built(record, document):
    with tempfile.TemporaryDirectory() as folder:
        made = plan(topology_from(Path(folder), document))
    return record(lambda: build(made))


NAME = st.one_of(
    st.sampled_from(["sg", "sg-", "sg-feed", "sg-sg", "aws", "default", "main", "z" * 31]),
    st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True).filter(lambda it: it != "internet"),
)
SOCKET = st.one_of(
    st.sampled_from(["a", "aws", "z" * 31]),
    st.from_regex(r"[a-z][a-z0-9_-]{0,30}", fullmatch=True),
)


@st.composite
def named(draw):
    """A service that binds, one that connects, a site that does both, all by drawn names."""
    service, client, site = draw(st.lists(NAME, min_size=3, max_size=3, unique=True))
    segment = draw(NAME)
    sockets = draw(st.lists(SOCKET, min_size=1, max_size=60, unique=True))
    ports = iter(range(draw(st.integers(1, 20000)), 65536))
    bound = {
        name: {
            "type": "PULL",
            "bind": [f"tcp://*:{next(ports)}" for _ in range(draw(st.integers(1, 3)))],
        }
        for name in sockets
    }
    bound[sockets[0]]["bind"] += [
        f"tcp://*:{next(ports) + 13000}" for _ in range(draw(st.sampled_from([0, 0, 54])))
    ]
    return {
        **HEAD,
        "name": draw(NAME),
        "segments": {segment: {"purpose": "all of them"}},
        "sites": {
            site: {
                "cidrs": ["192.168.110.0/24"],
                "gateway": {"address": "203.0.113.10"},
                "sockets": {
                    **(draw(st.sampled_from([{}, bound, at_one_address(bound)]))),
                    "push": {"type": "PUSH", "connect": f"{service}.{sockets[-1]}"},
                },
            }
        },
        "services": {
            service: {"segment": segment, "sockets": bound},
            client: {
                "segment": segment,
                "sockets": {"push": {"type": "PUSH", "connect": f"{service}.{sockets[-1]}"}},
            },
        },
    }


def at_one_address(bound):
    """The same sockets of a site, each at an address of it as long as any."""
    return {
        name: {**each, "bind": [bind.replace("*", "192.168.110.200") for bind in each["bind"]]}
        for name, each in bound.items()
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
        expect_taken(recording)


def service(name, *binds):
    return {
        **HEAD,
        "segments": {"left": {"purpose": "one side"}},
        "services": {
            name: {"segment": "left", "sockets": {"x": {"type": "PULL", "bind": list(binds)}}}
        },
    }


@pytest.mark.parametrize("name", ["sg", "sg-", "sg-feed"])
def test_a_group_whose_service_begins_with_sg_gets_a_name_that_aws_takes(record, name):
    recording = built(record, service(name, "tcp://*:6000"))
    (group,) = recording.of("SecurityGroup")
    assert group.name == f"{name}-group"
    assert group.inputs["name"] == f"bulkhead-{name}-group"
    assert group.inputs["tags"][tags.NAME] == name
    expect_taken(recording)


@pytest.mark.parametrize("name", ["sga", "feed", "s-g"])
def test_every_other_group_keeps_the_name_that_the_engine_gives_it(record, name):
    (group,) = built(record, service(name, "tcp://*:6000")).of("SecurityGroup")
    assert "name" not in group.inputs


def test_a_socket_of_55_ports_fits_into_tags(record):
    recording = built(record, service("y", *(f"tcp://*:{port}" for port in range(6000, 6110, 2))))
    (group,) = recording.of("SecurityGroup")
    values = [value for key, value in group.inputs["tags"].items() if "socket:x" in key]
    assert len(values) == 2
    assert tags.listeners_from("y", group.inputs["tags"])[-1].ports == PortRange(6108, 6108)
    expect_taken(recording)
