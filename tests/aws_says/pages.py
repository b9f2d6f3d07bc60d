"""What AWS's own pages say of packets: each with its page, as a network and as a question.

The four opinions on a network are written from one definition (docs/model.md), and so would
share what it has wrong. These cases are not: each was written down from the page that it
names, and says what the page says, not what the model does.

    @says("vpc/latest/userguide/nacl-rules.html", "the first rule that matches decides")
    def the_lowest_number(estate):
        ...
        yield "client", "server", "tcp 80", ALLOWED
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bulkhead.network import Verdict
from tests.support.estate import Estate

ALLOWED, DENIED, HALF_OPEN = Verdict.ALLOWED, Verdict.DENIED, Verdict.HALF_OPEN

Ask = tuple[str, str, str, Verdict]
"""From, to, traffic ('tcp 80', 'icmp'), and what the page says of it."""
Build = Callable[[Estate], Iterator[Ask]]


@dataclass(frozen=True)
class Said:
    """`page` under docs.aws.amazon.com; `fact` in words of our own."""

    page: str
    fact: str
    name: str
    build: Build

    def read(self) -> tuple[Estate, list[Ask]]:
        """The network, and the questions about it."""
        estate = Estate()
        return estate, list(self.build(estate))


SAID: list[Said] = []


def says(page: str, fact: str) -> Callable[[Build], Build]:
    """Keep what a page says with the network that shows it."""

    def keep(build: Build) -> Build:
        SAID.append(Said(page, fact, build.__name__, build))
        return build

    return keep
