"""aws.lb.LoadBalancer, of networks and of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds.balanced import (
    SERVICE,
    attributes_of,
    retag,
    said,
    tags_on,
)
from local_aws.provider.table import Kind, Property, State, tag_list, unordered
from local_aws.wire import Properties


def places(value: Any) -> Any:
    """Subnets with what somebody gave a load balancer there, in whatever order."""
    if not isinstance(value, list):
        return value
    return sorted(
        (
            str(each.get("subnetId")),
            str(each.get("allocationId") or ""),
            str(each.get("privateIpv4Address") or ""),
        )
        for each in value
    )


BALANCER = (
    Property("name", replaces=True),
    Property("internal", replaces=True, computed=True),
    Property("loadBalancerType", replaces=True, default="application"),
    Property("securityGroups", computed=True, canonical=unordered),
    Property("subnets", computed=True, canonical=unordered),
    Property("subnetMappings", replaces=True, computed=True, canonical=places),
    Property("ipAddressType", computed=True),
    Property("enableCrossZoneLoadBalancing", default=False),
    Property("enableDeletionProtection", default=False),
    Property("idleTimeout", default=60),
    Property("enableHttp2", default=True),
    Property("dropInvalidHeaderFields", default=False),
    Property("preserveHostHeader", default=False),
)
_PROTECTED: Final = {"enableDeletionProtection": "deletion_protection.enabled"}
_ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "network": {
        **_PROTECTED,
        "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    },
    "application": {
        **_PROTECTED,
        "idleTimeout": "idle_timeout.timeout_seconds",
        "enableHttp2": "routing.http2.enabled",
        "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
        "preserveHostHeader": "routing.http.preserve_host_header.enabled",
    },
}
"""By type, as AWS calls them; between zones one of applications always passes on."""
_USUAL: Final = {each.name: each.default for each in BALANCER}


def kind_of(inputs: Mapping[str, Any]) -> str:
    return str(inputs.get("loadBalancerType") or "application")


def read_attribute(text: str | None, usual: Any) -> Any:
    """In the type that it has in a program."""
    if text is None:
        return usual
    return text == "true" if isinstance(usual, bool) else int(text)


def create_balancer(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    mappings = [
        {
            key: each[name]
            for name, key in (
                ("subnetId", "SubnetId"),
                ("allocationId", "AllocationId"),
                ("privateIpv4Address", "PrivateIPv4Address"),
            )
            if each.get(name)
        }
        for each in inputs.get("subnetMappings") or ()
    ]
    made = aws.call(
        "create_load_balancer",
        service=SERVICE,
        Name=inputs["name"],
        Type=kind_of(inputs),
        Scheme="internal" if inputs.get("internal") else "internet-facing",
        SecurityGroups=inputs.get("securityGroups") or None,
        Subnets=None if mappings else inputs.get("subnets"),
        SubnetMappings=mappings or None,
        IpAddressType=inputs.get("ipAddressType"),
        Tags=tag_list(tags) or None,
    )
    arn = str(made["LoadBalancers"][0]["LoadBalancerArn"])
    set_balancer(aws, arn, inputs)
    return arn


def set_balancer(aws: Aws, arn: str, inputs: Properties) -> None:
    aws.call(
        "modify_load_balancer_attributes",
        service=SERVICE,
        LoadBalancerArn=arn,
        Attributes=[
            {"Key": key, "Value": said(inputs.get(name, _USUAL[name]))}
            for name, key in _ATTRIBUTES[kind_of(inputs)].items()
        ],
    )


def find_balancer(aws: Aws, arn: str) -> Answer | None:
    return aws.one(
        "describe_load_balancers", "LoadBalancers", service=SERVICE, LoadBalancerArns=[arn]
    )


def read_balancer(aws: Aws, arn: str, state: State) -> State | None:
    shown = find_balancer(aws, arn)
    if shown is None:
        return None
    attributes = attributes_of(aws, "describe_load_balancer_attributes", LoadBalancerArn=arn)
    zones = listed(shown, "AvailabilityZones")
    return {
        "name": shown["LoadBalancerName"],
        "internal": shown["Scheme"] == "internal",
        "loadBalancerType": shown["Type"],
        "securityGroups": shown.get("SecurityGroups") or [],
        "subnets": [each["SubnetId"] for each in zones],
        "subnetMappings": [mapping_of(each, known_in(state)) for each in zones],
        "ipAddressType": shown.shown("IpAddressType"),
        **{
            name: read_attribute(attributes.get(key), _USUAL[name])
            for name, key in _ATTRIBUTES[shown["Type"]].items()
        },
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": shown.get("DNSName"),
        "vpcId": shown["VpcId"],
        "zoneId": shown.get("CanonicalHostedZoneId"),
        "tags": tags_on(aws, arn),
    }


def known_in(state: State) -> Mapping[str, Mapping[str, Any]]:
    return {each["subnetId"]: each for each in state.get("subnetMappings") or ()}


def mapping_of(zone: Answer, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Of an address that was there before AWS does not leave out what it is."""
    addresses = listed(zone, "LoadBalancerAddresses")
    before = known.get(zone["SubnetId"], {})
    if not addresses:
        return {"subnetId": zone["SubnetId"], "allocationId": None, "privateIpv4Address": None}
    first = addresses[0]
    return {
        "subnetId": zone["SubnetId"],
        **{
            name: first[member] if before.get(name) else first.get(member)
            for name, member in (
                ("allocationId", "AllocationId"),
                ("privateIpv4Address", "PrivateIPv4Address"),
            )
        },
    }


def change_balancer(aws: Aws, arn: str, old: State, new: Properties) -> None:
    subnets = new.get("subnets")
    if subnets is not None and sorted(subnets) != sorted(old.get("subnets") or ()):
        aws.call("set_subnets", service=SERVICE, LoadBalancerArn=arn, Subnets=subnets)
    groups = new.get("securityGroups")
    if groups is not None and sorted(groups) != sorted(old.get("securityGroups") or ()):
        aws.call("set_security_groups", service=SERVICE, LoadBalancerArn=arn, SecurityGroups=groups)
    set_balancer(aws, arn, new)


def delete_balancer(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_load_balancer", service=SERVICE, LoadBalancerArn=arn)


def with_or_without_groups(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """One of networks that was made without security groups takes none later, and the other way
    round (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html);
    here it stays in its subnets as well."""
    if kind_of(news) != "network":
        return frozenset()
    had, has = state.get("securityGroups"), news.get("securityGroups")
    other = "securityGroups" in changed and bool(had) != bool(has)
    return frozenset({"securityGroups"} if other else ()) | (changed & {"subnets"})


def of_its_type(inputs: Properties) -> Mapping[str, str]:
    found: dict[str, str] = {}
    kind = kind_of(inputs)
    if kind not in _ATTRIBUTES:
        return {"loadBalancerType": f"the local AWS has no load balancers of type {kind}"}
    others = _ATTRIBUTES["application" if kind == "network" else "network"]
    for name in others.keys() - _ATTRIBUTES[kind].keys():
        if inputs.get(name) not in (None, _USUAL[name]):
            found[name] = f"a load balancer of type {kind} has none"
    if bool(inputs.get("subnets")) == bool(inputs.get("subnetMappings")):
        found["subnets"] = "a load balancer needs subnets or subnetMappings, and not both"
    return found


KINDS = (
    Kind(
        token="aws:lb/loadBalancer:LoadBalancer",
        properties=BALANCER,
        outputs=("arn", "arnSuffix", "dnsName", "vpcId", "zoneId"),
        create=create_balancer,
        read=read_balancer,
        delete=delete_balancer,
        update=change_balancer,
        retag=retag,
        autonamed="name",
        also_replaces=with_or_without_groups,
        problems=of_its_type,
        refused=dict.fromkeys(("accessLogs", "connectionLogs"), "it passes nothing on"),
    ),
)
