"""aws.lb.LoadBalancer (network), TargetGroup, Listener, TargetGroupAttachment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, tag_list, unordered
from local_aws.wire import Properties

_SERVICE: Final = "elbv2"
_OF_HTTP: Final = "the local AWS has Network Load Balancers alone"
_IDLE: Final = "tcp.idle_timeout.seconds"


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    if removed:
        aws.call("remove_tags", service=_SERVICE, ResourceArns=[name], TagKeys=removed)
    if changed:
        aws.call("add_tags", service=_SERVICE, ResourceArns=[name], Tags=tag_list(changed))


def tags_on(aws: Aws, arn: str) -> dict[str, str]:
    (shown,) = aws.listed(
        "describe_tags", "TagDescriptions", service=_SERVICE, ResourceArns=[arn]
    ) or (Answer({}, "DescribeTags"),)
    return {each["Key"]: each["Value"] for each in listed(shown, "Tags")}


def attributes_of(aws: Aws, operation: str, **asked: str) -> dict[str, str]:
    shown = aws.listed(operation, "Attributes", service=_SERVICE, **asked)
    return {each["Key"]: each["Value"] for each in shown}


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
    Property("subnets", replaces=True, computed=True, canonical=unordered),
    Property("subnetMappings", replaces=True, computed=True, canonical=places),
    Property("ipAddressType", computed=True),
    Property("enableCrossZoneLoadBalancing", default=False),
    Property("enableDeletionProtection", default=False),
)
_ATTRIBUTES: Final = {
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
}


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
        service=_SERVICE,
        Name=inputs["name"],
        Type=inputs["loadBalancerType"],
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
        service=_SERVICE,
        LoadBalancerArn=arn,
        Attributes=[
            {"Key": key, "Value": str(bool(inputs.get(name))).lower()}
            for name, key in _ATTRIBUTES.items()
        ],
    )


def find_balancer(aws: Aws, arn: str) -> Answer | None:
    return aws.one(
        "describe_load_balancers", "LoadBalancers", service=_SERVICE, LoadBalancerArns=[arn]
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
        **{name: attributes.get(key) == "true" for name, key in _ATTRIBUTES.items()},
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
    groups = new.get("securityGroups")
    if groups is not None and sorted(groups) != sorted(old.get("securityGroups") or ()):
        aws.call(
            "set_security_groups", service=_SERVICE, LoadBalancerArn=arn, SecurityGroups=groups
        )
    set_balancer(aws, arn, new)


def delete_balancer(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_load_balancer", service=_SERVICE, LoadBalancerArn=arn)


def with_or_without_groups(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """One that was made without security groups takes none later, and the other way round
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html)."""
    had, has = state.get("securityGroups"), news.get("securityGroups")
    other = "securityGroups" in changed and bool(had) != bool(has)
    return frozenset({"securityGroups"} if other else ())


def of_a_network(inputs: Properties) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if inputs.get("loadBalancerType") != "network":
        found["loadBalancerType"] = _OF_HTTP
    if bool(inputs.get("subnets")) == bool(inputs.get("subnetMappings")):
        found["subnets"] = "a load balancer needs subnets or subnetMappings, and not both"
    return found


class Checked(Property):
    """A health check: of what a program does not say of it AWS chooses."""

    def equal(self, one: Any, other: Any) -> bool:
        if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
            return one is other
        both = [key for key in CHECKED if None not in (one.get(key), other.get(key))]
        return all(str(one[key]) == str(other[key]) for key in both)


CHECKED: Final = {
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}
GROUP = (
    Property("name", replaces=True),
    Property("port", "Port", required=True, replaces=True),
    Property("protocol", "Protocol", required=True, replaces=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("targetType", "TargetType", replaces=True, default="instance"),
    Property("ipAddressType", "IpAddressType", replaces=True, computed=True),
    Checked("healthCheck", computed=True),
    Property("deregistrationDelay", default=300),
    Property("connectionTermination", computed=True),
    Property("preserveClientIp", computed=True),
    Property("proxyProtocolV2", default=False),
    Property("loadBalancingCrossZoneEnabled", computed=True),
)
_OF_GROUP: Final = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
}


def said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def health_asked(inputs: Properties) -> dict[str, Any]:
    given = inputs.get("healthCheck") or {}
    return {member: given[name] for name, member in CHECKED.items() if given.get(name) is not None}


def create_group(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_target_group",
        service=_SERVICE,
        Name=inputs["name"],
        Tags=tag_list(tags) or None,
        also={str(each.member): inputs.get(each.name) for each in GROUP if each.member}
        | health_asked(inputs),
    )
    arn = str(made["TargetGroups"][0]["TargetGroupArn"])
    set_group(aws, arn, inputs)
    return arn


def set_group(aws: Aws, arn: str, inputs: Properties) -> None:
    aws.call(
        "modify_target_group_attributes",
        service=_SERVICE,
        TargetGroupArn=arn,
        Attributes=[
            {"Key": key, "Value": said(inputs[name])}
            for name, key in _OF_GROUP.items()
            if inputs.get(name) is not None
        ],
    )


def read_group(aws: Aws, arn: str, state: State) -> State | None:
    shown = aws.one(
        "describe_target_groups", "TargetGroups", service=_SERVICE, TargetGroupArns=[arn]
    )
    if shown is None:
        return None
    attributes = attributes_of(aws, "describe_target_group_attributes", TargetGroupArn=arn)
    asked = (state.get("healthCheck") or {}) or CHECKED
    return {
        "name": shown["TargetGroupName"],
        **{each.name: shown.shown(str(each.member)) for each in GROUP if each.member},
        "healthCheck": {name: shown[CHECKED[name]] for name in asked if name in CHECKED},
        "deregistrationDelay": int(attributes.get(_OF_GROUP["deregistrationDelay"], 300)),
        **{
            name: attributes.get(_OF_GROUP[name]) == "true"
            for name in ("connectionTermination", "proxyProtocolV2")
        },
        # A word of the provider's, which tells false from what nobody said.
        "preserveClientIp": attributes.get(_OF_GROUP["preserveClientIp"]),
        "loadBalancingCrossZoneEnabled": attributes.get(_OF_GROUP["loadBalancingCrossZoneEnabled"]),
        "arn": arn,
        "arnSuffix": arn.rpartition(":")[2],
        "loadBalancerArns": shown.get("LoadBalancerArns") or [],
        "tags": tags_on(aws, arn),
    }


def change_group(aws: Aws, arn: str, old: State, new: Properties) -> None:
    if asked := health_asked(new):
        aws.call("modify_target_group", service=_SERVICE, TargetGroupArn=arn, also=asked)
    set_group(aws, arn, new)


def delete_group(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_target_group", service=_SERVICE, TargetGroupArn=arn)


def forwards(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [(each.get("type"), each.get("targetGroupArn")) for each in value]


LISTENER = (
    Property("loadBalancerArn", required=True, replaces=True),
    Property("port", required=True),
    Property("protocol", required=True),
    Property("defaultActions", required=True, canonical=forwards),
    Property("tcpIdleTimeoutSeconds", computed=True),
)


def actions(inputs: Properties) -> list[dict[str, Any]]:
    return [
        {"Type": each["type"], "TargetGroupArn": each.get("targetGroupArn")}
        for each in inputs["defaultActions"]
    ]


def create_listener(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_listener",
        service=_SERVICE,
        LoadBalancerArn=inputs["loadBalancerArn"],
        Port=inputs["port"],
        Protocol=inputs["protocol"],
        DefaultActions=actions(inputs),
        Tags=tag_list(tags) or None,
    )
    arn = str(made["Listeners"][0]["ListenerArn"])
    set_idle(aws, arn, inputs)
    return arn


def set_idle(aws: Aws, arn: str, inputs: Properties) -> None:
    seconds = inputs.get("tcpIdleTimeoutSeconds")
    if seconds is not None and inputs["protocol"] == "TCP":
        aws.call(
            "modify_listener_attributes",
            service=_SERVICE,
            ListenerArn=arn,
            Attributes=[{"Key": _IDLE, "Value": str(seconds)}],
        )


def read_listener(aws: Aws, arn: str, state: State) -> State | None:
    shown = aws.one("describe_listeners", "Listeners", service=_SERVICE, ListenerArns=[arn])
    if shown is None:
        return None
    attributes = attributes_of(aws, "describe_listener_attributes", ListenerArn=arn)
    idle = attributes.get(_IDLE)
    return {
        "loadBalancerArn": shown["LoadBalancerArn"],
        "port": shown["Port"],
        "protocol": shown["Protocol"],
        "defaultActions": [
            {"type": each["Type"], "targetGroupArn": each["TargetGroupArn"]}
            for each in listed(shown, "DefaultActions")
        ],
        "tcpIdleTimeoutSeconds": int(idle) if idle else None,
        "arn": arn,
        "tags": tags_on(aws, arn),
    }


def change_listener(aws: Aws, arn: str, old: State, new: Properties) -> None:
    aws.call(
        "modify_listener",
        service=_SERVICE,
        ListenerArn=arn,
        Port=new["port"],
        Protocol=new["protocol"],
        DefaultActions=actions(new),
    )
    set_idle(aws, arn, new)


def delete_listener(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_listener", service=_SERVICE, ListenerArn=arn)


ATTACHED = (
    Property("targetGroupArn", required=True, replaces=True),
    Property("targetId", required=True, replaces=True),
    Property("port", replaces=True, computed=True),
)


def target(inputs: Mapping[str, Any]) -> dict[str, Any]:
    port = inputs.get("port")
    return {"Id": inputs["targetId"], **({"Port": int(port)} if port else {})}


def attach(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    group = str(inputs["targetGroupArn"])
    aws.call("register_targets", service=_SERVICE, TargetGroupArn=group, Targets=[target(inputs)])
    return f"{group}-{inputs['targetId']}-{inputs.get('port') or ''}".rstrip("-")


def standing(aws: Aws, inputs: Mapping[str, Any]) -> Answer | None:
    """The target of a group, if it is one."""
    group = str(inputs["targetGroupArn"])
    try:
        shown = aws.listed(
            "describe_target_health",
            "TargetHealthDescriptions",
            service=_SERVICE,
            TargetGroupArn=group,
        )
    except Refused as refused:
        if refused.not_found:
            return None
        raise
    for each in shown:
        held: Answer = each["Target"]
        if held["Id"] == inputs["targetId"] and inputs.get("port") in (None, held["Port"]):
            return held
    return None


def read_attachment(aws: Aws, name: str, state: State) -> State | None:
    if not state:
        raise Refused("", "a target's registration cannot be imported, as with the real provider")
    held = standing(aws, state)
    if held is None:
        return None
    return {
        "targetGroupArn": state["targetGroupArn"],
        "targetId": held["Id"],
        "port": held["Port"],
    }


def find_attachment(aws: Aws, inputs: Properties) -> str | None:
    if standing(aws, inputs) is None:
        return None
    return f"{inputs['targetGroupArn']}-{inputs['targetId']}-{inputs.get('port') or ''}".rstrip("-")


def detach(aws: Aws, name: str, state: State) -> None:
    if standing(aws, state) is None:
        return
    aws.gone(
        "deregister_targets",
        service=_SERVICE,
        TargetGroupArn=state["targetGroupArn"],
        Targets=[target(state)],
    )


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
        problems=of_a_network,
        refused={"idleTimeout": _OF_HTTP, "accessLogs": _OF_HTTP},
    ),
    Kind(
        token="aws:lb/targetGroup:TargetGroup",
        properties=GROUP,
        outputs=("arn", "arnSuffix", "loadBalancerArns"),
        create=create_group,
        read=read_group,
        delete=delete_group,
        update=change_group,
        retag=retag,
        autonamed="name",
    ),
    Kind(
        token="aws:lb/listener:Listener",
        properties=LISTENER,
        outputs=("arn",),
        create=create_listener,
        read=read_listener,
        delete=delete_listener,
        update=change_listener,
        retag=retag,
    ),
    Kind(
        token="aws:lb/targetGroupAttachment:TargetGroupAttachment",
        properties=ATTACHED,
        outputs=(),
        create=attach,
        read=read_attachment,
        delete=detach,
        find=find_attachment,
        taggable=False,
    ),
)
