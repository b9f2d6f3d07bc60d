"""Why a Network could not be observed, in one line, with what would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bulkhead.network import LeftOut
from bulkhead.observe.record import Fault
from bulkhead.problems import UnusableError


class ObserveError(UnusableError):
    """The source cannot be asked, or its answer cannot be understood."""


class DeniedError(ObserveError):
    """A call without whose answer nothing can be judged is not allowed."""


class TopologyNotFoundError(ObserveError, LookupError):
    """No VPC says that it was built from this topology. `left_out` is all that is there."""

    def __init__(
        self, topology: str, found: Iterable[str], where: str, left_out: Iterable[LeftOut] = ()
    ) -> None:
        self.asked = self.topology = topology
        self.found = tuple(sorted(set(found)))
        self.left_out = tuple(left_out)
        there = ", ".join(self.found) if self.found else "none"
        super().__init__(
            f"no VPC in {where} is tagged bulkhead:topology={topology}; "
            f"topologies found there: {there}"
        )


class VpcNotFoundError(ObserveError, LookupError):
    """No VPC is what was `asked`: 'is tagged bulkhead:stack=dev'. `left_out` is all there is."""

    def __init__(
        self, asked: str, found: Iterable[str], where: str, left_out: Iterable[LeftOut] = ()
    ) -> None:
        self.asked = asked
        self.found = tuple(sorted(set(found)))
        self.left_out = tuple(left_out)
        there = ", ".join(self.found) if self.found else "none"
        super().__init__(f"no VPC in {where} {asked}; VPCs there: {there}")


class SeveralVpcsError(ObserveError):
    """Several VPCs were built from one topology: judged together, each is wrong.

    `found` is the stack of each, '' where none is known; `example` is a source that names one
    of them, '' where none does.
    """

    def __init__(
        self, topology: str, found: Mapping[str, str], where: str, example: str = ""
    ) -> None:
        self.topology = topology
        self.found = dict(found)
        stacks = Counter(found.values())
        told = (f"{vpc} (stack {stack})" if stack else vpc for vpc, stack in found.items())
        alone = next((each for each, number in stacks.items() if each and number == 1), "")
        ways = [
            *([f"--stack {alone}"] if alone else []),
            f"--vpc {next(iter(found))}",
            *([example] if example else []),
        ]
        super().__init__(
            f"{len(self.found)} VPCs in {where} were built from {topology}: {', '.join(told)}; "
            f"judged together each would be wrong; name one, as in {' or '.join(ways)}"
        )


class SeveralSharedError(ObserveError):
    """Several VPCs are what a topology says that its VPC is: it is built in one."""

    def __init__(self, asked: str, found: Iterable[str], where: str) -> None:
        self.found = tuple(found)
        super().__init__(
            f"{len(self.found)} VPCs in {where} are {asked}: {', '.join(self.found)}; a topology "
            "is built in one: name it by its id, as in vpc: {existing: " + f"{self.found[0]}}}"
        )


class SeveralStacksError(ObserveError):
    """Several stacks of one topology share a VPC that is others'."""

    def __init__(self, topology: str, stacks: tuple[str, ...], vpc: str) -> None:
        self.stacks = stacks
        super().__init__(
            f"{len(stacks)} stacks of {topology} are in {vpc}: {', '.join(stacks)}; judged "
            f"together each would be wrong; name one, as in --stack {stacks[0]}"
        )


class MalformedDescriptionError(ValueError):
    """A description that does not say what it must; carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(dict.fromkeys(map(str, self.faults))))
