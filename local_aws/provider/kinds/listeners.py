"""aws.lb.Listener, and ListenerRule: what comes to a load balancer, and whither it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds.balanced import (
    SERVICE,
    attributes_of,
    retag,
    tags_on,
)
from local_aws.provider.kinds.balanced_actions import (
    as_actions,
    asked_actions,
    shown_actions,
    strange_actions,
)
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, tag_list
from local_aws.wire import Properties

_IDLE: Final = "tcp.idle_timeout.seconds"


LISTENER = (
    Property("loadBalancerArn", required=True, replaces=True),
    Property("port", required=True),
    Property("protocol", computed=True),
    Property("defaultActions", required=True, canonical=as_actions),
    Property("tcpIdleTimeoutSeconds", computed=True),
)


def protocol_of(inputs: Mapping[str, Any]) -> str:
    """Of an Application Load Balancer it need not be said, with Terraform."""
    usual = "HTTP" if ":loadbalancer/app/" in str(inputs["loadBalancerArn"]) else ""
    return str(inputs.get("protocol") or usual)


def create_listener(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_listener",
        service=SERVICE,
        LoadBalancerArn=inputs["loadBalancerArn"],
        Port=inputs["port"],
        Protocol=protocol_of(inputs),
        DefaultActions=asked_actions(inputs["defaultActions"]),
        Tags=tag_list(tags) or None,
    )
    arn = str(made["Listeners"][0]["ListenerArn"])
    set_idle(aws, arn, inputs)
    return arn


def set_idle(aws: Aws, arn: str, inputs: Properties) -> None:
    seconds = inputs.get("tcpIdleTimeoutSeconds")
    if seconds is not None and inputs.get("protocol") == "TCP":
        aws.call(
            "modify_listener_attributes",
            service=SERVICE,
            ListenerArn=arn,
            Attributes=[{"Key": _IDLE, "Value": str(seconds)}],
        )


def read_listener(aws: Aws, arn: str, state: State) -> State | None:
    shown = aws.one("describe_listeners", "Listeners", service=SERVICE, ListenerArns=[arn])
    if shown is None:
        return None
    attributes = attributes_of(aws, "describe_listener_attributes", ListenerArn=arn)
    idle = attributes.get(_IDLE)
    return {
        "loadBalancerArn": shown["LoadBalancerArn"],
        "port": shown["Port"],
        "protocol": shown["Protocol"],
        "defaultActions": shown_actions(shown, "DefaultActions", state.get("defaultActions")),
        "tcpIdleTimeoutSeconds": int(idle) if idle else None,
        "arn": arn,
        "tags": tags_on(aws, arn),
    }


def change_listener(aws: Aws, arn: str, old: State, new: Properties) -> None:
    aws.call(
        "modify_listener",
        service=SERVICE,
        ListenerArn=arn,
        Port=new["port"],
        Protocol=protocol_of(new),
        DefaultActions=asked_actions(new["defaultActions"]),
    )
    set_idle(aws, arn, new)


def delete_listener(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_listener", service=SERVICE, ListenerArn=arn)


CONDITIONS: Final = {
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpRequestMethod": ("http-request-method", "HttpRequestMethodConfig"),
    "pathPattern": ("path-pattern", "PathPatternConfig"),
    "sourceIp": ("source-ip", "SourceIpConfig"),
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html"""


def as_conditions(value: Any) -> Any:
    """In whatever order they are said."""
    if not isinstance(value, list):
        return value
    return sorted(
        (name, sorted(map(str, each[name]["values"])))
        for each in value
        for name in CONDITIONS
        if each.get(name)
    )


RULE = (
    Property("listenerArn", required=True, replaces=True),
    Property("priority", required=True, replaces=True),
    Property("conditions", required=True, canonical=as_conditions),
    Property("actions", required=True, canonical=as_actions),
)


def conditions_asked(inputs: Properties) -> list[dict[str, Any]]:
    return [
        {"Field": CONDITIONS[name][0], CONDITIONS[name][1]: {"Values": list(each[name]["values"])}}
        for each in inputs["conditions"]
        for name in CONDITIONS
        if each.get(name)
    ]


def create_rule(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = aws.call(
        "create_rule",
        service=SERVICE,
        ListenerArn=inputs["listenerArn"],
        Priority=inputs["priority"],
        Conditions=conditions_asked(inputs),
        Actions=asked_actions(inputs["actions"]),
        Tags=tag_list(tags) or None,
    )
    return str(made["Rules"][0]["RuleArn"])


def listener_of(arn: str) -> str:
    """A rule's ARN is that of its listener, and one part more."""
    return arn.replace(":listener-rule/", ":listener/").rpartition("/")[0]


def read_rule(aws: Aws, arn: str, state: State) -> State | None:
    shown = aws.one("describe_rules", "Rules", service=SERVICE, RuleArns=[arn])
    if shown is None:
        return None
    by_field = {field: (name, config) for name, (field, config) in CONDITIONS.items()}
    return {
        "listenerArn": listener_of(arn),
        "priority": int(shown["Priority"]),
        "conditions": [
            {by_field[each["Field"]][0]: {"values": each[by_field[each["Field"]][1]]["Values"]}}
            for each in listed(shown, "Conditions")
        ],
        "actions": shown_actions(shown, "Actions", state.get("actions")),
        "arn": arn,
        "tags": tags_on(aws, arn),
    }


def find_rule(aws: Aws, inputs: Properties) -> str | None:
    """The one of that priority: a listener has one for each."""
    listener = inputs["listenerArn"]
    try:
        every = aws.listed("describe_rules", "Rules", service=SERVICE, ListenerArn=listener)
    except Refused as refused:
        if refused.not_found:
            return None
        raise
    wanted = str(inputs["priority"])
    return next((str(each["RuleArn"]) for each in every if each["Priority"] == wanted), None)


def change_rule(aws: Aws, arn: str, old: State, new: Properties) -> None:
    aws.call(
        "modify_rule",
        service=SERVICE,
        RuleArn=arn,
        Conditions=conditions_asked(new),
        Actions=asked_actions(new["actions"]),
    )


def delete_rule(aws: Aws, arn: str, state: State) -> None:
    aws.gone("delete_rule", service=SERVICE, RuleArn=arn)


def strange_conditions(inputs: Properties) -> Mapping[str, str]:
    for each in inputs.get("conditions") or ():
        if not isinstance(each, Mapping):
            continue
        said_of = [key for key, value in each.items() if value]
        if more := sorted(key for key in said_of if key not in CONDITIONS):
            return {"conditions": f"the local AWS has no condition {', '.join(more)}"}
        if len(said_of) != 1:
            return {"conditions": f"each needs exactly one of {', '.join(CONDITIONS)}"}
    return strange_actions(inputs, "actions")


KINDS = (
    Kind(
        token="aws:lb/listener:Listener",
        properties=LISTENER,
        outputs=("arn",),
        create=create_listener,
        read=read_listener,
        delete=delete_listener,
        update=change_listener,
        retag=retag,
        problems=lambda inputs: strange_actions(inputs, "defaultActions"),
        refused=dict.fromkeys(
            ("certificateArn", "sslPolicy", "alpnPolicy"), "the local AWS has no certificates"
        ),
    ),
    Kind(
        token="aws:lb/listenerRule:ListenerRule",
        properties=RULE,
        outputs=("arn",),
        create=create_rule,
        read=read_rule,
        delete=delete_rule,
        update=change_rule,
        find=find_rule,
        retag=retag,
        problems=strange_conditions,
    ),
)
