"""Gateways, peerings, transit gateways and firewalls of a stack's state."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.network import AttachmentKind, FirewallAction, PortRange, SaidOf, TargetKind
from bulkhead.observe.pulumi.state import read_state


def only(things):
    (thing,) = things
    return thing


def resource(token: str, known_as: str, **outputs: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:dev::trading::{token}::{known_as}",
        "custom": True,
        "type": token,
        "id": known_as,
        "inputs": outputs,
        "outputs": {"id": known_as, **outputs},
        "provider": "urn:pulumi:dev::trading::pulumi:providers:aws::default::uuid",
    }


def place(vpc: str, subnet: str, second: int) -> list[dict[str, Any]]:
    """A VPC as AWS makes it, with one subnet."""
    return [
        resource(
            "aws:ec2/vpc:Vpc",
            vpc,
            cidrBlock=f"10.{second}.0.0/16",
            defaultNetworkAclId=f"acl-{vpc}",
            defaultSecurityGroupId=f"sg-{vpc}",
            defaultRouteTableId=f"rtb-{vpc}",
            arn=f"arn:aws:ec2:eu-west-1:1:vpc/{vpc}",
        ),
        resource(
            "aws:ec2/subnet:Subnet",
            subnet,
            vpcId=vpc,
            cidrBlock=f"10.{second}.0.0/24",
            availabilityZone="eu-west-1a",
        ),
    ]


PLACE = place("vpc-1", "subnet-a", 20)


def route(destination: str, **target: str) -> dict[str, Any]:
    return resource(
        "aws:ec2/route:Route",
        f"r-{destination}",
        routeTableId="rtb-vpc-1",
        destinationCidrBlock=destination,
        state="active",
        **target,
    )


def table(network, known_as="rtb-vpc-1"):
    return next(each for each in network.route_tables if each.id == known_as)


def test_a_nat_gateway_is_read_with_its_interface(write_state):
    nat = resource(
        "aws:ec2/natGateway:NatGateway",
        "nat-1",
        subnetId="subnet-a",
        networkInterfaceId="eni-nat",
        privateIp="10.20.0.20",
        publicIp="198.51.100.20",
        connectivityType="public",
    )
    network = observe.state(write_state([*PLACE, nat, route("0.0.0.0/0", natGatewayId="nat-1")]))
    gateway = only(network.nat_gateways)
    assert (gateway.subnet, gateway.public_address) == ("subnet-a", IPv4Address("198.51.100.20"))
    assert network.interface["eni-nat"].kind == "gateway"
    assert only(table(network).routes).target is TargetKind.NAT_GATEWAY
    assert network.unmodelled == ()


def nat_with_two_addresses(**secondary: Any) -> dict[str, Any]:
    return resource(
        "aws:ec2/natGateway:NatGateway",
        "nat-1",
        subnetId="subnet-a",
        networkInterfaceId="eni-nat",
        privateIp="10.20.0.20",
        publicIp="198.51.100.20",
        **secondary,
    )


def test_all_addresses_of_a_nat_gateway_are_read(write_state):
    address = resource("aws:ec2/eip:Eip", "eipalloc-2", publicIp="198.51.100.21")
    nat = nat_with_two_addresses(
        secondaryPrivateIpAddresses=["10.20.0.21"], secondaryAllocationIds=["eipalloc-2"]
    )
    network = observe.state(write_state([*PLACE, address, nat]))
    gateway = only(network.nat_gateways)
    assert gateway.more_addresses == (IPv4Address("10.20.0.21"),)
    assert gateway.more_public == (IPv4Address("198.51.100.21"),)
    assert network.unmodelled == ()


@pytest.mark.parametrize(
    "secondary",
    [
        {"secondaryPrivateIpAddressCount": 2, "secondaryPrivateIpAddresses": ["10.20.0.21"]},
        {
            "secondaryAllocationIds": ["eipalloc-9"],
            "secondaryPrivateIpAddresses": ["10.20.0.21"],
        },
    ],
)
def test_a_nat_gateway_of_which_not_every_address_is_known_is_in_doubt(
    write_state, gaps, secondary
):
    network = observe.state(write_state([*PLACE, nat_with_two_addresses(**secondary)]))
    assert "secondary" in only(gaps(network, "nat-1")).why


def test_a_nat_gateway_in_a_subnet_of_another_stack_is_named(write_state, gaps):
    nat = resource("aws:ec2/natGateway:NatGateway", "nat-1", subnetId="subnet-z")
    network = observe.state(write_state([*PLACE, nat]))
    assert network.nat_gateways == ()
    assert "subnet-z" in only(gaps(network, "nat-1")).why


def regional_nat(**more: Any) -> dict[str, Any]:
    return resource(
        "aws:ec2/natGateway:NatGateway",
        "nat-1",
        availabilityMode="regional",
        vpcId="vpc-1",
        connectivityType="public",
        **more,
    )


def test_a_regional_nat_gateway_is_read_with_the_table_that_aws_made_for_it(write_state):
    nat = regional_nat(
        routeTableId="rtb-nat",
        autoProvisionZones="enabled",
        regionalNatGatewayAddresses=[
            {"publicIp": "198.51.100.20", "availabilityZone": "eu-west-1a", "status": "succeeded"}
        ],
    )
    door = resource("aws:ec2/internetGateway:InternetGateway", "igw-1", vpcId="vpc-1")
    back = resource(
        "aws:ec2/route:Route",
        "r-back",
        routeTableId="rtb-nat",
        destinationCidrBlock="10.66.0.0/16",
        transitGatewayId="tgw-1",
        state="active",
    )
    network = observe.state(write_state([*PLACE, door, nat, back]))
    gateway = only(network.nat_gateways)
    assert (gateway.subnet, gateway.route_table, gateway.expands) == (None, "rtb-nat", True)
    assert gateway.zones == (("eu-west-1a", IPv4Address("198.51.100.20")),)
    assert [str(each) for each in table(network, "rtb-nat").routes] == [
        "0.0.0.0/0 -> igw-1",
        "10.66.0.0/16 -> tgw-1",
    ]


def test_a_regional_nat_gateway_of_given_addresses_does_not_expand(write_state):
    address = resource("aws:ec2/eip:Eip", "eipalloc-2", publicIp="198.51.100.21")
    zones = [{"availabilityZone": "eu-west-1b", "allocationIds": ["eipalloc-2"]}]
    nat = regional_nat(routeTableId="rtb-nat", availabilityZoneAddresses=zones)
    gateway = only(observe.state(write_state([*PLACE, address, nat])).nat_gateways)
    assert gateway.zones == (("eu-west-1b", IPv4Address("198.51.100.21")),)
    assert not gateway.expands


def test_an_egress_only_gateway_is_read(write_state):
    gateway = resource(
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "eigw-1", vpcId="vpc-1"
    )
    assert only(observe.state(write_state([*PLACE, gateway])).egress_only_gateways).vpc == "vpc-1"


def peering(kind: str, known_as: str, **outputs: Any) -> dict[str, Any]:
    return resource(f"aws:ec2/vpcPeeringConnection{kind}", known_as, **outputs)


@pytest.mark.parametrize(("status", "active"), [("active", True), ("pending-acceptance", False)])
def test_a_peering_knows_both_vpcs_of_the_stack(write_state, status, active):
    made = peering(
        ":VpcPeeringConnection", "pcx-1", vpcId="vpc-1", peerVpcId="vpc-2", acceptStatus=status
    )
    network = observe.state(write_state([*PLACE, *place("vpc-2", "subnet-b", 50), made]))
    found = only(network.peerings)
    assert found.active is active
    assert found.accepter.cidrs == (IPv4Network("10.50.0.0/16"),)
    assert network.unmodelled == ()


def test_a_peering_that_another_stack_accepts_may_carry_packets(write_state, gaps):
    """Its state says for ever what AWS answered when it was asked for."""
    made = peering(
        ":VpcPeeringConnection",
        "pcx-1",
        vpcId="vpc-1",
        peerVpcId="vpc-elsewhere",
        acceptStatus="pending-acceptance",
    )
    network = observe.state(write_state([*PLACE, made]))
    assert only(network.peerings).active
    assert any("yet to be accepted" in each.why for each in gaps(network, "pcx-1"))


def test_the_accepters_side_decides_whether_a_peering_is_active(write_state):
    made = [
        peering(
            ":VpcPeeringConnection",
            "pcx-1",
            vpcId="vpc-1",
            peerVpcId="vpc-2",
            acceptStatus="pending-acceptance",
        ),
        peering(
            "Accepter:VpcPeeringConnectionAccepter",
            "pcx-1",
            vpcPeeringConnectionId="pcx-1",
            acceptStatus="active",
        ),
    ]
    network = observe.state(write_state([*PLACE, *place("vpc-2", "subnet-b", 50), *made]))
    assert only(network.peerings).active


def test_a_gateway_endpoint_leads_to_its_blocks_from_each_of_its_tables(write_state):
    made = resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "vpce-1",
        vpcId="vpc-1",
        vpcEndpointType="Gateway",
        serviceName="com.amazonaws.eu-west-1.s3",
        prefixListId="pl-s3",
        cidrBlocks=["52.218.0.0/17"],
        routeTableIds=["rtb-vpc-1"],
        state="available",
    )
    network = observe.state(write_state([*PLACE, made]))
    found = only(table(network).routes)
    assert (str(found.destination), found.target) == ("52.218.0.0/17", TargetKind.GATEWAY_ENDPOINT)
    assert network.unmodelled == ()


def test_an_interface_endpoint_is_named_since_its_addresses_are_not_in_a_state(write_state, gaps):
    made = resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint", "vpce-1", vpcId="vpc-1", vpcEndpointType="Interface"
    )
    network = observe.state(write_state([*PLACE, made]))
    assert "network interfaces" in only(gaps(network, "vpce-1")).why


def hub() -> list[dict[str, Any]]:
    made = "aws:ec2transitgateway"
    return [
        *PLACE,
        *place("vpc-2", "subnet-b", 50),
        resource(
            f"{made}/transitGateway:TransitGateway",
            "tgw-1",
            arn="arn:aws:ec2:eu-west-1:1:transit-gateway/tgw-1",
            associationDefaultRouteTableId="tgw-rtb-0",
            propagationDefaultRouteTableId="tgw-rtb-0",
            defaultRouteTableAssociation="enable",
            defaultRouteTablePropagation="enable",
            securityGroupReferencingSupport="enable",
        ),
        resource(
            f"{made}/vpcAttachment:VpcAttachment",
            "tgw-attach-1",
            transitGatewayId="tgw-1",
            vpcId="vpc-1",
            subnetIds=["subnet-a"],
            applianceModeSupport="disable",
        ),
        resource(
            f"{made}/vpcAttachment:VpcAttachment",
            "tgw-attach-2",
            transitGatewayId="tgw-1",
            vpcId="vpc-2",
            subnetIds=["subnet-b"],
            transitGatewayDefaultRouteTableAssociation=False,
            transitGatewayDefaultRouteTablePropagation=False,
        ),
        resource(f"{made}/routeTable:RouteTable", "tgw-rtb-1", transitGatewayId="tgw-1"),
        resource(
            f"{made}/routeTableAssociation:RouteTableAssociation",
            "tgw-rtb-1_tgw-attach-2",
            transitGatewayAttachmentId="tgw-attach-2",
            transitGatewayRouteTableId="tgw-rtb-1",
        ),
        resource(
            f"{made}/route:Route",
            "tgw-rtb-1_10.66.0.0/16",
            destinationCidrBlock="10.66.0.0/16",
            transitGatewayRouteTableId="tgw-rtb-1",
            blackhole=True,
        ),
        resource(
            f"{made}/route:Route",
            "tgw-rtb-1_0.0.0.0/0",
            destinationCidrBlock="0.0.0.0/0",
            transitGatewayRouteTableId="tgw-rtb-1",
            transitGatewayAttachmentId="tgw-attach-1",
        ),
    ]


def routes(network):
    return {
        each.id: sorted(str(route) for route in each.routes)
        for each in network.transit_route_tables
    }


def test_a_transit_gateway_is_read_with_what_is_tied_to_its_tables(write_state):
    network = observe.state(write_state(hub()))
    assert network.unmodelled == ()
    assert only(network.transit_gateways).references
    assert {each.id: each.table for each in network.transit_attachments} == {
        "tgw-attach-1": "tgw-rtb-0",
        "tgw-attach-2": "tgw-rtb-1",
    }
    assert routes(network) == {
        "tgw-rtb-0": ["10.20.0.0/16 -> tgw-attach-1"],
        "tgw-rtb-1": ["0.0.0.0/0 -> tgw-attach-1", "10.66.0.0/16 -> blackhole"],
    }


def test_propagation_to_a_table_is_read(write_state):
    more = resource(
        "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
        "tgw-rtb-1_tgw-attach-1",
        transitGatewayAttachmentId="tgw-attach-1",
        transitGatewayRouteTableId="tgw-rtb-1",
    )
    assert (
        "10.20.0.0/16 -> tgw-attach-1"
        in routes(observe.state(write_state([*hub(), more])))["tgw-rtb-1"]
    )


def test_peered_transit_gateways_of_one_stack_have_an_attachment_each(write_state):
    made = "aws:ec2transitgateway/peeringAttachment"
    far = resource("aws:ec2transitgateway/transitGateway:TransitGateway", "tgw-2")
    ends = [
        resource(
            f"{made}:PeeringAttachment",
            "tgw-attach-p",
            transitGatewayId="tgw-1",
            peerTransitGatewayId="tgw-2",
        ),
        resource(
            f"{made}Accepter:PeeringAttachmentAccepter",
            "tgw-attach-p",
            transitGatewayId="tgw-2",
            peerTransitGatewayId="tgw-1",
        ),
    ]
    network = observe.state(write_state([*hub(), far, *ends]))
    found = [each for each in network.transit_attachments if each.kind is AttachmentKind.PEERING]
    assert {(each.gateway, each.peer_gateway) for each in found} == {
        ("tgw-1", "tgw-2"),
        ("tgw-2", "tgw-1"),
    }


def test_a_vpn_on_a_transit_gateway_is_attached_to_its_default_table(write_state, gaps):
    made = [
        resource("aws:ec2/customerGateway:CustomerGateway", "cgw-1", bgpAsn="65010"),
        resource(
            "aws:ec2/vpnConnection:VpnConnection",
            "vpn-1",
            transitGatewayId="tgw-1",
            transitGatewayAttachmentId="tgw-attach-v",
            customerGatewayId="cgw-1",
            staticRoutesOnly=False,
        ),
    ]
    network = observe.state(write_state([*hub(), *made]))
    found = only(each for each in network.transit_attachments if each.resource == "vpn-1")
    assert (found.kind, found.table) == (AttachmentKind.VPN, "tgw-rtb-0")
    assert "tgw-attach-v" in only(gaps(network, "tgw-rtb-0/tgw-attach-v")).why


ARN = "arn:aws:network-firewall:eu-west-1:1"


def test_a_network_firewall_is_read_with_its_rules(write_state):
    made = [
        resource(
            "aws:networkfirewall/ruleGroup:RuleGroup",
            f"{ARN}:stateful-rulegroup/feed",
            arn=f"{ARN}:stateful-rulegroup/feed",
            type="STATEFUL",
            ruleGroup={
                "ruleVariables": {
                    "ipSets": [{"key": "FEED", "ipSet": {"definitions": ["10.1.0.0/16"]}}],
                    "portSets": [{"key": "TICKS", "portSet": {"definitions": ["5556"]}}],
                },
                "rulesSource": {
                    "statefulRules": [
                        {
                            "action": "PASS",
                            "header": {
                                "protocol": "TCP",
                                "source": "$FEED",
                                "sourcePort": "ANY",
                                "direction": "FORWARD",
                                "destination": "ANY",
                                "destinationPort": "$TICKS",
                            },
                            "ruleOptions": [{"keyword": "sid:1"}, {"keyword": "sid"}],
                        }
                    ]
                },
            },
        ),
        resource(
            "aws:networkfirewall/firewallPolicy:FirewallPolicy",
            f"{ARN}:firewall-policy/p",
            arn=f"{ARN}:firewall-policy/p",
            firewallPolicy={
                "statelessDefaultActions": ["aws:forward_to_sfe"],
                "statefulDefaultActions": ["aws:drop_strict"],
                "statefulEngineOptions": {"ruleOrder": "STRICT_ORDER"},
                "statefulRuleGroupReferences": [
                    {"priority": 1, "resourceArn": f"{ARN}:stateful-rulegroup/feed"}
                ],
            },
        ),
        resource(
            "aws:networkfirewall/firewall:Firewall",
            f"{ARN}:firewall/edge",
            arn=f"{ARN}:firewall/edge",
            name="edge",
            vpcId="vpc-1",
            firewallPolicyArn=f"{ARN}:firewall-policy/p",
            firewallStatuses=[
                {
                    "syncStates": [
                        {
                            "availabilityZone": "eu-west-1a",
                            "attachments": [{"endpointId": "vpce-f", "subnetId": "subnet-a"}],
                        }
                    ]
                }
            ],
        ),
        route("10.9.0.0/16", vpcEndpointId="vpce-f"),
    ]
    network = observe.state(write_state([*PLACE, *made]))
    wall = only(network.firewalls)
    assert wall.endpoints == (("vpce-f", "subnet-a"),)
    assert wall.stateful_default is FirewallAction.DROP
    rule = only(wall.stateful)
    assert rule.sources == (IPv4Network("10.1.0.0/16"),)
    assert rule.ports == (PortRange(5556, 5556),)
    assert only(table(network).routes).target is TargetKind.FIREWALL
    assert network.unmodelled == ()


def test_rules_written_as_one_text_leave_the_firewall_in_doubt(write_state, gaps):
    made = [
        resource(
            "aws:networkfirewall/ruleGroup:RuleGroup",
            f"{ARN}:stateful-rulegroup/feed",
            arn=f"{ARN}:stateful-rulegroup/feed",
            rules="pass tcp any any -> any 443 (sid:1;)",
        ),
        resource(
            "aws:networkfirewall/firewallPolicy:FirewallPolicy",
            f"{ARN}:firewall-policy/p",
            arn=f"{ARN}:firewall-policy/p",
            firewallPolicy={
                "statelessDefaultActions": ["aws:forward_to_sfe"],
                "statefulRuleGroupReferences": [{"resourceArn": f"{ARN}:stateful-rulegroup/feed"}],
            },
        ),
        resource(
            "aws:networkfirewall/firewall:Firewall",
            f"{ARN}:firewall/edge",
            arn=f"{ARN}:firewall/edge",
            vpcId="vpc-1",
            firewallPolicyArn=f"{ARN}:firewall-policy/p",
        ),
    ]
    whys = [
        each.why
        for each in gaps(observe.state(write_state([*PLACE, *made])), f"{ARN}:firewall/edge")
    ]
    assert any("Suricata" in why for why in whys)
    assert any("endpoints" in why for why in whys)


def test_an_exclusion_from_block_public_access_is_read(write_state):
    made = [
        resource(
            "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
            "eu-west-1",
            internetGatewayBlockMode="block-bidirectional",
        ),
        resource(
            "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
            "vpcbpa-exclude-1",
            vpcId="vpc-1",
            internetGatewayExclusionMode="allow-egress",
        ),
    ]
    network = observe.state(write_state([*PLACE, *made]))
    assert only(network.subnets).public_access == "outbound"
    block = only(network.vpcs).access_block
    assert (block.mode, block.excluded) == ("block-bidirectional", "allow-egress")
    assert only(network.subnets).excluded == "none"


def test_a_stack_without_the_option_does_not_say_that_it_is_off(write_state):
    network = observe.state(write_state(PLACE))
    assert only(network.vpcs).access_block is None
    assert only(network.subnets).excluded is None


def test_a_subnet_with_ipv6_alone_and_a_host_in_it_are_read(write_state):
    made = [
        resource(
            "aws:ec2/subnet:Subnet",
            "subnet-six",
            vpcId="vpc-1",
            cidrBlock="",
            ipv6Native=True,
            ipv6CidrBlock="2001:db8:0:1::/64",
            availabilityZone="eu-west-1a",
        ),
        resource(
            "aws:ec2/instance:Instance",
            "i-six",
            subnetId="subnet-six",
            privateIp="",
            ipv6Addresses=["2001:db8:0:1::7"],
            primaryNetworkInterfaceId="eni-six",
            vpcSecurityGroupIds=["sg-1"],
        ),
    ]
    network = observe.state(write_state([*PLACE, *made]))
    assert [str(each) for each in network.subnet["subnet-six"].cidrs] == ["2001:db8:0:1::/64"]
    assert [str(each) for each in network.interface["eni-six"].addresses] == ["2001:db8:0:1::7"]


def test_an_ipv6_block_that_is_not_told_leaves_its_vpc_open(write_state, gaps):
    made = resource(
        "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation", "a-1", vpcId="vpc-1"
    )
    assert "IPv6" in only(gaps(observe.state(write_state([*PLACE, made])), "vpc-1")).why


@pytest.mark.parametrize(
    ("owner", "external", "shared_by"),
    [
        ("444455556666", True, "444455556666"),
        ("111122223333", True, ""),
        ("444455556666", False, ""),
    ],
)
def test_a_transit_gateway_that_a_stack_only_reads_may_be_shared_by_another_account(
    write_state, owner, external, shared_by
):
    arn = "arn:aws:ec2:eu-west-1:{}:{}/{}"
    gateway = resource(
        "aws:ec2transitgateway/transitGateway:TransitGateway",
        "tgw-1",
        autoAcceptSharedAttachments="enable",
        ownerId=owner,
        arn=arn.format(owner, "transit-gateway", "tgw-1"),
    )
    made = resource(
        "aws:ec2/eip:Eip", "eipalloc-1", arn=arn.format("111122223333", "eip", "eipalloc-1")
    )
    path = write_state([*PLACE, made, gateway | {"external": external}])
    assert only(read_state(path).inventory().transit_options).shared_by == shared_by


def test_what_tags_say_of_things_is_known_of_a_state_with_the_providers_default_ones(write_state):
    made = resource(
        "aws:ec2/securityGroup:SecurityGroup",
        "sg-said",
        vpcId="vpc-1",
        tags={"bulkhead:purpose": "takes orders", "bulkhead:data": None},
        tagsAll={"bulkhead:purpose": "takes orders", "bulkhead:owner": "platform"},
    )
    said = read_state(write_state([*PLACE, made])).inventory().said
    assert said == {"sg-said": SaidOf(purpose="takes orders", owner="platform")}


def encryption(**said):
    return resource(
        "aws:ec2/vpcEncryptionControl:VpcEncryptionControl", "vpcec-1", vpcId="vpc-1", **said
    )


def test_what_a_stack_makes_a_vpc_encrypt_is_read_and_nothing_is_concluded_from_none(write_state):
    made = encryption(mode="enforce", natGatewayExclusion="enable", lambdaExclusion="disable")
    control = only(observe.state(write_state([*PLACE, made])).vpcs).encryption
    assert (control.enforced, control.excluded) == (True, ("nat-gateway",))
    assert only(observe.state(write_state(PLACE)).vpcs).encryption is None
    failed = encryption(mode="enforce", state="enforce-failed")
    assert not only(observe.state(write_state([*PLACE, failed])).vpcs).encryption.enforced


def test_an_encryption_control_of_a_vpc_that_is_elsewhere_leaves_no_cell_open(write_state):
    elsewhere = encryption(mode="enforce")
    elsewhere["outputs"]["vpcId"] = "vpc-of-others"
    assert observe.state(write_state([*PLACE, elsewhere])).unmodelled == (
        observe.state(write_state(PLACE)).unmodelled
    )
