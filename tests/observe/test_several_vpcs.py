"""Several VPCs that one topology was built in: read together, and never two stacks for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulkhead.judge import judge
from bulkhead.network import Network
from bulkhead.observe.dumps.dump import dump
from bulkhead.observe.errors import SeveralVpcsError
from bulkhead.plan import Plan, plan
from bulkhead.prove import prove
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.topologies import topology_from

DESKS = """
    name: desks
    region: eu-west-1
    zones: 1
    vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
    joins: [{ peering: [core, desk] }]
    segments: { feed: { vpc: core, purpose: prices }, strategy: { vpc: desk, purpose: trading } }
    services:
      ticker: { segment: feed, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
      momentum: { segment: strategy, sockets: { in: { type: SUB, connect: ticker.ticks } } }
"""


@pytest.fixture
def desks(tmp_path: Path) -> Plan:
    return plan(topology_from(tmp_path, DESKS))


def described(network: Network, **stacks: str) -> dict[str, object]:
    """As AWS describes it; `stacks` by the VPC's name, of which '' is one without that tag."""
    files = json.loads(json.dumps(as_files(with_aws_ids(network))))
    for vpc in files["Vpcs.json"]["Vpcs"]:
        named = {tag["Key"]: tag["Value"] for tag in vpc["Tags"]}
        if stack := stacks.get(named.get("bulkhead:vpc", ""), "dev"):
            vpc["Tags"].append({"Key": "bulkhead:stack", "Value": stack})
        if not stack:
            vpc["Tags"] = [tag for tag in vpc["Tags"] if tag["Key"] != "bulkhead:vpc"]
    return files


def test_the_vpcs_of_one_stack_are_read_together_and_none_is_a_neighbour(
    desks: Plan, tmp_path: Path
) -> None:
    found = dump(write(described(desks.network), tmp_path / "aws"), topology="desks")
    assert {each.called for each in found.vpcs} == {"core", "desk"}
    assert not found.neighbours
    assert {each.name for each in found.services} == {"ticker", "momentum"}
    assert judge(prove(found), desks.declaration).findings == ()


@pytest.mark.parametrize("stacks", [{"core": "dev", "desk": "prod"}, {"core": ""}])
def test_vpcs_of_two_stacks_or_that_say_not_which_they_are_have_to_be_named(
    desks: Plan, tmp_path: Path, stacks: dict[str, str]
) -> None:
    folder = write(described(desks.network, **stacks), tmp_path / "aws")
    with pytest.raises(SeveralVpcsError):
        dump(folder, topology="desks")


def test_where_one_of_them_is_gone_that_is_what_is_found(desks: Plan, tmp_path: Path) -> None:
    files = described(desks.network)
    vpcs = files["Vpcs.json"]
    assert isinstance(vpcs, dict)
    vpcs["Vpcs"] = [each for each in vpcs["Vpcs"] if each["VpcId"].endswith("core")]
    found = dump(write(files, tmp_path / "aws"), topology="desks")
    told = [each.message for each in judge(prove(found), desks.declaration).findings]
    assert any("desks-desk" in each for each in told), told
