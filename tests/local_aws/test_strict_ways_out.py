"""What AWS refuses of gateways, addresses, endpoints, prefix lists and further blocks."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def vpc(ec2: Any) -> str:
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    return str(made["VpcId"])


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


@pytest.fixture
def table(ec2: Any, vpc: str) -> str:
    return str(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])


def attach(ec2: Any, vpc: str) -> str:
    gateway = str(ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return gateway


def address(ec2: Any) -> str:
    return str(ec2.allocate_address(Domain="vpc")["AllocationId"])


def ipv6_of(ec2: Any, vpc: str) -> str:
    shown = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    return str(shown["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])


def test_an_address_needs_an_internet_gateway_and_holds_it(ec2, vpc, subnet, refused) -> None:
    eni = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    given = {"AllocationId": address(ec2), "NetworkInterfaceId": eni}
    assert refused(ec2.associate_address, **given) == "Gateway.NotAttached"
    gateway = attach(ec2, vpc)
    association = ec2.associate_address(**given)["AssociationId"]
    assert refused(ec2.associate_address, AllowReassociation=False, **given) == (
        "Resource.AlreadyAssociated"
    )
    held = {"InternetGatewayId": gateway, "VpcId": vpc}
    assert refused(ec2.detach_internet_gateway, **held) == "DependencyViolation"
    release = {"AllocationId": given["AllocationId"]}
    assert refused(ec2.release_address, **release) == "InvalidIPAddress.InUse"
    ec2.disassociate_address(AssociationId=association)
    ec2.release_address(**release)
    ec2.detach_internet_gateway(**held)


def test_a_region_has_five_addresses_that_are_public_ones(ec2, refused) -> None:
    given = {ec2.allocate_address(Domain="vpc")["PublicIp"] for _ in range(5)}
    assert len(given) == 5
    assert not any(ipaddress.ip_address(each).is_loopback for each in given)
    assert refused(ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"


def test_a_nat_gateway_is_in_its_subnet_and_lets_go_of_its_address(
    ec2, vpc, subnet, table, refused
) -> None:
    attach(ec2, vpc)
    assert refused(ec2.create_nat_gateway, SubnetId=subnet) == "MissingParameter"
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address(ec2))["NatGateway"]
    assert made["State"] == "pending"
    (held,) = made["NatGatewayAddresses"]
    assert ipaddress.ip_address(held["PrivateIp"]) in ipaddress.ip_network("10.0.0.0/24")
    eni = held["NetworkInterfaceId"]
    assert refused(ec2.delete_network_interface, NetworkInterfaceId=eni) == "OperationNotPermitted"
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert refused(ec2.disassociate_address, AssociationId=held["AssociationId"]) == "AuthFailure"
    name = {"NatGatewayId": made["NatGatewayId"]}
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **name)
    ec2.delete_nat_gateway(**name)
    assert refused(ec2.delete_nat_gateway, **name) == "NatGatewayNotFound"
    ec2.release_address(AllocationId=held["AllocationId"])
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [each["State"] for each in routes if "NatGatewayId" in each] == ["blackhole"]
    ec2.delete_subnet(SubnetId=subnet)


def test_a_nat_gateway_without_an_internet_gateway_fails(ec2, vpc, subnet) -> None:
    made = [
        ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address(ec2)),
        ec2.create_nat_gateway(VpcId=vpc, AvailabilityMode="regional"),
    ]
    names = [each["NatGateway"]["NatGatewayId"] for each in made]
    shown = ec2.describe_nat_gateways(NatGatewayIds=names)["NatGateways"]
    assert [each["State"] for each in shown] == ["failed", "failed"]
    assert {each["FailureCode"] for each in shown} == {"Gateway.NotAttached"}


def test_a_gateway_endpoint_has_its_routes_and_nothing_else(ec2, vpc, table, refused) -> None:
    asked = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.s3", "RouteTableIds": [table]}
    create = ec2.create_vpc_endpoint
    assert refused(create, **{**asked, "ServiceName": "com.amazonaws.eu-west-1.nope"}) == (
        "InvalidServiceName"
    )
    assert refused(create, **{**asked, "ServiceName": "com.amazonaws.eu-west-1.sqs"}) == (
        "InvalidParameter"
    )
    name = create(**asked)["VpcEndpoint"]["VpcEndpointId"]
    assert refused(create, **asked) == "RouteAlreadyExists"

    def routes() -> list[Any]:
        shown = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return [each["DestinationPrefixListId"] for each in shown if each.get("GatewayId") == name]

    (prefix_list,) = routes()
    mine = {"RouteTableId": table, "DestinationPrefixListId": prefix_list}
    assert refused(ec2.delete_route, **mine) == "InvalidParameterValue"
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.modify_vpc_endpoint(VpcEndpointId=name, RemoveRouteTableIds=[table])
    assert routes() == []
    (failed,) = ec2.delete_vpc_endpoints(VpcEndpointIds=[name, "vpce-0123"])["Unsuccessful"]
    assert failed["Error"]["Code"] == "InvalidVpcEndpointId.NotFound"


def test_an_interface_endpoint_has_one_address_a_zone_with_its_groups(
    ec2, vpc, subnet, refused
) -> None:
    zone = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailabilityZone"]
    other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=zone)["Subnet"]
    group = ec2.create_security_group(GroupName="door", Description="d", VpcId=vpc)["GroupId"]
    asked = {
        "VpcId": vpc,
        "ServiceName": "com.amazonaws.eu-west-1.sqs",
        "VpcEndpointType": "Interface",
        "SecurityGroupIds": [group],
    }
    create = ec2.create_vpc_endpoint
    assert refused(create, **asked) == "InvalidParameter"  # the VPC gives no host names
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    both = [subnet, other["SubnetId"]]
    assert refused(create, **asked, SubnetIds=both) == "DuplicateSubnetsInSameZone"
    made = create(**asked, SubnetIds=[subnet])["VpcEndpoint"]
    assert refused(create, **asked) == "InvalidParameter"  # the name is taken
    (eni,) = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]
    assert (eni["SubnetId"], eni["InterfaceType"]) == (subnet, "vpc_endpoint")
    assert [each["GroupId"] for each in eni["Groups"]] == [group]
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"


def test_an_endpoint_is_at_the_address_that_it_is_given(ec2, vpc, subnet, refused) -> None:
    at = {"SubnetId": subnet, "Ipv4": "10.0.0.77"}
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.eu-west-1.sqs",
        VpcEndpointType="Interface",
        PrivateDnsEnabled=False,
        SubnetIds=[subnet],
        SubnetConfigurations=[at],
    )["VpcEndpoint"]

    def address():
        (shown,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])[
            "VpcEndpoints"
        ]
        (eni,) = ec2.describe_network_interfaces(NetworkInterfaceIds=shown["NetworkInterfaceIds"])[
            "NetworkInterfaces"
        ]
        return eni["PrivateIpAddress"]

    assert address() == "10.0.0.77"
    moved = {"VpcEndpointId": made["VpcEndpointId"]}
    ec2.modify_vpc_endpoint(**moved, SubnetConfigurations=[{**at, "Ipv4": "10.0.0.78"}])
    assert address() == "10.0.0.78"


def test_a_rule_by_prefix_list_keeps_what_is_said_of_it(ec2, vpc) -> None:
    group = ec2.create_security_group(GroupName="out", Description="d", VpcId=vpc)["GroupId"]
    (listed,) = ec2.describe_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.eu-west-1.s3"]}]
    )["PrefixLists"]
    to = {"PrefixListId": listed["PrefixListId"], "Description": "tcp 443 to S3"}
    said = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [to]}
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[said])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    assert [
        each.get("Description") for each in rules["SecurityGroupRules"] if each.get("PrefixListId")
    ] == ["tcp 443 to S3"]


def test_a_prefix_list_has_a_version_a_size_and_users(ec2, table, vpc, refused) -> None:
    made = ec2.create_managed_prefix_list(
        PrefixListName="hosts",
        AddressFamily="IPv4",
        MaxEntries=2,
        Entries=[{"Cidr": "192.0.2.0/24"}],
    )["PrefixList"]
    name = {"PrefixListId": made["PrefixListId"]}
    modify = ec2.modify_managed_prefix_list
    more = [{"Cidr": "198.51.100.0/24"}]
    assert refused(modify, **name, CurrentVersion=7, AddEntries=more) == "PrefixListVersionMismatch"
    modify(**name, CurrentVersion=1, AddEntries=more)
    third = {**name, "CurrentVersion": 2, "AddEntries": [{"Cidr": "203.0.113.0/24"}]}
    assert refused(modify, **third) == "PrefixListMaxEntriesExceeded"
    modify(**name, MaxEntries=3)
    modify(**third)
    gateway = {"RouteTableId": table, "GatewayId": attach(ec2, vpc)}
    ec2.create_route(**gateway, DestinationPrefixListId=name["PrefixListId"])
    assert refused(ec2.delete_managed_prefix_list, **name) == "DependencyViolation"
    ec2.delete_route(RouteTableId=table, DestinationPrefixListId=name["PrefixListId"])
    ec2.delete_managed_prefix_list(**name)
    assert refused(ec2.get_managed_prefix_list_entries, **name) == "InvalidPrefixListID.NotFound"


def test_a_further_block_overlaps_nothing_and_holds_its_subnets(ec2, vpc, refused) -> None:
    associate, undo = ec2.associate_vpc_cidr_block, ec2.disassociate_vpc_cidr_block
    for block, code in (
        ("10.0.128.0/20", "InvalidParameterValue"),
        ("192.168.0.0/20", "InvalidVpc.Range"),
        ("10.1.0.0/15", "InvalidVpc.Range"),
    ):
        assert refused(associate, VpcId=vpc, CidrBlock=block) == code
    added = associate(VpcId=vpc, CidrBlock="10.1.0.0/20")["CidrBlockAssociation"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    name = {"AssociationId": added["AssociationId"]}
    assert refused(undo, **name) == "InvalidCidrBlock.InUse"
    ec2.delete_subnet(SubnetId=subnet)
    undo(**name)
    assert refused(undo, **name) == "InvalidVpcCidrBlockAssociationID.NotFound"


def test_ipv6_is_of_the_vpc_in_subnets_interfaces_and_tables(ec2, vpc, table, refused) -> None:
    whole = ipv6_of(ec2, vpc)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert whole in {each.get("DestinationIpv6CidrBlock") for each in routes}
    small = next(iter(ipaddress.IPv6Network(whole).subnets(new_prefix=64)))
    asked = {"VpcId": vpc, "CidrBlock": "10.0.0.0/24"}
    wrong = {**asked, "Ipv6CidrBlock": "2001:db8::/64"}
    assert refused(ec2.create_subnet, **wrong) == "InvalidSubnet.Range"
    subnet = ec2.create_subnet(**asked, Ipv6CidrBlock=str(small))["Subnet"]
    (shown,) = subnet["Ipv6CidrBlockAssociationSet"]
    assert shown["Ipv6CidrBlockState"] == {"State": "associated"}
    again = {"VpcId": vpc, "CidrBlock": "10.0.1.0/24", "Ipv6CidrBlock": str(small)}
    assert refused(ec2.create_subnet, **again) == "InvalidSubnet.Conflict"
    create, name = ec2.create_network_interface, subnet["SubnetId"]
    for text, code in (
        (str(small[1]), "InvalidParameterValue"),
        ("2001:db8::10", "InvalidParameterValue"),
    ):
        assert refused(create, SubnetId=name, Ipv6Addresses=[{"Ipv6Address": text}]) == code
    wanted = [{"Ipv6Address": str(small[16])}]
    create(SubnetId=name, Ipv6Addresses=wanted)
    assert refused(create, SubnetId=name, Ipv6Addresses=wanted) == "InvalidIPAddress.InUse"
    chosen = create(SubnetId=name, Ipv6AddressCount=1)["NetworkInterface"]["Ipv6Addresses"]
    assert ipaddress.IPv6Address(chosen[0]["Ipv6Address"]) in small


def test_a_block_of_ipv6_goes_after_its_addresses_and_its_subnets(ec2, vpc, refused) -> None:
    shown = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]
    whole = {"AssociationId": shown["AssociationId"]}
    small = str(next(iter(ipaddress.IPv6Network(shown["Ipv6CidrBlock"]).subnets(new_prefix=64))))
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    part = ec2.associate_subnet_cidr_block(SubnetId=subnet, Ipv6CidrBlock=small)
    part = {"AssociationId": part["Ipv6CidrBlockAssociation"]["AssociationId"]}
    interface = ec2.create_network_interface(SubnetId=subnet, Ipv6AddressCount=1)
    (held,) = interface["NetworkInterface"]["Ipv6Addresses"]
    in_use = "InvalidCidrBlock.InUse"
    assert refused(ec2.disassociate_subnet_cidr_block, **part) == in_use
    ec2.unassign_ipv6_addresses(
        NetworkInterfaceId=interface["NetworkInterface"]["NetworkInterfaceId"],
        Ipv6Addresses=[held["Ipv6Address"]],
    )
    assert refused(ec2.disassociate_vpc_cidr_block, **whole) == in_use
    ec2.disassociate_subnet_cidr_block(**part)
    ec2.disassociate_vpc_cidr_block(**whole)


def test_a_block_of_a_pool_is_one_that_no_vpc_has(ec2, vpc, refused) -> None:
    associate = ec2.associate_vpc_cidr_block
    pool, block = {"Ipv6Pool": "ipv6pool-ec2-0123456789abcdef0"}, "2600:1f18:1234:5600::/56"
    for asked, code in (
        ({"Ipv6CidrBlock": block}, "MissingParameter"),
        ({**pool, "Ipv6CidrBlock": "2600:1f18::/58"}, "InvalidVpc.Range"),
        ({**pool, "Ipv6CidrBlock": "10.0.0.0/16"}, "InvalidParameterValue"),
        ({**pool, "AmazonProvidedIpv6CidrBlock": True}, "InvalidParameterCombination"),
        ({"Ipv6IpamPoolId": "ipam-pool-x", "Ipv6CidrBlock": block}, None),
    ):
        got = refused(associate, VpcId=vpc, **asked)
        assert got == (code or "InvalidIpv6IpamPoolId.NotFound")
    shown = associate(VpcId=vpc, **pool, Ipv6CidrBlock=block)["Ipv6CidrBlockAssociation"]
    assert (shown["Ipv6CidrBlock"], shown["Ipv6Pool"]) == (block, pool["Ipv6Pool"])
    other = {"CidrBlock": "10.1.0.0/16", **pool}
    assert refused(ec2.create_vpc, **other, Ipv6CidrBlock=block) == "InvalidParameterValue"
    made = ec2.create_vpc(**other, Ipv6CidrBlock="2600:1f18:1234:5700::/56")["Vpc"]["VpcId"]
    assert ipv6_of(ec2, made) == "2600:1f18:1234:5700::/56"


def test_what_nobody_modified_lets_ipv6_through_once_there_is_a_block(ec2) -> None:
    """And what was modified stays closed to it."""

    def lets_through(vpc: str) -> tuple[set[Any], set[Any]]:
        of = [{"Name": "vpc-id", "Values": [vpc]}]
        (acl,) = ec2.describe_network_acls(Filters=of)["NetworkAcls"]
        (group,) = ec2.describe_security_groups(Filters=of)["SecurityGroups"]
        entries = {
            (each["RuleNumber"], each["Egress"], each["RuleAction"])
            for each in acl["Entries"]
            if each.get("Ipv6CidrBlock") == "::/0"
        }
        rules = {
            each["CidrIpv6"]
            for rule in group["IpPermissionsEgress"]
            for each in rule.get("Ipv6Ranges", ())
        }
        return entries, rules

    denied = {(32768, True, "deny"), (32768, False, "deny")}
    amazon = {"AmazonProvidedIpv6CidrBlock": True}
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", **amazon)["Vpc"]["VpcId"]
    allowed = {(101, True, "allow"), (101, False, "allow")}
    assert lets_through(made) == (denied | allowed, {"::/0"})
    later = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    (acl,) = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [later]}])[
        "NetworkAcls"
    ]
    ec2.delete_network_acl_entry(NetworkAclId=acl["NetworkAclId"], RuleNumber=100, Egress=True)
    ec2.associate_vpc_cidr_block(VpcId=later, **amazon)
    assert lets_through(later) == (denied | {(101, False, "allow")}, {"::/0"})


def test_a_parameter_of_one_family_takes_no_block_of_the_other(ec2, vpc, table, refused) -> None:
    (acl,) = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    entry = {
        **{"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 7, "Protocol": "-1"},
        **{"RuleAction": "deny", "Egress": True},
    }
    malformed = "InvalidParameterValue"
    assert refused(ec2.create_network_acl_entry, **entry, CidrBlock="::/0") == malformed
    assert refused(ec2.create_network_acl_entry, **entry, Ipv6CidrBlock="10.0.0.0/8") == malformed
    gateway = ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
    route = {
        **{"RouteTableId": table, "DestinationCidrBlock": "::/0"},
        "EgressOnlyInternetGatewayId": gateway["EgressOnlyInternetGatewayId"],
    }
    assert refused(ec2.create_route, **route) == malformed


def test_dhcp_options_outlive_the_vpcs_that_use_them(ec2, vpc, refused) -> None:
    servers = [{"Key": "domain-name-servers", "Values": ["10.0.0.2"]}]
    name = ec2.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]["DhcpOptionsId"]
    unknown = [{"Key": "nope", "Values": ["x"]}]
    assert refused(ec2.create_dhcp_options, DhcpConfigurations=unknown) == "InvalidParameterValue"
    ec2.associate_dhcp_options(DhcpOptionsId=name, VpcId=vpc)
    assert refused(ec2.delete_dhcp_options, DhcpOptionsId=name) == "DependencyViolation"
    ec2.delete_vpc(VpcId=vpc)
    ec2.delete_dhcp_options(DhcpOptionsId=name)


def test_a_peering_is_accepted_once_and_of_blocks_that_do_not_overlap(
    ec2, vpc, table, refused
) -> None:
    def peer(block: str) -> Any:
        other = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        made = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)
        return {"VpcPeeringConnectionId": made["VpcPeeringConnection"]["VpcPeeringConnectionId"]}

    accept, overlapping, good = (
        ec2.accept_vpc_peering_connection,
        peer("10.0.128.0/20"),
        peer("10.1.0.0/16"),
    )
    assert refused(accept, **overlapping) == "InvalidStateTransition"
    way = {"RouteTableId": table, "DestinationCidrBlock": "10.1.0.0/16", **good}
    assert refused(ec2.create_route, **way) == "InvalidParameterValue"
    accept(**good)
    assert refused(accept, **good) == "InvalidStateTransition"
    ec2.create_route(**way)
    ec2.delete_vpc_peering_connection(**good)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [each["State"] for each in routes if "VpcPeeringConnectionId" in each] == ["blackhole"]
