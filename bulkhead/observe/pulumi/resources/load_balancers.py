"""Network Load Balancers, with where they listen and pass on.

Of any other a state tells neither the interfaces nor the addresses, and that is said (`unlisted`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import assignable
from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.network_interfaces import of_aws
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import texts_in

_PART: Final = ":loadbalancer/"
_PLACES: Final = "subnetMappings"
_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"


def _arn(known_as: str) -> str:
    """That of a load balancer, or what stands for it until AWS has given one."""
    return known_as if _PART in known_as else f"{_PART}net/{known_as}"


def is_placed_whole(resource: Resource, shape: Shape) -> bool:
    """Whether all interfaces of a load balancer are there."""
    return _arn(resource.id) in shape.items["LoadBalancers"]


def balancer(resource: Resource, shape: Shape) -> None:
    """A LoadBalancer within the VPC, and the interfaces that AWS makes for it."""
    places = {
        each.text("subnetId"): each.maybe("privateIpv4Address")
        for each in resource.outputs.records(_PLACES)
    }
    if _is_of_network(resource) and places and all(places.values()):
        _put(resource, shape, {subnet: str(address) for subnet, address in places.items()}, {})


def at_any_address(shape: Shape) -> None:
    """Those for the internet, once everything else is read. Where in its subnets AWS put one no
    state tells: at any address that nobody has, and where nothing tells one address of a subnet
    from another, the last is as good as any."""
    public = {
        each.id: each.outputs.maybe("publicIp")
        for each in shape.stack.resources
        if each.type == "aws:ec2/eip:Eip"
    }
    for each in shape.stack.resources:
        if each.type != _BALANCER or not _is_of_network(each) or is_placed_whole(each, shape):
            continue
        mappings = each.outputs.records(_PLACES)
        places = {one.text("subnetId"): _last_free(shape, one.text("subnetId")) for one in mappings}
        known = {
            one.text("subnetId"): public.get(one.maybe("allocationId") or "") for one in mappings
        }
        if places and all(places.values()) and all(one.maybe("allocationId") for one in mappings):
            _put(each, shape, {subnet: str(at) for subnet, at in places.items()}, known)


def _is_of_network(resource: Resource) -> bool:
    return resource.outputs.maybe("loadBalancerType") == "network"


def _last_free(shape: Shape, subnet: str) -> str | None:
    """None where that is not known, or where some rule names a part of the subnet."""
    home = shape.get("Subnets", subnet)
    block = IPv4Network(str(home["CidrBlock"])) if home and home.get("CidrBlock") else None
    if block is None or any(_is_part(each, block) for each in _named(shape)):
        return None
    taken = {
        str(each.get("PrivateIpAddress"))
        for each in shape.items["NetworkInterfaces"].values()
        if each.get("SubnetId") == subnet
    }
    free = (str(IPv4Address(each)) for each in reversed(assignable(block)))
    return next((each for each in free if each not in taken), None)


def _named(shape: Shape) -> Iterator[str]:
    for key in ("SecurityGroups", "NetworkAcls", "RouteTables", "PrefixLists"):
        for item in shape.items[key].values():
            yield from texts_in(item)


def _is_part(text: str, block: IPv4Network) -> bool:
    try:
        named = IPv4Network(text)
    except ValueError:
        return False
    return named != block and named.subnet_of(block)


def _put(
    resource: Resource, shape: Shape, places: Mapping[str, str], public: Mapping[str, str | None]
) -> None:
    out, arn = resource.outputs, _arn(resource.id)
    vpc = out.maybe("vpcId")
    for subnet, address in places.items():
        home = shape.get("Subnets", subnet)
        if home is None:
            shape.orphan(resource, subnet)
            return
        vpc = vpc or str(home["VpcId"])
        made = of_aws(
            resource,
            shape,
            subnet=subnet,
            address=address,
            kind="network_load_balancer",
            description=f"ELB {arn.partition(_PART)[2]}",
            groups="securityGroups",
        )
        if known := public.get(subnet):
            made["Association"] = {"PublicIp": known}
    item: Item = {
        "LoadBalancerArn": arn,
        "LoadBalancerName": out.maybe("name"),
        "VpcId": vpc,
        "State": {"Code": "active"},
    }
    shape.put("LoadBalancers", arn, item, resource)
    crosses = out.flag("enableCrossZoneLoadBalancing", default=False)
    _attribute(shape, ("BalancerAttributes", "LoadBalancerArn"), arn, _CROSS_ZONE, crosses)


_CROSS_ZONE: Final = "load_balancing.cross_zone.enabled"


def _attribute(shape: Shape, key: tuple[str, str], arn: str, name: str, value: object) -> None:
    """Note what an answer says of an ARN: `key` are the answer, and what it calls that."""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    answer, of = key
    held = shape.items[answer].setdefault(arn, {of: arn, "Attributes": []})
    held["Attributes"].append({"Key": name, "Value": said})


def target_group(resource: Resource, shape: Shape) -> None:
    """A TargetGroup; its targets are resources of their own."""
    out, arn = resource.outputs, resource.id
    shape.items["TargetGroups"][arn] = {
        "TargetGroupArn": arn,
        "Protocol": out.maybe("protocol"),
        "Port": out.maybe_integer("port"),
        "VpcId": out.maybe("vpcId"),
        "TargetType": out.maybe("targetType") or "instance",
    }
    shape.items["TargetHealth"][arn] = {"TargetGroupArn": arn, "TargetHealthDescriptions": []}
    for name, key in (
        ("preserveClientIp", "preserve_client_ip.enabled"),
        ("loadBalancingCrossZoneEnabled", _CROSS_ZONE),
    ):
        if said := out.maybe(name):
            _attribute(shape, ("TargetGroupAttributes", "TargetGroupArn"), arn, key, said)


def target(resource: Resource, shape: Shape) -> None:
    """A TargetGroupAttachment."""
    out = resource.outputs
    group = out.text("targetGroupArn")
    held = shape.get("TargetHealth", group)
    if held is None:
        shape.orphan(resource, group)
        return
    there = {"Id": out.text("targetId"), "Port": out.maybe_integer("port")}
    held["TargetHealthDescriptions"].append({"Target": there})


def listener(resource: Resource, shape: Shape) -> None:
    """A Listener."""
    out = resource.outputs
    arn = resource.id
    actions = [
        {
            "Type": each.maybe("type"),
            "TargetGroupArn": each.maybe("targetGroupArn"),
            "ForwardConfig": {
                "TargetGroups": [
                    {"TargetGroupArn": one.maybe("arn")}
                    for forward in each.records("forward")
                    for one in forward.records("targetGroups")
                ]
            },
        }
        for each in out.records("defaultActions")
    ]
    item: Item = {
        "ListenerArn": arn,
        "LoadBalancerArn": _arn(out.text("loadBalancerArn")),
        "Port": out.maybe_integer("port"),
        "Protocol": out.maybe("protocol"),
        "DefaultActions": actions,
    }
    shape.put("Listeners", arn, item, resource)
    if seconds := out.maybe_integer("tcpIdleTimeoutSeconds"):
        key = "ListenerAttributes", "ListenerArn"
        _attribute(shape, key, arn, "tcp.idle_timeout.seconds", seconds)
