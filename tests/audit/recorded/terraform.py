"""The account as a Terraform program, for checkov, which reads programs and no account.

Each resource has the name of what it stands for; what was not said is not written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.audit.recorded.naming import names

Attributes = Mapping[str, Any]


class Raw(str):
    """An expression, that is no text."""

    __slots__ = ()


def terraform(document: Mapping[str, Any]) -> str:
    """The text of one .tf file."""
    return "\n".join(_Program(document).blocks())


def label(name: str) -> str:
    """'default of peer' -> 'default_of_peer'."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


class _Program:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.of = document
        self.names = names(document)

    def blocks(self) -> Iterator[str]:
        for each in self.of["Vpcs"]:
            yield self._block("aws_vpc", each["VpcId"], {"cidr_block": each["CidrBlock"]})
        for each in self.of["Subnets"]:
            if each["SubnetId"] in self.names:
                yield self._block("aws_subnet", each["SubnetId"], self._subnet(each))
        for each in self.of["SecurityGroups"]:
            default = each["GroupName"] == "default"
            kind = "aws_default_security_group" if default else "aws_security_group"
            yield self._block(kind, each["GroupId"], self._group(each))
        for each in self.of["NetworkAcls"]:
            kind = "aws_default_network_acl" if each["IsDefault"] else "aws_network_acl"
            yield self._block(kind, each["NetworkAclId"], self._acl(each))
        for reservation in self.of["Reservations"]:
            for each in reservation["Instances"]:
                yield self._block("aws_instance", each["InstanceId"], self._instance(each))
        for each in self.of["LaunchTemplateVersions"]:
            if each["DefaultVersion"]:
                yield self._block(
                    "aws_launch_template",
                    each["LaunchTemplateId"],
                    _template(each["LaunchTemplateData"]),
                )
        for each in self.of["TransitGateways"]:
            accepts = each["Options"]["AutoAcceptSharedAttachments"]
            yield self._block(
                "aws_ec2_transit_gateway",
                each["TransitGatewayId"],
                {"auto_accept_shared_attachments": accepts},
            )
        for each in self.of["Addresses"]:
            holder = each.get("InstanceId")
            more = {"instance": self._ref("aws_instance", holder)} if holder else {}
            yield self._block("aws_eip", each["AllocationId"], {"domain": "vpc"} | more)
        for each in self.of["FlowLogs"]:
            yield _written(
                "aws_flow_log",
                self.names[each["ResourceId"]],
                {
                    "vpc_id": self._ref("aws_vpc", each["ResourceId"]),
                    "traffic_type": each["TrafficType"],
                },
            )
        for each in self.of["Firewalls"]:
            protected = each["Firewall"]["DeleteProtection"]
            yield self._block(
                "aws_networkfirewall_firewall",
                each["FirewallArn"],
                {"delete_protection": protected},
            )
        for each in self.of["FirewallLogging"]:
            if each["LoggingConfiguration"].get("LogDestinationConfigs"):
                firewall = f"aws_networkfirewall_firewall.{self.names[each['FirewallArn']]}.arn"
                yield self._block(
                    "aws_networkfirewall_logging_configuration",
                    each["FirewallArn"],
                    {"firewall_arn": Raw(firewall)},
                )
        for each in self.of["RouteTables"]:
            routes = [
                {
                    "cidr_block": one["DestinationCidrBlock"],
                    "vpc_peering_connection_id": one["VpcPeeringConnectionId"],
                }
                for one in each["Routes"]
                if "VpcPeeringConnectionId" in one
            ]
            if routes:
                vpc = self._ref("aws_vpc", each["VpcId"])
                # The peering has the name of its one route table.
                yield _written(
                    "aws_route_table",
                    self.names[routes[0]["vpc_peering_connection_id"]],
                    {"vpc_id": vpc, "route": routes},
                )

    def _block(self, kind: str, id_: str, attributes: Attributes) -> str:
        return _written(kind, self.names[id_], attributes)

    def _ref(self, kind: str, id_: str) -> Raw:
        return Raw(f"{kind}.{label(self.names[id_])}.id")

    def _subnet(self, each: Attributes) -> Attributes:
        return {
            "vpc_id": self._ref("aws_vpc", each["VpcId"]),
            "cidr_block": each["CidrBlock"],
            "map_public_ip_on_launch": each["MapPublicIpOnLaunch"],
        }

    def _group(self, each: Attributes) -> Attributes:
        return {
            "vpc_id": self._ref("aws_vpc", each["VpcId"]),
            "ingress": [self._rule(one) for one in each["IpPermissions"]],
            "egress": [self._rule(one) for one in each["IpPermissionsEgress"]],
        }

    def _rule(self, one: Attributes) -> Attributes:
        said: dict[str, Any] = {
            "protocol": one["IpProtocol"],
            "from_port": one.get("FromPort", 0),
            "to_port": one.get("ToPort", 0),
        }
        if blocks := [every["CidrIp"] for every in one.get("IpRanges", ())]:
            said["cidr_blocks"] = blocks
        if blocks := [every["CidrIpv6"] for every in one.get("Ipv6Ranges", ())]:
            said["ipv6_cidr_blocks"] = blocks
        if lists := [every["PrefixListId"] for every in one.get("PrefixListIds", ())]:
            said["prefix_list_ids"] = lists
        if groups := [every["GroupId"] for every in one.get("UserIdGroupPairs", ())]:
            said["security_groups"] = groups
        return said

    def _acl(self, each: Attributes) -> Attributes:
        entries = sorted(each["Entries"], key=lambda one: one["RuleNumber"])
        return {
            "vpc_id": self._ref("aws_vpc", each["VpcId"]),
            # The last, which nobody wrote, is in no program.
            "ingress": [
                _entry(one) for one in entries if not one["Egress"] and one["RuleNumber"] < 32767
            ],
        }

    def _instance(self, each: Attributes) -> Attributes:
        elastic = {one["PublicIp"] for one in self.of["Addresses"]}
        public = each.get("PublicIpAddress", "") not in {"", *elastic}
        return {
            "ami": each["ImageId"],
            "instance_type": each["InstanceType"],
            "associate_public_ip_address": public,
            "metadata_options": [_metadata(each.get("MetadataOptions", {}))],
        }


def _entry(one: Attributes) -> Attributes:
    ports = one.get("PortRange", {})
    block = (
        {"cidr_block": one["CidrBlock"]}
        if "CidrBlock" in one
        else {"ipv6_cidr_block": one["Ipv6CidrBlock"]}
    )
    return {
        "rule_no": one["RuleNumber"],
        "action": one["RuleAction"],
        "protocol": one["Protocol"],
        "from_port": ports.get("From", 0),
        "to_port": ports.get("To", 0),
        **block,
    }


def _template(data: Attributes) -> Attributes:
    said: dict[str, Any] = {}
    if options := data.get("MetadataOptions"):
        said["metadata_options"] = [_metadata(options)]
    if interfaces := data.get("NetworkInterfaces"):
        said["network_interfaces"] = [
            {"associate_public_ip_address": one["AssociatePublicIpAddress"]} for one in interfaces
        ]
    return said


def _metadata(options: Attributes) -> Attributes:
    written = {"HttpTokens": "http_tokens", "HttpEndpoint": "http_endpoint"}
    return {key: options[name] for name, key in written.items() if name in options}


def _written(kind: str, name: str, attributes: Attributes) -> str:
    inside = "".join(_lines(attributes, "  "))
    return f'resource "{kind}" "{label(name)}" {{\n{inside}}}\n'


def _lines(attributes: Attributes, indent: str) -> Iterator[str]:
    for key, value in attributes.items():
        if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
            for one in value:
                yield f"{indent}{key} {{\n{''.join(_lines(one, indent + '  '))}{indent}}}\n"
        else:
            yield f"{indent}{key} = {value if isinstance(value, Raw) else json.dumps(value)}\n"
