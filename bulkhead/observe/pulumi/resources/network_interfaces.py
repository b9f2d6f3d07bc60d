"""Network interfaces, also those of instances, their groups and public addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.observe.calls import Item
from bulkhead.observe.describe.perhaps_held import UNSEEN, hold_perhaps
from bulkhead.observe.pulumi.hidden import text_or_hidden, texts_or_hidden
from bulkhead.observe.pulumi.resources.shape import AS_MADE, Shape, owner_of, short
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Hidden, Record


def network_interface(resource: Resource, shape: Shape) -> None:
    """A NetworkInterface."""
    out = resource.outputs
    addresses = out.texts("privateIps") or out.texts("privateIpLists")
    primary = out.maybe("privateIp") or next(iter(addresses), None)
    item: Item = {
        "NetworkInterfaceId": resource.id,
        "SubnetId": out.text("subnetId"),
        "Description": out.maybe("description"),
        "InterfaceType": out.maybe("interfaceType"),
        "SourceDestCheck": out.flag("sourceDestCheck", default=True),
        "PrivateIpAddress": primary,
        "PrivateIpAddresses": _addresses(primary, addresses),
        "Ipv4Prefixes": [{"Ipv4Prefix": each} for each in out.texts("ipv4Prefixes")],
        "Ipv6Addresses": [{"Ipv6Address": each} for each in out.texts("ipv6Addresses")],
        "Ipv6Prefixes": [{"Ipv6Prefix": each} for each in out.texts("ipv6Prefixes")],
        "Groups": [],
        "Attachment": _attachment(out),
    }
    _hold(item, texts_or_hidden(out, "securityGroups"), resource, shape)
    shape.put("NetworkInterfaces", resource.id, item, resource)


def _attachment(out: Record) -> Item | None:
    """The instance that it is attached to."""
    for each in out.records("attachments"):
        if instance := each.maybe("instance"):
            return {"InstanceId": instance, "DeviceIndex": each.maybe_integer("deviceIndex")}
    return None


def _addresses(primary: str | None, others: tuple[str, ...]) -> list[Item]:
    every = dict.fromkeys((primary, *others) if primary else others)
    return [{"PrivateIpAddress": each} for each in every]


def instance(resource: Resource, shape: Shape) -> None:
    """The interface that an instance was launched with, unless it is a resource itself."""
    out = resource.outputs
    known_as = out.maybe("primaryNetworkInterfaceId") or f"{resource.id}/primary"
    attached: Item = {"InstanceId": resource.id, "DeviceIndex": 0}
    if held := shape.get("NetworkInterfaces", known_as):
        # What an interface itself says of it is from before the instance was launched.
        held["Attachment"] = held["Attachment"] or attached
    else:
        primary = out.maybe("privateIp")
        item: Item = {
            "NetworkInterfaceId": known_as,
            "SubnetId": out.text("subnetId"),
            "SourceDestCheck": out.flag("sourceDestCheck", default=True),
            "PrivateIpAddress": primary,
            "PrivateIpAddresses": _addresses(primary, out.texts("secondaryPrivateIps")),
            "Ipv6Addresses": [{"Ipv6Address": each} for each in out.texts("ipv6Addresses")],
            "Groups": [],
            "Attachment": attached,
        }
        _hold(item, texts_or_hidden(out, "vpcSecurityGroupIds"), resource, shape)
        shape.put("NetworkInterfaces", known_as, item, resource)
    shape.items["Reservations"][resource.id] = {
        "ReservationId": resource.id,
        "Instances": [
            {
                "InstanceId": resource.id,
                "InstanceType": out.maybe("instanceType"),
                # A state names the image, and not the system on it.
                "Platform": "unknown",
            }
        ],
    }
    if public := out.maybe("publicIp"):
        shape.items["NetworkInterfaces"][known_as].setdefault("Association", {"PublicIp": public})


def of_an_endpoint(resource: Resource, shape: Shape) -> bool:
    """The interfaces of a VpcEndpoint of type Interface, if it says all their addresses."""
    out = resource.outputs
    places = {each.maybe("subnetId"): each.maybe("ipv4") for each in out.records(_PLACES)}
    if not is_placed_whole(out):
        return False
    for subnet, address in places.items():
        of_aws(
            resource,
            shape,
            subnet=str(subnet),
            address=str(address),
            kind="vpc_endpoint",
            description=f"VPC Endpoint Interface {resource.id}",
            groups="securityGroupIds",
        )
    return True


def of_aws(
    resource: Resource,
    shape: Shape,
    *,
    subnet: str,
    address: str,
    kind: str,
    description: str,
    groups: str,
) -> Item:
    """Put an interface that AWS makes for a resource, which holds those that the resource names as
    `groups`."""
    known_as = f"{resource.id}/{subnet}"
    item: Item = {
        "NetworkInterfaceId": known_as,
        "SubnetId": subnet,
        "Description": description,
        "InterfaceType": kind,
        "RequesterManaged": True,
        "SourceDestCheck": True,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": _addresses(address, ()),
        "Groups": [],
    }
    _hold(item, texts_or_hidden(resource.outputs, groups), resource, shape)
    shape.put("NetworkInterfaces", known_as, item, resource)
    return shape.items["NetworkInterfaces"][known_as]


_PLACES: Final = "subnetConfigurations"


def is_placed_whole(endpoint: Record) -> bool:
    """Whether an endpoint says at which address it is in each of its subnets."""
    places = {each.maybe("subnetId"): each.maybe("ipv4") for each in endpoint.records(_PLACES)}
    return bool(places) and set(endpoint.texts("subnetIds")) == set(places) and all(places.values())


def group_attachment(resource: Resource, shape: Shape) -> None:
    """A NetworkInterfaceSecurityGroupAttachment."""
    out = resource.outputs
    if interface := owner_of(resource, shape, "NetworkInterfaces", "networkInterfaceId"):
        held = text_or_hidden(out, "securityGroupId") or out.text("securityGroupId")
        _hold(interface, (held,), resource, shape)


def _hold(
    interface: Item, groups: Iterable[str | Hidden], resource: Resource, shape: Shape
) -> None:
    """Let it hold these; of those that are not known it holds any that they may be, perhaps."""
    for each in groups:
        if not isinstance(each, Hidden):
            held = {"GroupId": each}
            if held not in interface["Groups"]:
                interface["Groups"].append(held)
            continue
        here = shape.items["SecurityGroups"]
        # No resource declares the default groups that are as AWS made them.
        others = each.candidates + tuple(name for name in here if AS_MADE in here[name])
        hold_perhaps(interface, (*(others if each.candidates else here), UNSEEN))
        known_as = f"{interface['NetworkInterfaceId']}/groups"
        why = f"of its groups at least one is {each.what}"
        shape.gaps.add(short(resource.type), known_as, known_as, why)


def public_address(resource: Resource, shape: Shape) -> None:
    """An Eip, or an EipAssociation."""
    out = resource.outputs
    name = out.maybe("networkInterface") or out.maybe("networkInterfaceId")
    interface = shape.get("NetworkInterfaces", name)
    public = out.maybe("publicIp")
    if interface is None or public is None:
        return
    private = out.maybe("privateIp") or out.maybe("privateIpAddress")
    if private in (None, interface["PrivateIpAddress"]):
        interface["Association"] = {"PublicIp": public}
        return
    for each in interface.get("PrivateIpAddresses", ()):
        if each["PrivateIpAddress"] == private:
            each["Association"] = {"PublicIp": public}


def homes(shape: Shape) -> None:
    """A state names an interface's subnet only; describe calls name its VPC as well."""
    for interface in shape.items["NetworkInterfaces"].values():
        if home := shape.get("Subnets", str(interface.get("SubnetId"))):
            interface.setdefault("VpcId", home["VpcId"])
