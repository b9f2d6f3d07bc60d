"""aws.ec2.NetworkInterface."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, deleted_by, tag_list, tags_of, unordered
from local_aws.wire import Properties, has_unknown


def same_addresses(value: Any) -> Any:
    """In whichever order and spelling: 2001:db8::10 is 2001:db8:0::10."""
    if not isinstance(value, list):
        return value
    return sorted(spelt(each) for each in value)


def spelt(address: Any) -> str:
    try:
        return str(ipaddress.IPv6Address(address))
    except ValueError:
        return str(address)


INTERFACE = (
    Property("subnetId", "SubnetId", required=True, replaces=True),
    Property("description", "Description", default=""),
    Property("privateIps", computed=True, canonical=unordered),
    Property("ipv6AddressCount", computed=True),
    Property("ipv6Addresses", computed=True, canonical=same_addresses),
    Property("securityGroups", computed=True, canonical=unordered),
    Property("sourceDestCheck", default=True),
)


def create_interface(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {"Description": inputs.get("description") or None}
    if inputs.get("privateIps"):
        arguments["PrivateIpAddresses"] = [
            {"PrivateIpAddress": address, "Primary": position == 0}
            for position, address in enumerate(inputs["privateIps"])
        ]
    if inputs.get("ipv6Addresses"):
        arguments["Ipv6Addresses"] = [{"Ipv6Address": each} for each in inputs["ipv6Addresses"]]
    elif inputs.get("ipv6AddressCount"):
        arguments["Ipv6AddressCount"] = inputs["ipv6AddressCount"]
    if inputs.get("securityGroups"):
        arguments["Groups"] = inputs["securityGroups"]
    if tags:
        arguments["TagSpecifications"] = [
            {"ResourceType": "network-interface", "Tags": tag_list(tags)}
        ]
    answer = aws.call("create_network_interface", SubnetId=inputs["subnetId"], **arguments)
    return str(answer["NetworkInterface"]["NetworkInterfaceId"])


def after_create(aws: Aws, name: str, inputs: Properties) -> None:
    if not inputs.get("sourceDestCheck", True):
        aws.call(
            "modify_network_interface_attribute",
            NetworkInterfaceId=name,
            SourceDestCheck={"Value": False},
        )


def read_interface(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.one("describe_network_interfaces", "NetworkInterfaces", NetworkInterfaceIds=[name])
    if shown is None:
        return None
    primary = shown["PrivateIpAddress"]
    others = [each["PrivateIpAddress"] for each in shown["PrivateIpAddresses"]]
    addresses = [primary, *(each for each in others if each != primary)]
    return {
        "subnetId": shown["SubnetId"],
        "description": shown.shown("Description"),
        "privateIps": addresses,
        "ipv6AddressCount": len(shown.get("Ipv6Addresses", ())),
        "ipv6Addresses": [each["Ipv6Address"] for each in listed(shown, "Ipv6Addresses")],
        "privateIp": primary,
        "privateIpLists": addresses,
        "privateIpsCount": len(addresses) - 1,
        "securityGroups": group_ids(shown),
        "sourceDestCheck": shown.shown("SourceDestCheck"),
        "privateDnsName": shown.get("PrivateDnsName"),
        "macAddress": shown.get("MacAddress"),
        "interfaceType": shown.get("InterfaceType"),
        "ownerId": shown.get("OwnerId"),
        "arn": aws.arn("network-interface", name),
        "tags": tags_of(shown),
    }


def group_ids(shown: Answer) -> Any:
    groups = shown.shown("Groups")
    return groups if isinstance(groups, NotShown) else [each["GroupId"] for each in groups]


def change_interface(aws: Aws, name: str, old: State, new: Properties) -> None:
    def modify(**attribute: Any) -> None:
        aws.call("modify_network_interface_attribute", NetworkInterfaceId=name, **attribute)

    if new.get("securityGroups") and unordered(new["securityGroups"]) != unordered(
        old.get("securityGroups")
    ):
        modify(Groups=new["securityGroups"])
    if new.get("sourceDestCheck", True) != old.get("sourceDestCheck", True):
        modify(SourceDestCheck={"Value": new.get("sourceDestCheck", True)})
    if new.get("description", "") != old.get("description", ""):
        modify(Description={"Value": new.get("description", "")})
    if new.get("privateIps"):
        held, wanted = set(old.get("privateIps", [])), set(new["privateIps"])
        named: dict[str, Any] = {"NetworkInterfaceId": name}
        if held - wanted:
            aws.call(
                "unassign_private_ip_addresses", PrivateIpAddresses=sorted(held - wanted), **named
            )
        if wanted - held:
            aws.call(
                "assign_private_ip_addresses", PrivateIpAddresses=sorted(wanted - held), **named
            )
    change_ipv6(aws, name, old, new)


def change_ipv6(aws: Aws, name: str, old: State, new: Properties) -> None:
    held = same_addresses(old.get("ipv6Addresses") or [])
    wanted, count = new.get("ipv6Addresses"), new.get("ipv6AddressCount")
    if wanted is None and count is not None:
        wanted = held[:count]
    if wanted is None:
        return
    wanted = same_addresses(wanted)
    taken = [each for each in held if each not in wanted]
    given = [each for each in wanted if each not in held]
    if taken:
        aws.call("unassign_ipv6_addresses", NetworkInterfaceId=name, Ipv6Addresses=taken)
    if given:
        aws.call("assign_ipv6_addresses", NetworkInterfaceId=name, Ipv6Addresses=given)
    more = (count or 0) - len(wanted)
    if more > 0:
        aws.call("assign_ipv6_addresses", NetworkInterfaceId=name, Ipv6AddressCount=more)


def another_primary_address(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """The primary address is for life; the others come and go."""
    wanted = news.get("privateIps")
    if "privateIps" not in changed or wanted is None:
        return frozenset()
    kept = not has_unknown(wanted) and state.get("privateIp") in wanted
    return frozenset() if kept else frozenset({"privateIps"})


KINDS = (
    Kind(
        token="aws:ec2/networkInterface:NetworkInterface",
        properties=INTERFACE,
        outputs=(
            "arn",
            "interfaceType",
            "macAddress",
            "ownerId",
            "privateDnsName",
            "privateIp",
            "privateIpLists",
            "privateIpsCount",
        ),
        create=create_interface,
        once=True,
        after_create=after_create,
        read=read_interface,
        update=change_interface,
        delete=deleted_by("delete_network_interface", "NetworkInterfaceId"),
        also_replaces=another_primary_address,
        unsettled={"privateIps": ("privateIpLists", "privateIpsCount")},
        refused={
            "privateIp": "the real provider ignores it when it creates: give privateIps",
            "privateIpList": "give privateIps",
            "attachments": "give the interface to an instance, by its networkInterfaces",
        },
    ),
)
