"""What a judgement says: findings, and the residue that no layer can close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bulkhead.explain.hops import Code, Hop
from bulkhead.explain.rules import RuleRef
from bulkhead.network import Origin, PortRange, Verdict


class FindingKind(StrEnum):
    """What packets do, and (the last three) how what stands there differs from the plan."""

    MISSING = "missing"
    """A declared flow does not work."""
    UNTOLD = "large packets lost"
    """Nobody can tell a host that its packet is too large for the way."""
    EXTRA = "extra"
    """Something open that nobody declared."""
    LAYER = "layer weakened"
    """One layer alone would let through what nobody declared; today another holds it back."""
    EXPECTATION = "expectation failed"
    """A test of the topology itself."""
    UNDETERMINED = "undetermined"
    """Whether something undeclared is open depends on what is not known."""
    UNPLANNED = "not planned"
    """Something stands in the account that no plan has."""
    LACKING = "lacking"
    """Something that was planned is not there."""
    DIFFERS = "different"
    """Something is there, and not as it was planned."""

    def counted(self, number: int) -> str:
        """'1 missing', '2 expectations failed'."""
        noun, _, happened = self.partition(" ")
        several = number != 1 and self in (FindingKind.LAYER, FindingKind.EXPECTATION)
        return f"{number} {noun}s {happened}" if several else f"{number} {self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong: what it is, what it means, between whom, which rules do it.

    `source`, `destination` and `ports` are empty where it is about a part of the
    network and not about packets; `protocol` None means all protocols. `file`,
    `line` and `revision` (of git): where the topology declares what it is about.
    `effects` are findings that would not be there without this one: whoever mends the
    cause mends them, so they are told under it. `mend` is a command that puts it right,
    where one does. `about` says by names alone which difference from the plan it is: the
    kind of thing, its name, the field, the part of it. `test` is what a test of the topology is
    called, and `path` what a packet meets that shows how it fails.
    """

    kind: FindingKind
    message: str
    why: str
    source: str = ""
    destination: str = ""
    protocol: int | None = None
    ports: tuple[PortRange, ...] = ()
    verdict: Verdict | None = None
    rules: tuple[RuleRef, ...] = ()
    codes: tuple[Code, ...] = ()
    file: str = ""
    line: int = 0
    revision: str = ""
    mend: str = ""
    about: tuple[str, ...] = ()
    test: str = ""
    path: tuple[Hop, ...] = field(default=(), compare=False)
    effects: tuple[Finding, ...] = ()

    def at(self, origin: Origin | None) -> Finding:
        """The same, with where it is written."""
        if origin is None:
            return self
        return replace(self, file=origin.file, line=origin.line, revision=origin.revision)

    @property
    def place(self) -> str:
        """'topologies/trading.yaml:14'; '' where nobody knows."""
        return str(Origin(file=self.file, line=self.line, revision=self.revision))

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class ResidueKind(StrEnum):
    REPLIES = "replies"
    """The ports to which replies to a declared flow return: a stateless layer knows no others."""
    ANY_HOST = "any host"
    """A declared flow to a site is open to any host of the client's segment that no group
    holds: nothing at the site asks who sends."""
    TOO_LARGE = "too large"
    """What tells a sender that a packet of his is larger than the way takes: a stateless layer does
    not know whether he sent one."""
    UNNAMED = "unnamed"
    """What a NACL lets everybody, for a service of AWS: it cannot name a prefix list."""
    OPEN = "open"
    """The topology leaves it to security groups alone (`isolation: none`)."""
    OTHERS = "others"
    """Its NACLs are others', in whose subnets a segment stands: groups alone keep it apart."""
    BESIDE = "beside"
    """Others have hosts in a subnet that a segment stands in: what NACLs have to let through to
    ours, a host in no group exchanges with theirs."""
    WIDENED = "widened"
    """The exact entries of a NACL do not fit, and the topology has it let more instead
    (`nacl-overflow: widen`)."""
    CLUSTER = "cluster"
    """Interfaces of the control plane of a cluster exchange anything, by the group of EKS."""
    RELAYED = "relayed"
    """AWS may hand it on between two sites at one VPN gateway, and no rule of a VPC is asked."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Residue:
    """What a layer leaves open beyond declared flows, and is meant to.

    `source` and `destination` are NACLs (one per segment in a plan), sites, or any
    host in a segment. `protocol` is that of a rule, -1 for all of them.
    """

    source: str
    destination: str
    protocol: int
    ports: PortRange
    kind: ResidueKind = ResidueKind.REPLIES

    def __len__(self) -> int:
        return len(self.ports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a network is exactly what a topology declares.

    `flows` is how many it declares. Findings are causes first: what follows from
    one is in its `effects` and not counted again. `unknown` are parts of the plan
    of which nobody observed whether they are as planned, in words.
    """

    topology: str
    flows: int
    findings: tuple[Finding, ...]
    residue: tuple[Residue, ...]
    unknown: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def undetermined(self) -> bool:
        """Whether anything depends on what is not known, also under another finding."""
        return any(
            each.kind is FindingKind.UNDETERMINED
            for finding in self.findings
            for each in (finding, *finding.effects)
        )

    @property
    def counts(self) -> Mapping[FindingKind, int]:
        return Counter(each.kind for each in self.findings)


def rules_of(hops: Iterable[Hop]) -> tuple[RuleRef, ...]:
    """The rules that the hops name, each once."""
    return tuple(dict.fromkeys(ref for hop in hops for ref in hop.rules))
