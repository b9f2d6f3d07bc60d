"""Why a Network could not be observed, in one line, with what would help."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.observe.record import Fault
from bulkhead.problems import UnusableError


class ObserveError(UnusableError):
    """The source cannot be asked, or its answer cannot be understood."""


class DeniedError(ObserveError):
    """A call without whose answer nothing can be judged is not allowed."""


class TopologyNotFoundError(ObserveError, LookupError):
    """No VPC says that it was built from this topology."""

    def __init__(self, topology: str, found: Iterable[str], where: str) -> None:
        self.name = self.topology = topology
        self.found = tuple(sorted(set(found)))
        there = ", ".join(self.found) if self.found else "none"
        super().__init__(
            f"no VPC in {where} is tagged bulkhead:topology={topology}; "
            f"topologies found there: {there}"
        )


class VpcNotFoundError(ObserveError, LookupError):
    """No VPC has this id, and none says that it belongs to this stack."""

    def __init__(self, name: str, found: Iterable[str], where: str) -> None:
        self.name = name
        self.found = tuple(sorted(set(found)))
        there = ", ".join(self.found) if self.found else "none"
        super().__init__(
            f"no VPC in {where} is {name}, or tagged bulkhead:stack={name}; VPCs there: {there}"
        )


class SeveralVpcsError(ObserveError):
    """Several VPCs were built from one topology: judged together, each is wrong.

    `example` is a source that names one of them, '' where none does.
    """

    def __init__(self, topology: str, found: Iterable[str], where: str, example: str = "") -> None:
        self.topology = topology
        self.found = tuple(found)
        how = f" behind the source, as in {example}" if example else ""
        super().__init__(
            f"{len(self.found)} VPCs in {where} were built from {topology}; "
            f"name one of them{how}: {', '.join(self.found)}"
        )


class MalformedDescriptionError(ValueError):
    """A description that does not say what it must; carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(dict.fromkeys(map(str, self.faults))))
