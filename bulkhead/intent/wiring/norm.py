"""PUB and SUB by norm, one to one: which ports their hosts open, and what comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.taken import Taken
from bulkhead.intent.wiring.owners import Owner, Wire, ends_of
from bulkhead.intent.wrong import quoted

_ENDS: Final = "and libzmq ends a program that finds it taken"
"""EADDRINUSE of bind(2), asserted on in src/session_base.cpp (measured with 4.3.4)."""


def judge_norm(owners: Iterable[Owner], wires: Iterable[Wire], complain: Complain) -> None:
    """Each port once on a host, for a PUB opens the port to which it sends; and each PUB binds
    nothing else. Warns of the ports that feedback needs."""
    sending: dict[str, list[Wire]] = defaultdict(list)
    for each in wires:
        if each.by_norm:
            sending[each.client.owner.name].append(each)
    for owner in owners:
        if owner.name in sending:
            _expect_own_ports(owner, sending[owner.name], complain)
    for several in sending.values():
        for each in several:
            _expect_nothing_bound(each, complain)
            _warn_of_feedback(each, complain)


def _expect_own_ports(owner: Owner, sending: Iterable[Wire], complain: Complain) -> None:
    """Of a site nobody knows which of its sockets share a host."""
    taken = Taken()
    users: list[str] = []
    for end in ends_of({owner.name: owner}) if not owner.is_site else ():
        for bound in end.bind:
            ports = bound.outside
            if bound.carrier == "udp" and ports is not None and taken.by(ports) is None:
                users.append(f"by {end.reference}")
                taken.take(ports, len(users) - 1)
    for each in sending:
        server, here = each.server, f"{each.client.reference} sends by norm to"
        for endpoint in each.by_norm:
            ports = endpoint.outside or (0, 0)
            if server.owner.replicas > 1 and not endpoint.each_copy:
                what = f"{here} {server.owner.replicas} copies of {server.reference} at one port"
                remedy = f'give each a port of its own: "{endpoint.text}+replica"'
                complain(each.path, f"{what}, which it opens for each, {_ENDS}", remedy)
            elif found := taken.by(ports):
                what = f"{here} {server.reference} and opens udp port {found[1][0]} for that, "
                what += f"which is taken on its host {users[found[0]]}"
                on_one_host = server.owner is owner
                remedy = "ipc, or tcp on loopback" if on_one_host else "another port"
                complain(each.path, f"{what}, {_ENDS}", f"let {server.reference} bind {remedy}")
            elif not owner.is_site:
                users.append(f"for {server.reference}")
                taken.take(ports, len(users) - 1)


def _expect_nothing_bound(wire: Wire, complain: Complain) -> None:
    client = wire.client
    if client.written.listens:
        bound = quoted(client.written.listens[0].text)
        what = f"{client.reference} sends by norm and binds {bound}, which is not supported yet"
        complain(wire.path, what, "make two sockets of it")


def _warn_of_feedback(wire: Wire, complain: Complain) -> None:
    client, server = wire.client, wire.server
    what = (
        f"{client.reference} sends by norm to {server.reference}, which says what was lost at the "
        f"port whence it came: {server.owner.noun} may send udp to all client-ports of "
        f"{client.owner.noun}"
    )
    complain.warn(wire.path, what, "write tcp, or fewer client-ports, as its hosts have them")
