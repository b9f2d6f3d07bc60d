"""Where what is in a Network was written: a line of a file, or a resource of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bulkhead.network.flows import Flow  # a declaration of flows has origins, in turn

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One place where somebody wrote something.

    `file` as its user wrote the path, '' where there is none; `line` counts from 1, and 0
    is the file as a whole. `urn` is what Pulumi calls the resource, '' where it knows none.
    `revision` is that of git at which it stood there, '' where it stands there now.
    """

    file: str = ""
    line: int = 0
    urn: str = ""
    revision: str = ""

    def __str__(self) -> str:
        """'topologies/trading.yaml:14', as compilers write it; the URN where there is no file."""
        if not self.file:
            return self.urn
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def path(self) -> str:
        """The file; of a revision as git calls it ('main:topologies/trading.yaml')."""
        return f"{self.revision}:{self.file}" if self.revision else self.file

    @property
    def line_now(self) -> int:
        """The line, where the file that lies there now has it; else 0, the file as a whole."""
        return 0 if self.revision else self.line


class WhenAsked(Mapping[K, V]):
    """A mapping that is made when somebody first looks into it: of most plans nobody does."""

    def __init__(self, make: Callable[[], Mapping[K, V]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[K, V]:
        return self._make()

    def __getitem__(self, key: K) -> V:
        return self._made[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


RulesOf = Callable[[str], Mapping[object, Origin]]
"""Of the id of a group, a NACL, a table: its rules that have an origin of their own."""


def _no_rules(_: str) -> Mapping[object, Origin]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Origins:
    """The origin of every thing, rule and name of a Network, as far as its source knows it.

    `things` by id. `owners` are services, sites and their sockets ('ticker.ticks') by name,
    `segments` are kept apart, because a service may be called as one is. `rules` is asked of
    one component at a time, when somebody asks. `whole` is what stands for all of it: the
    line that names the topology.
    """

    things: Mapping[str, Origin] = field(default_factory=dict)
    owners: Mapping[str, Origin] = field(default_factory=dict)
    segments: Mapping[str, Origin] = field(default_factory=dict)
    flows: Mapping[Flow, Origin] = field(default_factory=dict)
    rules: RulesOf = field(default=_no_rules, compare=False, repr=False)
    whole: Origin | None = None

    def of(self, component_id: str, rule: object | None = None) -> Origin | None:
        """Of a rule, an entry, a route or a listener of a component, where it has its own.

        Else that of the component itself. None where nobody knows.
        """
        if rule is not None and (found := self._rules_of(component_id).get(rule)):
            return found
        return self.things.get(component_id)

    def first(self, component_id: str, rules: Iterable[object]) -> Origin | None:
        """Of the first of several rules of a component that has its own; else of the component.

        Where nobody knows that either, what stands for all of it.
        """
        own = (self._rules_of(component_id).get(each) for each in rules)
        return next(filter(None, own), None) or self.of(component_id) or self.whole

    def at(self, revision: str) -> Origins:
        """The same of a file that was read at a revision of git."""

        def dated(origin: Origin) -> Origin:
            return replace(origin, revision=revision)

        def rules(component_id: str) -> Mapping[object, Origin]:
            return {rule: dated(each) for rule, each in self.rules(component_id).items()}

        return Origins(
            things={key: dated(each) for key, each in self.things.items()},
            owners={key: dated(each) for key, each in self.owners.items()},
            segments={key: dated(each) for key, each in self.segments.items()},
            flows={flow: dated(each) for flow, each in self.flows.items()},
            rules=rules,
            whole=self.whole and dated(self.whole),
        )

    def named(self, name: str) -> Origin | None:
        """Of what people call so: a service, a site, service.socket, or else a segment."""
        return self.owners.get(name) or self.segments.get(name)

    def flow(self, flow: Flow) -> Origin | None:
        """Of a declared flow: the line on which its client says that it connects."""
        return self.flows.get(flow)

    def _rules_of(self, component_id: str) -> Mapping[object, Origin]:
        known = self._asked
        if component_id not in known:
            known[component_id] = self.rules(component_id)
        return known[component_id]

    @cached_property
    def _asked(self) -> dict[str, Mapping[object, Origin]]:
        return {}
