"""Network ACLs, the default one, rules that stand alone, and associations."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.inline_entries import (
    as_listed,
    entries_alike,
    number,
    set_entries,
)
from local_aws.provider.refusals import Refused
from local_aws.provider.table import (
    Kind,
    Property,
    State,
    made_by,
    shown_by,
    tag_list,
    tags_of,
    unordered,
)
from local_aws.wire import Properties

DIRECTIONS = {"ingress": False, "egress": True}


def find_acl(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_network_acls", "NetworkAcls", NetworkAclIds=[name])


def default_acl_of(aws: Aws, vpc_id: str) -> str:
    shown = aws.one(
        "describe_network_acls", "NetworkAcls", Filters=filters(vpc_id=vpc_id, default="true")
    )
    if shown is None:
        raise Refused("InvalidNetworkAclID.NotFound", f"{vpc_id} has no default network ACL")
    return str(shown["NetworkAclId"])


def delete_acl(aws: Aws, name: str, state: State) -> None:
    """Its subnets go back to the default ACL first, as the real provider has it."""
    shown = find_acl(aws, name)
    for held in listed(shown, "Associations"):
        aws.call(
            "replace_network_acl_association",
            AssociationId=held["NetworkAclAssociationId"],
            NetworkAclId=default_acl_of(aws, shown["VpcId"]) if shown else None,
        )
    aws.gone("delete_network_acl", NetworkAclId=name)


ACL = (
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("subnetIds", computed=True, canonical=unordered),
    *(Property(name, computed=True, canonical=entries_alike) for name in DIRECTIONS),
)
DEFAULT_ACL = (
    Property("defaultNetworkAclId", required=True, replaces=True),
    Property("subnetIds", computed=True, canonical=unordered),
    *(Property(name, computed=True, canonical=entries_alike) for name in DIRECTIONS),
)


def list_entries(aws: Aws, name: str, old: State, new: Properties) -> None:
    """What the program does not list is other resources'."""
    for direction, egress in DIRECTIONS.items():
        if new.get(direction) is not None:
            set_entries(aws, name, egress, new[direction], find_acl(aws, name))
    if new.get("subnetIds") is not None:
        set_subnets(aws, name, new["subnetIds"])


def set_subnets(aws: Aws, name: str, subnets: list[str]) -> None:
    shown = find_acl(aws, name)
    held = {each["SubnetId"]: each for each in listed(shown, "Associations")}
    for subnet in subnets:
        if subnet not in held:
            create_association(aws, {"networkAclId": name, "subnetId": subnet}, {})
    for subnet, association in held.items():
        if subnet not in subnets and shown is not None and not shown.get("IsDefault"):
            aws.call(
                "replace_network_acl_association",
                AssociationId=association["NetworkAclAssociationId"],
                NetworkAclId=default_acl_of(aws, shown["VpcId"]),
            )


_read_acl = shown_by(
    "describe_network_acls",
    "NetworkAclIds",
    "NetworkAcls",
    (ACL[0],),
    {"ownerId": "OwnerId"},
    lambda aws, shown: {
        "arn": aws.arn("network-acl", shown["NetworkAclId"]),
        "subnetIds": [each["SubnetId"] for each in listed(shown, "Associations")],
        **{name: as_listed(shown, egress) for name, egress in DIRECTIONS.items()},
    },
)


def read_acl(aws: Aws, name: str, state: State) -> State | None:
    live = _read_acl(aws, name, state)
    others = [each for each in (*DIRECTIONS, "subnetIds") if state and state.get(each) is None]
    return live and {key: value for key, value in live.items() if key not in others}


def adopt_default_acl(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["defaultNetworkAclId"])
    if find_acl(aws, name) is None:
        raise Refused("InvalidNetworkAclID.NotFound", f"there is no network ACL {name}")
    for direction, egress in DIRECTIONS.items():
        set_entries(aws, name, egress, inputs.get(direction) or [], find_acl(aws, name))
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def read_default_acl(aws: Aws, name: str, state: State) -> State | None:
    shown = find_acl(aws, name)
    if shown is None:
        return None
    return {
        "defaultNetworkAclId": name,
        "vpcId": shown["VpcId"],
        "ownerId": shown.get("OwnerId"),
        "arn": aws.arn("network-acl", name),
        "subnetIds": [each["SubnetId"] for each in listed(shown, "Associations")],
        **{each: as_listed(shown, egress) for each, egress in DIRECTIONS.items()},
        "tags": tags_of(shown),
    }


RULE = (
    Property("networkAclId", required=True, replaces=True),
    Property("ruleNumber", required=True, replaces=True),
    Property("egress", replaces=True, default=False),
    Property("protocol", required=True, replaces=True, canonical=number),
    Property("ruleAction", required=True, replaces=True, canonical=lambda said: str(said).lower()),
    Property("cidrBlock", replaces=True),
    Property("ipv6CidrBlock", replaces=True),
    Property("fromPort", replaces=True, default=0),
    Property("toPort", replaces=True, default=0),
    Property("icmpType", replaces=True, default=0),
    Property("icmpCode", replaces=True, default=0),
)


PORTS = {"fromPort": "From", "toPort": "To"}
ICMP = {"icmpType": "Type", "icmpCode": "Code"}


def one_family(inputs: Properties) -> Mapping[str, str]:
    if (inputs.get("cidrBlock") is None) == (inputs.get("ipv6CidrBlock") is None):
        return {"cidrBlock": "give exactly one of cidrBlock and ipv6CidrBlock"}
    return {}


def create_entry(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    acl_id, rule, protocol = (
        inputs["networkAclId"],
        inputs["ruleNumber"],
        number(inputs["protocol"]),
    )
    egress = bool(inputs.get("egress", False))
    arguments: dict[str, Any] = {}
    if protocol in ("6", "17"):
        arguments["PortRange"] = {"From": inputs.get("fromPort", 0), "To": inputs.get("toPort", 0)}
    if protocol in ("1", "58"):
        # Terraform sends zeros for what the program does not say.
        arguments["IcmpTypeCode"] = {
            "Type": inputs.get("icmpType", 0),
            "Code": inputs.get("icmpCode", 0),
        }
    aws.call(
        "create_network_acl_entry",
        NetworkAclId=acl_id,
        RuleNumber=rule,
        Egress=egress,
        Protocol=protocol,
        RuleAction=str(inputs["ruleAction"]).lower(),
        CidrBlock=inputs.get("cidrBlock"),
        Ipv6CidrBlock=inputs.get("ipv6CidrBlock"),
        **arguments,
    )
    return entry_id(inputs)


def entry_id(inputs: Properties) -> str:
    """Terraform's: a checksum of what identifies the entry."""
    egress = str(bool(inputs.get("egress", False))).lower()
    key = f"{inputs['networkAclId']}-{inputs['ruleNumber']}-{egress}-{inputs['protocol']}-"
    return f"nacl-{zlib.crc32(key.encode())}"


def find_entry(aws: Aws, state: State) -> Answer | None:
    shown = find_acl(aws, state["networkAclId"])
    for entry in listed(shown, "Entries"):
        if entry["RuleNumber"] == state["ruleNumber"] and entry["Egress"] == bool(
            state.get("egress")
        ):
            return entry
    return None


def read_entry(aws: Aws, name: str, state: State) -> State | None:
    if not state and name.count(":") == 3:  # an import names acl:number:protocol:egress
        acl_id, rule, _, egress = name.split(":")
        state = {"networkAclId": acl_id, "ruleNumber": int(rule), "egress": egress == "true"}
    if not state:
        raise Refused("", "import an entry by <network ACL>:<rule number>:<protocol>:<egress>")
    entry = find_entry(aws, state)
    if entry is None:
        return None
    live: State = {
        "networkAclId": state["networkAclId"],
        "ruleNumber": entry["RuleNumber"],
        "egress": entry["Egress"],
        "protocol": entry["Protocol"],
        "ruleAction": entry["RuleAction"],
        "cidrBlock": entry.get("CidrBlock"),
        "ipv6CidrBlock": entry.get("Ipv6CidrBlock"),
    }
    # A protocol without ports shows none: then what was said stays said.
    live.update({name: state.get(name) for name in (*PORTS, *ICMP)})
    if number(entry["Protocol"]) in ("6", "17"):
        ports = entry.inside("PortRange")
        live.update({name: ports.shown(member) for name, member in PORTS.items()})
    if number(entry["Protocol"]) in ("1", "58"):
        icmp = entry.inside("IcmpTypeCode")
        live.update({name: icmp.shown(member) for name, member in ICMP.items()})
    return live


def delete_entry(aws: Aws, name: str, state: State) -> None:
    aws.gone(
        "delete_network_acl_entry",
        NetworkAclId=state["networkAclId"],
        RuleNumber=state["ruleNumber"],
        Egress=bool(state.get("egress")),
    )


ASSOCIATION = (
    Property("networkAclId", required=True, replaces=True),
    Property("subnetId", required=True, replaces=True),
)


def acl_with(aws: Aws, **by: str) -> tuple[Answer, Answer] | None:
    """The ACL and its association, found by the association's id or by the subnet's."""
    shown = aws.one("describe_network_acls", "NetworkAcls", Filters=filters(**by))
    if shown is None:
        return None
    for held in listed(shown, "Associations"):
        if set(by.values()) & {held["NetworkAclAssociationId"], held["SubnetId"]}:
            return shown, held
    return None


def create_association(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """A subnet always has an ACL, so to associate is to replace."""
    found = acl_with(aws, association__subnet_id=inputs["subnetId"])
    if found is None:
        raise Refused("InvalidSubnetID.NotFound", f"{inputs['subnetId']} has no network ACL")
    answer = aws.call(
        "replace_network_acl_association",
        AssociationId=found[1]["NetworkAclAssociationId"],
        NetworkAclId=inputs["networkAclId"],
    )
    return str(answer["NewAssociationId"])


def read_association(aws: Aws, name: str, state: State) -> State | None:
    found = acl_with(aws, association__association_id=name)
    if found is None:
        return None
    return {"networkAclId": found[0]["NetworkAclId"], "subnetId": found[1]["SubnetId"]}


def delete_association(aws: Aws, name: str, state: State) -> None:
    found = acl_with(aws, association__association_id=name)
    if found is not None:  # else the subnet has gone, or has another ACL by now
        aws.call(
            "replace_network_acl_association",
            AssociationId=name,
            NetworkAclId=default_acl_of(aws, found[0]["VpcId"]),
        )


KINDS = (
    Kind(
        token="aws:ec2/networkAcl:NetworkAcl",
        properties=ACL,
        outputs=("arn", "ownerId"),
        create=made_by("create_network_acl", "NetworkAcl.NetworkAclId", ACL, "network-acl"),
        once=True,
        after_create=lambda aws, name, inputs: list_entries(aws, name, {}, inputs),
        read=read_acl,
        update=list_entries,
        delete=delete_acl,
    ),
    Kind(
        token="aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        properties=DEFAULT_ACL,
        outputs=("arn", "ownerId", "vpcId"),
        create=adopt_default_acl,
        read=read_default_acl,
        update=list_entries,
        delete=lambda aws, name, state: None,  # it ends with its VPC
        made=False,
    ),
    Kind(
        token="aws:ec2/networkAclRule:NetworkAclRule",
        properties=RULE,
        outputs=(),
        create=create_entry,
        read=read_entry,
        delete=delete_entry,
        find=lambda aws, inputs: entry_id(inputs),
        taggable=False,
        problems=one_family,
    ),
    Kind(
        token="aws:ec2/networkAclAssociation:NetworkAclAssociation",
        properties=ASSOCIATION,
        outputs=(),
        create=create_association,
        read=read_association,
        delete=delete_association,
        taggable=False,
    ),
)
