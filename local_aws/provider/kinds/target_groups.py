"""aws.lb.TargetGroup and TargetGroupAttachment: where load balancers pass on to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.kinds.balanced import (
    HTTP,
    SERVICE,
    attributes_of,
    retag,
    said,
    tags_on,
)
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Partly, Property, State, bury, tag_list, taken
from local_aws.wire import Properties


class Stuck(Property):
    """Stickiness: likewise, and where it is said it is on."""

    def equal(self, one: Any, other: Any) -> bool:
        if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
            return one is other
        both = [
            key for key in ("type", "cookieDuration") if None not in (one.get(key), other.get(key))
        ]
        on = one.get("enabled", True) == other.get("enabled", True)
        return on and all(str(one[key]) == str(other[key]) for key in both)


CHECKED: Final = {
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
    "path": "HealthCheckPath",
    "matcher": "Matcher.HttpCode",
    "enabled": "HealthCheckEnabled",
}
GROUP = (
    Property("name", replaces=True),
    Property("port", "Port", required=True, replaces=True),
    Property("protocol", "Protocol", required=True, replaces=True),
    Property("protocolVersion", "ProtocolVersion", replaces=True, computed=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("targetType", "TargetType", replaces=True, default="instance"),
    Property("ipAddressType", "IpAddressType", replaces=True, computed=True),
    Partly("healthCheck", computed=True),
    Property("deregistrationDelay", default=300),
    Property("connectionTermination", computed=True),
    Property("preserveClientIp", computed=True),
    Property("proxyProtocolV2", default=False),
    Property("loadBalancingCrossZoneEnabled", computed=True),
    Property("loadBalancingAlgorithmType", computed=True),
    Property("slowStart", default=0),
    Stuck("stickiness", computed=True),
)
_OF_GROUP: Final = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "slowStart": "slow_start.duration_seconds",
}
_COOKIE: Final = "stickiness.lb_cookie.duration_seconds"


def health_asked(inputs: Properties) -> dict[str, Any]:
    given = inputs.get("healthCheck") or {}
    asked: dict[str, Any] = {}
    for name, member in CHECKED.items():
        if given.get(name) is not None:
            bury(asked, member, str(given[name]) if name == "matcher" else given[name])
    return asked


def stickiness_asked(inputs: Properties) -> list[dict[str, str]]:
    given = inputs.get("stickiness")
    if not given:
        return []
    asked = {
        "stickiness.enabled": said(given.get("enabled", True)),
        "stickiness.type": given["type"],
    }
    if given["type"] == "lb_cookie":
        asked[_COOKIE] = said(given.get("cookieDuration") or 86400)
    return [{"Key": key, "Value": value} for key, value in asked.items()]


def stickiness_shown(attributes: Mapping[str, str]) -> dict[str, Any]:
    cookie = attributes.get(_COOKIE)
    return {
        "enabled": attributes.get("stickiness.enabled") == "true",
        "type": attributes.get("stickiness.type"),
        **({"cookieDuration": int(cookie)} if cookie else {}),
    }


def create_group(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_target_group",
        service=SERVICE,
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
        service=SERVICE,
        TargetGroupArn=arn,
        Attributes=[
            *(
                {"Key": key, "Value": said(inputs[name])}
                for name, key in _OF_GROUP.items()
                if inputs.get(name) is not None
            ),
            *stickiness_asked(inputs),
        ],
    )


def read_group(aws: Aws, arn: str, state: State) -> State | None:
    shown = aws.one(
        "describe_target_groups", "TargetGroups", service=SERVICE, TargetGroupArns=[arn]
    )
    if shown is None:
        return None
    attributes = attributes_of(aws, "describe_target_group_attributes", TargetGroupArn=arn)
    of_http = shown["Protocol"] in HTTP
    asked = (state.get("healthCheck") or {}) or [
        each for each in CHECKED if of_http or each not in ("path", "matcher")
    ]
    return {
        "name": shown["TargetGroupName"],
        **{
            each.name: shown.shown(str(each.member))
            for each in GROUP
            if each.member and (of_http or each.name != "protocolVersion")
        },
        "healthCheck": {name: taken(shown, CHECKED[name]) for name in asked if name in CHECKED},
        "slowStart": int(attributes.get(_OF_GROUP["slowStart"], 0)),
        "loadBalancingAlgorithmType": attributes.get(_OF_GROUP["loadBalancingAlgorithmType"]),
        "stickiness": stickiness_shown(attributes),
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
        aws.call("modify_target_group", service=SERVICE, TargetGroupArn=arn, also=asked)
    set_group(aws, arn, new)


def delete_group(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_target_group", service=SERVICE, TargetGroupArn=arn)


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
    aws.call("register_targets", service=SERVICE, TargetGroupArn=group, Targets=[target(inputs)])
    return f"{group}-{inputs['targetId']}-{inputs.get('port') or ''}".rstrip("-")


def standing(aws: Aws, inputs: Mapping[str, Any]) -> Answer | None:
    """The target of a group, if it is one."""
    group = str(inputs["targetGroupArn"])
    try:
        shown = aws.listed(
            "describe_target_health",
            "TargetHealthDescriptions",
            service=SERVICE,
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
        service=SERVICE,
        TargetGroupArn=state["targetGroupArn"],
        Targets=[target(state)],
    )


KINDS = (
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
