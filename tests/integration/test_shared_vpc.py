"""Two teams in one VPC, each with segments of its own: neither touches what is the other's."""

import json

import pytest

from tests.support.shared_vpc import TEXT, VPC

pytestmark = pytest.mark.integration

THEIRS = TEXT.replace("name: demo", "name: annex").replace("10.0.64.0/20", "10.0.128.0/20")


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.begin()
    return checkout


@pytest.fixture(scope="module")
def annex(checkout):
    """The topology of the other team, of which there is a stack too; both stand."""
    vpc = checkout.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    there = checkout.topology.with_name("annex.yaml")
    checkout.topology.write_text(TEXT.replace(VPC, vpc))
    there.write_text(THEIRS.replace(VPC, vpc))
    settings = (checkout.root / "Pulumi.dev.yaml").read_text()
    assert "topologies/trading.yaml" in settings
    (checkout.root / "Pulumi.annex.yaml").write_text(
        settings.replace("topologies/trading.yaml", "topologies/annex.yaml")
    )
    for topology, stack in ((checkout.topology, "dev"), (there, "annex")):
        adopted = checkout.bulkhead("adopt", topology)
        assert adopted.code == 0, adopted.said
        ran = checkout.stack("up", "--stack", stack)
        assert ran.code == 0, ran.said
    return there


def judged(checkout, topology):
    checked = checkout.bulkhead("check", topology, "--on", "aws")
    return checked.code, checked.out.splitlines()[-1], checked.said


def ours(checkout):
    """All that is tagged as the first team's, as AWS has it."""
    wanted = [{"Name": "tag:bulkhead:topology", "Values": ["demo"]}]
    calls = {
        "describe_subnets": "Subnets",
        "describe_security_groups": "SecurityGroups",
        "describe_network_acls": "NetworkAcls",
        "describe_route_tables": "RouteTables",
        "describe_network_interfaces": "NetworkInterfaces",
    }
    return {
        key: json.loads(json.dumps(getattr(checkout.ec2, call)(Filters=wanted)[key], default=str))
        for call, key in calls.items()
    }


def test_each_is_as_declared_beside_the_other(checkout, annex):
    for topology in (checkout.topology, annex):
        code, last, said = judged(checkout, topology)
        assert code == 0, said
        assert last.startswith("AS DECLARED"), said


def test_whoever_goes_leaves_the_other_as_it_is(checkout, annex):
    before = ours(checkout)
    assert all(before.values())
    gone = checkout.pulumi("destroy", "--yes", "--skip-preview", "--stack", "annex")
    assert gone.code == 0, gone.said
    assert ours(checkout) == before
    code, last, said = judged(checkout, checkout.topology)
    assert code == 0, said
    assert last.startswith("AS DECLARED"), said
    wanted = [{"Name": "tag:bulkhead:topology", "Values": ["annex"]}]
    assert checkout.ec2.describe_subnets(Filters=wanted)["Subnets"] == []
