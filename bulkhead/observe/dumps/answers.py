"""What one file of a dump answers: which keys it holds, and which it holds in part.

Most answers are a list under a key that names the kind ({"Vpcs": [...]}). Some say
nothing of what they are about, because whoever asked knew it: the entries of a
prefix list, the routes of a transit gateway's table. Those are `Loose`: what they
belong to is told by the place of the file, or by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bulkhead.observe.beside.calls import BESIDE_KEYS, FIREWALL_LOGGING
from bulkhead.observe.calls import (
    BALANCER_ATTRIBUTES,
    BLOCK_PUBLIC_ACCESS,
    DETAILS,
    FIREWALL_POLICIES,
    FIREWALLS,
    KEYS,
    LISTENER_ATTRIBUTES,
    LISTENERS,
    PREFIX_LIST_ENTRIES,
    RULE_GROUPS,
    TARGET_ATTRIBUTES,
    TARGET_HEALTH,
    TRANSIT_ASSOCIATIONS,
    TRANSIT_PROPAGATIONS,
    TRANSIT_ROUTES,
    Detail,
)
from bulkhead.observe.dumps.files import File
from bulkhead.observe.dumps.text import JsonText
from bulkhead.problems import Problem

TOKENS: Final = ("NextToken", "nextToken", "NextMarker", "Marker")
"""What AWS gives with an answer that is to be continued."""
_BESIDE: Final = ("AdditionalRoutesAvailable", "UpdateToken", "ResponseMetadata")
"""What says nothing of its own: interfaces name their public addresses themselves."""

_SINGLE: Final = {
    "Firewall": (FIREWALLS, ("Firewall", "FirewallStatus")),
    "FirewallPolicyResponse": (FIREWALL_POLICIES, ("FirewallPolicy", "FirewallPolicyResponse")),
    "RuleGroupResponse": (RULE_GROUPS, ("RuleGroup", "RuleGroupResponse")),
}
"""Answers about one thing, by the key that names it, with all the keys they have."""
_OTHER_NAMES: Final = {
    "LoadBalancerListeners": LISTENERS.key,
    "LoadBalancerTargetHealth": TARGET_HEALTH.key,
}
"""How Batfish's collector of snapshots calls them."""
_LOOSE: Final = {
    TRANSIT_PROPAGATIONS.answer: (TRANSIT_PROPAGATIONS, "TransitGatewayAttachmentId"),
    TRANSIT_ASSOCIATIONS.answer: (TRANSIT_ASSOCIATIONS, "TransitGatewayAttachmentId"),
    PREFIX_LIST_ENTRIES.answer: (PREFIX_LIST_ENTRIES, "Cidr"),
    TARGET_HEALTH.answer: (TARGET_HEALTH, "Target"),
    TARGET_ATTRIBUTES.answer: (TARGET_ATTRIBUTES, "Key"),
    "Routes": (TRANSIT_ROUTES, "TransitGatewayAttachments|Type|State"),
}
"""Key -> the question, and what every record of its answer has (one of these)."""
_ATTRIBUTES: Final = {
    "deregistration_delay": TARGET_ATTRIBUTES,
    "preserve_client_ip": TARGET_ATTRIBUTES,
    "tcp.idle_timeout.": LISTENER_ATTRIBUTES,
    "deletion_protection.": BALANCER_ATTRIBUTES,
}
"""Whose attributes an answer holds, by what one of them is called: all have the same key."""
_ASKED: Final = frozenset(detail.ask for detail in DETAILS)
"""What somebody wrote beside a loose answer: the id of what it is about."""
_FOREIGN: Final = ("ClientVpnEndpointId", "LocalGatewayRouteTableId", "RouteServerEndpointIds")
"""Marks of answers that only look like those: routes of other tables."""
_BY_POLICY: Final = "TransitGatewayPolicyTableId"
"""What tells the associations of a policy table from those of a route table."""

_NETWORK: Final = re.compile(
    r"vpc|subnet|gateway|route|firewall|vpn|peering|networkinterface|networkacl|securitygroup"
    r"|attachment|loadbalancer|listener|targetgroup|endpoint|virtualinterface|lattice"
    r"|accelerator|connectpeer|verifiedaccess|corenetwork",
    re.IGNORECASE,
)
_HARMLESS: Final = re.compile(
    r".*(Attributes?|Policies|Permissions|TagDescriptions|Metrics|Notification.*|Certificates"
    r"|Insights.*|AccessScope.*|Quotas|Types|Limits|FlowLogs|Ipam.*|DnsSupport|DnsHostnames"
    r"|AddressUsageMetrics|DhcpOptions|Announcements|ConnectionStatus|EncryptionControl)"
    r"|ServiceNames|ServiceDetails|ServiceConfigurations|SecurityGroupForVpcs"
    r"|StaleSecurityGroupSet|SecurityGroupReferenceSet|SecurityGroupVpcAssociations"
    r"|VpcEndpointConnections|VpcId|TransitGatewayMulticastDomains"
    r"|TransitGatewayPolicyTableEntries"
    r"|LoadBalancerDescriptions"
)
"""Keys that sound of networks but let no packet through and stop none, or only
repeat what other answers say."""
_CLASSIC: Final = frozenset({"ClassicLinkEnabled", "ClassicLinkDnsSupported"})
"""What describe-vpc-classic-link says of VPCs, under the same key as describe-vpcs."""
_AS_AWS_WRITES: Final = "leave the answer as the AWS CLI writes it"


@dataclass(frozen=True, slots=True)
class DumpRecord:
    """One record of an answer, and where it stands."""

    key: str
    value: Mapping[str, object]
    file: File
    text: JsonText
    path: tuple[str | int, ...]

    @property
    def line(self) -> int:
        return self.text.line(*self.path)


@dataclass(frozen=True, slots=True)
class Loose:
    """An answer that does not say what it is about."""

    detail: Detail
    item: DumpRecord


@dataclass(slots=True)
class FileContent:
    """What one file holds. `cut`: the keys whose answer goes on elsewhere."""

    file: File
    keys: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    items: list[DumpRecord] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    unmodelled: list[DumpRecord] = field(default_factory=list)
    beside: list[DumpRecord] = field(default_factory=list)
    beside_keys: set[str] = field(default_factory=set)
    """Of what only an audit asks; an answer may say that there is none of it."""
    ignored: list[str] = field(default_factory=list)
    harmless: bool = False
    public_access: Mapping[str, object] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_one(self) -> bool:
        found = self.keys or self.loose or self.unmodelled or self.problems
        return bool(found) or self.harmless


def identity(key: str, value: Mapping[str, object]) -> str | None:
    """The id of a record, as `Call.id` says where it stands."""
    call = KEYS[key]
    first = _at(value, call.id)
    if first is None or not call.also:
        return first
    return f"{first} {_at(value, call.also) or ''}"


def _at(value: Mapping[str, object], names: str) -> str | None:
    for name in names.split("|"):
        found: object = value
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str) and found:
            return found
    return None


def content(text: JsonText, file: File) -> FileContent:
    """Everything that a file answers; what is wrong with it is in `problems`."""
    found = FileContent(file)
    if not isinstance(text.value, Mapping):
        return found
    rest = {
        name: value
        for name, value in text.value.items()
        if name not in TOKENS and not (name in _ASKED and isinstance(value, str))
    }
    for name, (call, parts) in _SINGLE.items():
        if isinstance(rest.get(name), Mapping):
            one = {part: rest.pop(part) for part in parts if part in rest}
            found.keys.add(call.key)
            found.items.append(DumpRecord(call.key, one, file, text, (name,)))
    _take_beside(found, text, rest)
    if BLOCK_PUBLIC_ACCESS.key in rest:
        _options(found, text, rest.pop(BLOCK_PUBLIC_ACCESS.key))
    for name, value in rest.items():
        key = _key(name, value)
        if key in KEYS:
            _listed(found, text, name, key, value)
        elif name == "Instances":
            _instances(found, text, value)
        elif key in _LOOSE and _is_loose(name, value):
            found.loose.append(_loose(text, file, name))
        elif key in _BESIDE or _HARMLESS.fullmatch(key):
            found.harmless = True
        elif value and _NETWORK.search(key):
            found.unmodelled.extend(_unmodelled(text, file, key, value))
        else:
            found.ignored.append(name)
    if any(text.value.get(each) for each in TOKENS):
        found.cut = {*found.keys, *found.beside_keys, *(each.detail.key for each in found.loose)}
    return found


def _take_beside(found: FileContent, text: JsonText, rest: dict[str, Any]) -> None:
    """What only an audit asks of: that there is none of it is an answer too."""
    whole = text.value if isinstance(text.value, Mapping) else {}
    if "LoggingConfiguration" in rest and isinstance(whole.get("FirewallArn"), str):
        # describe-logging-configuration is about one firewall.
        one = {"FirewallArn": whole["FirewallArn"], **rest}
        rest.pop("LoggingConfiguration")
        rest[FIREWALL_LOGGING.key] = [one]
    for key in rest.keys() & BESIDE_KEYS.keys():
        value = rest[key]
        if isinstance(value, list):
            del rest[key]
            found.beside_keys.add(key)
            found.harmless = True
            found.beside += (
                DumpRecord(key, each, found.file, text, (key, index))
                for index, each in enumerate(value)
                if isinstance(each, Mapping)
            )


def _key(name: str, value: object) -> str:
    """Under which an answer is known, where another has the same name."""
    if name == TRANSIT_ASSOCIATIONS.answer and _holds(value, _BY_POLICY):
        return "TransitGatewayPolicyTableAssociations"
    return _OTHER_NAMES.get(name, name)


def _unmodelled(text: JsonText, file: File, name: str, value: object) -> Iterator[DumpRecord]:
    for index, each in enumerate(value if isinstance(value, list) else [value]):
        record = each if isinstance(each, Mapping) else {}
        yield DumpRecord(name, record, file, text, (name, index))


def _options(found: FileContent, text: JsonText, value: object) -> None:
    if isinstance(value, Mapping):
        found.public_access = value
        found.keys.add(BLOCK_PUBLIC_ACCESS.key)
    else:
        found.problems.append(_wrong(text, (BLOCK_PUBLIC_ACCESS.key,), "an object", value))


def _loose(text: JsonText, file: File, name: str) -> Loose:
    """The answer with all it says, and the id of what it is about if somebody wrote that in."""
    top = text.value
    detail = _LOOSE[name][0]
    said: dict[str, object] = {}
    if isinstance(top, Mapping):
        detail = _attributed(name, top[name]) or detail
        parts = (detail.ask, name, "AdditionalRoutesAvailable")
        said = {part: top[part] for part in parts if part in top}
    return Loose(detail, DumpRecord(detail.key, said, file, text, (name,)))


def _listed(found: FileContent, text: JsonText, name: str, key: str, value: object) -> None:
    """The records of an answer that is a list."""
    if not isinstance(value, list):
        found.problems.append(_wrong(text, (name,), "a list", value))
        return
    if value and all(isinstance(each, Mapping) and _CLASSIC & each.keys() for each in value):
        found.ignored.append(name)
        return
    found.keys.add(key)
    for path, each in _records(value, name, key):
        if not isinstance(each, Mapping):
            found.problems.append(_wrong(text, path, "an object", each))
        elif identity(key, each) is None:
            wanted = " or ".join(KEYS[key].id.split("|"))
            what = f"a record of {name} has no {wanted}"
            found.problems.append(Problem(text.file, text.line(*path), what, _AS_AWS_WRITES))
        else:
            found.items.append(DumpRecord(key, each, found.file, text, path))


def _records(
    value: list[object], name: str, key: str
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Each record, and its place. A collector's own key may hold whole answers, one a parent."""
    for index, each in enumerate(value):
        inner = each.get(key) if name != key and isinstance(each, Mapping) else None
        if isinstance(inner, list):
            yield from (((name, index, key, at), one) for at, one in enumerate(inner))
        else:
            yield (name, index), each


def _instances(found: FileContent, text: JsonText, value: object) -> None:
    """`--query` may have taken them out of their reservations."""
    for index, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, Mapping) and isinstance(each.get("InstanceId"), str):
            one = {"ReservationId": f"of {each['InstanceId']}", "Instances": [each]}
            found.keys.add("Reservations")
            found.items.append(
                DumpRecord("Reservations", one, found.file, text, ("Instances", index))
            )


def _holds(value: object, mark: str) -> bool:
    records = value if isinstance(value, list) else ()
    return any(isinstance(each, Mapping) and mark in each for each in records)


def _is_loose(name: str, value: object) -> bool:
    if not isinstance(value, list):
        return False
    records = [each for each in value if isinstance(each, Mapping)]
    if any(mark in each for each in records for mark in _FOREIGN):
        return False
    marks = _LOOSE[name][1].split("|")
    if name == TARGET_ATTRIBUTES.answer:
        return _attributed(name, value) is not None
    return not records or any(mark in each for each in records for mark in marks)


def _attributed(name: str, value: object) -> Detail | None:
    """Of what an answer holds attributes; None where it holds none that matter."""
    if name != TARGET_ATTRIBUTES.answer or not isinstance(value, list):
        return None
    keys = " ".join(str(each.get("Key")) for each in value if isinstance(each, Mapping))
    return next((detail for word, detail in _ATTRIBUTES.items() if word in keys), None)


def _wrong(text: JsonText, path: tuple[str | int, ...], wanted: str, value: object) -> Problem:
    said = {dict: "an object", list: "a list", str: "a text", type(None): "null"}
    what = f"{path[0]} is {said.get(type(value), str(value)[:40])}, not {wanted}"
    if len(path) > 1:
        what = f"a record of {what}"
    return Problem(text.file, text.line(*path), what, _AS_AWS_WRITES)
