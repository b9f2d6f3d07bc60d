"""What a reviewer is told: flows, rules and where they were written, what is interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulkhead.compare import Cause, Change, ChangeKind, Fate
from bulkhead.cost import CostStep
from bulkhead.judge import Finding, FindingKind
from bulkhead.network import TOO_LARGE, CutOff, Expectation, Flow, Spoken, Verdict
from bulkhead.network.origins import Origin
from bulkhead.review.interruption import Interruption
from bulkhead.review.verdict import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule (or end) that is responsible for a flow's change, and where it was written.

    `origin` is on the side where the rule is: in BASE of what is gone, else in HEAD. None
    where that side does not know: a dump, an account.
    """

    cause: Cause
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"{self.cause} ({self.origin})" if self.origin else str(self.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedFlow:
    """A flow that fares otherwise: replicas and zones folded, from whom to which socket.

    `untrusted`: it comes from the internet, from an untrusted site, or from addresses that
    nobody knows. `past_groups`: an end of it is any host that somebody starts there, in no
    security group. `declared` is the flow of the topology
    that asks for it (of HEAD, or of BASE where it is closed), and `origin` the line that
    does. `undeclared`: that side is a topology, and does not ask for it. `scaled`: all that
    differs is that ends came or went; others of the same names keep it on both sides.
    `partly`: others of the same names fared so before, or fare on as they did.
    """

    change: Change
    untrusted: bool
    past_groups: bool
    reasons: tuple[Reason, ...] = ()
    declared: Flow | None = None
    undeclared: bool = False
    scaled: bool = False
    partly: bool = False
    origin: Origin | None = None

    @property
    def kind(self) -> ChangeKind:
        return self.change.kind

    @property
    def reached(self) -> bool:
        """Whether requests arrive now, or may, of which it could be said that none does."""
        if self.change.before is Verdict.UNDETERMINED:
            return self.change.after is not Verdict.DENIED
        return self.change.before is Verdict.DENIED

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where it was written, the flow itself first, then its rules; each place once."""
        known = (self.origin, *(each.origin for each in self.reasons))
        return tuple(dict.fromkeys(each for each in known if each is not None))

    def __str__(self) -> str:
        return str(self.change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Something that is not changed in place: it goes, and another comes.

    `kind` is what people call such a thing ('VPN connection', 'interface'), `name` what they
    call this one. `why` names what changes, `means` what that interrupts, in words; `page`
    is what says so. `steps`: an engine said it would (a preview), nobody concluded it.
    """

    kind: str
    name: str
    why: str
    interrupts: Interruption
    means: str
    page: str = ""
    origin: Origin | None = None
    steps: bool = False

    @property
    def loud(self) -> bool:
        """Whether nothing carries the packets meanwhile."""
        return self.interrupts is Interruption.BOTH_TUNNELS or self.kind == "VPC"

    @property
    def renamed(self) -> bool:
        """Whether it is a service that is only called otherwise."""
        return self.kind == "service"

    @property
    def what(self) -> str:
        """'subnet feed-a is replaced: …', without what that means."""
        several = self.kind in ("interfaces", "client ports of")
        return f"{self.kind} {self.name} {'are' if several else 'is'} replaced: {self.why}"

    def __str__(self) -> str:
        return f"{self.what}; {self.means}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """A quota whose use changes: how much is taken before and after, and how much there is.

    `of` names what it is counted of ('broker'), `quota` what AWS calls it. `at_least`: more may
    be taken after it, by a prefix list of which nobody says how many entries it may have.
    """

    quota: str
    of: str
    before: int
    after: int
    limit: int
    page: str
    origin: Origin | None = None
    at_least: bool = False

    @property
    def over(self) -> bool:
        return self.after > self.limit

    @property
    def near(self) -> bool:
        """Whether four fifths are taken."""
        return self.after * 5 >= self.limit * 4

    def __str__(self) -> str:
        after = f"at least {self.after}" if self.at_least else f"{self.after}"
        return f"{self.of}: {self.quota} {self.before} -> {after} of {self.limit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidueStep:
    """Ports that NACLs must leave open for replies from one place to another, before and after.

    `widened`: not for replies, but because their exact entries do not fit.
    """

    source: str
    destination: str
    before: int
    after: int
    widened: bool = False

    @property
    def grown(self) -> int:
        return self.after - self.before

    def __str__(self) -> str:
        why = ", because exact entries of NACLs do not fit" if self.widened else ""
        return f"{self.source} -> {self.destination}: {self.before:,} -> {self.after:,} ports{why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What HEAD leaves open that BASE did not: what it is, and why nobody can tell."""

    kind: str
    name: str
    why: str
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStep:
    """A site that is trusted and was not, or no longer is."""

    site: str
    before: bool
    after: bool
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"site {self.site} is {'now' if self.after else 'no longer'} trusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyStep:
    """A declared flow whose sockets secure it otherwise, in words; `weaker`: in some way less."""

    flow: Flow
    before: str
    after: str
    weaker: bool
    origin: Origin | None = None

    def __str__(self) -> str:
        return f"{self.flow}: {self.before} -> {self.after}{' (weaker)' * self.weaker}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordStep:
    """What people say otherwise of a segment, a service, a site or a socket.

    Of the topology: what is `recorded` of its traffic.

    `before` and `after` are '' where nobody says it, and None where the thing is not there.
    """

    kind: Spoken
    name: str
    what: str
    """'purpose', 'owner', 'data', 'why', 'until', 'recorded', or a key of what else no packet
    shows."""
    before: str | None
    after: str | None
    origin: Origin | None = None

    def __str__(self) -> str:
        was = "(new)" if self.before is None else self.before or "(nobody says)"
        now = "(gone)" if self.after is None else self.after or "(nobody says)"
        return f"{self.what} of {self.kind} {self.name}: {was} -> {now}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredStep:
    """What the topology itself says otherwise, where both sides are topologies.

    `words`: what people say otherwise of segments, services, sites and sockets. `trust`:
    sites that are trusted otherwise (of any two sources). `secrecy`: flows that other
    mechanisms secure. `cut_off`: services that are put into quarantine, or cut off otherwise than
    before; `released`: those that are in it no more. `tests_added` and
    `tests_dropped` are expectations of the topology; `still_failing` counts those that failed
    in BASE too.
    """

    flows_added: tuple[tuple[Flow, Origin | None], ...] = ()
    flows_dropped: tuple[tuple[Flow, Origin | None], ...] = ()
    words: tuple[WordStep, ...] = ()
    trust: tuple[TrustStep, ...] = ()
    secrecy: tuple[SecrecyStep, ...] = ()
    cut_off: tuple[CutOff, ...] = ()
    released: tuple[CutOff, ...] = ()
    tests_added: tuple[Expectation, ...] = ()
    tests_dropped: tuple[Expectation, ...] = ()
    still_failing: int = 0

    @property
    def weaker(self) -> tuple[SecrecyStep, ...]:
        """Flows that lose encryption, or of which nobody asks any more who connects."""
        return tuple(each for each in self.secrecy if each.weaker)

    def __bool__(self) -> bool:
        return any(
            (
                *(self.flows_added, self.flows_dropped, self.words, self.trust),
                *(self.secrecy, self.cut_off, self.released, self.tests_added, self.tests_dropped),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that a change from BASE to HEAD does, the most telling first in every list.

    `flows` are between hosts, sites and the internet; those of `past_groups` have an end
    that no security group holds, and those that are `scaled` stand on both sides: replicas
    came or went, and that is all. `findings` are what one judgement says: where BASE is a
    topology and HEAD is not, every difference from the plan with its effects under it, and
    else the tests of HEAD's topology that fail and did not. `residue_untold` says why the
    residue of the two was not compared, where their NACLs differ. `cost` is what the change adds
    to a month, or saves; None where nothing of that kind changes, or a side is no plan.
    `unchanged` counts open flows that fare as they did.
    """

    base: str
    head: str
    flows: tuple[ReviewedFlow, ...] = ()
    scaled: tuple[ReviewedFlow, ...] = ()
    past_groups: tuple[ReviewedFlow, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    findings: tuple[Finding, ...] = ()
    declared: DeclaredStep = DeclaredStep()
    residue: tuple[ResidueStep, ...] = ()
    residue_untold: str = ""
    headroom: tuple[Headroom, ...] = ()
    cost: CostStep | None = None
    untold: tuple[Untold, ...] = ()
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    unchanged: int = 0
    by_place: bool = False
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The answer in one sentence."""
        return sentence(self)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that fares otherwise, as the comparison of both told it."""
        return tuple(each.change for each in (*self.flows, *self.scaled, *self.past_groups))

    @property
    def untrusted(self) -> tuple[ReviewedFlow, ...]:
        """What untrusted places reach now, or may, and did not.

        What their packets could reach beside a host that they reach is no more than that, and what
        tells that a packet is too large asks for nothing.
        """
        known = [each for each in self.flows if each.untrusted and each.reached]
        told = {_whence(each.change) for each in known}
        beside = (
            each
            for each in self.past_groups
            if each.untrusted and each.reached and not _asks_nothing(each.change)
        )
        more = [each for each in beside if not each.scaled and _whence(each.change) not in told]
        return (*known, *more)

    @property
    def unexplained(self) -> tuple[ReviewedFlow, ...]:
        """Flows that no finding has among its effects: those are told under it."""
        told = {_ends(effect) for each in self.findings for effect in each.effects}
        return tuple(
            each for each in self.flows if (each.change.source.name, each.change.to) not in told
        )

    @property
    def others(self) -> tuple[ReviewedFlow, ...]:
        """Flows that are neither reached from untrusted places nor told under a finding."""
        return _without(self.unexplained, self.untrusted)

    @property
    def shadows(self) -> tuple[ReviewedFlow, ...]:
        """Flows past groups that untrusted places have no part in."""
        return _without(self.past_groups, self.untrusted)

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """Of flows between hosts, sites and the internet."""
        return Counter(each.kind for each in self.flows)

    @property
    def living_on(self) -> tuple[ReviewedFlow, ...]:
        """What is closed for new connections while established ones stay until they are idle."""
        return tuple(
            each
            for each in self.flows
            if each.change.effect and each.change.effect.fate is Fate.LIVES_ON
        )

    @property
    def interrupting(self) -> tuple[Replacement, ...]:
        return tuple(
            each for each in self.replacements if each.interrupts is not Interruption.NOTHING
        )

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell at all."""
        return not any(
            (
                *(self.flows, self.scaled, self.past_groups, self.replacements, self.findings),
                *(self.declared, self.residue, self.headroom, self.cost, self.untold),
                *(self.appeared, self.vanished),
            )
        )


def _without(
    these: Iterable[ReviewedFlow], those: Iterable[ReviewedFlow]
) -> tuple[ReviewedFlow, ...]:
    """By identity: of thousands, each compared with each takes minutes."""
    left_out = set(map(id, those))
    return tuple(each for each in these if id(each) not in left_out)


def _whence(change: Change) -> tuple[object, ...]:
    return change.source, change.protocol, change.ports


def _asks_nothing(change: Change) -> bool:
    return all((change.protocol, each) in TOO_LARGE for each in change.ports)


def _ends(effect: Finding) -> tuple[str, str]:
    """Between whom. A declared flow that is missing names the socket of its client, too."""
    source = effect.source
    if effect.kind is FindingKind.MISSING:
        source = source.rpartition(".")[0]
    return source, effect.destination
