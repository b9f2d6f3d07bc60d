"""What a listener, or a rule of it, does with what comes: forward, redirect, answer by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.wire import Properties

_REDIRECT: Final = {
    "host": "Host",
    "path": "Path",
    "port": "Port",
    "protocol": "Protocol",
    "query": "Query",
    "statusCode": "StatusCode",
}
_USUAL: Final = {
    "host": "#{host}",
    "path": "/#{path}",
    "port": "#{port}",
    "protocol": "#{protocol}",
    "query": "#{query}",
}
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html"""
_FIXED: Final = {
    "contentType": "ContentType",
    "messageBody": "MessageBody",
    "statusCode": "StatusCode",
}
_TYPES: Final = ("forward", "redirect", "fixed-response")
_KNOWN: Final = ("type", "order", "targetGroupArn", "forward", "redirect", "fixedResponse")


def shares(action: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Target groups and what part of it each is to have."""
    if action.get("targetGroupArn"):
        return [(str(action["targetGroupArn"]), 1)]
    said = (action.get("forward") or {}).get("targetGroups") or ()
    return sorted((str(each["arn"]), int(each.get("weight") or 1)) for each in said)


def as_actions(value: Any) -> Any:
    """However they are written: one target group may be said in two ways."""
    if not isinstance(value, list):
        return value
    return [
        (
            each.get("type"),
            [arn for arn, _ in held] if len(held := shares(each)) == 1 else held,
            sorted({**_USUAL, **_text(each["redirect"])}.items()) if each.get("redirect") else None,
            sorted(_text(each["fixedResponse"]).items()) if each.get("fixedResponse") else None,
        )
        for each in value
        if isinstance(each, Mapping)
    ]


def _text(said: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in said.items() if value not in (None, "")}


def asked_actions(said: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for each in said:
        action: dict[str, Any] = {"Type": each["type"]}
        if each.get("order"):
            action["Order"] = each["order"]
        if each["type"] == "forward" and each.get("targetGroupArn"):
            action["TargetGroupArn"] = each["targetGroupArn"]
        elif each["type"] == "forward":
            action["ForwardConfig"] = {
                "TargetGroups": [
                    {"TargetGroupArn": arn, "Weight": weight} for arn, weight in shares(each)
                ]
            }
        for name, member, keys in (
            ("redirect", "RedirectConfig", _REDIRECT),
            ("fixedResponse", "FixedResponseConfig", _FIXED),
        ):
            if each.get(name):
                action[member] = {
                    keys[key]: value for key, value in _text(each[name]).items() if key in keys
                }
        found.append(action)
    return found


def shown_actions(shown: Answer, field: str, known: Any) -> list[dict[str, Any]]:
    """As a program writes them; `known` is how they were: AWS does not leave out what was said."""
    before = list(known or ())
    return [
        shown_action(each, before[place] if place < len(before) else {})
        for place, each in enumerate(listed(shown, field))
    ]


def shown_action(each: Answer, known: Mapping[str, Any]) -> dict[str, Any]:
    action: dict[str, Any] = {"type": each["Type"]}
    groups = listed(each.inside("ForwardConfig"), "TargetGroups")
    if each["Type"] == "forward" and (each.get("TargetGroupArn") or not groups):
        action["targetGroupArn"] = each["TargetGroupArn"]
    elif each["Type"] == "forward":
        action["forward"] = {
            "targetGroups": [
                {"arn": one["TargetGroupArn"], "weight": one.get("Weight") or 1} for one in groups
            ]
        }
    for kind, name, member, keys in (
        ("redirect", "redirect", "RedirectConfig", _REDIRECT),
        ("fixed-response", "fixedResponse", "FixedResponseConfig", _FIXED),
    ):
        if each["Type"] == kind:
            held, said = each[member], known.get(name) or {}
            action[name] = {
                key: held[of] if said.get(key) else held.get(of)
                for key, of in keys.items()
                if said.get(key) or held.get(of)
            }
    return action


def strange_actions(inputs: Properties, name: str) -> Mapping[str, str]:
    """What the local AWS would not do as it is said."""
    for each in inputs.get(name) or ():
        if not isinstance(each, Mapping):
            continue
        kind = each.get("type")
        if isinstance(kind, str) and kind not in _TYPES:
            return {name: f"the local AWS has no action {kind}; it has: {', '.join(_TYPES)}"}
        if more := sorted(key for key, value in each.items() if value and key not in _KNOWN):
            return {name: f"the local AWS has no {', '.join(more)} of an action"}
        if (each.get("forward") or {}).get("stickiness"):
            return {name: "the local AWS has no stickiness between target groups"}
    return {}
