"""A VPC that makes its hosts encrypt, in a stack that stands: asked for, watched, changed, gone."""

import json

import pytest

pytestmark = pytest.mark.integration

PEER = """
peers:
  broker:
    addresses: [192.0.2.10/32]
    sockets: { in: { type: REP, bind: "tcp://192.0.2.10:7100", mechanism: CURVE } }
"""
ORDERS = (
    "orders: { type: REQ, connect: broker.in, mechanism: CURVE, "
    "exposure: { why: orders go out, owner: sales } }"
)
SHOP = f"""
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
encryption: required
vpc-encryption: {{ mode: enforce }}
flow-logs: {{ to: none, why: nothing runs here }}
segments: {{ front: {{ purpose: takes orders }}, back: {{ purpose: keeps them }} }}
sites:
  office: {{ cidrs: [192.168.10.0/24], gateway: {{ address: 203.0.113.10, asn: 65010 }} }}
services:
  till:
    segment: front
    instance: m7i.large
    sockets:
      out: {{ type: PUSH, connect: book.in }}
      {ORDERS}
  book: {{ segment: back, sockets: {{ in: {{ type: PULL, bind: "tcp://*:5556" }} }} }}
flows:
  - {{ name: admin, from: office, to: book, traffic: tcp 22, why: staff log in, encryption: SSH }}
{PEER}"""


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(SHOP)
    return checkout


def control_of(checkout):
    (shown,) = checkout.ec2.describe_vpc_encryption_controls()["VpcEncryptionControls"]
    excluded = [
        name for name, each in shown["ResourceExclusions"].items() if each["State"] == "enabled"
    ]
    return shown["VpcEncryptionControlId"], shown["Mode"], sorted(excluded)


def judged(checkout, on="aws"):
    checked = checkout.bulkhead("check", checkout.topology, "--on", on, "--json")
    document = json.loads(checked.out)
    return [f"{each['kind']}: {each['message']}" for each in document["findings"]]


def test_it_stands_as_asked_and_a_second_time_changes_nothing(checkout, tmp_path):
    _, mode, excluded = control_of(checkout)
    assert (mode, excluded) == (
        "enforce",
        ["InternetGateway", "NatGateway", "VirtualPrivateGateway"],
    )
    again = checkout.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said
    state = tmp_path / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    assert judged(checkout) == judged(checkout, state) == []


def test_what_somebody_only_lets_watch_is_found_and_put_right(checkout):
    name, *_ = control_of(checkout)
    checkout.ec2.modify_vpc_encryption_control(VpcEncryptionControlId=name, Mode="monitor")
    assert judged(checkout) == [
        "different: the encryption control of VPC shop is monitor, planned enforce"
    ]
    said = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert said.code == 1
    assert "till.out -> book.in" in said.out
    again = checkout.pulumi("up", "--yes", "--skip-preview", "--refresh", "--stack", "dev")
    assert again.code == 0, again.said
    assert judged(checkout) == []


def test_an_exclusion_goes_once_what_it_was_for_is_gone(checkout):
    checkout.edit(PEER, "")
    checkout.edit(ORDERS, "")
    ran = checkout.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
    assert ran.code == 0, ran.said
    assert control_of(checkout)[2] == ["InternetGateway", "NatGateway", "VirtualPrivateGateway"]
    warned = checkout.bulkhead("check", checkout.topology)
    assert "nat-gateway stays excluded, and nothing here needs that" in warned.said
    lock = checkout.topology.with_suffix(".lock.json")
    left = [line for line in lock.read_text().splitlines() if "excluded" not in line]
    lock.write_text("\n".join([*left, ""]))
    ran = checkout.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
    assert ran.code == 0, ran.said
    assert control_of(checkout)[2] == ["VirtualPrivateGateway"]
    assert judged(checkout) == []


def test_it_goes_with_the_stack(checkout):
    gone = checkout.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert gone.code == 0, gone.said
    assert not checkout.ec2.describe_vpc_encryption_controls()["VpcEncryptionControls"]
