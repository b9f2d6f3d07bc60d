"""A topology built in a VPC of others, beside what they run there."""

import json
import re

import pytest

from tests.support.shared_vpc import TEXT, VPC

pytestmark = pytest.mark.integration

WEB = "10.0.1.0/24"
ANYBODY = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.begin()
    return checkout


@pytest.fixture(scope="module")
def shared(checkout):
    """The id of a VPC with a web server, an open group and all that AWS leaves open."""
    ec2 = checkout.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    web = ec2.create_subnet(VpcId=vpc, CidrBlock=WEB)["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ANYBODY)
    ec2.create_network_interface(SubnetId=web, Groups=[group])
    checkout.topology.write_text(TEXT.replace(VPC, vpc))
    return vpc


def in_it(checkout, vpc):
    """All that is in the VPC and is no work of ours, as AWS has it."""
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    calls = {
        "describe_subnets": "Subnets",
        "describe_security_groups": "SecurityGroups",
        "describe_network_acls": "NetworkAcls",
        "describe_route_tables": "RouteTables",
        "describe_vpcs": "Vpcs",
    }
    found = {}
    for call, key in calls.items():
        things = getattr(checkout.ec2, call)(Filters=wanted)[key]
        found[key] = [each for each in things if "bulkhead:topology" not in json.dumps(each)]
    return found


def test_it_is_built_beside_what_others_have_and_judged_alone(checkout, shared):
    before = in_it(checkout, shared)
    adopted = checkout.bulkhead("adopt", checkout.topology)
    assert adopted.code == 0, adopted.said
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    state = checkout.root / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    for source in ("aws", state):
        checked = checkout.bulkhead("check", checkout.topology, "--on", source)
        assert checked.code == 0, checked.said
        assert checked.out.splitlines()[-1].startswith("AS DECLARED")
    again = checkout.stack("up")
    assert again.code == 0, again.said
    assert " unchanged" in again.out
    assert not re.search(r"\d (created|updated|deleted)", again.out)
    assert "not as the last run left it" not in again.said
    assert in_it(checkout, shared) == before


def test_who_opens_ours_to_theirs_is_found(checkout, shared):
    ticker = checkout.tagged(
        "describe_security_groups", "SecurityGroups", bulkhead__service="ticker"
    )["GroupId"]
    checkout.ec2.authorize_security_group_ingress(
        GroupId=ticker,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": WEB}]}
        ],
    )
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 1, checked.said
    assert f"ingress tcp 22 from {WEB}" in checked.out
