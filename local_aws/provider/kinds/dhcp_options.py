"""aws.ec2.VpcDhcpOptions, and their association with a VPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, deleted_by, tag_list, tags_of
from local_aws.wire import Properties

CODES = {
    "domainName": "domain-name",
    "domainNameServers": "domain-name-servers",
    "ipv6AddressPreferredLeaseTime": "ipv6-address-preferred-lease-time",
    "netbiosNameServers": "netbios-name-servers",
    "netbiosNodeType": "netbios-node-type",
    "ntpServers": "ntp-servers",
}
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html"""
LISTS = ("domainNameServers", "netbiosNameServers", "ntpServers")
OPTIONS = tuple(Property(name, replaces=True) for name in CODES)


def create_options(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    said = [
        {"Key": code, "Values": inputs[name] if name in LISTS else [str(inputs[name])]}
        for name, code in CODES.items()
        if inputs.get(name)
    ]
    arguments: dict[str, Any] = {}
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "dhcp-options", "Tags": tag_list(tags)}]
    answer = aws.call("create_dhcp_options", DhcpConfigurations=said, **arguments)
    return str(answer["DhcpOptions"]["DhcpOptionsId"])


def find_options(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_dhcp_options", "DhcpOptions", DhcpOptionsIds=[name])


def read_options(aws: Aws, name: str, state: State) -> State | None:
    shown = find_options(aws, name)
    if shown is None:
        return None
    held = {
        each["Key"]: [value["Value"] for value in each["Values"]]
        for each in listed(shown, "DhcpConfigurations")
    }
    live: State = {
        prop: (held[code] if prop in LISTS else held[code][0]) if held.get(code) else None
        for prop, code in CODES.items()
    }
    return {
        **live,
        "arn": aws.arn("dhcp-options", name),
        "ownerId": shown.get("OwnerId"),
        "tags": tags_of(shown),
    }


def something(inputs: Properties) -> Mapping[str, str]:
    if any(inputs.get(name) for name in CODES):
        return {}
    return {"domainNameServers": f"give at least one of {', '.join(CODES)}"}


ASSOCIATION = (
    Property("dhcpOptionsId", required=True),
    Property("vpcId", required=True, replaces=True),
)


def associate(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call("associate_dhcp_options", DhcpOptionsId=inputs["dhcpOptionsId"], VpcId=inputs["vpcId"])
    return association_id(inputs)


def reassociate(aws: Aws, name: str, old: State, new: Properties) -> None:
    associate(aws, new, {})


def association_id(inputs: Properties) -> str:
    return f"{inputs['dhcpOptionsId']}-{inputs['vpcId']}"


def read_association(aws: Aws, name: str, state: State) -> State | None:
    """An import names the VPC: https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcdhcpoptionsassociation/#import"""
    vpc_id = state["vpcId"] if state else name
    shown = aws.one("describe_vpcs", "Vpcs", VpcIds=[vpc_id])
    held = None if shown is None else shown["DhcpOptionsId"]
    if held in (None, "default") or (state and held != state["dhcpOptionsId"]):
        return None
    return {"dhcpOptionsId": held, "vpcId": vpc_id}


def dissociate(aws: Aws, name: str, state: State) -> None:
    """A VPC always has options: those called `default` are none of its own."""
    if read_association(aws, name, state) is not None:
        aws.gone("associate_dhcp_options", DhcpOptionsId="default", VpcId=state["vpcId"])


KINDS = (
    Kind(
        token="aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
        properties=OPTIONS,
        outputs=("arn", "ownerId"),
        create=create_options,
        read=read_options,
        delete=deleted_by("delete_dhcp_options", "DhcpOptionsId"),
        problems=something,
    ),
    Kind(
        token="aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
        properties=ASSOCIATION,
        outputs=(),
        create=associate,
        read=read_association,
        update=reassociate,
        delete=dissociate,
        find=lambda aws, inputs: association_id(inputs),
        taggable=False,
    ),
)
