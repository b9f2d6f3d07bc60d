"""What somebody changed by API: `make up` puts it right, or the call that does is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.test_drift import (
    OPEN,
    Hand,
    a_detached_gateway,
    a_pending_peering,
    a_public_address_on_launch,
    a_second_block,
    a_stranger_at_the_end_of_the_vpn,
    a_weak_tunnel,
    an_endpoint,
    an_interface_in_a_planned_group,
    an_interface_with_a_public_address,
    an_internet_gateway,
    an_ipv6_block,
    an_ipv6_entry,
    an_open_group,
    another_acl,
    another_customer_gateway,
    another_service,
    another_table,
    another_trust,
    one_more_subnet,
    the_default_acl_opened,
    the_default_group_opened,
)
from tests.support import aws_cli

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
Change = Callable[[Hand], None]


def rule(hand: Hand, service: str) -> Any:
    """The first ingress rule of a service's group, as AWS shows it."""
    shown = hand.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [hand.group(service)]}]
    )["SecurityGroupRules"]
    return next(each for each in shown if not each["IsEgress"])


def entry(hand: Hand, acl: str) -> dict[str, Any]:
    """What names the first ingress entry of a network ACL."""
    name = hand.acl(acl)["NetworkAclId"]
    return {"NetworkAclId": name, "RuleNumber": 100, "Egress": False}


def a_rule_gone(hand: Hand) -> None:
    gone = rule(hand, "ticker")
    hand.ec2.revoke_security_group_ingress(
        GroupId=gone["GroupId"], SecurityGroupRuleIds=[gone["SecurityGroupRuleId"]]
    )


def a_rule_widened(hand: Hand) -> None:
    held = rule(hand, "broker")
    peer = held["ReferencedGroupInfo"]["GroupId"]
    wide = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 9, "ReferencedGroupId": peer}
    hand.ec2.modify_security_group_rules(
        GroupId=held["GroupId"],
        SecurityGroupRules=[
            {"SecurityGroupRuleId": held["SecurityGroupRuleId"], "SecurityGroupRule": wide}
        ],
    )


def an_entry_gone(hand: Hand) -> None:
    hand.ec2.delete_network_acl_entry(**entry(hand, "risk.limits"))


ANYTHING = {"Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}


def an_entry_replaced(hand: Hand) -> None:
    hand.ec2.replace_network_acl_entry(**entry(hand, "risk.risk"), **ANYTHING)


def a_route_gone(hand: Hand) -> None:
    table = hand.table("feed")["RouteTableId"]
    hand.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="192.168.10.0/24")


def no_table(hand: Hand) -> None:
    subnet = hand.subnet("risk.risk-eu-west-1a")
    (held,) = [
        each for each in hand.table("risk.risk")["Associations"] if each.get("SubnetId") == subnet
    ]
    hand.ec2.disassociate_route_table(AssociationId=held["RouteTableAssociationId"])


def an_interface_gone(hand: Hand) -> None:
    name = hand.interface("ticker-1")["NetworkInterfaceId"]
    hand.ec2.delete_network_interface(NetworkInterfaceId=name)


def an_interface_with_another_group(hand: Hand) -> None:
    name = hand.interface("momentum-1")["NetworkInterfaceId"]
    hand.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=name, Groups=[hand.group("ticker")]
    )


def an_interface_that_forwards(hand: Hand) -> None:
    name = hand.interface("momentum-2")["NetworkInterfaceId"]
    hand.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=name, SourceDestCheck={"Value": False}
    )


def a_second_address(hand: Hand) -> None:
    hand.ec2.assign_private_ip_addresses(
        NetworkInterfaceId=hand.interface("risk-1")["NetworkInterfaceId"],
        SecondaryPrivateIpAddressCount=1,
    )


def no_stack(hand: Hand) -> None:
    hand.ec2.delete_tags(Resources=[hand.vpc], Tags=[{"Key": "bulkhead:stack"}])


def no_network_of_the_site(hand: Hand) -> None:
    hand.ec2.delete_vpn_connection_route(
        VpnConnectionId=hand.vpn()["VpnConnectionId"], DestinationCidrBlock="192.168.10.0/24"
    )


def one_more_vpn(hand: Hand) -> None:
    hand.ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=a_stranger_at_the_end_of_the_vpn(hand),
        VpnGatewayId=hand.vpn()["VpnGatewayId"],
        Options={"StaticRoutesOnly": True},
    )


def one_more_network_of_the_site(hand: Hand) -> None:
    hand.ec2.create_vpn_connection_route(
        VpnConnectionId=hand.vpn()["VpnConnectionId"], DestinationCidrBlock="192.168.98.0/24"
    )


def a_public_address(hand: Hand) -> None:
    address = hand.ec2.allocate_address(Domain="vpc")["AllocationId"]
    hand.ec2.associate_address(
        AllocationId=address, NetworkInterfaceId=hand.interface("risk-1")["NetworkInterfaceId"]
    )


def a_rule_more(hand: Hand) -> None:
    hand.ec2.authorize_security_group_ingress(GroupId=hand.group("ticker"), IpPermissions=[OPEN])


def a_rule_out_more(hand: Hand) -> None:
    hand.ec2.authorize_security_group_egress(GroupId=hand.group("auditor"), IpPermissions=[OPEN])


def an_entry_more(hand: Hand) -> None:
    hand.ec2.create_network_acl_entry(**{**entry(hand, "feed"), "RuleNumber": 8}, **ANYTHING)


def an_entry_moved(hand: Hand) -> None:
    """Another number, and with that another entry to Pulumi, that says the same."""
    name = entry(hand, "archive")
    (said,) = [
        each
        for each in hand.acl("archive")["Entries"]
        if each["RuleNumber"] == 100 and not each["Egress"]
    ]
    hand.ec2.delete_network_acl_entry(**name)
    hand.ec2.create_network_acl_entry(**{**said, **name, "RuleNumber": 9})


def a_route_more(hand: Hand) -> None:
    hand.ec2.create_route(
        RouteTableId=hand.table("archive")["RouteTableId"],
        DestinationCidrBlock="192.168.99.0/24",
        GatewayId=hand.vpn()["VpnGatewayId"],
    )


def a_route_elsewhere(hand: Hand) -> None:
    gateways = hand.ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": [hand.vpc]}]
    )["InternetGateways"]
    hand.ec2.replace_route(
        RouteTableId=hand.table("feed")["RouteTableId"],
        DestinationCidrBlock="192.168.10.0/24",
        GatewayId=gateways[0]["InternetGatewayId"],
    )


def a_peering(hand: Hand) -> None:
    a_pending_peering(hand)
    (pending,) = hand.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    hand.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pending["VpcPeeringConnectionId"])


PUT_RIGHT: dict[Change, str] = {
    a_rule_gone: "ticker-ingress-tcp-",
    a_rule_widened: "broker-ingress-tcp-",
    an_entry_gone: "risk.limits-acl-ingress-",
    an_entry_replaced: "risk.risk-acl-ingress-",
    a_route_elsewhere: "feed-route-192.168.10.0-24 is changed",
    no_table: "risk.risk-eu-west-1a-routes is gone",
    another_table: "archive-eu-west-1a-routes is changed",
    another_acl: "archive-eu-west-1b-acl is gone",
    an_interface_gone: "ticker-1-interface is gone",
    an_interface_with_another_group: "momentum-1-interface is changed",
    an_interface_that_forwards: "momentum-2-interface is changed",
    a_public_address_on_launch: "feed-eu-west-1a is changed",
    another_service: "ticker-group is changed",
    no_stack: "bulkhead-vpc is changed",
    a_detached_gateway: "bulkhead-vpn-gateway is changed",
    another_customer_gateway: "exchange-vpn is changed",
    a_weak_tunnel: "exchange-vpn is changed",
    another_trust: "exchange-vpn is changed",
    a_second_address: "risk-1-interface is changed",
    no_network_of_the_site: "exchange-route-192.168.10.0-24 is gone",
}
"""What Pulumi made, and what of it the next run says."""
NEVER_SEEN: dict[Change, str] = {
    the_default_group_opened: "aws ec2 revoke-security-group-ingress",
    the_default_acl_opened: "--rule-number 7 --ingress",
    a_rule_more: "aws ec2 revoke-security-group-ingress",
    a_rule_out_more: "aws ec2 revoke-security-group-egress",
    an_entry_more: "--rule-number 8 --ingress",
    an_entry_moved: "--rule-number 9 --ingress",
    an_ipv6_entry: "--rule-number 7 --ingress",
    a_route_more: "aws ec2 delete-route",
    an_internet_gateway: "aws ec2 detach-internet-gateway",
    a_peering: "aws ec2 delete-vpc-peering-connection",
    an_interface_in_a_planned_group: "aws ec2 delete-network-interface",
    an_interface_with_a_public_address: "aws ec2 delete-network-interface",
    one_more_network_of_the_site: "aws ec2 delete-vpn-connection-route",
    a_public_address: "aws ec2 disassociate-address",
    one_more_vpn: "aws ec2 delete-vpn-connection",
    a_second_block: "aws ec2 disassociate-vpc-cidr-block",
    an_ipv6_block: "aws ec2 disassociate-vpc-cidr-block",
    one_more_subnet: "aws ec2 delete-subnet",
    an_open_group: "aws ec2 delete-security-group",
    an_endpoint: "aws ec2 delete-vpc-endpoints",
}
"""What somebody added, and a part of the call that takes it away."""


@pytest.fixture
def hand(standing):
    return Hand(standing)


def found(standing) -> list[Any]:
    answer = standing.bulkhead("check", standing.topology, "--on", "aws", "--json")
    assert answer.out, answer.said
    findings: list[Any] = json.loads(answer.out)["findings"]
    assert answer.code == (1 if findings else 0), answer.said
    return findings


def test_up_puts_right_what_it_made_and_of_the_rest_the_call_is_named_that_does(hand, standing):
    for change in (*NEVER_SEEN, *PUT_RIGHT):
        change(hand)
    noticed = _refused_until_both_tunnels_may_go(standing)
    healed = standing.stack("up")
    assert healed.code == 0, healed.said
    for change, said in PUT_RIGHT.items():
        assert said in noticed, change.__name__
    calls = [each["mend"] for each in found(standing)]
    for change, part in NEVER_SEEN.items():
        assert any(part in call for call in calls), change.__name__
    for call in calls:
        assert call.startswith("aws ec2 "), call
        aws_cli.run(hand.ec2, call)
    assert [each["message"] for each in found(standing)] == []


def _refused_until_both_tunnels_may_go(standing) -> str:
    """A device at the other end that no plan has: the run stops before it begins, and says what
    lets the next one through."""
    refused = standing.stack("up")
    assert refused.code != 0
    assert "both tunnels of site exchange would go down at once (another device)" in refused.said
    (consent,) = set(re.findall("`(pulumi config set bulkhead:both-tunnels [a-z]+)`", refused.said))
    said = standing.pulumi(*consent.split()[1:], "--stack", "dev")
    assert said.code == 0, said.said
    noticed: str = refused.err
    return noticed


def test_a_connection_and_a_route_that_are_gone_are_previewed_and_made_anew(hand, standing):
    a_route_gone(hand)
    hand.ec2.delete_vpn_connection(VpnConnectionId=hand.vpn()["VpnConnectionId"])
    gone = {"feed-route-192.168.10.0-24 is gone", "exchange-vpn is gone"}
    previewed = standing.stack("preview")
    assert previewed.code == 0, previewed.said
    assert "`make up` puts it right" in previewed.err
    healed = standing.stack("up")
    assert healed.code == 0, healed.said
    for said in gone:
        assert said in previewed.err
        assert said in healed.err
    assert [each["message"] for each in found(standing)] == []
