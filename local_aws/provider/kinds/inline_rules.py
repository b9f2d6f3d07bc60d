"""Rules of a security group as its program lists them: each source of each rule is one of AWS's.

Two lists are the same whatever they join: one rule of two blocks is two rules of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws

SOURCES: Final = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}
"""What a program calls a list of sources, and the member of IpPermission with its key."""
NAMES: Final = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
WITH_PORTS: Final = ("tcp", "udp", "icmp", "icmpv6")
DIRECTIONS: Final = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


def protocol(value: Any) -> str:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"""
    said = str(value).lower()
    return NAMES.get(said, said)


@dataclass(frozen=True, order=True)
class One:
    """One rule as AWS has it."""

    protocol: str
    first: int  # 0 where the protocol has no ports
    last: int
    kind: str  # of SOURCES; `self` where the group itself is meant
    source: str
    description: str

    def permission(self, group: str) -> dict[str, Any]:
        kind = "securityGroups" if self.kind == "self" else self.kind
        member, key = SOURCES[kind]
        source = {key: group if self.kind == "self" else self.source}
        if self.description:
            source["Description"] = self.description
        permission: dict[str, Any] = {"IpProtocol": self.protocol, member: [source]}
        if self.protocol in WITH_PORTS:
            permission.update(FromPort=self.first, ToPort=self.last)
        return permission


def block(text: Any) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return str(text)


def ones(rules: Any) -> Any:
    """The rules that a list of a program's comes to; anything else as it is."""
    if not isinstance(rules, list):
        return rules
    found = set()
    for rule in rules:
        said = protocol(rule.get("protocol"))
        ports = (number(rule, "fromPort"), number(rule, "toPort")) if said in WITH_PORTS else (0, 0)
        text = str(rule.get("description") or "")
        for kind in SOURCES:
            for source in rule.get(kind) or ():
                where = block(source) if kind.endswith("Blocks") else str(source)
                found.add(One(said, *ports, kind, where, text))
        if rule.get("self"):
            found.add(One(said, *ports, "self", "", text))
    return sorted(found)


def number(rule: Mapping[str, Any], name: str) -> int:
    return int(rule.get(name) or 0)


def shown_ones(shown: Answer | None, group: str, direction: str) -> list[One]:
    found = []
    for held in listed(shown, DIRECTIONS[direction]):
        said = protocol(held["IpProtocol"])
        ports = (int(held["FromPort"]), int(held["ToPort"])) if said in WITH_PORTS else (0, 0)
        for kind, (member, key) in SOURCES.items():
            for source in listed(held, member):
                mine = kind == "securityGroups" and source[key] == group
                where = "" if mine else str(source[key])
                text = str(source.get("Description") or "")
                found.append(One(said, *ports, "self" if mine else kind, where, text))
    return sorted(found)


def as_listed(found: Iterable[One]) -> list[dict[str, Any]]:
    """As Terraform shows them: what differs in the source alone is one."""
    joined: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in found:
        key = (one.protocol, one.first, one.last, one.description)
        rule = joined.setdefault(
            key,
            {
                "protocol": one.protocol,
                "fromPort": one.first,
                "toPort": one.last,
                "description": one.description,
                "self": False,
                **{kind: [] for kind in SOURCES},
            },
        )
        if one.kind == "self":
            rule["self"] = True
        else:
            rule[one.kind].append(one.source)
    return list(joined.values())


def find_group(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_security_groups", "SecurityGroups", GroupIds=[name])


def set_rules(aws: Aws, name: str, direction: str, rules: Any) -> None:
    """A group comes to have these rules and no others."""
    held = set(shown_ones(find_group(aws, name), name, direction))
    wanted = set(ones(rules))
    change(aws, name, direction, "revoke", held - wanted)
    change(aws, name, direction, "authorize", wanted - held)


def change(aws: Aws, name: str, direction: str, verb: str, which: Iterable[One]) -> None:
    permissions = [one.permission(name) for one in sorted(which)]
    if permissions:
        aws.call(f"{verb}_security_group_{direction}", GroupId=name, IpPermissions=permissions)
