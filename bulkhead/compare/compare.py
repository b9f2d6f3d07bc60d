"""Hold two networks against each other: every packet, then the rules, then the connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final

from bulkhead.compare.cells import Kept, Moved, differences
from bulkhead.compare.delta import Change, ChangeKind, Delta, Effect, Fate, kind_of
from bulkhead.compare.fold import MOST_EXAMPLES, Folded, Folding, by_name, by_place
from bulkhead.compare.pairing import pair_ends
from bulkhead.compare.rulebook import Rulebook
from bulkhead.compare.sockets import SocketPart, parts
from bulkhead.compare.told import Snapshots, told
from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.members import without_members
from bulkhead.network import Network
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.prove.reach import prove
from bulkhead.prove.reprove import reprove

MOST_PAIRS: Final = 1_000
"""Pairs of names that are told one by one. Each is explained, a few milliseconds a cell."""
_ORDER: Final = tuple(ChangeKind)
_NOUN: Final = {EndpointKind.STRANGER: "subnet ", EndpointKind.SITE: "site "}


def compare(before: Network, after: Network) -> Delta:
    """Prove both networks over the same classes of addresses, and say what differs."""
    return differing(snapshots(before, after))


def snapshots(before: Network, after: Network) -> Snapshots:
    """Both networks, proved over the same classes of addresses, each once.

    A plan knows no address of a service of AWS: it is held against those of the other. Of services
    whose interfaces come and go those are compared that stand in for all of them.
    """
    before, after = without_members(before), without_members(after)
    before, after = with_addresses_of(before, after), with_addresses_of(after, before)
    one = prove(before, cuts=(after,))
    other = reprove(one, after)
    return Snapshots(
        before=one,
        after=other,
        lineup=pair_ends((before, after), one.endpoints, other.endpoints),
        books=(Rulebook(before), Rulebook(after)),
    )


def differing(both: Snapshots) -> Delta:
    """What differs between two proofs that are there already."""
    one, other = both.before, both.after
    before, after = one.network, other.network
    names = Folding(both.lineup, dict.fromkeys((*after.listeners, *before.listeners)), by_name)
    moved: list[Moved] = []
    for each in differences(one, other, both.lineup):
        if isinstance(each, Kept):
            names.keep(each)
        else:
            moved.append(each)
    folding = _folded(both, names, moved)
    changes = [
        _change(both, folded, part)
        for folded in folding.folded({*one.protocols, *other.protocols})
        for part in parts(folded.traffic, folded.sockets)
    ]
    return Delta(
        changes=tuple(sorted(changes, key=_order)),
        by_place=folding is not names,
        unchanged=names.unchanged,
        appeared=_only(both, new=True),
        vanished=_only(both, new=False),
        unmodelled=(len(before.unmodelled), len(after.unmodelled)),
    )


def _folded(both: Snapshots, names: Folding, moved: Iterable[Moved]) -> Folding:
    """By what people call the ends; by place where that is more than anybody reads."""
    for each in moved:
        names.move(each)
        if len(names) > MOST_PAIRS:
            break
    else:
        return names
    whole = Folding(both.lineup, (), by_place(both.before.network, both.after.network))
    for each in moved:
        whole.move(each)
    return whole


def _change(both: Snapshots, folded: Folded, part: SocketPart) -> Change:
    before, after = folded.shift
    samples = list(islice(part.samples(folded.examples), MOST_EXAMPLES))
    answers = [told(both, each, after) for each in samples]
    effects = [each.effect for each in answers if each.effect is not None]
    ends = both.lineup.ends
    one, other = ends[samples[0].source], ends[samples[0].destination]
    return Change(
        kind=kind_of(before, after),
        source=folded.source,
        destination=folded.destination,
        socket=part.socket,
        exposed=part.exposed,
        protocol=part.protocol,
        ports=part.ports,
        before=before,
        after=after,
        hosts=folded.hosts,
        of_hosts=folded.of_hosts,
        example=(one.name, other.name),
        example_ids=(one.id, other.id),
        causes=tuple(dict.fromkeys(cause for each in answers for cause in each.causes)),
        effect=min(effects, key=_worst, default=None),
        lost=next((each.lost for each in answers if each.lost), ()),
    )


def _only(both: Snapshots, *, new: bool) -> tuple[str, ...]:
    """Interfaces, subnets and sites of one network that the other does not have at all.

    Of a site that has other addresses there, those that are here alone.
    """
    theirs = (both.before if new else both.after).network.site
    here: dict[tuple[EndpointKind, str], bool] = {}
    reach = both.after if new else both.before
    ends = reach.endpoints
    for pair in both.lineup.pairs:
        index, other = (pair.after, pair.before) if new else (pair.before, pair.after)
        end = None if index is None else ends[index]
        if end is None or is_of_others(reach.network, end):
            continue
        if end.kind not in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE):
            shared = end.kind is EndpointKind.SITE and end.id in theirs
            key = (end.kind, f"{end.id} ({end.prefix})" if shared else end.id)
            here[key] = here.get(key, True) and other is None
    names: dict[str, str] = {}
    for network in (both.before.network, both.after.network):
        names |= {each.id: each.name for each in network.interfaces}
        names |= {each.id: each.name for each in network.subnets}
    borne = Counter(names.values())

    def called(id_: str) -> str:
        name = names.get(id_, id_)
        return f"{name} ({id_})" if borne[name] > 1 else name

    return tuple(
        sorted(
            f"{_NOUN.get(kind, '')}{called(id_)}" for (kind, id_), lonely in here.items() if lonely
        )
    )


def _worst(effect: Effect) -> int:
    """A connection that lives on where one expects it cut is the worse surprise."""
    return (Fate.LIVES_ON, Fate.UNKNOWN, Fate.CUT).index(effect.fate)


def _order(change: Change) -> tuple[object, ...]:
    stranger = EndpointKind.STRANGER in (change.source.kind, change.destination.kind)
    return _ORDER.index(change.kind), stranger, change.source.name, change.to, change.traffic
