"""How near AWS's quotas are: counted as AWS counts, before an update fails half-way.

(docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, Outcome, fails, passes, undecided
from bulkhead.lint import Severity
from bulkhead.network import Direction, Network, NetworkAcl, SecurityGroup
from bulkhead.network.quotas import (
    DEFAULTS,
    NAMES,
    Quotas,
    Taken,
    key_of,
    routes_taken,
    rules_taken,
)

_NOBODY_SAYS: Final = (
    "a prefix list counts for the most entries that it may have, and of one nobody says how many "
    "those are (aws ec2 describe-managed-prefix-lists tells)"
)
_SETTINGS: Final = {
    "rules": "rules_per_group",
    "entries": "entries_per_acl",
    "routes": "routes_per_table",
    "groups": "groups_per_interface",
}
"""What the settings are quotas of. One that is AWS's default is that of the topology instead, where
somebody said for what the network is: an engine hands on defaults as if they had been set."""
_SETTING_OF: Final = {field: name for name, field in _SETTINGS.items()}


def _headroom(
    evidence: Evidence, *, percent: int, topology: str, **settings: int
) -> Iterator[Checked]:
    """`topology` is named in settings; whoever asks puts what it declares into the evidence."""
    said = evidence.declaration.quotas if evidence.declaration else DEFAULTS
    told = {field: settings[name] for name, field in _SETTINGS.items()}
    unlike = {field: quota for field, quota in told.items() if quota != getattr(DEFAULTS, field)}
    where = topology or "a topology that the settings name"
    for each in _every(evidence.network, replace(said, **unlike), percent, where):
        why = evidence.doubts.get(each.resource)
        if each.outcome is Outcome.PASS and why:
            yield undecided(each.resource, each.name, f"{each.message}, and perhaps more: {why}")
        else:
            yield each


def _every(network: Network, have: Quotas, percent: int, where: str) -> Iterator[Checked]:
    def counted(
        id_: str, name: str, taken: tuple[Taken, str], field: str, percent: int = percent
    ) -> Checked:
        said = f"{key_of(field)} under quotas in {where}, or the setting {_SETTING_OF[field]}"
        return _counted(id_, name, taken, (field, getattr(have, field), said), percent)

    for group in network.security_groups:
        yield counted(group.id, f"security group {group.name}", _rules(group), "rules_per_group")
    for nacl in network.nacls:
        yield counted(nacl.id, f"NACL {nacl.name}", _entries(nacl), "entries_per_acl")
    for table in network.route_tables:
        taken = (routes_taken(table), "routes")
        yield counted(table.id, f"route table {table.name}", taken, "routes_per_table")
    # To hold as many groups as one may is no growth: it is what the default is for.
    few = have.groups_per_interface <= DEFAULTS.groups_per_interface
    for interface in network.present:
        held = (Taken(len(interface.security_groups)), "security groups")
        near = 100 if few else percent
        yield counted(interface.id, interface.name, held, "groups_per_interface", near)


def _rules(group: SecurityGroup) -> tuple[Taken, str]:
    """The most of any direction and family, in words."""
    most, what = max(
        (rules_taken(group, direction, version), f"{direction} rules of IPv{version}")
        for direction in Direction
        for version in (4, 6)
    )
    unsure = any(each.weight is None for each in group.lists)
    return replace(most, at_least=unsure), what


def _entries(nacl: NetworkAcl) -> tuple[Taken, str]:
    return max(
        (
            Taken(1 + sum(each.cidr.version == version for each in nacl.ordered(direction))),
            f"{direction} entries of IPv{version}, the implicit deny among them",
        )
        for direction in Direction
        for version in (4, 6)
    )


def _counted(
    id_: str, name: str, counted: tuple[Taken, str], of: tuple[str, int, str], percent: int
) -> Checked:
    (taken, what), (field, quota, said) = counted, of
    if taken.count * 100 > quota * percent:
        return fails(
            id_,
            name,
            f"{taken} {what}, and {quota} fit"
            if taken.count > quota
            else f"{taken} of {quota} {what} are used",
            f"merge what can be said as one, or have {NAMES[field]} raised, and say so: {said}",
        )
    if taken.at_least:
        return undecided(id_, name, f"{taken} of {quota} {what}: {_NOBODY_SAYS}")
    return passes(id_, name, f"{taken} of {quota} {what}")


HEADROOM: Final = Check(
    id="quota-headroom",
    title="Groups, network ACLs and tables are not near their quotas",
    severity=Severity.LOW,
    risk="The update that goes over it stops half-way.",
    remedy="Merge rules, name groups instead of addresses, or have the quota raised.",
    run=_headroom,
    config={
        "percent": 90,
        **{name: getattr(DEFAULTS, field) for name, field in _SETTINGS.items()},
        "topology": "",
    },
)

QUOTAS: Final = (HEADROOM,)
