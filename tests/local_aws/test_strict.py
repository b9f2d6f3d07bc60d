"""What AWS refuses, the local AWS refuses, to every client."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends

from local_aws.health import RESET, tell
from tests.local_aws.conftest import client_of

pytestmark = pytest.mark.slow

TCP = {"IpProtocol": "tcp", "FromPort": 5556, "ToPort": 5556}
ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


@pytest.fixture
def group(ec2: Any, vpc: str) -> str:
    return str(ec2.create_security_group(GroupName="ticker", Description="d", VpcId=vpc)["GroupId"])


@pytest.fixture
def acl(ec2: Any, vpc: str) -> str:
    return str(ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"])


def default_group(ec2: Any, vpc: str) -> dict[str, Any]:
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    return dict(ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0])


# Security groups


def test_a_group_that_another_one_refers_to_stays(ec2: Any, vpc: str, group: str, refused) -> None:
    other = ec2.create_security_group(GroupName="o", Description="d", VpcId=vpc)["GroupId"]
    pair = {"UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[{**TCP, **pair}])
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_security_group(GroupId=other)
    ec2.delete_security_group(GroupId=group)


def test_a_rule_names_a_group_of_another_vpc_only_where_the_two_are_peered(
    ec2: Any, vpc: str, group: str, refused
) -> None:
    far = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    other = ec2.create_security_group(GroupName="o", Description="d", VpcId=far)["GroupId"]
    asked = {
        "GroupId": other,
        "IpPermissions": [{**TCP, "UserIdGroupPairs": [{"GroupId": group}]}],
    }
    assert refused(ec2.authorize_security_group_ingress, **asked) == "InvalidGroup.NotFound"
    made = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=far)["VpcPeeringConnection"]
    name = made["VpcPeeringConnectionId"]
    assert refused(ec2.authorize_security_group_egress, **asked) == "InvalidGroup.NotFound"
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=name)
    ec2.authorize_security_group_ingress(**asked)
    ec2.authorize_security_group_egress(**asked)


def test_a_group_on_an_interface_stays(ec2: Any, subnet: str, group: str, refused) -> None:
    eni = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_network_interface(NetworkInterfaceId=eni["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=group)


def test_the_default_group_lets_its_members_in_and_cannot_be_deleted(ec2, vpc, refused) -> None:
    group = default_group(ec2, vpc)
    assert group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == group["GroupId"]
    assert refused(ec2.delete_security_group, GroupId=group["GroupId"]) == "CannotDelete"


@pytest.mark.parametrize(
    ("permission", "code"),
    [
        ({"IpProtocol": "tcp", "FromPort": 9, "ToPort": 8, **ANYWHERE}, "InvalidParameterValue"),
        (
            {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 70000, **ANYWHERE},
            "InvalidParameterValue",
        ),
        ({"IpProtocol": "tcp", **ANYWHERE}, "InvalidParameterValue"),
        ({"IpProtocol": "zmq", "FromPort": 1, "ToPort": 2, **ANYWHERE}, "InvalidParameterValue"),
        ({"IpProtocol": "256", **ANYWHERE}, "InvalidParameterValue"),
        (TCP, "MissingParameter"),
        ({**TCP, "IpRanges": [{"CidrIp": "10.0.0.0/33"}]}, "InvalidParameterValue"),
        (
            {**TCP, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "a|b"}]},
            "InvalidParameterValue",
        ),
    ],
)
def test_a_malformed_rule_is_refused(ec2: Any, group: str, permission, code, refused) -> None:
    call = ec2.authorize_security_group_ingress
    assert refused(call, GroupId=group, IpPermissions=[permission]) == code


def test_a_rule_by_group_keeps_its_description_and_is_the_same_without(ec2, group, refused) -> None:
    pair = {"GroupId": group, "Description": "ticks"}
    call = ec2.authorize_security_group_ingress
    made = call(GroupId=group, IpPermissions=[{**TCP, "UserIdGroupPairs": [pair]}])
    assert made["SecurityGroupRules"][0]["Description"] == "ticks"
    assert made["SecurityGroupRules"][0]["SecurityGroupRuleArn"].startswith("arn:aws:ec2:")
    again = [{**TCP, "UserIdGroupPairs": [{"GroupId": group}]}]
    assert refused(call, GroupId=group, IpPermissions=again) == "InvalidPermission.Duplicate"
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=again)


def test_a_rule_is_stored_in_canonical_form(ec2: Any, group: str) -> None:
    ranges = {"IpRanges": [{"CidrIp": "100.68.0.18/18"}]}
    rule = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**TCP, **ranges, "IpProtocol": "6"}]
    )["SecurityGroupRules"][0]
    assert (rule["CidrIpv4"], rule["IpProtocol"]) == ("100.68.0.0/18", "tcp")


def test_a_rule_can_be_changed_in_every_field_but_the_kind_of_its_source(
    ec2, group, refused
) -> None:
    rule = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**TCP, "UserIdGroupPairs": [{"GroupId": group}]}]
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def change(**wanted: Any) -> dict[str, Any]:
        return {
            "GroupId": group,
            "SecurityGroupRules": [{"SecurityGroupRuleId": rule, "SecurityGroupRule": wanted}],
        }

    udp = {"IpProtocol": "udp", "FromPort": 7, "ToPort": 9}
    ec2.modify_security_group_rules(**change(**udp, ReferencedGroupId=group, Description="x"))
    shown = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]
    assert (shown["IpProtocol"], shown["FromPort"], shown["Description"]) == ("udp", 7, "x")
    wrong = change(**udp, CidrIpv4="10.0.0.0/8")
    assert refused(ec2.modify_security_group_rules, **wrong) == "InvalidParameterValue"


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_is_revoked_by_its_id_or_by_what_it_says(ec2, group, direction) -> None:
    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    revoke = getattr(ec2, f"revoke_security_group_{direction}")
    said = [{**TCP, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]

    def count() -> int:
        wanted = [{"Name": "group-id", "Values": [group]}]
        rules = ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]
        return sum(rule.get("CidrIpv4") == "10.0.0.0/8" for rule in rules)

    made = authorize(GroupId=group, IpPermissions=said)["SecurityGroupRules"]
    assert count() == 1
    revoke(GroupId=group, SecurityGroupRuleIds=[made[0]["SecurityGroupRuleId"]])
    assert count() == 0
    authorize(GroupId=group, IpPermissions=said)
    revoke(GroupId=group, IpPermissions=said)
    assert count() == 0


@pytest.mark.parametrize(
    ("name", "description", "code"),
    [
        ("sg-web", "d", "InvalidParameterValue"),
        ("SG-web", "d", "InvalidParameterValue"),
        ("w" * 256, "d", "InvalidParameterValue"),
        ("wéb", "d", "InvalidParameterValue"),
        ("web", "dé", "InvalidParameterValue"),
        ("web", "d|e", "InvalidParameterValue"),
        ("web", "", "MissingParameter"),
        (" ", "d", "MissingParameter"),
        ("default", "d", "InvalidGroup.Duplicate"),
    ],
)
def test_a_group_is_called_as_aws_takes_it(ec2: Any, vpc, refused, name, description, code) -> None:
    arguments = {"GroupName": name, "Description": description, "VpcId": vpc}
    assert refused(ec2.create_security_group, **arguments) == code


@pytest.mark.parametrize("description", ["prices für alle", "d" * 256, "a|b"])
def test_a_rule_is_described_as_aws_takes_it(ec2: Any, group: str, refused, description) -> None:
    rule = {**TCP, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": description}]}
    arguments = {"GroupId": group, "IpPermissions": [rule]}
    assert refused(ec2.authorize_security_group_ingress, **arguments) == "InvalidParameterValue"


# Tags


LONG_VALUE = {"Key": "a", "Value": "v" * 257}
LONG_KEY = {"Key": "k" * 129, "Value": "v"}
TAGS_THAT_FIT = [{"Key": f"{n:0128}", "Value": "€" * 256} for n in range(50)]


def tagged(kind: str, *tags: dict[str, str]) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": list(tags)}]}


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([LONG_VALUE], "InvalidParameterValue"),
        ([LONG_KEY], "InvalidParameterValue"),
        ([{"Key": "", "Value": "v"}], "InvalidParameterValue"),
        ([{"Key": "aws:name", "Value": "v"}], "InvalidParameterValue"),
        ([{"Key": "AWS:name", "Value": "v"}], "InvalidParameterValue"),
        ([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}], "InvalidParameterValue"),
        ([{"Key": str(n), "Value": ""} for n in range(51)], "TagLimitExceeded"),
    ],
    ids=["value", "key", "no key", "reserved", "reserved in capitals", "twice", "number"],
)
def test_tags_have_a_length_and_a_number(ec2: Any, vpc: str, refused, tags, code) -> None:
    assert refused(ec2.create_tags, Resources=[vpc], Tags=tags) == code
    group = {"GroupName": "web", "Description": "d", "VpcId": vpc}
    assert refused(ec2.create_security_group, **group, **tagged("security-group", *tags)) == code
    assert refused(ec2.create_vpc, CidrBlock="10.7.0.0/16", **tagged("vpc", *tags)) == code
    assert refused(ec2.create_network_acl, VpcId=vpc, **tagged("network-acl", *tags)) == code
    (named,) = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "SecurityGroups"
    ]
    assert named["GroupName"] == "default"


def test_fifty_tags_of_the_longest_fit_and_one_of_them_may_change(ec2: Any, vpc, refused) -> None:
    ec2.create_tags(Resources=[vpc], Tags=TAGS_THAT_FIT)
    ec2.create_tags(Resources=[vpc], Tags=[{**TAGS_THAT_FIT[0], "Value": "other"}])
    one_more = [{"Key": "one-more", "Value": ""}]
    assert refused(ec2.create_tags, Resources=[vpc], Tags=one_more) == "TagLimitExceeded"


def test_a_tag_is_kept_as_it_was_written_and_keys_in_other_case_are_others(ec2: Any, vpc) -> None:
    written = {"a": 'Händler, 売買 & <more>; 100 % "so" 🏦', "A": "(other)"}
    tags = [{"Key": key, "Value": value} for key, value in written.items()]
    ec2.create_tags(Resources=[vpc], Tags=tags)
    (found,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert {each["Key"]: each["Value"] for each in found["Tags"]} == written


# Network ACLs


def entry(acl: str, number: int = 100, **changes: Any) -> dict[str, Any]:
    return {
        "NetworkAclId": acl,
        "RuleNumber": number,
        "Egress": False,
        "Protocol": "tcp",
        "RuleAction": "allow",
        "CidrBlock": "10.0.0.0/16",
        "PortRange": {"From": 5556, "To": 5556},
        **changes,
    }


def entries(ec2: Any, acl: str) -> list[dict[str, Any]]:
    return list(ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"])


def test_a_new_list_denies_everything_both_ways(ec2: Any, acl: str) -> None:
    said = {(each["RuleNumber"], each["Egress"], each["RuleAction"]) for each in entries(ec2, acl)}
    assert said == {(32767, True, "deny"), (32767, False, "deny")}


def test_an_entry_is_stored_with_its_protocol_number_and_canonical_block(ec2, acl) -> None:
    ec2.create_network_acl_entry(**entry(acl, CidrBlock="10.0.9.9/16"))
    stored = next(each for each in entries(ec2, acl) if each["RuleNumber"] == 100)
    assert (stored["Protocol"], stored["CidrBlock"]) == ("6", "10.0.0.0/16")


@pytest.mark.parametrize(
    "changes",
    [
        {"RuleNumber": 0},
        {"RuleNumber": 32767},
        {"RuleAction": "maybe"},
        {"Protocol": "zmq"},
        {"PortRange": {"From": 9, "To": 8}},
        {"CidrBlock": "10.0.0.0"},
    ],
)
def test_a_malformed_entry_is_refused(ec2: Any, acl: str, changes, refused) -> None:
    code = refused(ec2.create_network_acl_entry, **{**entry(acl), **changes})
    assert code == "InvalidParameterValue"


def test_nineteen_entries_fit_beside_the_implicit_denial(ec2: Any, acl: str, refused) -> None:
    for number in range(1, 20):
        ec2.create_network_acl_entry(**entry(acl, number))
    code = refused(ec2.create_network_acl_entry, **entry(acl, 20))
    assert code == "NetworkAclEntryLimitExceeded"
    ec2.create_network_acl_entry(**entry(acl, 20, Egress=True))  # the other direction is apart


def test_an_entry_that_is_not_there_is_not_found(ec2: Any, acl: str, refused) -> None:
    missing = {"NetworkAclId": acl, "RuleNumber": 7, "Egress": True}
    assert refused(ec2.delete_network_acl_entry, **missing) == "InvalidNetworkAclEntry.NotFound"
    code = refused(ec2.replace_network_acl_entry, **entry(acl, 7))
    assert code == "InvalidNetworkAclEntry.NotFound"


# VPCs, subnets, routes


def test_a_subnet_smaller_than_a_28_is_refused(ec2: Any, vpc: str, refused) -> None:
    assert refused(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.1.0/29") == "InvalidSubnet.Range"


def test_a_subnet_with_an_interface_stays(ec2: Any, subnet: str, refused) -> None:
    ec2.create_network_interface(SubnetId=subnet)
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"


@pytest.mark.parametrize("inside", ["group", "acl", "subnet", "igw"])
def test_a_vpc_with_anything_inside_stays(ec2: Any, vpc: str, inside: str, refused) -> None:
    if inside == "group":
        ec2.create_security_group(GroupName="x", Description="d", VpcId=vpc)
    elif inside == "acl":
        ec2.create_network_acl(VpcId=vpc)
    elif inside == "subnet":
        ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    else:
        igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"


def test_a_deleted_vpc_leaves_nothing(ec2: Any, vpc: str) -> None:
    ec2.delete_vpc(VpcId=vpc)
    by_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    assert not ec2.describe_network_acls(Filters=by_vpc)["NetworkAcls"]
    assert not ec2.describe_security_groups(Filters=by_vpc)["SecurityGroups"]


def test_a_route_needs_one_target_that_is_attached(ec2: Any, vpc: str, refused) -> None:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    vgw = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    assert refused(ec2.create_route, **route) == "MissingParameter"
    for gateway in (igw, vgw):
        assert refused(ec2.create_route, **route, GatewayId=gateway) == "InvalidParameterValue"
    ec2.attach_vpn_gateway(VpnGatewayId=vgw, VpcId=vpc)
    ec2.create_route(**route, GatewayId=vgw)


def test_the_local_route_cannot_be_deleted(ec2: Any, vpc: str, refused) -> None:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    local = {"RouteTableId": table, "DestinationCidrBlock": "10.0.0.0/16"}
    assert refused(ec2.delete_route, **local) == "InvalidParameterValue"


def test_a_subnet_is_associated_with_one_table(ec2: Any, vpc: str, subnet: str, refused) -> None:
    one, two = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in "12")
    ec2.associate_route_table(RouteTableId=one, SubnetId=subnet)
    code = refused(ec2.associate_route_table, RouteTableId=two, SubnetId=subnet)
    assert code == "Resource.AlreadyAssociated"


# Interfaces


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.0.0.3", "InvalidParameterValue"),  # reserved
        ("10.0.0.255", "InvalidParameterValue"),  # broadcast
        ("10.0.1.9", "InvalidParameterValue"),  # of another subnet
        ("10.0.0.10", "InvalidIPAddress.InUse"),
    ],
)
def test_an_interface_takes_a_free_address_of_its_subnet(
    ec2, subnet, address, code, refused
) -> None:
    ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.0.10")
    call = ec2.create_network_interface
    assert refused(call, SubnetId=subnet, PrivateIpAddress=address) == code


def test_addresses_given_by_aws_are_free_and_not_reserved(ec2: Any, vpc: str) -> None:
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.2.0/28")["Subnet"]["SubnetId"]
    made = [
        ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["PrivateIpAddress"]
        for _ in range(11)
    ]
    assert sorted(made, key=lambda a: int(a.split(".")[3])) == [f"10.0.2.{n}" for n in range(4, 15)]
    with pytest.raises(ClientError, match="InsufficientFreeAddressesInSubnet"):
        ec2.create_network_interface(SubnetId=subnet)


def test_an_interface_has_five_groups_of_its_vpc_at_most(ec2, vpc, subnet, refused) -> None:
    groups = [
        ec2.create_security_group(GroupName=f"g{n}", Description="d", VpcId=vpc)["GroupId"]
        for n in range(6)
    ]
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(GroupName="f", Description="d", VpcId=other)["GroupId"]
    call = ec2.create_network_interface
    assert (
        refused(call, SubnetId=subnet, Groups=groups) == "SecurityGroupsPerInterfaceLimitExceeded"
    )
    assert refused(call, SubnetId=subnet, Groups=[foreign]) == "InvalidParameter"
    assert refused(call, SubnetId=subnet, Groups=["sg-0123"]) == "InvalidGroup.NotFound"
    call(SubnetId=subnet, Groups=groups[:5])


# Gateways and VPN connections


@pytest.fixture
def gateways(ec2: Any) -> dict[str, str]:
    customer = ec2.create_customer_gateway(Type="ipsec.1", BgpAsn=65010, IpAddress="203.0.113.10")
    return {
        "CustomerGatewayId": customer["CustomerGateway"]["CustomerGatewayId"],
        "VpnGatewayId": ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"],
        "Type": "ipsec.1",
    }


def test_what_is_not_made_has_no_tags(ec2: Any) -> None:
    tag = {"ResourceType": "customer-gateway", "Tags": [{"Key": "a", "Value": "b"}]}
    same = {"Type": "ipsec.1", "BgpAsn": 65010, "IpAddress": "203.0.113.10"}
    made = {
        ec2.create_customer_gateway(**same, TagSpecifications=[tag])["CustomerGateway"][
            "CustomerGatewayId"
        ]
        for _ in range(2)
    }
    assert {each["ResourceId"] for each in ec2.describe_tags()["Tags"]} == made


def test_the_same_customer_gateway_twice_is_one(ec2: Any, gateways, refused) -> None:
    same = {"Type": "ipsec.1", "BgpAsn": 65010, "IpAddress": "203.0.113.10"}
    again = ec2.create_customer_gateway(**same)["CustomerGateway"]["CustomerGatewayId"]
    assert again == gateways["CustomerGatewayId"]
    wrong = {**same, "IpAddress": "203.0.113.999"}
    assert refused(ec2.create_customer_gateway, **wrong) == "InvalidParameterValue"


@pytest.mark.parametrize("asn", [7224, 4294967296, 0])
def test_a_device_has_no_number_that_aws_keeps_for_itself(ec2: Any, refused, asn: int) -> None:
    said = {"Type": "ipsec.1", "BgpAsnExtended": asn, "IpAddress": "203.0.113.77"}
    assert refused(ec2.create_customer_gateway, **said) == "InvalidParameterValue"


def test_awss_side_has_a_private_number(ec2: Any, refused) -> None:
    call = ec2.create_vpn_gateway
    assert refused(call, Type="ipsec.1", AmazonSideAsn=7224) == "InvalidParameterValue"
    assert refused(call, Type="ipsec.1", AmazonSideAsn=65535) == "InvalidParameterValue"
    assert call(Type="ipsec.1")["VpnGateway"]["AmazonSideAsn"] == 64512
    made = call(Type="ipsec.1", AmazonSideAsn=4200000000)["VpnGateway"]
    assert made["AmazonSideAsn"] == 4200000000


def test_gateways_in_use_stay(ec2: Any, vpc: str, gateways, refused) -> None:
    vgw, cgw = gateways["VpnGatewayId"], gateways["CustomerGatewayId"]
    vpn = ec2.create_vpn_connection(**gateways)["VpnConnection"]["VpnConnectionId"]
    assert refused(ec2.delete_customer_gateway, CustomerGatewayId=cgw) == "IncorrectState"
    assert refused(ec2.delete_vpn_gateway, VpnGatewayId=vgw) == "IncorrectState"
    ec2.delete_vpn_connection(VpnConnectionId=vpn)
    ec2.delete_customer_gateway(CustomerGatewayId=cgw)
    ec2.attach_vpn_gateway(VpnGatewayId=vgw, VpcId=vpc)
    assert refused(ec2.delete_vpn_gateway, VpnGatewayId=vgw) == "IncorrectState"
    ec2.detach_vpn_gateway(VpnGatewayId=vgw, VpcId=vpc)
    ec2.delete_vpn_gateway(VpnGatewayId=vgw)


def test_a_connection_keeps_its_options_and_tells_the_device(ec2: Any, gateways) -> None:
    tunnel = {
        "PreSharedKey": "abcdefgh.1",
        "TunnelInsideCidr": "169.254.10.0/30",
        "IKEVersions": [{"Value": "ikev2"}],
        "Phase1EncryptionAlgorithms": [{"Value": "AES256-GCM-16"}],
        "Phase1DHGroupNumbers": [{"Value": 20}],
    }
    vpn = ec2.create_vpn_connection(
        **gateways, Options={"StaticRoutesOnly": True, "TunnelOptions": [tunnel]}
    )["VpnConnection"]
    first, second = vpn["Options"]["TunnelOptions"]
    assert {key: first[key] for key in ("PreSharedKey", "TunnelInsideCidr")} == {
        key: tunnel[key] for key in ("PreSharedKey", "TunnelInsideCidr")
    }
    assert first["Phase1EncryptionAlgorithms"] == [{"Value": "AES256-GCM-16"}]
    assert first["IkeVersions"] == [{"Value": "ikev2"}]
    assert len(second["PreSharedKey"]) == 32
    assert second["TunnelInsideCidr"] != first["TunnelInsideCidr"]
    assert [each["Status"] for each in vpn["VgwTelemetry"]] == ["DOWN", "DOWN"]
    device = ElementTree.fromstring(vpn["CustomerGatewayConfiguration"])  # noqa: S314 - our own
    assert [each.text for each in device.iter("pre_shared_key")] == [
        "abcdefgh.1",
        second["PreSharedKey"],
    ]


def test_keys_in_secrets_manager_are_shown_nowhere_else(ec2, secrets_manager, gateways) -> None:
    options = {"TunnelOptions": [{"PreSharedKey": "abcdefgh.1"}]}
    vpn = ec2.create_vpn_connection(
        **gateways, Options=options, PreSharedKeyStorage="SecretsManager"
    )["VpnConnection"]
    assert "abcdefgh.1" not in str(vpn)
    assert "abcdefgh.1" not in str(ec2.describe_vpn_connections())
    kept = secrets_manager.get_secret_value(SecretId=vpn["PreSharedKeyArn"])
    assert "abcdefgh.1" in kept["SecretString"]


def test_a_tunnel_is_down_while_it_is_changed_and_its_device_calls_again(ec2, gateways) -> None:
    vpn = ec2.create_vpn_connection(**gateways)["VpnConnection"]
    name, telemetry = vpn["VpnConnectionId"], vpn["VgwTelemetry"]
    cloud = ec2_backends["123456789012"]["eu-west-1"]
    for each in cloud.vpn_connections[name].vgw_telemetry:
        each["Status"] = "UP"  # as if a device had called

    def states() -> list[str]:
        shown = ec2.describe_vpn_connections(VpnConnectionIds=[name])["VpnConnections"][0]
        return [each["Status"] for each in shown["VgwTelemetry"]]

    ec2.modify_vpn_tunnel_options(
        VpnConnectionId=name,
        VpnTunnelOutsideIpAddress=telemetry[0]["OutsideIpAddress"],
        TunnelOptions={"StartupAction": "start"},
    )
    assert [states(), states()] == [["DOWN", "UP"], ["UP", "UP"]]


def test_logs_of_a_tunnel_go_to_a_group_that_is_named(ec2, gateways) -> None:
    logs = {"LogEnabled": True, "LogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:t"}
    asked = {"LogOptions": {"CloudWatchLogOptions": logs}}
    made = ec2.create_vpn_connection(**gateways, Options={"TunnelOptions": [asked]})
    first, second = made["VpnConnection"]["Options"]["TunnelOptions"]
    assert first["LogOptions"]["CloudWatchLogOptions"]["LogGroupArn"] == logs["LogGroupArn"]
    assert not second["LogOptions"]["CloudWatchLogOptions"]["LogEnabled"]


@pytest.mark.parametrize(
    "tunnel",
    [
        {"LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True}}},
        {"LogOptions": {"CloudWatchLogOptions": {"LogOutputFormat": "xml"}}},
        {"PreSharedKey": "0abcdefgh"},
        {"PreSharedKey": "short"},
        {"PreSharedKey": "with+plus-sign"},
        {"PreSharedKey": "a" * 65},
        {"TunnelInsideCidr": "10.0.0.0/30"},
        {"TunnelInsideCidr": "169.254.10.0/29"},
        {"TunnelInsideCidr": "169.254.5.0/30"},
        {"TunnelInsideCidr": "169.254.169.252/30"},
        {"Phase1LifetimeSeconds": 28801},
        {"Phase2EncryptionAlgorithms": [{"Value": "DES"}]},
    ],
)
def test_tunnel_options_that_aws_refuses_are_refused(ec2: Any, gateways, tunnel) -> None:
    with pytest.raises(ClientError) as caught:
        ec2.create_vpn_connection(**gateways, Options={"TunnelOptions": [tunnel]})
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValue"
    assert str(tunnel.get("PreSharedKey")) not in str(caught.value)
    assert not ec2.describe_vpn_connections()["VpnConnections"]


def test_an_inside_block_is_unique_on_a_gateway(ec2: Any, gateways, refused) -> None:
    options = {"TunnelOptions": [{"TunnelInsideCidr": "169.254.10.0/30"}]}
    ec2.create_vpn_connection(**gateways, Options=options)
    code = refused(ec2.create_vpn_connection, **gateways, Options=options)
    assert code == "InvalidParameterValue"


def test_static_routes_come_and_go(ec2: Any, gateways, refused) -> None:
    static = {"Options": {"StaticRoutesOnly": True}}
    vpn = ec2.create_vpn_connection(**gateways, **static)["VpnConnection"]["VpnConnectionId"]
    route = {"VpnConnectionId": vpn, "DestinationCidrBlock": "192.168.10.0/24"}
    ec2.create_vpn_connection_route(**route)
    shown = ec2.describe_vpn_connections(VpnConnectionIds=[vpn])["VpnConnections"][0]
    assert [each["DestinationCidrBlock"] for each in shown["Routes"]] == ["192.168.10.0/24"]
    ec2.delete_vpn_connection_route(**route)
    assert refused(ec2.delete_vpn_connection_route, **route) == "InvalidRoute.NotFound"


# All calls


def test_a_dry_run_changes_nothing(ec2: Any, refused) -> None:
    before = len(ec2.describe_vpcs()["Vpcs"])
    assert refused(ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "DryRunOperation"
    assert len(ec2.describe_vpcs()["Vpcs"]) == before


def test_a_long_answer_comes_in_pages(ec2: Any, vpc: str) -> None:
    for number in range(12):
        ec2.create_security_group(GroupName=f"g{number}", Description="d", VpcId=vpc)
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    pages = list(
        ec2.get_paginator("describe_security_groups").paginate(
            Filters=wanted, PaginationConfig={"PageSize": 5}
        )
    )
    assert [len(page["SecurityGroups"]) for page in pages] == [5, 5, 3]
    names = {group["GroupName"] for page in pages for group in page["SecurityGroups"]}
    assert len(names) == 13


def test_a_call_that_is_not_there_is_refused_by_name(ec2: Any, vpc: str) -> None:
    with pytest.raises(ClientError, match="no DescribeStaleSecurityGroups"):
        ec2.describe_stale_security_groups(VpcId=vpc)


def test_no_subnet_that_somebody_makes_gives_public_addresses_by_itself(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    (zone, *_) = ec2.describe_availability_zones()["AvailabilityZones"]
    by = ({"AvailabilityZoneId": zone["ZoneId"]}, {"AvailabilityZone": zone["ZoneName"]})
    for number, place in enumerate(by):
        block = f"10.77.{number}.0/24"
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, **place)["Subnet"]
        (shown,) = ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"]
        for each in (made, shown):
            assert (each["MapPublicIpOnLaunch"], each["DefaultForAz"]) == (False, False)
        assert shown["AvailabilityZoneId"] == zone["ZoneId"]


def test_a_policy_of_aws_is_there_and_attached_to_nobody_after_every_reset(server):
    iam = client_of(server.place, "iam")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    for _ in range(2):
        tell(server.place, RESET)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0
        iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
        iam.attach_role_policy(RoleName="reader", PolicyArn=arn)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
