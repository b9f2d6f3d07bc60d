"""A segment in subnets that another team made, beside what they run there, and left as it was."""

import json
import re

import pytest

pytestmark = pytest.mark.integration

TEXT = """\
name: demo
region: eu-west-1
cidr: 10.0.64.0/20
vpc: { existing: VPC }
zones: 2
segments:
  feed: { purpose: prices, subnets: { tags: { tier: app } } }
  strat: { purpose: decides }
services:
  ticker: { segment: feed, replicas: 2, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
  recorder: { segment: feed, sockets: { market: { type: SUB, connect: ticker.ticks } } }
  worker:
    segment: feed
    replicas: 1..4
    interfaces: none
    sockets: { market: { type: SUB, connect: ticker.ticks } }
  momentum: { segment: strat, sockets: { market: { type: SUB, connect: ticker.ticks } } }
"""
ANNEX = """\
name: annex
region: eu-west-1
cidr: 10.0.128.0/20
vpc: { existing: VPC }
zones: 2
segments: { desk: { purpose: orders } }
services:
  gate: { segment: desk, sockets: { in: { type: PULL, bind: "tcp://*:5600" } } }
  desk: { segment: desk, sockets: { out: { type: PUSH, connect: gate.in } } }
"""
ANYBODY = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.begin()
    return checkout


@pytest.fixture(scope="module")
def platform(checkout):
    """The id of the VPC of the platform team: two subnets under a NACL of their own, and a host."""
    ec2 = checkout.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for egress in (True, False):
        ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=100,
            Protocol="-1",
            RuleAction="allow",
            Egress=egress,
            CidrBlock="10.0.0.0/16",
        )
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ANYBODY)
    for number, zone in ((1, "eu-west-1a"), (2, "eu-west-1b")):
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=[
                {"ResourceType": "subnet", "Tags": [{"Key": "tier", "Value": "app"}]}
            ],
        )["Subnet"]["SubnetId"]
        guarded = ec2.describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
        )["NetworkAcls"][0]["Associations"]
        (was,) = (each for each in guarded if each["SubnetId"] == subnet)
        ec2.replace_network_acl_association(
            AssociationId=was["NetworkAclAssociationId"], NetworkAclId=acl
        )
        ec2.create_network_interface(
            SubnetId=subnet, Groups=[group], PrivateIpAddress=f"10.0.{number}.4"
        )
    checkout.topology.write_text(TEXT.replace("VPC", vpc))
    annex = checkout.topology.with_name("annex.yaml")
    annex.write_text(ANNEX.replace("VPC", vpc))
    settings = (checkout.root / "Pulumi.dev.yaml").read_text()
    (checkout.root / "Pulumi.annex.yaml").write_text(
        settings.replace("topologies/trading.yaml", "topologies/annex.yaml")
    )
    assert checkout.bulkhead("adopt", annex).code == 0
    ran = checkout.stack("up", "--stack", "annex")
    assert ran.code == 0, ran.said
    return vpc


def in_it(checkout, vpc):
    """All that is in the VPC and is not of the topology, as AWS has it."""
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    calls = {
        "describe_subnets": "Subnets",
        "describe_security_groups": "SecurityGroups",
        "describe_network_acls": "NetworkAcls",
        "describe_route_tables": "RouteTables",
        "describe_network_interfaces": "NetworkInterfaces",
        "describe_vpcs": "Vpcs",
    }
    found = {}
    for call, key in calls.items():
        things = getattr(checkout.ec2, call)(Filters=wanted)[key]
        texts = [json.dumps(each, default=str, sort_keys=True) for each in things]
        # How many addresses are left says as well that ours are there.
        found[key] = sorted(
            re.sub(r'"AvailableIpAddressCount": \d+, ', "", each)
            for each in texts
            if '"bulkhead:topology", "Value": "demo"' not in each
        )
    return found


def test_it_is_built_in_subnets_of_others_and_leaves_them_as_they_were(checkout, platform):
    before = in_it(checkout, platform)
    assert sum(map(len, before.values())) > 10
    adopted = checkout.bulkhead("adopt", checkout.topology)
    assert adopted.code == 0, adopted.said
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 0, checked.said
    assert checked.out.splitlines()[-1].startswith("AS DECLARED")
    again = checkout.stack("up")
    assert again.code == 0, again.said
    assert " unchanged" in again.out
    assert not re.search(r"\d (created|updated|deleted)", again.out)
    assert in_it(checkout, platform) == before
    there = checkout.ec2.describe_network_interfaces(
        Filters=[{"Name": "tag:bulkhead:service", "Values": ["ticker"]}]
    )["NetworkInterfaces"]
    assert sorted(each["PrivateIpAddress"] for each in there) == ["10.0.1.5", "10.0.2.5"]
    members = checkout.tagged(
        "describe_security_groups", "SecurityGroups", bulkhead__service="worker"
    )["GroupId"]
    subnet = next(
        each["SubnetId"] for each in there if each["PrivateIpAddress"].startswith("10.0.1.")
    )
    member = checkout.ec2.create_network_interface(SubnetId=subnet, Groups=[members])
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 0, checked.said
    checkout.ec2.delete_network_interface(
        NetworkInterfaceId=member["NetworkInterface"]["NetworkInterfaceId"]
    )
    drilled = checkout.bulkhead("drill", "aws", "--for", checkout.topology)
    assert drilled.code == 0, drilled.said
    state = checkout.root / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    checked = checkout.bulkhead("check", checkout.topology, "--on", state)
    assert checked.code == 0, checked.said
    assert checked.out.splitlines()[-1].startswith("AS DECLARED")
    annex = checkout.bulkhead("check", checkout.topology.with_name("annex.yaml"), "--on", "aws")
    assert annex.code == 0, annex.said
    assert annex.out.splitlines()[-1].startswith("AS DECLARED")
    gone = checkout.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert gone.code == 0, gone.said
    assert in_it(checkout, platform) == before
