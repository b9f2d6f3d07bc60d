"""The state of a Pulumi stack, as `pulumi stack export` writes it.

A file is read into a `Stack` of resources, each resource brought into the shape
in which AWS describes it (`shaped`), and that converted as all else (`describe`).
What is not read is named (`in_doubt`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bulkhead.network import Network
from bulkhead.observe.observed import Observed
from bulkhead.observe.pulumi.shaped import Shaped, shaped
from bulkhead.observe.pulumi.stack import Stack, read
from bulkhead.observe.record import Gaps
from bulkhead.observe.wanted import EVERYTHING, Wanted

_REFRESH: Final = "run 'pulumi refresh' and export the stack again"


def state(path: Path, *, topology: str | None = None) -> Network:
    """The Network of a state, as `read_state` reads it."""
    return read_state(path, wanted=Wanted(topology=topology)).network


def read_state(path: Path, *, wanted: Wanted = EVERYTHING) -> Observed:
    """The Network of what is `wanted` of all that a stack's state says it made.

    Raises InputError where the file holds no state that can be read, and
    TopologyNotFoundError, VpcNotFoundError or SeveralVpcsError.
    """
    return shaped_state(path).observed(path, wanted=wanted, remedy=_REFRESH)


def shaped_state(path: Path) -> Shaped:
    """What a stack's state says, in the shape of AWS's answers. Raises InputError."""
    return shaped(read(path), path, remedy=_REFRESH)


def of_stack(
    stack: Stack,
    path: Path,
    *,
    remedy: str,
    gaps: Gaps | None = None,
) -> Observed:
    """The Network that these resources of `path` make; `gaps` is what is in doubt already."""
    return shaped(stack, path, remedy=remedy, gaps=gaps).observed(path, remedy=remedy)
