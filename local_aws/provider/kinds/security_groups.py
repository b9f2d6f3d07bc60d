"""Security groups, the default one, and rules that stand alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.answers import listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.inline_rules import (
    DIRECTIONS,
    as_listed,
    find_group,
    ones,
    protocol,
    set_rules,
    shown_ones,
)
from local_aws.provider.refusals import Refused, Unsure
from local_aws.provider.table import (
    Create,
    Delete,
    Kind,
    Property,
    Read,
    State,
    made_by,
    shown_by,
    tag_list,
    tags_of,
)
from local_aws.wire import Properties

GROUP = (
    Property("name", "GroupName", replaces=True),
    Property("description", "Description", default="Managed by Pulumi", replaces=True),
    Property("vpcId", "VpcId", replaces=True, computed=True),
    Property("revokeRulesOnDelete", default=False),
    Property("ingress", computed=True, canonical=ones),
    Property("egress", computed=True, canonical=ones),
)


def revoke_everything(aws: Aws, name: str, directions: tuple[str, ...]) -> None:
    shown = find_group(aws, name)
    for direction in directions:
        held = listed(shown, "IpPermissions" if direction == "ingress" else "IpPermissionsEgress")
        if held:
            aws.call(f"revoke_security_group_{direction}", GroupId=name, IpPermissions=held)


def begin(aws: Aws, name: str, inputs: Properties) -> None:
    """As the real provider does: a new group says nothing, until a rule says it."""
    if inputs.get("egress") is None:
        revoke_everything(aws, name, ("egress",))
    list_rules(aws, name, {}, inputs)


def list_rules(aws: Aws, name: str, old: State, new: Properties) -> None:
    for direction in DIRECTIONS:
        if new.get(direction) is not None:
            set_rules(aws, name, direction, new[direction])


def delete_group(aws: Aws, name: str, state: State) -> None:
    if state.get("revokeRulesOnDelete"):
        revoke_everything(aws, name, ("ingress", "egress"))
    aws.gone("delete_security_group", GroupId=name)


DEFAULT_GROUP = (
    Property("vpcId", replaces=True, computed=True),
    Property("ingress", computed=True, canonical=ones),
    Property("egress", computed=True, canonical=ones),
    Property("revokeRulesOnDelete", default=False),
)


def adopt_default_group(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    vpc_id = inputs.get("vpcId")
    if vpc_id is None:
        raise Refused(
            "", "the local AWS closes the default group of a VPC that you name: give vpcId"
        )
    shown = aws.one(
        "describe_security_groups",
        "SecurityGroups",
        Filters=filters(vpc_id=vpc_id, group_name="default"),
    )
    if shown is None:
        raise Refused("InvalidGroup.NotFound", f"{vpc_id} has no default security group")
    name = str(shown["GroupId"])
    for direction in DIRECTIONS:
        set_rules(aws, name, direction, inputs.get(direction) or [])
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def read_default_group(aws: Aws, name: str, state: State) -> State | None:
    shown = find_group(aws, name)
    if shown is None:
        return None
    return {
        "vpcId": shown["VpcId"],
        **{each: as_listed(shown_ones(shown, name, each)) for each in DIRECTIONS},
        "name": shown["GroupName"],
        "description": shown["Description"],
        "ownerId": shown["OwnerId"],
        "arn": aws.arn("security-group", name),
        "tags": tags_of(shown),
    }


SOURCES = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
}
RULE = (
    Property("securityGroupId", required=True, replaces=True),
    *(Property(name) for name in SOURCES),
    Property("ipProtocol", required=True, canonical=protocol),
    Property("fromPort"),
    Property("toPort"),
    Property("description"),
)


def source_of(inputs: Mapping[str, Any]) -> str | None:
    return next((name for name in SOURCES if inputs.get(name) is not None), None)


def one_source(inputs: Properties) -> Mapping[str, str]:
    given = [name for name in SOURCES if inputs.get(name) is not None]
    if len(given) == 1:
        return {}
    return {given[0] if given else "cidrIpv4": f"give exactly one of {', '.join(SOURCES)}"}


def permission_of(inputs: Properties) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": inputs["ipProtocol"]}
    if protocol(inputs["ipProtocol"]) != "-1":
        for name, member in (("fromPort", "FromPort"), ("toPort", "ToPort")):
            if inputs.get(name) is not None:
                permission[member] = inputs[name]
    text = {"Description": inputs["description"]} if inputs.get("description") else {}
    source = source_of(inputs)
    if source == "cidrIpv4":
        permission["IpRanges"] = [{"CidrIp": inputs[source], **text}]
    elif source == "cidrIpv6":
        permission["Ipv6Ranges"] = [{"CidrIpv6": inputs[source], **text}]
    elif source == "prefixListId":
        permission["PrefixListIds"] = [{"PrefixListId": inputs[source], **text}]
    elif source is not None:
        permission["UserIdGroupPairs"] = [{"GroupId": inputs[source], **text}]
    return permission


def create_rule(direction: str) -> Create:
    def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        named: dict[str, Any] = {}
        if tags:
            named["TagSpecifications"] = [
                {"ResourceType": "security-group-rule", "Tags": tag_list(tags)}
            ]
        answer = aws.call(
            f"authorize_security_group_{direction}",
            GroupId=inputs["securityGroupId"],
            IpPermissions=[permission_of(inputs)],
            **named,
        )
        made = answer["SecurityGroupRules"]
        if not made:
            raise Unsure("", "the answer has no rule that was made")
        return str(made[0]["SecurityGroupRuleId"])

    return create


def read_rule(egress: bool) -> Read:
    def read(aws: Aws, name: str, state: State) -> State | None:
        shown = aws.one(
            "describe_security_group_rules", "SecurityGroupRules", SecurityGroupRuleIds=[name]
        )
        if shown is None or bool(shown["IsEgress"]) != egress:
            return None
        return {
            "securityGroupId": shown["GroupId"],
            "cidrIpv4": shown.get("CidrIpv4"),
            "cidrIpv6": shown.get("CidrIpv6"),
            "prefixListId": shown.get("PrefixListId"),
            "referencedSecurityGroupId": shown.get("ReferencedGroupInfo", {}).get("GroupId"),
            "ipProtocol": shown["IpProtocol"],
            "fromPort": _port(shown, "FromPort", state, "fromPort"),
            "toPort": _port(shown, "ToPort", state, "toPort"),
            "description": shown.get("Description"),
            "arn": shown.get("SecurityGroupRuleArn"),
            "securityGroupRuleId": name,
            "tags": tags_of(shown),
        }

    return read


def _port(shown: Any, member: str, state: State, name: str) -> Any:
    """AWS answers -1 where nobody said a port: the real provider keeps that nobody did.

    Of what is imported nobody knows, and -1 means something in ICMP alone.
    """
    if shown["IpProtocol"] == "-1":
        return None
    port = shown.shown(member)
    unsaid = state.get(name) is None if state else shown["IpProtocol"] not in ("icmp", "icmpv6")
    return None if port == -1 and unsaid else port


def change_rule(aws: Aws, name: str, old: State, new: Properties) -> None:
    rule: dict[str, Any] = {
        "IpProtocol": new["ipProtocol"],
        "FromPort": new.get("fromPort"),
        "ToPort": new.get("toPort"),
        "Description": new.get("description"),
    }
    source = source_of(new)
    if source is not None:
        rule[SOURCES[source]] = new[source]
    given = {key: value for key, value in rule.items() if value is not None}
    aws.call(
        "modify_security_group_rules",
        GroupId=new["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": name, "SecurityGroupRule": given}],
    )


def delete_rule(direction: str) -> Delete:
    def delete(aws: Aws, name: str, state: State) -> None:
        aws.gone(
            f"revoke_security_group_{direction}",
            GroupId=state["securityGroupId"],
            SecurityGroupRuleIds=[name],
        )

    return delete


def another_kind_of_source(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """AWS changes the value of a rule's source, not what kind of source it is."""
    return changed & SOURCES.keys() if source_of(state) != source_of(news) else frozenset()


def rule_kind(token: str, direction: str) -> Kind:
    return Kind(
        token=token,
        properties=RULE,
        outputs=("arn", "securityGroupRuleId"),
        create=create_rule(direction),
        read=read_rule(direction == "egress"),
        update=change_rule,
        delete=delete_rule(direction),
        problems=one_source,
        also_replaces=another_kind_of_source,
    )


_read_group: Callable[[Aws, str, State], State | None] = shown_by(
    "describe_security_groups",
    "GroupIds",
    "SecurityGroups",
    GROUP,
    {"ownerId": "OwnerId"},
    lambda aws, shown: {
        "arn": aws.arn("security-group", shown["GroupId"]),
        **{each: as_listed(shown_ones(shown, shown["GroupId"], each)) for each in DIRECTIONS},
    },
)


def read_group(aws: Aws, name: str, state: State) -> State | None:
    """Rules that its program does not list are other resources', and none of the group's state."""
    live = _read_group(aws, name, state)
    others = [each for each in DIRECTIONS if state and state.get(each) is None]
    return live and {key: value for key, value in live.items() if key not in others}


KINDS = (
    Kind(
        token="aws:ec2/securityGroup:SecurityGroup",
        properties=GROUP,
        outputs=("arn", "ownerId"),
        create=made_by("create_security_group", "GroupId", GROUP, "security-group"),
        after_create=begin,
        read=read_group,
        update=list_rules,
        delete=delete_group,
        autonamed="name",
        refused={"namePrefix": "give name, or nothing"},
    ),
    Kind(
        token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        properties=DEFAULT_GROUP,
        outputs=("arn", "description", "name", "ownerId"),
        create=adopt_default_group,
        read=read_default_group,
        update=list_rules,
        delete=lambda aws, name, state: None,  # it ends with its VPC
        made=False,
    ),
    rule_kind("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"),
    rule_kind("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"),
)
