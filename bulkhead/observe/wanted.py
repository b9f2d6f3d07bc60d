"""Which VPCs of a source somebody asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import LeftOut, Network, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Those of which all that is said here is true; every VPC where nothing is said.

    `topology` is the one that it was built from, and no two VPCs are judged against one. `only`
    is what stands behind a source: the id of a VPC, or a stack. `vpcs` are ids or names, of
    which each must be there; `stack` is that of the VPC's tag. `tagged` are tags of the VPC.
    `shared`: the VPC is others', and of what is in it only that is asked about which is tagged with
    the topology and the stack. `lists` are prefix lists of which somebody asks what they hold,
    whoever refers to them: they choose no VPC. `names`: the domain whose private zone is asked
    about as well, `ALL_NAMES` of all; nor does that choose any.
    """

    topology: str | None = None
    only: str | None = None
    vpcs: tuple[str, ...] = ()
    stack: str | None = None
    tagged: tuple[tuple[str, str], ...] = ()
    shared: bool = False
    lists: tuple[str, ...] = ()
    names: str = ""

    @property
    def everything(self) -> bool:
        return replace(self, lists=(), names="") == EVERYTHING

    @property
    def but_topology(self) -> str:
        """What is said beside the topology: 'stack dev', or ''."""
        said = ([self.only] if self.only else []) + list(self.vpcs)
        said += [f"{name}={value}" for name, value in self.tagged]
        return ", ".join([*said, *([f"stack {self.stack}"] if self.stack else [])])


EVERYTHING: Final = Wanted()
ALL_NAMES: Final = "*"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A Network of what was asked about, and that as a scope; None where it is everything."""

    network: Network
    scope: Scope | None = None


def joined_scope(scopes: Iterable[Scope | None], left_out: Iterable[LeftOut]) -> Scope | None:
    """One of several Regions: `left_out` are those of Regions in which nothing was chosen."""
    every = [each for each in scopes if each is not None]
    if not every:
        return None
    first = every[0]

    def of_each(field: Callable[[Scope], Iterable[str]]) -> Iterator[str]:
        return (id_ for each in every for id_ in field(each))

    here = {id_ for each in every for id_ in (*each.vpcs, *each.neighbours)}
    out = (each for scope in every for each in scope.left_out)
    return replace(
        first,
        vpcs=tuple(dict.fromkeys(of_each(lambda each: each.vpcs))),
        neighbours=tuple(dict.fromkeys(of_each(lambda each: each.neighbours))),
        others=tuple(dict.fromkeys(of_each(lambda each: each.others))),
        left_out=tuple(each for each in dict.fromkeys((*out, *left_out)) if each.id not in here),
        missed=tuple(each for each in first.missed if all(each in one.missed for one in every)),
    )
