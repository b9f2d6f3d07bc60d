"""Several regions or accounts as one Network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bulkhead.network import Network, TransitAttachment, Unmodelled, Vpc
from bulkhead.observe.calls import FIELDS
from bulkhead.observe.errors import SeveralVpcsError, TopologyNotFoundError, VpcNotFoundError
from bulkhead.observe.observed import Answers
from bulkhead.observe.wanted import Chosen, joined_scope

_SAID_APART: Final = frozenset({"unmodelled", "unobserved"})


@dataclass(frozen=True, slots=True)
class _Version:
    """A thing as one of the networks has it; `heard`: that one only knows that it exists."""

    thing: Any
    heard: bool
    network: int


def join_found(reads: Iterable[Callable[[], Chosen]], where: str) -> Chosen:
    """What is read, joined. What was asked for need not be in every region, but in one of them.

    Raises TopologyNotFoundError or VpcNotFoundError where it is in none.
    """
    found: list[Chosen] = []
    absent: list[TopologyNotFoundError | VpcNotFoundError] = []
    for read in reads:
        try:
            found.append(read())
        except (TopologyNotFoundError, VpcNotFoundError) as error:
            absent.append(error)
    if absent and not found:
        raise in_none(absent, where)
    return join_chosen(found, absent)


def join_chosen(
    found: Sequence[Chosen], absent: Iterable[TopologyNotFoundError | VpcNotFoundError]
) -> Chosen:
    """One of several; of those in which nothing was meant, all that is there was left out."""
    left_out = (each for error in absent for each in error.left_out)
    scope = joined_scope((each.scope for each in found), left_out)
    return Chosen(join(each.network for each in found), scope)


def closed_region(answers: Answers) -> Network:
    """Of a Region that answered nothing, that it is not known."""
    region = answers.region
    return Network(
        unmodelled=(Unmodelled(kind="region", id=region, scope=region, why=answers.closed),)
    )


def in_none(absent: Sequence[TopologyNotFoundError | VpcNotFoundError], where: str) -> Exception:
    """The one error of all Regions."""
    first = next((each for each in absent if isinstance(each, TopologyNotFoundError)), absent[0])
    there = [name for each in absent if type(each) is type(first) for name in each.found]
    return type(first)(first.asked, there, where)


def expect_one(
    network: Network, topology: str | None, where: str, named: Callable[[Vpc], str]
) -> Network:
    """Raises SeveralVpcsError where VPCs of several Regions were built from one topology, which
    has no several of its own.

    `named`: the source that is one of them.
    """
    built = [each for each in network.vpcs if each.topology == topology and not each.neighbour]
    names = {each.called for each in built}
    if topology is not None and len(built) > 1 and ("" in names or len(names) < len(built)):
        every = dict.fromkeys((each.id for each in built), "")
        raise SeveralVpcsError(topology, every, where, named(built[0]))
    return network


def join(networks: Iterable[Network]) -> Network:
    """Everything that each of them holds, each thing once.

    Two regions both describe what connects them: a peering, an attachment between
    transit gateways. Who observed a thing has the say before who only heard of it.
    Where two contradict each other, the first stands and is in doubt. A service or
    site that is called the same in several regions is told apart by region.
    """
    every = tuple(networks)
    if len(every) == 1:
        return every[0]
    every = tuple(_told_apart(every))
    heard = [_only_heard_of(each) for each in every]
    joined: dict[str, tuple[Any, ...]] = {}
    doubts: dict[Unmodelled, None] = {}
    observed: dict[str, set[int]] = defaultdict(set)
    for kind in (each.name for each in fields(Network) if each.name not in _SAID_APART):
        if kind not in FIELDS:  # known by the names that people gave them
            things = (one for each in every for one in getattr(each, kind))
            joined[kind] = tuple(dict.fromkeys(things))
            continue
        kept = []
        for versions in _versions(kind, every, heard):
            best = min(versions, key=lambda each: each.heard)
            observed[best.thing.id] |= {each.network for each in versions if not each.heard}
            rivals = [each.thing for each in versions if each.heard == best.heard]
            if not best.heard and len({_nameless(each) for each in rivals}) > 1:
                why = "two regions or accounts describe it, and they contradict each other"
                word, name = FIELDS[kind].word, best.thing.id
                doubts[Unmodelled(kind=word, id=name, scope=name, why=why)] = None
            kept.append(_named(best.thing, rivals))
        joined[kind] = tuple(kept)
    for number, network in enumerate(every):
        for doubt in network.unmodelled:
            elsewhere = observed.get(doubt.scope, set())
            if not (doubt.unseen and elsewhere and number not in elsewhere):
                doubts[doubt] = None
    unobserved = sorted({kind for network in every for kind in network.unobserved})
    return Network(**joined, unmodelled=tuple(doubts), unobserved=tuple(unobserved))


def _versions(
    kind: str, networks: Sequence[Network], heard: Sequence[set[str]]
) -> Iterable[list[_Version]]:
    found: dict[tuple[str, str], list[_Version]] = defaultdict(list)
    for number, network in enumerate(networks):
        for thing in getattr(network, kind):
            at = ""
            only_heard = thing.id in heard[number]
            if isinstance(thing, TransitAttachment):
                # Both ends of a peering of transit gateways may go by one id.
                at, only_heard = thing.gateway, thing.gateway in heard[number]
            found[thing.id, at].append(_Version(thing, only_heard, number))
    return found.values()


def _only_heard_of(network: Network) -> set[str]:
    """What a network holds only because something else of it names it."""
    return {each.id for each in network.unmodelled if each.id == each.scope and each.unseen}


def _nameless(thing: Any) -> Any:
    """Tags belong to who set them: a name tag in one region is not there in the other."""
    return replace(thing, name="") if hasattr(thing, "name") else thing


def _named(best: Any, rivals: Iterable[Any]) -> Any:
    """With the first name that is more than the id."""
    for each in rivals:
        if getattr(each, "name", best.id) != each.id:
            return replace(best, name=each.name)
    return best


def _told_apart(networks: Sequence[Network]) -> Iterator[Network]:
    """The networks with 'eu-west-1/ticker' for a name that several of them use."""
    services = Counter(name for each in networks for name in {one.name for one in each.services})
    sites = Counter(name for each in networks for name in {one.name for one in each.sites})
    taken: set[str] = set()
    for number, network in enumerate(networks):
        regions = sorted({each.region for each in network.vpcs}) or [str(number + 1)]
        at = "+".join(regions)
        if at in taken:
            at = f"{at}/{number + 1}"
        taken.add(at)
        renamed = {name: f"{at}/{name}" for name, count in (services + sites).items() if count > 1}
        yield _renamed(network, renamed) if renamed else network


def _renamed(network: Network, names: dict[str, str]) -> Network:
    def new(name: str | None) -> Any:
        return name if name is None else names.get(name, name)

    return replace(
        network,
        services=tuple(
            replace(each, name=new(each.name), of=new(each.of)) for each in network.services
        ),
        security_groups=tuple(
            replace(each, service=new(each.service)) for each in network.security_groups
        ),
        interfaces=tuple(replace(each, service=new(each.service)) for each in network.interfaces),
        sites=tuple(replace(each, name=new(each.name)) for each in network.sites),
        vpn_connections=tuple(
            replace(each, site=new(each.site)) for each in network.vpn_connections
        ),
        listeners=tuple(replace(each, owner=new(each.owner)) for each in network.listeners),
        unmodelled=tuple(replace(each, scope=new(each.scope)) for each in network.unmodelled),
    )
