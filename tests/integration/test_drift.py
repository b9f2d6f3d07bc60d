"""Changes that somebody makes by API: each is named, and never called exactly as declared."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]


class Hand:
    """Somebody with the AWS CLI, who remembers how to take back what was done."""

    def __init__(self, standing):
        self.standing = standing
        self.ec2 = standing.ec2
        self._undo = []
        (vpc,) = self.ec2.describe_vpcs(
            Filters=[{"Name": "tag:bulkhead:topology", "Values": ["trading"]}]
        )["Vpcs"]
        self.vpc = vpc["VpcId"]

    def later(self, call, **arguments):
        self._undo.append((call, arguments))

    def undo(self):
        while self._undo:
            call, arguments = self._undo.pop()
            call(**arguments)

    def find(self, operation, key, **tags):
        return self.standing.tagged(operation, key, **tags)

    def subnet(self, name):
        return self.find("describe_subnets", "Subnets", Name=name)["SubnetId"]

    def group(self, service):
        found = self.find("describe_security_groups", "SecurityGroups", bulkhead__service=service)
        return found["GroupId"]

    def acl(self, name):
        return self.find("describe_network_acls", "NetworkAcls", Name=name)

    def table(self, name):
        return self.find("describe_route_tables", "RouteTables", Name=name)

    def interface(self, name):
        return self.find("describe_network_interfaces", "NetworkInterfaces", Name=name)

    def vpn(self):
        found = self.ec2.describe_vpn_connections()["VpnConnections"]
        return next(each for each in found if each["State"] != "deleted")


def tags(kind, **values):
    held = [{"Key": key.replace("__", ":"), "Value": value} for key, value in values.items()]
    return [{"ResourceType": kind, "Tags": held}]


def an_interface_in_a_planned_group(hand, **named):
    made = hand.ec2.create_network_interface(
        SubnetId=hand.subnet("feed-eu-west-1a"),
        Groups=[hand.group("ticker")],
        **({"TagSpecifications": tags("network-interface", **named)} if named else {}),
    )["NetworkInterface"]["NetworkInterfaceId"]
    hand.later(hand.ec2.delete_network_interface, NetworkInterfaceId=made)
    return made


def an_interface_named_as_a_replica(hand):
    an_interface_in_a_planned_group(
        hand, Name="ticker-1", bulkhead__service="ticker", bulkhead__topology="trading"
    )


def an_interface_with_a_public_address(hand):
    attached = [{"Name": "attachment.vpc-id", "Values": [hand.vpc]}]
    if not hand.ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
        an_internet_gateway(hand)  # or there is none to have
    made = an_interface_in_a_planned_group(hand)
    address = hand.ec2.allocate_address(Domain="vpc")
    hand.later(hand.ec2.release_address, AllocationId=address["AllocationId"])
    held = hand.ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=made)
    hand.later(hand.ec2.disassociate_address, AssociationId=held["AssociationId"])


def a_second_address(hand):
    name = hand.interface("ticker-1")["NetworkInterfaceId"]
    hand.ec2.assign_private_ip_addresses(NetworkInterfaceId=name, SecondaryPrivateIpAddressCount=1)
    found = hand.interface("ticker-1")["PrivateIpAddresses"]
    more = [each["PrivateIpAddress"] for each in found if not each["Primary"]]
    hand.later(
        hand.ec2.unassign_private_ip_addresses, NetworkInterfaceId=name, PrivateIpAddresses=more
    )


def a_stranger_at_the_end_of_the_vpn(hand):
    made = hand.ec2.create_customer_gateway(Type="ipsec.1", PublicIp="198.51.100.9", BgpAsn=65099)
    gateway = made["CustomerGateway"]["CustomerGatewayId"]
    hand.later(hand.ec2.delete_customer_gateway, CustomerGatewayId=gateway)
    return gateway


def another_customer_gateway(hand):
    vpn = hand.vpn()
    gateway = a_stranger_at_the_end_of_the_vpn(hand)
    change = {"VpnConnectionId": vpn["VpnConnectionId"]}
    hand.later(hand.ec2.modify_vpn_connection, **change, CustomerGatewayId=vpn["CustomerGatewayId"])
    hand.ec2.modify_vpn_connection(**change, CustomerGatewayId=gateway)


def a_second_vpn(hand):
    vpn = hand.vpn()
    made = hand.ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=a_stranger_at_the_end_of_the_vpn(hand),
        VpnGatewayId=vpn["VpnGatewayId"],
        Options={"StaticRoutesOnly": True},
        TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": vpn["Tags"]}],
    )["VpnConnection"]["VpnConnectionId"]
    hand.later(hand.ec2.delete_vpn_connection, VpnConnectionId=made)


def another_trust(hand):
    vpn = hand.vpn()["VpnConnectionId"]
    retag(hand, vpn, "bulkhead:trust", "trusted", "untrusted")


def retag(hand, name, key, value, before):
    hand.ec2.create_tags(Resources=[name], Tags=[{"Key": key, "Value": value}])
    hand.later(hand.ec2.create_tags, Resources=[name], Tags=[{"Key": key, "Value": before}])


def another_service(hand):
    retag(hand, hand.group("ticker"), "bulkhead:service", "tickers", "ticker")


def no_service(hand):
    name = hand.group("ticker")
    hand.ec2.delete_tags(Resources=[name], Tags=[{"Key": "bulkhead:service"}])
    tag = {"Key": "bulkhead:service", "Value": "ticker"}
    hand.later(hand.ec2.create_tags, Resources=[name], Tags=[tag])


def another_table(hand):
    subnet = hand.subnet("archive-eu-west-1a")
    (held,) = [
        each for each in hand.table("archive")["Associations"] if each.get("SubnetId") == subnet
    ]
    own, other = hand.table("archive")["RouteTableId"], hand.table("feed")["RouteTableId"]
    made = hand.ec2.replace_route_table_association(
        AssociationId=held["RouteTableAssociationId"], RouteTableId=other
    )
    hand.later(
        hand.ec2.replace_route_table_association,
        AssociationId=made["NewAssociationId"],
        RouteTableId=own,
    )


def another_acl(hand):
    subnet = hand.subnet("archive-eu-west-1b")
    own, other = hand.acl("archive"), hand.acl("feed")
    (held,) = [each for each in own["Associations"] if each["SubnetId"] == subnet]
    made = hand.ec2.replace_network_acl_association(
        AssociationId=held["NetworkAclAssociationId"], NetworkAclId=other["NetworkAclId"]
    )
    hand.later(
        hand.ec2.replace_network_acl_association,
        AssociationId=made["NewAssociationId"],
        NetworkAclId=own["NetworkAclId"],
    )


def a_second_block(hand):
    made = hand.ec2.associate_vpc_cidr_block(VpcId=hand.vpc, CidrBlock="10.99.0.0/16")
    hand.later(
        hand.ec2.disassociate_vpc_cidr_block,
        AssociationId=made["CidrBlockAssociation"]["AssociationId"],
    )


def an_ipv6_block(hand):
    made = hand.ec2.associate_vpc_cidr_block(VpcId=hand.vpc, AmazonProvidedIpv6CidrBlock=True)
    hand.later(
        hand.ec2.disassociate_vpc_cidr_block,
        AssociationId=made["Ipv6CidrBlockAssociation"]["AssociationId"],
    )


def one_more_subnet(hand):
    made = hand.ec2.create_subnet(VpcId=hand.vpc, CidrBlock="10.20.250.0/24")
    hand.later(hand.ec2.delete_subnet, SubnetId=made["Subnet"]["SubnetId"])


def an_internet_gateway(hand):
    made = hand.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    hand.later(hand.ec2.delete_internet_gateway, InternetGatewayId=made)
    hand.ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=hand.vpc)
    hand.later(hand.ec2.detach_internet_gateway, InternetGatewayId=made, VpcId=hand.vpc)
    return made


def a_route_to_the_internet(hand):
    gateway = an_internet_gateway(hand)
    table = hand.table("feed")["RouteTableId"]
    to = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    hand.ec2.create_route(**to, GatewayId=gateway)
    hand.later(hand.ec2.delete_route, **to)
    address = hand.ec2.allocate_address(Domain="vpc")["AllocationId"]
    hand.later(hand.ec2.release_address, AllocationId=address)
    held = hand.ec2.associate_address(
        AllocationId=address, NetworkInterfaceId=hand.interface("ticker-1")["NetworkInterfaceId"]
    )
    hand.later(hand.ec2.disassociate_address, AssociationId=held["AssociationId"])


def a_pending_peering(hand):
    other = hand.ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    hand.later(hand.ec2.delete_vpc, VpcId=other)
    made = hand.ec2.create_vpc_peering_connection(VpcId=other, PeerVpcId=hand.vpc)
    name = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    hand.later(hand.ec2.delete_vpc_peering_connection, VpcPeeringConnectionId=name)


def a_peer(hand):
    """A VPC of somebody else, peered with this one, with a route here and a host."""
    ec2 = hand.ec2
    other = ec2.create_vpc(CidrBlock="10.77.0.0/16", TagSpecifications=tags("vpc", Name="partner"))
    other = other["Vpc"]["VpcId"]
    hand.later(ec2.delete_vpc, VpcId=other)
    subnet = ec2.create_subnet(VpcId=other, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"]
    hand.later(ec2.delete_subnet, SubnetId=subnet)
    host = ec2.create_network_interface(
        SubnetId=subnet, TagSpecifications=tags("network-interface", Name="partner-1")
    )["NetworkInterface"]["NetworkInterfaceId"]
    hand.later(ec2.delete_network_interface, NetworkInterfaceId=host)
    made = ec2.create_vpc_peering_connection(VpcId=other, PeerVpcId=hand.vpc)
    name = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    hand.later(ec2.delete_vpc_peering_connection, VpcPeeringConnectionId=name)
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=name)
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [other]}])[
        "RouteTables"
    ]
    ec2.create_route(
        RouteTableId=table["RouteTableId"],
        DestinationCidrBlock="10.20.0.0/16",
        VpcPeeringConnectionId=name,
    )
    return name


def a_peer_that_is_let_in(hand):
    route = {
        "RouteTableId": hand.table("feed")["RouteTableId"],
        "DestinationCidrBlock": "10.77.0.0/16",
    }
    hand.ec2.create_route(**route, VpcPeeringConnectionId=a_peer(hand))
    hand.later(hand.ec2.delete_route, **route)
    entered(hand, hand.acl("feed"), CidrBlock="10.77.0.0/16")
    rule = {
        "GroupId": hand.group("ticker"),
        "IpPermissions": [{**OPEN, "IpRanges": [{"CidrIp": "10.77.0.0/16"}]}],
    }
    hand.ec2.authorize_security_group_ingress(**rule)
    hand.later(hand.ec2.revoke_security_group_ingress, **rule)


def a_public_address_on_launch(hand):
    change = {"SubnetId": hand.subnet("feed-eu-west-1a")}
    hand.ec2.modify_subnet_attribute(**change, MapPublicIpOnLaunch={"Value": True})
    hand.later(hand.ec2.modify_subnet_attribute, **change, MapPublicIpOnLaunch={"Value": False})


OPEN = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def an_open_group(hand):
    made = hand.ec2.create_security_group(GroupName="open", Description="open", VpcId=hand.vpc)
    hand.later(hand.ec2.delete_security_group, GroupId=made["GroupId"])
    hand.ec2.authorize_security_group_ingress(GroupId=made["GroupId"], IpPermissions=[OPEN])


def the_default_group_opened(hand):
    found = hand.ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [hand.vpc]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"][0]["GroupId"]
    hand.ec2.authorize_security_group_ingress(GroupId=found, IpPermissions=[OPEN])
    hand.later(hand.ec2.revoke_security_group_ingress, GroupId=found, IpPermissions=[OPEN])


def entered(hand, acl, **entry):
    name = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 7, "Egress": False}
    said = {"Protocol": "-1", "RuleAction": "allow", **entry}
    hand.ec2.create_network_acl_entry(**name, **said)
    hand.later(hand.ec2.delete_network_acl_entry, **name)


def the_default_acl_opened(hand):
    filters = [
        {"Name": "vpc-id", "Values": [hand.vpc]},
        {"Name": "default", "Values": ["true"]},
    ]
    (acl,) = hand.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    entered(hand, acl, CidrBlock="0.0.0.0/0")


def a_stray_deny(hand):
    entered(hand, hand.acl("archive"), CidrBlock="10.99.0.0/16", RuleAction="deny")


def an_ipv6_entry(hand):
    entered(hand, hand.acl("archive"), Ipv6CidrBlock="::/0")


def an_endpoint(hand):
    made = hand.ec2.create_vpc_endpoint(
        VpcId=hand.vpc,
        ServiceName="com.amazonaws.eu-west-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[hand.table("archive")["RouteTableId"]],
    )["VpcEndpoint"]["VpcEndpointId"]
    hand.later(hand.ec2.delete_vpc_endpoints, VpcEndpointIds=[made])


def a_weak_tunnel(hand):
    vpn = hand.vpn()
    (first, _) = vpn["Options"]["TunnelOptions"]
    keys = {
        "IKEVersions": "IkeVersions",
        "Phase1IntegrityAlgorithms": "Phase1IntegrityAlgorithms",
        "Phase1DHGroupNumbers": "Phase1DHGroupNumbers",
    }
    change = {
        "VpnConnectionId": vpn["VpnConnectionId"],
        "VpnTunnelOutsideIpAddress": first["OutsideIpAddress"],
    }
    before = {key: first[shown] for key, shown in keys.items()}
    weak = {
        "IKEVersions": [{"Value": "ikev1"}],
        "Phase1IntegrityAlgorithms": [{"Value": "SHA1"}],
        "Phase1DHGroupNumbers": [{"Value": 2}],
    }
    hand.ec2.modify_vpn_tunnel_options(**change, TunnelOptions=weak)
    hand.later(hand.ec2.modify_vpn_tunnel_options, **change, TunnelOptions=before)


def a_tunnel_kept_when_dead(hand):
    vpn = hand.vpn()
    (first, _) = vpn["Options"]["TunnelOptions"]
    change = {
        "VpnConnectionId": vpn["VpnConnectionId"],
        "VpnTunnelOutsideIpAddress": first["OutsideIpAddress"],
    }
    before = {"DPDTimeoutAction": first["DpdTimeoutAction"]}
    hand.ec2.modify_vpn_tunnel_options(**change, TunnelOptions={"DPDTimeoutAction": "none"})
    hand.later(hand.ec2.modify_vpn_tunnel_options, **change, TunnelOptions=before)


def a_detached_gateway(hand):
    vpn = hand.vpn()["VpnGatewayId"]
    hand.ec2.detach_vpn_gateway(VpnGatewayId=vpn, VpcId=hand.vpc)
    hand.later(hand.ec2.attach_vpn_gateway, VpnGatewayId=vpn, VpcId=hand.vpc)


CHANGES = {
    an_interface_in_a_planned_group: "security groups ticker",
    an_interface_named_as_a_replica: "interface ticker-1 (eni-",
    an_interface_with_a_public_address: "public address",
    a_second_address: "secondary addresses",
    another_customer_gateway: "customer gateway",
    a_second_vpn: "VPN connection exchange (vpn-",
    a_weak_tunnel: "IKE versions ikev1, planned ikev2",
    a_tunnel_kept_when_dead: "action on a dead peer none, planned clear",
    another_trust: "site exchange: trusted yes, planned no",
    another_service: "service tickers, planned ticker",
    no_service: "service none, planned ticker",
    another_table: "route table feed (rtb-",
    another_acl: "network ACL feed (acl-",
    a_second_block: "10.99.0.0/16",
    an_ipv6_block: "blocks 10.20.0.0/16, ",
    one_more_subnet: "block 10.20.250.0/24) is in no plan",
    an_internet_gateway: "internet gateway igw-",
    a_route_to_the_internet: "",
    a_pending_peering: "VPC peering connection pcx-",
    a_peer: "(with VPC partner (vpc-",
    a_peer_that_is_let_in: "VPC peering connection pcx-",
    a_public_address_on_launch: "public address on launch yes, planned no",
    an_open_group: "is in no plan",
    the_default_group_opened: "security group default (sg-",
    the_default_acl_opened: "network ACL default (acl-",
    a_stray_deny: "ingress 7: deny all from 10.99.0.0/16",
    an_ipv6_entry: "ingress 7: allow all from ::/0",
    an_endpoint: "gateway endpoint",
    a_detached_gateway: "VPN gateway trading is not attached to the VPC",
}
STATE = {"not planned", "lacking", "different"}


@pytest.fixture
def hand(standing, asked):
    somebody = Hand(standing)
    yield somebody
    somebody.undo()
    answer = asked("check", standing.topology, "--on", "aws")
    assert answer.code == 0, answer.out + answer.err


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_change_by_api_is_named_with_its_cause_first(hand, asked, change):
    change(hand)
    answer = asked("check", hand.standing.topology, "--on", "aws", "--json")
    assert answer.code == 1, answer.out + answer.err
    found = answer.json["findings"]
    assert {each["kind"] for each in found} <= STATE
    assert CHANGES[change] in found[0]["message"]
    effects = [one for each in found for one in each["effects"]]
    # Also a gateway that is detached is seen to be: nothing is left open.
    assert "undetermined" not in {each["kind"] for each in (*found, *effects)}


@pytest.mark.parametrize(
    "change",
    [an_interface_in_a_planned_group, a_stray_deny, a_peer, a_peer_that_is_let_in],
    ids=lambda each: each.__name__,
)
def test_drill_says_of_a_change_what_check_says(hand, change):
    change(hand)
    standing = hand.standing
    checked = standing.bulkhead("check", standing.topology, "--on", "aws", "--json")
    drilled = standing.bulkhead("drill", "aws", "--for", standing.topology, "--json")
    assert (checked.code, drilled.code) == (1, 1), drilled.said
    assert json.loads(drilled.out)["check"]["findings"] == json.loads(checked.out)["findings"]
    assert "exactly" not in drilled.out
