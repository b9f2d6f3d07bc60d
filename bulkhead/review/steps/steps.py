"""From what was planned, or stands, to a plan: the calls of the update, and what each does.

Layers add up: a rule, an entry or a route that lets something takes nothing from what another
lets. So while an update makes things, whatever was open stays open, and while it deletes,
whatever is to be open is. Not so where something is denied, where it is put in the place of
another, or where two cannot stand at once: that is why every state between two calls is proved, and
not only said to be safe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import Declaration, Flow, Network
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.review.called import as_called_now
from bulkhead.review.interrupted import interrupted
from bulkhead.review.interruption import Interruption
from bulkhead.review.reviewed import Replacement
from bulkhead.review.steps.blocking import blocked_otherwise, with_access_left
from bulkhead.review.steps.calls import Act, ApiCall, calls_between
from bulkhead.review.steps.held import Facts, Watch
from bulkhead.review.steps.observed import in_words_of
from bulkhead.review.steps.room import Full, colliding, over_full
from bulkhead.review.steps.secured import secured_otherwise
from bulkhead.review.steps.staying import at_networks_of_both, staying
from bulkhead.review.version import Version

MOST_PROVED: Final = 400
"""Calls after each of which is proved; of more, those that only add up are taken together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStep:
    """A call, or several that only add up, and what is so after it.

    `opens` and `closes` are declared flows. `broken`: traffic that both sides declare and that is
    not open now; `nobodys`: what is open, and neither side declares. `update` counts from 1: where
    one update would have no room, what goes first goes in one of its own.
    """

    calls: tuple[ApiCall, ...]
    opens: tuple[Flow, ...] = ()
    closes: tuple[Flow, ...] = ()
    broken: tuple[Flow, ...] = ()
    nobodys: tuple[str, ...] = ()
    update: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedHost:
    """A host that gets another address: both stand from one step to another (from 1).

    Where the old one has to go first, `until` comes before `since`.
    """

    name: str
    service: str
    old: str
    new: str
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """Subnets in which copies of a service came and went, and none does afterwards.

    Whoever runs them moves them, and no call of the update does: once all that is new stands, `to`
    lets them in, and from step `gone` on (from 1; 0 where nothing of it goes) those that are still
    in `subnets` lose what they had there. AWS deletes no subnet in which one is
    (docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html).
    """

    service: str
    subnets: tuple[str, ...]
    to: tuple[str, ...]
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSteps:
    """All calls of a change, in order, and what cannot be done without loss.

    Where what is changed was not planned but observed, nobody declared what it is to let: `stays`
    then are the flows of the plan that are open before, `before` is what is open and not among
    them, `in_doubt` those of which nobody can tell, and `unseen` what was not observed and is
    taken to be as planned.
    `full` is what has no room in the middle of one update. `in_two`: it fits where what goes, and
    nothing that stays needs, goes in an update of its own before; that is the order of `steps`
    then. `replaced` is what the engine makes anew and what that interrupts, outside of what calls
    show: tunnels, established connections. `collisions`: what would stand in one place in the
    middle, and AWS takes one of. `refused`: why no order is told at all.
    """

    base: str
    head: str
    steps: tuple[ChangeStep, ...] = ()
    moved: tuple[MovedHost, ...] = ()
    left_behind: tuple[LeftBehind, ...] = ()
    replaced: tuple[Replacement, ...] = ()
    full: tuple[Full, ...] = ()
    in_two: bool = False
    collisions: tuple[str, ...] = ()
    refused: str = ""
    observed: bool = False
    stays: tuple[Flow, ...] = ()
    before: tuple[str, ...] = ()
    in_doubt: tuple[Flow, ...] = ()
    unseen: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        return sum(len(each.calls) for each in self.steps)

    @property
    def broken(self) -> tuple[Flow, ...]:
        """Flows that both sides declare, and that are not open all the while."""
        return tuple(dict.fromkeys(flow for each in self.steps for flow in each.broken))

    @property
    def nobodys(self) -> tuple[str, ...]:
        """What is open meanwhile, and nobody declares."""
        return tuple(dict.fromkeys(said for each in self.steps for said in each.nobodys))

    @property
    def loses_nothing(self) -> bool:
        """Whether one update does it, with every flow that stays open, nothing else, and no
        connection cut."""
        lost = (self.broken, self.nobodys, self.full, self.moved, self.left_behind, self.replaced)
        return not any((*lost, self.collisions, self.refused, self.in_doubt, self.unseen))

    def during(self, flow: Flow) -> tuple[int, int]:
        """The first and the last step after which a flow that stays is not open."""
        numbers = [at for at, each in enumerate(self.steps, 1) if flow in each.broken]
        return numbers[0], numbers[-1]


def steps(base: Version, head: Version) -> ChangeSteps:
    """The calls from BASE, planned or as it stands, to HEAD, the plan of a topology, and what every
    state lets.

    Raises ValueError where HEAD is no plan.
    """
    now = head.declaration
    if now is None:
        raise ValueError("steps lead to a plan")
    observed = base.declaration is None
    unseen: tuple[str, ...] = ()
    base = as_called_now(base, head)
    if observed:
        head = replace(head, network=with_addresses_of(head.network, base.network))
        stands = in_words_of(head.network, base)
        base, unseen = stands.version, stands.unseen
    replaced = tuple(
        each
        for each in interrupted(base, head)
        if each.kind not in _TOLD_BY_CALLS and each.interrupts is not Interruption.NOTHING
    )
    answer = ChangeSteps(
        base=base.label,
        head=head.label,
        replaced=replaced,
        observed=observed,
        unseen=unseen,
        notes=(*base.notes, *secured_otherwise(base, head), *blocked_otherwise(base, head)),
    )
    if any(each.kind == "VPC" for each in replaced):
        return replace(answer, refused="the VPC is replaced, and everything in it")
    return _Walk(base, head.network, now).told(answer)


_TOLD_BY_CALLS: Final = ("interface", "interfaces", "NACL association of", "security group")


class _Walk:
    """Goes from state to state."""

    def __init__(self, old: Version, new: Network, now: Declaration) -> None:
        self.facts = Facts(old.network, new)
        self.new = new
        self.quotas = now.quotas
        self.start = self.facts.of_both(old.network)
        self.calls = calls_between(old.network, new)
        self.before: tuple[str, ...] = ()
        self.in_doubt: tuple[Flow, ...] = ()
        was = old.declaration
        if was is not None:
            self.every = tuple(dict.fromkeys((*was.flows, *now.flows)))
            stay = staying(was.flows, now.flows)
            self.stay = at_networks_of_both(stay, old.network.sites, new.sites)
        else:
            self.every = now.flows
            watch = self._watch(now.flows)
            used = self._used(self.start, after=False)
            is_open = watch.open_in(used)
            self.stay = tuple(each for each in now.flows if each in is_open)
            self.in_doubt = watch.in_doubt(used)
        self.observed = was is None

    def told(self, answer: ChangeSteps) -> ChangeSteps:
        middle = _after(self.start, self.calls.first)
        full = tuple(over_full(middle, self.quotas))
        updates = [self.calls.first, self.calls.last]
        in_two = False
        if full:
            early = self._harmless(full)
            in_two = not any(
                over_full(_after(_after(self.start, early), self.calls.first), self.quotas)
            )
            if in_two:
                late = [each for each in self.calls.last if each not in set(early)]
                updates = [tuple(early), self.calls.first, tuple(late)]
        told = tuple(self._steps(updates, in_two=in_two))
        return replace(
            answer,
            steps=told,
            full=full,
            in_two=in_two,
            collisions=tuple(colliding(middle)),
            moved=tuple(_moved(told, self.start)),
            left_behind=tuple(_left_behind(told, self.facts)),
            stays=self.stay,
            before=self.before,
            in_doubt=self.in_doubt,
        )

    def _harmless(self, full: Iterable[Full]) -> list[ApiCall]:
        """Deletions in what is full that nothing needs that stays: first all, then one by one."""
        where = {(each.kind, each.of) for each in full}
        asked = [
            each
            for each in self.calls.last
            if each.act is Act.DELETE and (_holder(each.kind), each.of) in where
        ]
        watch = self._watch(self.stay)
        before = watch.open_in(self._used(self.start, after=False))
        found: list[ApiCall] = []
        state = self.start
        for each in asked:
            tried = each.edit(state)
            if before <= watch.open_in(self._used(tried, after=False)):
                found.append(each)
                state = tried
        return found

    def _steps(self, updates: Sequence[Sequence[ApiCall]], *, in_two: bool) -> Iterator[ChangeStep]:
        whole, used = self._watch(self.every), self._watch((*self.every, *self.stay))
        state = self.start
        standing = {each.name for each in self.start.interfaces}
        apart = not self.facts.are_the_same or any(
            each.kind == "interface" and each.of in standing for each in self.calls.first
        )
        before = used.open_in(self._used(state, after=False))
        open_to_nobody = whole if apart else used
        if self.observed:
            seen = self._used(state, after=False)
            self.before = open_to_nobody.begin(self.facts.whoever_comes(state) if apart else seen)
        total = sum(map(len, updates))
        last = len(updates) - 1
        for turn, several in enumerate(updates):
            after = turn == last
            for together in _together(several, one_by_one=total <= MOST_PROVED):
                state = _after(state, together)
                seen = self._used(state, after=after)
                now = used.open_in(seen)
                opened, closed = now - before, before - now
                everybody = self.facts.whoever_comes(state) if apart else seen
                nobodys = open_to_nobody.nobodys(everybody)
                yield ChangeStep(
                    calls=tuple(together),
                    opens=tuple(each for each in self.every if each in opened),
                    closes=tuple(each for each in self.every if each in closed),
                    broken=tuple(each for each in self.stay if each not in now),
                    nobodys=nobodys,
                    update=2 if in_two and turn else 1,
                )
                before = now

    def _watch(self, flows: Collection[Flow]) -> Watch:
        return Watch(flows, cuts=(self.facts.of_both(self.new), self.start))

    def _used(self, network: Network, *, after: bool) -> Network:
        return self.facts.as_used(network, after=after)


def _after(network: Network, calls: Iterable[ApiCall]) -> Network:
    for each in calls:
        network = each.edit(network)
    return with_access_left(network)


def _holder(kind: str) -> str:
    return {"NACL entry": "NACL", "rule of security group": "security group"}.get(kind, kind)


def _together(calls: Sequence[ApiCall], *, one_by_one: bool) -> Iterator[list[ApiCall]]:
    """Each call by itself; of many, neighbours that only add up, or only take away."""
    run: list[ApiCall] = []
    for each in calls:
        if run and (one_by_one or each.grows is None or each.grows is not run[-1].grows):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _moved(told: Sequence[ChangeStep], start: Network) -> Iterator[MovedHost]:
    """Hosts that stand at another address afterwards."""
    made: dict[str, tuple[int, str]] = {}
    gone: dict[str, tuple[int, str]] = {}
    for at, step in enumerate(told, 1):
        for call in step.calls:
            if call.kind == "interface":
                (made if call.act is Act.CREATE else gone)[call.of] = at, call.what
    services = {each.name: each.service or "" for each in start.interfaces}
    for name in made:
        if name in gone:
            yield MovedHost(
                name=name,
                service=services.get(name, ""),
                old=gone[name][1],
                new=made[name][1],
                since=made[name][0],
                until=gone[name][0],
            )


def _left_behind(told: Sequence[ChangeStep], facts: Facts) -> Iterator[LeftBehind]:
    """Of services whose copies come and go before and after."""
    old, new = _subnets_of_members(facts.old), _subnets_of_members(facts.new)
    deletes = (
        at for at, step in enumerate(told, 1) if any(each.act is Act.DELETE for each in step.calls)
    )
    gone = next(deletes, 0)
    for service in sorted(old.keys() & new.keys()):
        if left := old[service].keys() - new[service].keys():
            yield LeftBehind(
                service=service,
                subnets=tuple(sorted(old[service][each] for each in left)),
                to=tuple(sorted(new[service].values())),
                gone=gone,
            )


def _subnets_of_members(network: Network) -> Mapping[str, Mapping[str, str]]:
    """By service the subnets in which copies of it come and go: their names by their ids."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for each in network.interfaces:
        if each.stand_in and each.service and (subnet := network.subnet.get(each.subnet)):
            found[each.service][subnet.id] = subnet.name
    return found
