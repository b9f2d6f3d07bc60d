"""A leaf that every room may import: much is built at once, and Python looks for no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: of what is built here next to nothing is garbage, and to
    look for it again and again while it grows takes a third of the time of a large topology."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
