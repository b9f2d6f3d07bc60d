"""Why something is open to the internet."""

from __future__ import annotations

from datetime import date

from bulkhead.intent.model.base import Resolved


class ExposureSaid(Resolved):
    """Somebody's word that what crosses the internet is meant."""

    why: str
    owner: str
    until: date | None = None
    """The last day on which it is meant; None where nobody says."""
    via: str = ""
    """'nlb': who comes in meets a Network Load Balancer; '': each copy has a public address."""
