"""What other answers of a dump say of groups: who holds them, where, and which of them are gone.

Nothing of the network is read from these. Whoever wrote a group into a function, a database or a
launch template holds it, or will; they are known by no table of theirs: whatever names a group
counts. In which other VPCs a group may be held, and which rules are stale, AWS says itself
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupVpcAssociations.html,
API_DescribeStaleSecurityGroups.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bulkhead.network import Network, Unlisted
from bulkhead.observe.calls import KEYS
from bulkhead.observe.dumps.files import File
from bulkhead.observe.dumps.text import JsonText
from bulkhead.observe.record import texts_in

_ABOUT: Final = re.compile(r".*(SecurityGroup|Tag|FlowLog|Snapshot|NetworkInsights).*")
"""Answers that speak of groups and run nothing."""
_NAMES: Final = re.compile(r".*(Arn|Name|Identifier|Id)$", re.IGNORECASE)
_GROUP: Final = re.compile(r"(?:^|[/,\s])(sg-[\w-]+)")
"""An id by itself, in a list, or at the end of an ARN."""
_ASSOCIATIONS: Final = "SecurityGroupVpcAssociations"
_STALE: Final = "StaleSecurityGroupSet"
_PARTED: Final = frozenset({"disassociated", "association-failed"})


@dataclass(slots=True)
class SaidOfGroups:
    """Of all files of a dump together."""

    holders: list[Unlisted] = field(default_factory=list)
    associated: set[tuple[str, str]] | None = None
    """A group and a VPC in which it may be held, too; None where nobody asked."""
    stale: set[tuple[str, str]] = field(default_factory=set)
    """A group, and one that its rules refer to and that is gone from where it can be meant."""

    def hear(self, text: JsonText, file: File) -> None:
        """What a file says, beside what is read of it."""
        value = text.value if isinstance(text.value, Mapping) else {}
        for key, several in value.items():
            records = several if isinstance(several, list) else [several]
            if key == _ASSOCIATIONS:
                self.associated = (self.associated or set()) | set(_associated(records))
            elif key == _STALE:
                self.stale |= set(_stale(records))
            elif key not in KEYS and not _ABOUT.fullmatch(key):
                self.holders.extend(_holders(key, records, file))

    def beside(self, network: Network) -> Network:
        """The network, with what is told of groups in it."""
        told = [each for each in network.unlisted if each.field != "associations"]
        if self.associated is None:
            told = list(network.unlisted)
        gone, placed = self._gone(network), {each.vpc for each in network.subnets}
        told = [each for each in told if each.kind != "security-group" or each.name not in gone]
        elsewhere = [
            Unlisted(
                kind="vpc",
                name=vpc,
                why=f"group {group} is associated with it, and it is not here",
                field="security_groups",
                vpc=vpc,
                security_groups=(group,),
                runs=False,
            )
            for group, vpc in sorted(self.associated or ())
            if vpc not in placed
        ]
        return replace(network, unlisted=tuple(dict.fromkeys((*told, *self.holders, *elsewhere))))

    def _gone(self, network: Network) -> set[str]:
        """Groups that are stale wherever a rule refers to them."""
        referring = {
            (group.id, rule.peer.group)
            for group in network.security_groups
            for rule in group.rules
            if rule.peer.kind == "group"
        }
        valid = {to for group, to in referring - self.stale}
        return {to for _, to in self.stale} - valid


def _holders(key: str, records: list[object], file: File) -> Iterator[Unlisted]:
    for record in records:
        groups = [name for each in texts_in(record) for name in _GROUP.findall(each)]
        if groups:
            yield Unlisted(
                kind=key,
                name=_name(record) or key,
                why=f"{file.name} says that it holds them, now or when it runs",
                field="security_groups",
                runs=False,
                security_groups=tuple(dict.fromkeys(groups)),
            )


def _associated(records: list[object]) -> Iterator[tuple[str, str]]:
    for each in records:
        if isinstance(each, Mapping) and each.get("State") not in _PARTED:
            yield str(each.get("GroupId")), str(each.get("VpcId"))


def _stale(records: list[object]) -> Iterator[tuple[str, str]]:
    for each in records:
        if isinstance(each, Mapping):
            for key in ("StaleIpPermissions", "StaleIpPermissionsEgress"):
                for text in texts_in(each.get(key)):
                    if text.startswith("sg-"):
                        yield str(each.get("GroupId")), text


def _name(record: object) -> str:
    """The first id or name that it has."""
    said = record if isinstance(record, Mapping) else {}
    named = (each for key, each in said.items() if _NAMES.fullmatch(key) and isinstance(each, str))
    return next(named, "")
