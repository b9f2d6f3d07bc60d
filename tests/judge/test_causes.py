"""Each difference is told under its cause, with what it does and does not do."""

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

import pytest

from bulkhead.judge import FindingKind
from bulkhead.network import (
    AttachmentKind,
    CidrPeer,
    InterfaceKind,
    NatGateway,
    PortRange,
    RouteTable,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitRouteTable,
)
from tests.judge.changes import (
    CHANGES,
    FREE,
    IGW,
    RULE,
    SITE_ROUTE,
    VPC,
    added,
    both,
    changed,
    entry,
    judged,
    like,
    mends,
    more,
    named,
    removed,
)


def test_a_detached_gateway_is_one_finding_with_everything_under_it(planned, account):
    change, _ = CHANGES["the VPN gateway detached"]
    (found,) = judged(planned, change(account)).findings
    assert found.why.startswith("Breaks 1 declared flow")
    assert FindingKind.MISSING in {each.kind for each in found.effects}


def test_a_gateway_is_not_said_to_do_what_a_route_to_it_does(planned, account):
    route = replace(SITE_ROUTE, destination=IPv4Network("192.168.10.128/25"))
    change = both(
        added("internet_gateways", lambda _: IGW),
        changed(
            "route_tables",
            "web",
            **more("routes", replace(route, target=TargetKind.INTERNET_GATEWAY, target_id="igw-1")),
        ),
    )
    first, second = judged(planned, change(account)).findings
    assert "holds a route" in first.message
    assert "reaks" in first.why
    assert "internet gateway igw-1" in second.message
    assert second.effects == ()


def test_whoever_stands_in_a_planned_group_is_said_to_have_its_flows(planned, account):
    change, _ = CHANGES["an interface that holds a planned group"]
    assert "every flow of the groups" in judged(planned, change(account)).findings[0].why


def test_a_stray_deny_is_not_said_to_open(planned, account):
    change, _ = CHANGES["a stray deny entry"]
    assert "opens" not in judged(planned, change(account)).findings[0].why.lower()


def test_what_either_of_two_changes_does_is_said_of_both_together(planned, account):
    wide = replace(RULE, ports=PortRange(6000, 6000), peer=CidrPeer(IPv4Network("10.20.0.0/16")))
    change = changed("security_groups", "db", **more("rules", wide, replace(wide, id="sgr-2")))
    first, second = judged(planned, change(account)).findings
    assert "Together with other differences, opens" in first.why
    assert FindingKind.EXTRA not in {each.kind for each in second.effects}


def test_two_changes_have_each_their_own_effects(planned, account):
    change = both(
        removed("interfaces", "db-1"), changed("nacls", "web", **more("entries", entry(5)))
    )
    first, second = judged(planned, change(account)).findings
    assert "db-1" in first.message
    assert FindingKind.MISSING in {each.kind for each in first.effects}
    assert "entry" in second.message
    assert FindingKind.MISSING not in {each.kind for each in second.effects}


def test_a_stranger_at_the_address_of_a_planned_host_is_what_keeps_that_away(planned, account):
    address = named(account, "interfaces", "db-1").address
    change = both(
        removed("interfaces", "db-1"),
        like("interfaces", "front-1", id="eni-x", name="eni-x", address=address),
    )
    # In the planned one's subnet: nothing else of it is the planned one's.
    moved = changed("interfaces", "eni-x", subnet=named(account, "interfaces", "db-1").subnet)
    (found,) = judged(planned, moved(change(account))).findings
    assert "interface eni-x" in found.message
    assert "is in no plan" in found.message
    assert "interface db-1 is not there" in [each.message for each in found.effects]
    assert "Breaks 2 declared flows" in found.why
    assert found.mend == (
        "aws ec2 delete-network-interface --network-interface-id eni-x && pulumi up --refresh"
    )


def test_a_replica_in_another_subnet_is_one_finding_and_is_made_anew(planned, account):
    moved = changed("interfaces", "front-1", subnet="subnet-subnet/data/eu-west-1a", address=FREE)
    (found,) = judged(planned, moved(account)).findings
    assert "subnet data-eu-west-1a" in found.message
    assert "address 10.20.0.200, planned" in found.effects[0].message
    assert found.mend == (
        "aws ec2 delete-network-interface --network-interface-id eni-eni/front-1"
        " && pulumi up --refresh"
    )


def test_whoever_holds_groups_without_a_rule_is_said_to_open_nothing(planned, account):
    change = like(
        "interfaces",
        "front-1",
        id="eni-x",
        name="eni-x",
        address=FREE,
        service=None,
        security_groups=("sg-sg/(vpc)",),
    )
    (found,) = judged(planned, change(account)).findings
    assert found.why.startswith("It opens nothing today: it takes effect with the first rule")


def test_a_stranger_that_calls_itself_a_planned_service_breaks_no_flow(planned, account):
    change = like("interfaces", "db-1", id="eni-x", address=FREE, security_groups=("sg-sg/(vpc)",))
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}
    assert "Is left out of 1 declared flow" in found.why
    assert "breaks" not in found.why.lower()


def test_what_a_tag_alone_makes_wrong_is_said_to_be_read_by_it(planned, account):
    change = changed("interfaces", "db-1", service="front")
    (found,) = judged(planned, change(account)).findings
    assert "service front, planned db" in found.message
    assert found.why.startswith("It opens nothing itself: the tag says which service runs there")
    assert "Read by it, breaks 2 declared flows" in found.why


def test_an_ipv6_address_breaks_no_flow_of_the_ipv4_one(planned, account):
    block, address = IPv6Network("2001:db8::/64"), IPv6Network("2001:db8::5/128")[0]
    change = both(
        changed("subnets", "data-eu-west-1a", ipv6_cidrs=(block,)),
        changed("interfaces", "db-1", ipv6_addresses=(address,)),
    )
    found = judged(planned, change(account)).findings
    assert {each.kind for each in found} == {FindingKind.DIFFERS}
    assert not any(each.effects for each in found)


def test_the_interface_of_a_nat_gateway_is_told_with_the_gateway(planned, account):
    subnet = named(account, "subnets", "web-eu-west-1a").id
    change = both(
        added(
            "nat_gateways",
            lambda _: NatGateway(id="nat-1", name="nat-1", vpc=VPC, subnet=subnet, address=FREE),
        ),
        like(
            "interfaces",
            "front-1",
            id="eni-x",
            name="eni-x",
            address=FREE,
            service=None,
            subnet=subnet,
            security_groups=(),
            kind=InterfaceKind.GATEWAY,
        ),
    )
    (found,) = judged(planned, change(account)).findings
    assert "NAT gateway nat-1 (address 10.20.0.200) is in no plan" in found.message
    assert "interface eni-x" in found.effects[0].message


def test_another_vpn_gateway_in_the_place_of_the_planned_one_is_the_cause(planned, account):
    other = replace(named(account, "vpn_gateways", "shop"), id="vgw-x", name="x")
    change = both(
        *(removed(kind, "plant") for kind in ("vpn_connections", "customer_gateways", "sites")),
        removed("vpn_gateways", "shop"),
        added("vpn_gateways", lambda _: other),
    )
    (found,) = judged(planned, change(account)).findings
    assert "VPN gateway x (vgw-x) is in no plan" in found.message
    assert found.why.startswith("Breaks 1 declared flow")
    said = [each.message for each in found.effects]
    assert "VPN gateway shop is not attached to the VPC" in said
    assert "VPN connection plant is not there" in said
    assert found.mend == (
        f"aws ec2 detach-vpn-gateway --vpn-gateway-id vgw-x --vpc-id {VPC} && pulumi up --refresh"
    )


def test_a_group_without_its_tags_is_known_by_who_holds_it(planned, account):
    bare = changed("security_groups", "db", name="db-group-1a2b", service=None)
    (found,) = judged(planned, bare(account)).findings
    assert "security group db-group-1a2b (sg-sg/db): service none, planned db" in found.message


def test_a_transit_gateway_is_taken_from_the_vpc_and_not_from_others(planned, account):
    change = both(
        added(
            "transit_gateways",
            lambda _: TransitGateway(id="tgw-1", name="tgw-1", region="eu-west-1"),
        ),
        added(
            "transit_attachments",
            lambda _: TransitAttachment(
                id="tgw-attach-1",
                name="tgw-attach-1",
                gateway="tgw-1",
                kind=AttachmentKind.VPC,
                resource=VPC,
                table="tgw-rtb-1",
            ),
        ),
        added(
            "transit_route_tables",
            lambda _: TransitRouteTable(
                id="tgw-rtb-1", name="tgw-rtb-1", gateway="tgw-1", routes=()
            ),
        ),
    )
    (found,) = judged(planned, change(account)).findings
    assert found.mend == (
        "aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id tgw-attach-1"
    )
    assert "(transit gateway tgw-1) is in no plan" in found.message


def test_one_more_network_behind_a_vpn_breaks_no_flow_of_the_planned_one(planned, account):
    change = both(
        changed("vpn_connections", "plant", **more("routes", IPv4Network("192.168.99.0/24"))),
        changed("sites", "plant", **more("cidrs", IPv4Network("192.168.99.0/24"))),
    )
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}
    assert "breaks" not in found.why.lower()
    assert "Is left out of 1 declared flow" in found.why
    assert found.mend == (
        "aws ec2 delete-vpn-connection-route --vpn-connection-id vpn-vpn/plant "
        "--destination-cidr-block 192.168.99.0/24"
    )


def test_a_site_that_has_no_address_of_the_family_of_its_peers_misses_its_flow(planned, account):
    block = (IPv6Network("2001:db8:9::/64"),)
    change = both(
        changed("vpn_connections", "plant", routes=block), changed("sites", "plant", cidrs=block)
    )
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}


@pytest.mark.parametrize(
    "name",
    [
        "an interface named as a replica",
        "a replica deleted",
        "a second VPN with the same tags",
        "the trust tag flipped",
        "an S3 endpoint",
        "the VPN gateway detached",
        "the VPN gone",
        "a network of the site gone",
        "a customer gateway with the planned address",
        "a route of the site gone",
        "source/destination check off",
    ],
)
def test_one_cause_is_one_finding(planned, account, name):
    assert len(judged(planned, CHANGES[name][0](account)).findings) == 1


def test_an_edge_table_says_of_which_gateway(planned, account):
    table = RouteTable(id="rtb-x", name="rtb-x", vpc=VPC, routes=(), gateway="vgw-vgw/shop")
    (found,) = judged(planned, added("route_tables", lambda _: table)(account)).findings
    assert "(gateway whose incoming packets it routes shop (vgw-vgw/shop))" in found.message
    assert "decides about what comes in there" in found.why
    first, last = found.mend.split(" && ")
    assert first.startswith("aws ec2 disassociate-route-table --association-id ")
    assert last == "aws ec2 delete-route-table --route-table-id rtb-x"


def test_the_trust_of_a_site_is_said_beside_what_its_connection_is(planned, account):
    change = both(
        changed("vpn_connections", "plant", **more("routes", IPv4Network("192.168.99.0/24"))),
        changed("sites", "plant", trusted=True, **more("cidrs", IPv4Network("192.168.99.0/24"))),
    )
    found = judged(planned, change(account)).findings
    assert ["trusted" in each.message for each in found] == [False, True]


@pytest.mark.parametrize(
    ("said", "call"),
    [
        (
            {"name": "VPC Endpoint Interface vpce-0a1b", "kind": InterfaceKind.ENDPOINT},
            "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids vpce-0a1b",
        ),
        (
            {"name": "vpce-0a1b", "kind": InterfaceKind.ENDPOINT},
            "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids vpce-0a1b",
        ),
        (
            {"name": "nat-0a1b", "kind": InterfaceKind.GATEWAY},
            "aws ec2 delete-nat-gateway --nat-gateway-id nat-0a1b",
        ),
        (
            {"name": "tgw-attach-0a1b", "kind": InterfaceKind.GATEWAY},
            "aws ec2 delete-transit-gateway-vpc-attachment"
            " --transit-gateway-attachment-id tgw-attach-0a1b",
        ),
        (
            {"name": "front", "kind": InterfaceKind.LOAD_BALANCER},
            "aws elbv2 delete-load-balancer --load-balancer-arn $(aws elbv2 describe-load-balancers"
            " --names front --query 'LoadBalancers[0].LoadBalancerArn' --output text)",
        ),
        (
            {"name": "report", "function": True},
            "aws lambda update-function-configuration --function-name report"
            " --vpc-config SubnetIds=[],SecurityGroupIds=[]",
        ),
        (
            {"name": "$(report)", "function": True},
            "aws ec2 delete-network-interface --network-interface-id eni-x",
        ),
        ({"name": "nat-0a1b"}, "aws ec2 delete-network-interface --network-interface-id eni-x"),
    ],
)
def test_an_interface_that_aws_made_goes_with_what_it_is_of(planned, account, said, call):
    change = like("interfaces", "front-1", id="eni-x", address=FREE, **said)
    assert call in mends(planned, change(account))
