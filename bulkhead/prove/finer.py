"""A proof that tells the addresses apart at which sockets were declared to wait."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import Listener, Network
from bulkhead.prove.reach import Reach, prove


def telling_apart(reach: Reach, listeners: Iterable[Listener]) -> Reach:
    """The proof itself, if each address that they bind is an end of its own there.

    A network that was found may not say where its sockets wait, or say otherwise; then
    it is proved again, and cut there too.
    """
    bound = {each: each.address for each in listeners if each.address is not None}
    wanted = {as_prefix(ip_network(address)) for address in bound.values()}
    if not wanted or wanted <= set(reach.survey.classes.tree.prefixes):
        return reach
    return prove(reach.network, cuts=(Network(listeners=tuple(bound)),))
