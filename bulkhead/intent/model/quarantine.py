"""A service that is cut off."""

from __future__ import annotations

from ipaddress import IPv4Network

from pydantic import Field

from bulkhead.intent.model.base import Resolved


class InQuarantine(Resolved):
    """A line of `quarantine:`. What is declared of the service stays declared, and is not let."""

    service: str
    why: str = ""
    owner: str = ""
    """Who answers for the incident; '' where nobody is named."""
    responder: str = ""
    """The service or the site whose declared flows to it stay; '' where nobody's do."""
    responder_host: str = ""
    """Of a site, the host from which alone they may come; '' of all of it."""
    responder_at: IPv4Network | None = None
    """Where that host is."""
    path: tuple[str | int, ...] = Field(default=(), repr=False, exclude=True)
    """Where it is written: ('quarantine', 0)."""

    @property
    def responder_said(self) -> str:
        """'bastion', 'exchange/bloomberg'; '' where nobody is one."""
        return f"{self.responder}/{self.responder_host}" if self.responder_host else self.responder

    def is_responder(self, client: str, clients_at: tuple[IPv4Network, ...]) -> bool:
        """Whether a service or a site, or some addresses of that alone, is the responder."""
        if not self.responder or client != self.responder:
            return False
        if self.responder_at is None:
            return True
        return bool(clients_at) and all(each.subnet_of(self.responder_at) for each in clients_at)
