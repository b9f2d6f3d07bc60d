"""Two stacks of one topology in one account: each is as declared, beside the other.

The device at a site has one address, and AWS has one customer gateway for it, so the two
share that.
"""

import json
import re

import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
ipv6: amazon
segments: { front: { purpose: takes orders } }
sites:
  partner:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { orders: { type: PUSH, connect: till.in } }
services:
  till: { segment: front, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
  tape:
    segment: front
    sockets:
      out:
        { type: PUB, bind: "tcp://*:5557", mechanism: CURVE, zap: true,
          exposure: { why: readers pay, owner: desk } }
  router:
    segment: front
    sockets:
      out:
        { type: PUSH, connect: bank.in, mechanism: CURVE, exposure: { why: money, owner: desk } }
peers:
  bank:
    addresses: [198.51.100.7/32, "2001:db8:77::/64"]
    sockets: { in: { type: PULL, bind: "tcp://*:6001", mechanism: CURVE, zap: true } }
  readers:
    addresses: [192.0.2.0/28]
    sockets: { tape: { type: SUB, connect: tape.out, mechanism: CURVE } }
dns: shop.internal
"""


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.topology.with_suffix(".lock.json").unlink()
    checkout.topology.write_text(SHOP)
    settings = (checkout.root / "Pulumi.dev.yaml").read_text()
    (checkout.root / "Pulumi.prod.yaml").write_text(settings)
    for stack in ("dev", "prod"):
        ran = checkout.stack("up", "--stack", stack)
        assert ran.code == 0, ran.said
        assert " created" in ran.out
    return checkout


def devices(checkout):
    every = checkout.ec2.describe_customer_gateways()["CustomerGateways"]
    return [each for each in every if each["State"] == "available"]


def only_unchanged(ran):
    return " unchanged" in ran.out and not re.search(r"\d (created|updated|deleted)", ran.out)


def vpc_of(checkout, stack):
    return checkout.tagged("describe_vpcs", "Vpcs", bulkhead__stack=stack)["VpcId"]


def judged(checkout, *scope):
    answer = checkout.bulkhead("check", checkout.topology, "--on", "aws", *scope, "--json")
    return answer.code, json.loads(answer.out)


def test_each_stack_is_judged_alone_and_what_stands_beside_it_is_named(checkout):
    dev, prod = (vpc_of(checkout, stack) for stack in ("dev", "prod"))
    for scope, own, other in ((["--stack", "dev"], dev, prod), (["--vpc", prod], prod, dev)):
        code, said = judged(checkout, *scope)
        assert (code, said["verdict"], said["findings"]) == (0, "as declared", [])
        part = said["provenance"]["scope"]
        assert part["vpcs"] == [own]
        left = {each["id"]: each["why"] for each in part["left_out"]}
        assert other in left
        assert "the default VPC, built from no topology" in left.values()
    neither, said = judged(checkout)
    assert neither == 2
    for each in (f"{dev} (stack dev)", f"{prod} (stack prod)"):
        assert each in said["errors"][0]["message"]
    lint = checkout.bulkhead("lint", "aws", "--for", checkout.topology, "--stack", "dev")
    assert lint.code == 0, lint.said


def test_what_crosses_the_internet_has_addresses_of_its_own_in_each_stack(checkout):
    held = checkout.ec2.describe_addresses()["Addresses"]
    assert len(held) == 4
    assert all(each.get("AssociationId") for each in held)
    gateways = checkout.ec2.describe_nat_gateways()["NatGateways"]
    assert {each["AvailabilityMode"] for each in gateways} == {"regional"}
    for stack in ("dev", "prod"):
        vpc = vpc_of(checkout, stack)
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        tables = checkout.ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
        led = {
            route["DestinationCidrBlock"]
            for table in tables
            for route in table["Routes"]
            if route.get("GatewayId", "").startswith("igw") or route.get("NatGatewayId")
        }
        only_out = {
            route["DestinationIpv6CidrBlock"]
            for table in tables
            for route in table["Routes"]
            if route.get("EgressOnlyInternetGatewayId")
        }
        assert only_out == {"2001:db8:77::/64"}
        assert led == {"0.0.0.0/0", "198.51.100.7/32", "192.0.2.0/28"}  # the NAT gateway's own


def test_only_the_stack_that_somebody_changed_is_not_as_declared(checkout):
    changed = checkout.tagged(
        "describe_security_groups",
        "SecurityGroups",
        bulkhead__stack="prod",
        bulkhead__service="till",
    )["GroupId"]
    ssh = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ]
    checkout.ec2.authorize_security_group_ingress(GroupId=changed, IpPermissions=ssh)
    assert judged(checkout, "--stack", "dev")[0] == 0
    code, said = judged(checkout, "--stack", "prod")
    assert code == 1
    assert any("tcp 22" in each["message"] for each in said["findings"]), said["findings"]
    checkout.ec2.revoke_security_group_ingress(GroupId=changed, IpPermissions=ssh)


def test_a_stack_comes_to_have_a_nat_gateway_in_each_zone_and_the_other_keeps_its_own(checkout):
    one = checkout.topology.read_text()
    checkout.topology.write_text(one + "nat: zonal\n")
    ran = checkout.stack("up", "--stack", "dev")
    assert ran.code == 0, ran.said
    code, said = judged(checkout, "--stack", "dev")
    messages = [each["message"] for each in said["findings"]]
    assert (code, said["verdict"], messages) == (0, "as declared", [])
    assert only_unchanged(checkout.stack("up", "--stack", "dev"))
    standing = {"Name": "state", "Values": ["available"]}
    every = checkout.ec2.describe_nat_gateways(Filters=[standing])["NatGateways"]
    modes = {}
    for each in every:
        modes.setdefault(each["VpcId"], []).append(each["AvailabilityMode"])
    assert modes[vpc_of(checkout, "dev")] == ["zonal"]
    assert modes[vpc_of(checkout, "prod")] == ["regional"]
    checkout.topology.write_text(one)
    back = checkout.stack("up", "--stack", "dev")
    assert back.code == 0, back.said
    assert judged(checkout, "--stack", "dev")[1]["verdict"] == "as declared"


def test_two_stacks_that_share_the_device_of_a_site_leave_each_other_alone(checkout):
    assert len(devices(checkout)) == 1
    for stack in ("prod", "dev"):
        again = checkout.stack("up", "--stack", stack)
        assert again.code == 0, again.said
        assert only_unchanged(again)
    first = checkout.stack("down", "--stack", "dev")
    assert first.code == 0, first.said
    left = checkout.stack("up", "--stack", "prod")
    assert left.code == 0, left.said
    assert only_unchanged(left)
    last = checkout.stack("down", "--stack", "prod")
    assert last.code == 0, last.said
