"""Wait for what AWS finishes in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Final

from local_aws.provider.answers import Answer
from local_aws.provider.refusals import Refused, Unsure

PAUSE = 0.05  # seconds before the second look; each further one waits twice as long
LOOKS: Final = 12  # the last ones some 50 and 100 seconds apart: a NAT gateway takes minutes
UNDER_WAY: Final = ("pending", "modifying", "associating", "creating", "initiating")


def settled(
    look: Callable[[], Answer | None],
    what: str,
    under_way: Collection[str] = UNDER_WAY,
    state: Callable[[Answer], str] = lambda shown: str(shown.get("State", "")).lower(),
) -> Answer | None:
    """What `look` shows once it is no longer under way. Raises Unsure if it stays so."""
    for attempt in range(LOOKS):
        shown = look()
        if shown is None or state(shown) not in under_way:
            return shown
        time.sleep(PAUSE * 2**attempt)
    raise Unsure("", f"{what} does not come to an end")


def gone(look: Callable[[], Answer | None], what: str) -> None:
    """Wait until `look` shows nothing. Raises Refused if it goes on showing something."""
    for attempt in range(LOOKS):
        if look() is None:
            return
        time.sleep(PAUSE * 2**attempt)
    raise Refused("", f"{what} is still there")
