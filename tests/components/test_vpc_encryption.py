"""The encryption control of a VPC, rendered: what it says, and what waits for it."""

import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.support.topologies import topology_from

TEXT = """
    name: t
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    vpc-encryption: {{ {control} }}
    segments: {{ a: {{ purpose: x }} }}
    sites: {{ hq: {{ cidrs: [192.168.10.0/24], gateway: {{ address: 203.0.113.10 }} }} }}
    services:
      ticker: {{ segment: a, sockets: {{ ticks: {{ type: PUB, bind: "tcp://*:5556" }} }} }}
      sub: {{ segment: a, sockets: {{ t: {{ type: SUB, connect: ticker.ticks }} }} }}
    flows:
      - {{ name: ssh, from: hq, to: ticker, traffic: tcp 22, why: they log in, encryption: SSH }}
"""


@pytest.fixture
def rendered(tmp_path, record):
    def of(control):
        planned = plan(topology_from(tmp_path, TEXT.format(control=control)))
        return record(lambda: build(planned))

    return of


def test_what_is_enforced_says_of_each_exclusion_whether_it_is_one(rendered):
    (made,) = rendered("mode: enforce").of("VpcEncryptionControl")
    said = {name: value for name, value in made.inputs.items() if name.endswith("Exclusion")}
    assert made.inputs["mode"] == "enforce"
    assert len(said) == 8
    assert [name for name, value in said.items() if value == "enable"] == [
        "virtualPrivateGatewayExclusion"
    ]


def test_what_is_only_watched_says_nothing_of_exclusions(rendered):
    (made,) = rendered("mode: monitor").of("VpcEncryptionControl")
    assert not [name for name in made.inputs if name.endswith("Exclusion")]


def test_gateways_and_subnets_wait_for_it(rendered):
    found = rendered("mode: enforce")
    for kind in ("VpnGateway", "Subnet"):
        for each in found.of(kind):
            assert any(urn.endswith("::t-encryption") for urn in each.dependencies), kind
