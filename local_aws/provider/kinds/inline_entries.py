"""Entries of a network ACL as its program lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds.inline_rules import block

LAST_RULE: Final = 32766  # above it stand the implicit denials
NUMBERS: Final = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
WITH_PORTS: Final = ("6", "17")
ICMP: Final = ("1", "58")
Alike = tuple[int, str, str, str, int, int, int, int]
"""Number, protocol, action, block, ports, type and code: zeros where there are none."""


def number(protocol: Any) -> str:
    said = str(protocol).lower()
    return NUMBERS.get(said, said)


def alike(entry: Mapping[str, Any]) -> Alike:
    def said(name: str, of: tuple[str, ...]) -> int:
        return int(entry.get(name) or 0) if number(entry.get("protocol")) in of else 0

    return (
        int(entry["ruleNo"]),
        number(entry.get("protocol")),
        str(entry.get("action")).lower(),
        block(entry.get("cidrBlock") or entry.get("ipv6CidrBlock") or ""),
        said("fromPort", WITH_PORTS),
        said("toPort", WITH_PORTS),
        said("icmpType", ICMP),
        said("icmpCode", ICMP),
    )


def entries_alike(entries: Any) -> Any:
    """The same in whichever order, with a protocol's name or number."""
    return sorted(map(alike, entries)) if isinstance(entries, list) else entries


def as_listed(shown: Answer | None, egress: bool) -> list[dict[str, Any]]:
    return [
        as_said(entry)
        for entry in listed(shown, "Entries")
        if entry["RuleNumber"] <= LAST_RULE and entry["Egress"] == egress
    ]


def as_said(entry: Answer) -> dict[str, Any]:
    ports = entry["PortRange"] if entry["Protocol"] in WITH_PORTS else {"From": 0, "To": 0}
    icmp = entry["IcmpTypeCode"] if entry["Protocol"] in ICMP else {"Type": 0, "Code": 0}
    wide = entry.get("Ipv6CidrBlock")
    return {
        "ruleNo": entry["RuleNumber"],
        "protocol": entry["Protocol"],
        "action": entry["RuleAction"],
        "cidrBlock": "" if wide else entry["CidrBlock"],
        "ipv6CidrBlock": wide or "",
        "fromPort": ports["From"],
        "toPort": ports["To"],
        "icmpType": icmp["Type"],
        "icmpCode": icmp["Code"],
    }


def set_entries(
    aws: Aws, name: str, egress: bool, entries: list[dict[str, Any]], shown: Answer | None
) -> None:
    """A list comes to have these entries in a direction, and no others."""
    held = {each[0]: each for each in entries_alike(as_listed(shown, egress))}
    wanted = {each[0]: each for each in entries_alike(entries)}
    for rule in held.keys() - wanted.keys():
        aws.gone("delete_network_acl_entry", NetworkAclId=name, RuleNumber=rule, Egress=egress)
    for rule, entry in wanted.items():
        if held.get(rule) != entry:
            verb = "replace" if rule in held else "create"
            aws.call(f"{verb}_network_acl_entry", NetworkAclId=name, **sent(entry, egress))


def sent(entry: Alike, egress: bool) -> dict[str, Any]:
    rule, protocol, action, where, first, last, kind, code = entry
    found: dict[str, Any] = {
        "RuleNumber": rule,
        "Egress": egress,
        "Protocol": protocol,
        "RuleAction": action,
        "Ipv6CidrBlock" if ":" in where else "CidrBlock": where,
    }
    if protocol in WITH_PORTS:
        found["PortRange"] = {"From": first, "To": last}
    if protocol in ICMP:
        found["IcmpTypeCode"] = {"Type": kind, "Code": code}
    return found
