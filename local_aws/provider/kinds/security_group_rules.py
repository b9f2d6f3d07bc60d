"""aws.ec2.SecurityGroupRule, one resource of one or more of AWS's rules."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from local_aws.provider.aws import Aws
from local_aws.provider.kinds.inline_rules import (
    DIRECTIONS,
    SOURCES,
    One,
    change,
    find_group,
    ones,
    protocol,
    shown_ones,
)
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, unordered
from local_aws.wire import Properties

LISTS = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
RULE = (
    Property("type", required=True, replaces=True),
    Property("securityGroupId", required=True, replaces=True),
    Property("protocol", required=True, replaces=True, canonical=protocol),
    Property("fromPort", required=True, replaces=True),
    Property("toPort", required=True, replaces=True),
    *(Property(name, replaces=True, canonical=unordered) for name in LISTS),
    Property("sourceSecurityGroupId", replaces=True, computed=True),
    Property("self", replaces=True, default=False),
    Property("description"),
)


def rules_of(said: Mapping[str, Any]) -> list[One]:
    groups = [said["sourceSecurityGroupId"]] if said.get("sourceSecurityGroupId") else []
    own = str(said["securityGroupId"])
    rule = {
        **{name: said.get(name) for name in (*LISTS, "protocol", "fromPort", "toPort")},
        "description": said.get("description"),
        "securityGroups": [each for each in groups if each != own],
        "self": said.get("self") or own in groups,
    }
    found: list[One] = ones([rule])
    return found


def create_rule(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    wanted = rules_of(inputs)
    change(aws, str(inputs["securityGroupId"]), str(inputs["type"]), "authorize", wanted)
    return rule_id(inputs)


def rule_id(inputs: Properties) -> str:
    """Terraform's begins so, too: a checksum of what the rule says."""
    said = f"{inputs['securityGroupId']}-{inputs['type']}-{rules_of(inputs)}"
    return f"sgrule-{zlib.crc32(said.encode())}"


def read_rule(aws: Aws, name: str, state: State) -> State | None:
    if not state:
        state = imported(name)
    group, direction = str(state["securityGroupId"]), str(state["type"])
    shown = find_group(aws, group)
    if shown is None:
        return None
    held = {plain_of(one): one for one in shown_ones(shown, group, direction)}
    wanted = [plain_of(one) for one in rules_of(state)]
    if not all(one in held for one in wanted):
        return None
    live: State = {
        name: state.get(name)
        for name in ("type", "securityGroupId", "protocol", "fromPort", "toPort", *LISTS, "self")
    }
    live["sourceSecurityGroupId"] = state.get("sourceSecurityGroupId")
    live["description"] = held[wanted[0]].description or None
    return live


def plain_of(one: One) -> tuple[Any, ...]:
    """Without the description, which changes in place."""
    return (one.protocol, one.first, one.last, one.kind, one.source)


def imported(name: str) -> State:
    """sg-0123_ingress_tcp_8000_8000_10.0.3.0/24, with further sources behind further lines."""
    parts = name.split("_")
    if len(parts) < 6 or parts[1] not in DIRECTIONS:
        raise Refused(
            "", "import it by <group>_<type>_<protocol>_<first port>_<last port>_<source>"
        )
    group, direction, said, first, last, *sources = parts
    found: State = {
        "securityGroupId": group,
        "type": direction,
        "protocol": said,
        "fromPort": int(first),
        "toPort": int(last),
    }
    for source in sources:
        if source == "self":
            found["self"] = True
        elif source.startswith("sg-"):
            found["sourceSecurityGroupId"] = source
        else:
            kind = (
                "prefixListIds"
                if source.startswith("pl-")
                else ("ipv6CidrBlocks" if ":" in source else "cidrBlocks")
            )
            found.setdefault(kind, []).append(source)
    return found


def describe_rule(aws: Aws, name: str, old: State, new: Properties) -> None:
    """What is changed in place is the description alone."""
    if new.get("description") == old.get("description"):
        return
    group, direction = str(new["securityGroupId"]), str(new["type"])
    permissions = [one.permission(group) for one in rules_of(new)]
    aws.call(
        f"update_security_group_rule_descriptions_{direction}",
        GroupId=group,
        IpPermissions=permissions,
    )


def delete_rule(aws: Aws, name: str, state: State) -> None:
    group, direction = str(state["securityGroupId"]), str(state["type"])
    held = shown_ones(find_group(aws, group), group, direction)
    mine = {plain_of(one) for one in rules_of(state)}
    change(aws, group, direction, "revoke", [one for one in held if plain_of(one) in mine])


def a_direction_and_sources(inputs: Properties) -> Mapping[str, str]:
    found = {}
    if inputs.get("type") not in (*DIRECTIONS, None):
        found["type"] = f"give one of {', '.join(DIRECTIONS)}"
    if not any(inputs.get(name) for name in (*SOURCES, "self", "sourceSecurityGroupId")):
        found["cidrBlocks"] = f"give one of {', '.join((*LISTS, 'sourceSecurityGroupId', 'self'))}"
    return found


KINDS = (
    Kind(
        token="aws:ec2/securityGroupRule:SecurityGroupRule",
        properties=RULE,
        outputs=("securityGroupRuleId",),
        create=create_rule,
        read=read_rule,
        update=describe_rule,
        delete=delete_rule,
        find=lambda aws, inputs: rule_id(inputs),
        taggable=False,
        problems=a_direction_and_sources,
    ),
)
