"""What AWS documents, asked of an endpoint: one function a row of docs/second-witness.md.

Each says whether the endpoint answers as the page in that row says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

BLOCK = "10.77.0.0/16"
NONE = "0123456789abcdef0"
Probe = Callable[[Any], bool]
PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    """Known by its name, with hyphens."""
    PROBES[function.__name__.replace("_", "-")] = function
    return function


def code(call: Callable[..., Any], **arguments: Any) -> str:
    """The error with which a call is refused; '' where it is answered."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except ResponseParserError:
        return "500"
    return ""


def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock=BLOCK)["Vpc"]["VpcId"])


def subnet(ec2: Any, inside: str) -> str:
    return str(ec2.create_subnet(VpcId=inside, CidrBlock="10.77.1.0/24")["Subnet"]["SubnetId"])


def acl(ec2: Any) -> str:
    return str(ec2.create_network_acl(VpcId=vpc(ec2))["NetworkAcl"]["NetworkAclId"])


def entries(ec2: Any, of: str) -> list[Any]:
    return list(ec2.describe_network_acls(NetworkAclIds=[of])["NetworkAcls"][0]["Entries"])


def tagged(kind: str) -> list[Any]:
    return [{"ResourceType": kind, "Tags": [{"Key": "a", "Value": "b"}]}]


def remote(ec2: Any, **more: Any) -> dict[str, Any]:
    made = ec2.create_customer_gateway(
        BgpAsn=65010, IpAddress="203.0.113.10", Type="ipsec.1", **more
    )
    return dict(made["CustomerGateway"])


def connection(ec2: Any, **more: Any) -> dict[str, Any]:
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    made = ec2.create_vpn_connection(
        CustomerGatewayId=remote(ec2)["CustomerGatewayId"],
        VpnGatewayId=gateway,
        Type="ipsec.1",
        **more,
    )["VpnConnection"]["VpnConnectionId"]
    shown = ec2.describe_vpn_connections(VpnConnectionIds=[made])["VpnConnections"]
    return dict(shown[0])


@probe
def interface_address(ec2: Any) -> bool:
    home = subnet(ec2, vpc(ec2))
    asked = [{"PrivateIpAddress": "10.77.1.50", "Primary": True}]
    made = ec2.create_network_interface(SubnetId=home, PrivateIpAddresses=asked)
    return bool(made["NetworkInterface"]["PrivateIpAddress"] == "10.77.1.50")


@probe
def client_token(ec2: Any) -> bool:
    asked = {"SubnetId": subnet(ec2, vpc(ec2)), "ClientToken": "once"}
    made = [ec2.create_network_interface(**asked)["NetworkInterface"] for _ in range(2)]
    return len({each["NetworkInterfaceId"] for each in made}) == 1


@probe
def interface_tags(ec2: Any) -> bool:
    made = ec2.create_network_interface(
        SubnetId=subnet(ec2, vpc(ec2)), TagSpecifications=tagged("network-interface")
    )["NetworkInterface"]["NetworkInterfaceId"]
    (shown,) = ec2.describe_network_interfaces(NetworkInterfaceIds=[made])["NetworkInterfaces"]
    return bool(shown["TagSet"])


@probe
def interface_addresses_change(ec2: Any) -> bool:
    made = ec2.create_network_interface(SubnetId=subnet(ec2, vpc(ec2)))["NetworkInterface"]
    name = made["NetworkInterfaceId"]
    more = {"NetworkInterfaceId": name, "PrivateIpAddresses": ["10.77.1.60"]}
    return not code(ec2.assign_private_ip_addresses, **more) and not code(
        ec2.unassign_private_ip_addresses, **more
    )


@probe
def gateway_tags(ec2: Any) -> bool:
    gateway = ec2.create_vpn_gateway(Type="ipsec.1", TagSpecifications=tagged("vpn-gateway"))
    customer = remote(ec2, TagSpecifications=tagged("customer-gateway"))
    name = gateway["VpnGateway"]["VpnGatewayId"]
    (here,) = ec2.describe_vpn_gateways(VpnGatewayIds=[name])["VpnGateways"]
    name = customer["CustomerGatewayId"]
    (there,) = ec2.describe_customer_gateways(CustomerGatewayIds=[name])["CustomerGateways"]
    return bool(here.get("Tags") and there.get("Tags"))


@probe
def customer_gateway_once(ec2: Any) -> bool:
    return bool(remote(ec2)["CustomerGatewayId"] == remote(ec2)["CustomerGatewayId"])


@probe
def customer_gateway_device(ec2: Any) -> bool:
    made = ec2.create_customer_gateway(
        BgpAsn=65011, IpAddress="203.0.113.11", Type="ipsec.1", DeviceName="edge"
    )
    return bool(made["CustomerGateway"].get("DeviceName") == "edge")


@probe
def vpn_tags(ec2: Any) -> bool:
    return bool(connection(ec2, TagSpecifications=tagged("vpn-connection")).get("Tags"))


@probe
def vpn_options(ec2: Any) -> bool:
    tunnel = {"IKEVersions": [{"Value": "ikev2"}]}
    shown = connection(ec2, Options={"StaticRoutesOnly": True, "TunnelOptions": [tunnel, {}]})
    return bool(shown["Options"].get("TunnelOptions"))


@probe
def vpn_options_change(ec2: Any) -> bool:
    name = connection(ec2)["VpnConnectionId"]
    return not code(
        ec2.modify_vpn_connection_options, VpnConnectionId=name, LocalIpv4NetworkCidr=BLOCK
    )


@probe
def acl_of_a_new_subnet(ec2: Any) -> bool:
    inside = vpc(ec2)
    home = subnet(ec2, inside)
    shown = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [inside]}])
    held = [each for acl in shown["NetworkAcls"] for each in acl["Associations"]]
    return [each["SubnetId"] for each in held] == [home]


@probe
def acl_by_subnet(ec2: Any) -> bool:
    asked = [{"Name": "association.subnet-id", "Values": [f"subnet-{NONE}"]}]
    return not ec2.describe_network_acls(Filters=asked)["NetworkAcls"]


@probe
def acl_last_entry(ec2: Any) -> bool:
    return {each["RuleNumber"] for each in entries(ec2, acl(ec2))} == {32767}


@probe
def acl_entry_ports(ec2: Any) -> bool:
    of = acl(ec2)
    rule = {"NetworkAclId": of, "Egress": False, "RuleAction": "allow", "CidrBlock": BLOCK}
    ports, icmp = {"From": 1, "To": 2}, {"Type": 8, "Code": -1}
    ec2.create_network_acl_entry(**rule, RuleNumber=1, Protocol="6", PortRange=ports)
    ec2.create_network_acl_entry(**rule, RuleNumber=2, Protocol="1", IcmpTypeCode=icmp)
    shown = {each["RuleNumber"]: each for each in entries(ec2, of)}
    return shown[1].get("PortRange") == ports and shown[2].get("IcmpTypeCode") == icmp


@probe
def acl_entry_twice(ec2: Any) -> bool:
    of = acl(ec2)
    rule = {"NetworkAclId": of, "Egress": False, "RuleAction": "allow", "CidrBlock": BLOCK}
    ec2.create_network_acl_entry(**rule, RuleNumber=1, Protocol="-1")
    again = code(ec2.create_network_acl_entry, **rule, RuleNumber=1, Protocol="-1")
    return again == "NetworkAclEntryAlreadyExists"


@probe
def what_is_not_there(ec2: Any) -> bool:
    return code(ec2.describe_subnets, SubnetIds=[f"subnet-{NONE}"]) == "InvalidSubnetID.NotFound"


@probe
def what_is_in_use(ec2: Any) -> bool:
    inside = vpc(ec2)
    subnet(ec2, inside)
    return code(ec2.delete_vpc, VpcId=inside) == "DependencyViolation"


@probe
def group_in_use(ec2: Any) -> bool:
    inside = vpc(ec2)
    made = ec2.create_security_group(GroupName="web", Description="web", VpcId=inside)
    home = subnet(ec2, inside)
    ec2.create_network_interface(SubnetId=home, Groups=[made["GroupId"]])
    return code(ec2.delete_security_group, GroupId=made["GroupId"]) == "DependencyViolation"


@probe
def subnet_blocks(ec2: Any) -> bool:
    inside = vpc(ec2)
    subnet(ec2, inside)
    again = code(ec2.create_subnet, VpcId=inside, CidrBlock="10.77.1.0/25")
    outside = code(ec2.create_subnet, VpcId=inside, CidrBlock="10.78.1.0/24")
    return (again, outside) == ("InvalidSubnet.Conflict", "InvalidSubnet.Range")


@probe
def rule_ports(ec2: Any) -> bool:
    made = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc(ec2))
    asked = {"IpProtocol": "tcp", "FromPort": 9, "ToPort": 70000, "IpRanges": [{"CidrIp": BLOCK}]}
    refused = code(
        ec2.authorize_security_group_ingress, GroupId=made["GroupId"], IpPermissions=[asked]
    )
    return refused == "InvalidParameterValue"


@probe
def rule_twice(ec2: Any) -> bool:
    made = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc(ec2))
    asked = {"IpProtocol": "tcp", "FromPort": 9, "ToPort": 9, "IpRanges": [{"CidrIp": BLOCK}]}
    rule = {"GroupId": made["GroupId"], "IpPermissions": [asked]}
    ec2.authorize_security_group_ingress(**rule)
    return code(ec2.authorize_security_group_ingress, **rule) == "InvalidPermission.Duplicate"


@probe
def dry_run(ec2: Any) -> bool:
    return code(ec2.create_vpc, CidrBlock=BLOCK, DryRun=True) == "DryRunOperation"


@probe
def transit_gateways(ec2: Any) -> bool:
    calls = (
        ec2.describe_transit_gateways,
        ec2.describe_transit_gateway_attachments,
        ec2.describe_transit_gateway_vpc_attachments,
        ec2.describe_transit_gateway_peering_attachments,
        ec2.describe_transit_gateway_route_tables,
    )
    return not any(map(code, calls))


@probe
def main_table(ec2: Any) -> bool:
    inside = vpc(ec2)
    other = ec2.create_route_table(VpcId=inside)["RouteTable"]["RouteTableId"]
    of_vpc = {"Name": "vpc-id", "Values": [inside]}
    main = {"Name": "association.main", "Values": ["true"]}
    found = ec2.describe_route_tables(Filters=[of_vpc, main])["RouteTables"]
    return len(found) == 1 and found[0]["RouteTableId"] != other


@probe
def default_group(ec2: Any) -> bool:
    inside = vpc(ec2)
    ec2.create_security_group(GroupName="web", Description="web", VpcId=inside)
    asked = [
        {"Name": "vpc-id", "Values": [inside]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    found = ec2.describe_security_groups(Filters=asked)["SecurityGroups"]
    return [each["GroupName"] for each in found] == ["default"]


@probe
def tags_by_key(ec2: Any) -> bool:
    inside = vpc(ec2)
    ec2.create_tags(Resources=[inside], Tags=[{"Key": "key", "Value": "value"}])
    shown = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["key"]}])["Tags"]
    return [(each["ResourceId"], each["ResourceType"]) for each in shown] == [(inside, "vpc")]


@probe
def rules_have_ids(ec2: Any) -> bool:
    made = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc(ec2))
    asked = {"IpProtocol": "tcp", "FromPort": 9, "ToPort": 9, "IpRanges": [{"CidrIp": BLOCK}]}
    group = made["GroupId"]
    (rule,) = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[asked])[
        "SecurityGroupRules"
    ]
    name = rule["SecurityGroupRuleId"]
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[name])
    (left,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return not left["IpPermissions"]
