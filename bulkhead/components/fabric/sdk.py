"""Two things that Pulumi's SDK does at length for each resource, and need not.

Both are of the SDK as pinned (pulumi 3.259.0), and a test of each says when another one does
otherwise.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pulumi.runtime.settings import SETTINGS

_KEPT: Final = 9
"""Six frames of the SDK, which it leaves out, then who makes the resource and who asked for it."""


@contextmanager
def short_traces() -> Iterator[None]:
    """Within, the SDK sends the nearest frames of each resource and not the whole stack.

    It sends all of them, down to what started Python, each with the path of a file
    (pulumi/runtime/resource.py, `_get_stack_trace`), and the engine keeps them in the state: a
    third of it, written anew at each step. It reads none. Where the program made the component is
    said with the component, which is made before.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _KEPT if before is None else min(_KEPT, before)
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


def wait_for_registrations_first() -> None:
    """Have the SDK wait for resources before it waits for what comes out of them.

    When a program has run it waits for the registrations that have begun, and only then for
    outputs, some twenty a resource, all of which it looks at whenever one of them is told
    (pulumi/runtime/stack.py, `wait_for_rpcs`). Registrations begin when the program first waits
    for anything, which one that asks AWS nothing never does: this is something to wait for.
    """
    SETTINGS.rpc_manager.rpcs.append(asyncio.ensure_future(asyncio.sleep(0)))
