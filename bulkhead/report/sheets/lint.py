"""`lint` as a sheet: every smell, and the kinds of which there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.lint import NOTES, Severity, Smell, SmellKind, Smells
from bulkhead.network import Network
from bulkhead.network.origins import Origins
from bulkhead.network.provenance import Provenance
from bulkhead.report.lint import by
from bulkhead.report.lint import verdict as verdict_of
from bulkhead.report.scope import left_out
from bulkhead.report.sheet import Entry, EntryKind, Outcome, Sheet, sheet
from bulkhead.report.sheets.stable import StableNames
from bulkhead.report.unmodelled import unjudged

_REMOVE: Final = "Take the rule out: that changes the fate of no packet."


def _kind(
    id_: str,
    title: str,
    describes: str,
    remedy: str,
    severity: Severity,
    *,
    undecided: bool = False,
) -> EntryKind:
    return EntryKind(
        id=f"lint-{id_}",
        title=title,
        describes=describes,
        remedy=remedy,
        severity=severity,
        undecided=undecided,
    )


KINDS: Final = {
    SmellKind.OPEN: _kind(
        "open",
        "A security group is open to the world",
        "Rules of a group let in all, or most, public addresses.",
        "Name the addresses that are meant, or the group of whoever connects.",
        Severity.HIGH,
    ),
    SmellKind.STALE: _kind(
        "stale",
        "A rule refers to a security group that is gone",
        "It lets nobody in, and would let in whoever holds a group that takes the place.",
        "Take the rule out, or name the group that is meant.",
        Severity.LOW,
    ),
    SmellKind.BLACKHOLE: _kind(
        "blackhole",
        "A route leads nowhere",
        "The target of the route is gone: it swallows packets.",
        "Take the route out, or name a target that is there.",
        Severity.MEDIUM,
    ),
    SmellKind.REPLY_BLOCKED: _kind(
        "reply-blocked",
        "Replies are dropped",
        "Requests arrive and their replies are lost: no connection opens.",
        "Let the replies pass, or the requests no longer.",
        Severity.MEDIUM,
    ),
    SmellKind.TOO_LARGE: _kind(
        "large-packets-lost",
        "Large packets are lost",
        "Nobody can tell a host that its packet is too large for the way: it sends it for ever.",
        "Let in icmp type 3 code 4, and of IPv6 icmpv6 type 2, from where it talks with.",
        Severity.LOW,
    ),
    SmellKind.WIDE: _kind(
        "wide-open",
        "A network ACL is wide open",
        "Entries let all addresses in, or out to all: the layer stops nothing.",
        "Name the networks and ports that are meant.",
        Severity.LOW,
    ),
    SmellKind.EGRESS: _kind(
        "wide-egress",
        "A security group lets everything out",
        "Whoever takes over a host sends its data anywhere.",
        "Name the destinations and ports that are meant.",
        Severity.LOW,
    ),
    SmellKind.PRIVATE: _kind(
        "private-range",
        "A rule is for a whole private range",
        "Most of the range is nowhere here, and whoever gets an address of it is let in.",
        "Name the networks that are meant.",
        Severity.LOW,
    ),
    SmellKind.SHADOWED: _kind(
        "shadowed",
        "An entry of a network ACL is shadowed",
        "Entries before it decide whatever it speaks of.",
        _REMOVE,
        Severity.LOW,
    ),
    SmellKind.REDUNDANT: _kind(
        "redundant",
        "A rule is redundant",
        "Without it the other rules say the same.",
        _REMOVE,
        Severity.LOW,
    ),
    SmellKind.UNUSED: _kind(
        "unused",
        "A rule is unused",
        "No packet that it speaks of can come this far.",
        _REMOVE,
        Severity.LOW,
    ),
    SmellKind.UNREACHABLE: _kind(
        "unreachable",
        "A route never wins",
        "Others are always preferred to it.",
        _REMOVE,
        Severity.LOW,
    ),
    SmellKind.UNATTACHED: _kind(
        "unattached",
        "A group, a NACL or a table is used by nothing",
        "It decides about no packet today, and about many once somebody attaches it.",
        "Delete it.",
        Severity.LOW,
    ),
    SmellKind.UNSURE: _kind(
        "unsure",
        "Whether a rule is needed cannot be told",
        "It looks as if nothing needed it, and the source does not list all that might.",
        "Ask of a source that lists everything.",
        Severity.NOTE,
    ),
    SmellKind.RESIDUE: _kind(
        "residue",
        "Reply ports that statelessness leaves open",
        "A network ACL knows no connections. It is no fault, and good to know.",
        "",
        Severity.NOTE,
    ),
}
ALL_KINDS: Final = tuple(KINDS.values())


def lint(
    source: str,
    network: Network,
    smells: Smells,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Sheet:
    """The worst first. `origins` are those of the network."""
    names = StableNames(network)
    entries = [_entry(each, names, origins) for each in smells]
    return sheet(
        "lint",
        source,
        [*entries, *_nowhere(source, network, smells, left_out(provenance))],
        verdict=verdict_of(source, smells, part=bool(provenance and provenance.scope)),
        ok=smells.clean,
        notes=(
            *(f"left out: {each}" for each in smells.left_out),
            *map(str, unjudged(network)),
        ),
        provenance=provenance,
    )


def _entry(smell: Smell, names: StableNames, origins: Origins | None) -> Entry:
    rules = (*map(names.rule, smell.rules),)
    return Entry(
        kind=KINDS[smell.kind],
        outcome=Outcome.NOT_DECIDED if smell.kind is SmellKind.UNSURE else Outcome.FAIL,
        severity=smell.severity,
        message=f"{smell.name}: {smell.rule}" if smell.rule else smell.name,
        why=smell.why,
        remedy=smell.remedy,
        origin=origins.first(smell.component, smell.rules) if origins else None,
        subject=smell.name
        if smell.name == smell.component
        else f"{smell.name} ({smell.component})",
        identity=(names.home(smell.component), names.of(smell.component), *rules),
        evidence=tuple(f"by {each}" for each in by(smell)),
    )


def _nowhere(source: str, network: Network, smells: Smells, left: Iterable[str]) -> Iterator[Entry]:
    """The kinds of which nothing was found; that is no pass where not all was looked at."""
    unseen = (*smells.left_out, *left, *(each.why for each in unjudged(network)))
    for kind, described in KINDS.items():
        if kind not in NOTES and not smells.of(kind):
            yield Entry(
                kind=described,
                outcome=Outcome.NOT_DECIDED if unseen else Outcome.PASS,
                severity=Severity.NOTE if unseen else None,
                message=f"{source}: none was found ({kind})",
                why=f"Not all was looked at: {unseen[0]}" if unseen else "",
                subject=source,
                identity=("all of it",),
            )
