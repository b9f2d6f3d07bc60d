"""Security groups: names, rules, and what may be deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import (
    InvalidPermissionDuplicateError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)

from local_aws.strict.rules import Request, Result, amends, answers, invalid, refusal, refuses
from local_aws.strict.values import (
    PROTOCOL_NAMES,
    canonical,
    check_port_range,
    protocol_number,
)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
GROUP_TEXT = re.compile(r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
RULE_TEXT = re.compile(r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")

AUTHORIZE = ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
REVOKE = ("RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
SOURCES = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")


@refuses("CreateSecurityGroup")
def a_name_is_of_allowed_characters(request: Request) -> None:
    name = request.params.get("GroupName", "")
    description = request.params.get("Description", "")
    if name.lower().startswith("sg-"):
        raise invalid(f"Invalid value '{name}' for groupName. It may not start with 'sg-'.")
    for field, text in (("groupName", name), ("groupDescription", description)):
        if not text.strip():
            raise refusal("MissingParameter", f"The request must contain the parameter {field}")
        if not GROUP_TEXT.fullmatch(text):
            raise invalid(
                f"Invalid value for {field}. Character sets beyond a-z, A-Z, 0-9, spaces, and"
                " ._-:/()#,@[]+=&;{}!$* are not supported, nor more than 255 characters."
            )


def permissions(request: Request) -> list[dict[str, Any]]:
    """The rules of the call; one written with top-level fields is rewritten as a list of one.

    Empty, when the call names rules by their ids.
    """
    params = request.params
    if "IpPermissions" not in params and "IpProtocol" in params:
        single: dict[str, Any] = {
            key: params.pop(key) for key in ("IpProtocol", "FromPort", "ToPort") if key in params
        }
        if "CidrIp" in params:
            single["IpRanges"] = [{"CidrIp": params.pop("CidrIp")}]
        params["IpPermissions"] = [single]
    listed: list[dict[str, Any]] = params.get("IpPermissions", [])
    return listed


@refuses(*AUTHORIZE)
def a_rule_is_complete(request: Request) -> None:
    if not permissions(request):
        raise refusal("MissingParameter", "The request must contain the parameter ipPermissions")
    for permission in permissions(request):
        check_rule_ports(permission)
        if not any(permission.get(source) for source in SOURCES):
            raise refusal(
                "MissingParameter",
                "The request must contain at least one of: ipRanges, ipv6Ranges, groups, "
                "prefixListIds",
            )
        for source in SOURCES:
            for entry in permission.get(source, []):
                check_description(entry.get("Description"))


@refuses(*AUTHORIZE, *REVOKE)
def cidrs_are_canonical(request: Request) -> None:
    for permission in permissions(request):
        for entry in permission.get("IpRanges", []):
            entry["CidrIp"] = canonical(entry.get("CidrIp", ""), 4)
        for entry in permission.get("Ipv6Ranges", []):
            entry["CidrIpv6"] = canonical(entry.get("CidrIpv6", ""), 6)


@refuses(*AUTHORIZE)
def a_named_group_is_of_the_vpc_or_of_one_that_it_is_joined_to(request: Request) -> None:
    """By an active peering of one Region, or by a transit gateway.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    """
    own = request.cloud.get_security_group_from_id(request.params.get("GroupId") or "")
    for permission in permissions(request) if own is not None else ():
        for pair in permission.get("UserIdGroupPairs", []):
            named = request.cloud.get_security_group_from_id(pair.get("GroupId") or "")
            if named is not None and not are_joined(request.cloud, own.vpc_id, named.vpc_id):
                raise refusal(
                    "InvalidGroup.NotFound",
                    "You have specified two resources that belong to different networks.",
                )


def are_joined(cloud: Any, one: str, other: str) -> bool:
    if one == other:
        return True
    peered = any(
        {each.vpc.id, each.peer_vpc.id} == {one, other} and each._status.code == "active"
        for each in cloud.vpc_pcxs.values()
    )
    attached = {each.resource_id for each in cloud.transit_gateway_attachments.values()}
    return peered or {one, other} <= attached


def check_rule_ports(permission: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"""
    if "IpProtocol" not in permission:
        raise invalid(
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols"
            " explicitly."
        )
    number = protocol_number(permission["IpProtocol"])
    permission["IpProtocol"] = PROTOCOL_NAMES.get(number, number)
    first, last = permission.get("FromPort"), permission.get("ToPort")
    if number in ("6", "17"):
        check_port_range(first, last)
    elif number in ("1", "58"):
        # For ICMP these are type and code, -1 for any.
        for value in (first, last):
            if value is not None and not -1 <= int(value) <= 255:
                raise invalid(f"ICMP code and type must be -1 to 255, not {value}")
        permission["FromPort"] = -1 if first is None else first
        permission["ToPort"] = -1 if last is None else last
    else:  # every other protocol has no ports: AWS ignores what was said
        permission["FromPort"] = permission["ToPort"] = -1


def check_description(text: str | None) -> None:
    if text and not RULE_TEXT.fullmatch(text):
        raise invalid(
            "Invalid rule description. Valid descriptions are strings less than 256 characters"
            " from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
        )


def every_group(cloud: Any) -> Iterator[Any]:
    for groups in cloud.groups.values():
        yield from groups.values()


@amends(*AUTHORIZE)
def a_rule_by_prefix_list_keeps_what_is_said_of_it(request: Request, result: Result) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PrefixListId.html"""
    said = {
        entry["PrefixListId"]: entry["Description"]
        for permission in permissions(request)
        for entry in permission.get("PrefixListIds", [])
        if entry.get("Description")
    }
    for rule in result.get("SecurityGroupRules") or []:
        if rule.prefix_list_id in said:
            rule.ip_range = {"Description": said[rule.prefix_list_id]}


@refuses("DeleteSecurityGroup")
def a_group_in_use_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html"""
    named = request.params.get("GroupId") or request.params.get("GroupName")
    group = request.cloud.get_security_group_by_name_or_id(named)
    if group is None:
        return  # moto answers that it does not exist
    if group.is_default:
        raise refusal(
            "CannotDelete",
            f'the specified group: "{group.id}" name: "default" cannot be deleted by a user',
        )
    referenced = any(
        rule.source_group.get("GroupId") == group.id
        for other in every_group(request.cloud)
        if other.id != group.id
        for rule in (*other.ingress_rules, *other.egress_rules)
    )
    used = any(group in interface.group_set for interface in request.cloud.enis.values())
    if referenced or used:
        raise refusal("DependencyViolation", f"resource {group.id} has a dependent object")


@answers("ModifySecurityGroupRules")
def modify_rules(request: Request) -> Result:
    """Every field of a rule; moto changes ports and IPv4 CIDRs only.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
    """
    group_id = request.params["GroupId"]
    group = request.cloud.get_security_group_from_id(group_id)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(group_id)
    for change in request.params["SecurityGroupRules"]:
        rule = group.get_rule(change["SecurityGroupRuleId"])
        if rule is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(change["SecurityGroupRuleId"])
        change_rule(request, group, rule, change.get("SecurityGroupRule", {}))
    return {"Return": True}


def change_rule(request: Request, group: Any, rule: Any, wanted: dict[str, Any]) -> None:
    kinds = {
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupId": rule.source_group.get("GroupId"),
    }
    said = [kind for kind in kinds if wanted.get(kind)]
    if len(said) != 1:
        raise refusal(
            "MissingParameter", f"The request must contain exactly one of: {', '.join(kinds)}"
        )
    kind = said[0]
    if not kinds[kind]:
        raise invalid(
            f"Invalid rule type for security group rule '{rule.id}': it has no {kind} to change."
        )
    check_rule_ports(wanted)
    check_description(wanted.get("Description"))
    changed = rule.__deepcopy__({})
    changed.ip_protocol = wanted["IpProtocol"]
    has_ports = wanted["IpProtocol"] != "-1"
    changed.from_port = int(wanted["FromPort"]) if has_ports else None
    changed.to_port = int(wanted["ToPort"]) if has_ports else None
    description = {"Description": wanted["Description"]} if wanted.get("Description") else {}
    if kind == "CidrIpv4":
        changed.ip_range = {"CidrIp": canonical(wanted[kind], 4), **description}
    elif kind == "CidrIpv6":
        changed.ip_range = {"CidrIpv6": canonical(wanted[kind], 6), **description}
    elif kind == "PrefixListId":
        changed.ip_range = description
    elif kind == "ReferencedGroupId":
        if request.cloud.get_security_group_from_id(wanted[kind]) is None:
            raise InvalidSecurityGroupNotFoundError(wanted[kind])
        changed.source_group = {**rule.source_group, "GroupId": wanted[kind], **description}
        if not description:
            changed.source_group.pop("Description", None)
    rules = group.egress_rules if rule.is_egress else group.ingress_rules
    if any(other == changed for other in rules if other.id != rule.id):
        raise InvalidPermissionDuplicateError()
    rules[rules.index(rule)] = changed
