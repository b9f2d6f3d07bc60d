"""What decides at a hop: a rule that somebody wrote, or what AWS does where none matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bulkhead.network import (
    AclEntry,
    BalancedPort,
    Direction,
    FirewallAction,
    FirewallRule,
    GroupRule,
    Route,
    TargetKind,
    TransitRoute,
)


@dataclass(frozen=True, slots=True)
class ImplicitDeny:
    """The last word of every NACL, '*': what no entry matches is dropped."""

    direction: Direction

    def __str__(self) -> str:
        return f"{self.direction} *: deny"


class Engine(StrEnum):
    """Of a Network Firewall
    (docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html)."""

    STATELESS = "stateless"
    STATEFUL = "stateful"


@dataclass(frozen=True, slots=True)
class DefaultAction:
    """What an engine of a firewall does with a packet that no rule of it matches."""

    engine: Engine
    action: FirewallAction

    def __str__(self) -> str:
        return f"{self.engine} default: {self.action}"


@dataclass(frozen=True, slots=True)
class KnownReply:
    """A firewall remembers: its stateful engine asks no rule about a reply."""

    def __str__(self) -> str:
        return "the stateful engine passes the reply to what it passed"


Written = GroupRule | AclEntry | Route | TransitRoute | FirewallRule
"""What somebody wrote into a group, a NACL, a table or a firewall, and may take out again."""

Rule = Written | BalancedPort | ImplicitDeny | DefaultAction | KnownReply


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A rule itself, and the id of what holds it."""

    component: str
    rule: Rule

    @property
    def text(self) -> str:
        """What the rule says, as it is written."""
        return str(self.rule)

    @property
    def written(self) -> Written | None:
        """The rule, if it can be taken away: not a local route, nor what AWS does by itself."""
        match self.rule:
            case Route(target=TargetKind.LOCAL):
                return None
            case GroupRule() | AclEntry() | Route() | TransitRoute() | FirewallRule() as rule:
                return rule
            case _:
                return None

    def __str__(self) -> str:
        return f"{self.component}: {self.rule}"
