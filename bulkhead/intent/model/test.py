"""A line of `tests:`."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from bulkhead.intent.model.base import Resolved

EVERY_PROTOCOL = -1
"""Of a target: all that anybody could send it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A socket (its reference is 'risk.orders'), or traffic to somebody, whatever waits there.

    `to` is a service, a site, 'internet', or 'segment:risk' for hosts there that nobody
    declared; `at` some addresses of a site. `traffic` is protocol, first and last port (of ICMP
    type x 256 + code).
    """

    to: str
    socket: str = ""
    traffic: tuple[int, int, int] | None = None
    at: IPv4Network | None = None

    @property
    def reference(self) -> str:
        return f"{self.to}.{self.socket}"

    def __str__(self) -> str:
        if self.traffic is None:
            return self.reference
        protocol, first, last = self.traffic
        return f"{self.to}:{'*' if protocol == EVERY_PROTOCOL else f'{protocol}/{first}-{last}'}"


class Test(Resolved):
    """What one client of a line of `tests:` shall reach, and what it shall not.

    A line whose `from` means several (a segment, a label, "*") is a test for each of them.
    What `deny` has in common with `accept` is accepted.
    """

    __test__ = False  # pytest: this is not a test class

    from_: str
    """A service, a site, 'internet', or 'segment:feed' for hosts there that nobody declared."""
    accept: tuple[Target, ...]
    deny: tuple[Target, ...]
    file: str
    line: int
    name: str = ""
    why: str = ""
    hosts_but: tuple[str, ...] = ()
    """Of a site: its hosts from which nobody asks."""
