"""A proof that tells the addresses apart of which flows were declared."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import Declaration, Network, Site
from bulkhead.prove.reach import Reach, prove


def telling_apart(reach: Reach, declaration: Declaration) -> Reach:
    """The proof itself, if the addresses at which sockets wait are ends of their own there, and
    each network of a site from which alone somebody may connect, and peers on the internet.

    A network that was found may not say where its sockets wait, or say otherwise, and says
    nothing of peers; then it is proved again, and cut there too.
    """
    planned = declaration.planned
    network = reach.network
    if planned is not None and planned.peers != network.peers:
        network = replace(network, peers=planned.peers)
    bound = {each: each.alone_at for each in declaration.servers if each.alone_at is not None}
    said = [each.clients_at for each in declaration.flows]
    said += [each.clients_at for each in declaration.expectations]
    alone = tuple(dict.fromkeys(cidr for several in said for cidr in several))
    wanted = {*map(as_prefix, bound.values()), *map(as_prefix, alone)}
    if network is reach.network and wanted <= set(reach.survey.classes.tree.prefixes):
        return reach
    places = Site(name="", cidrs=alone, vpn_connection=None)
    return prove(network, cuts=(Network(listeners=tuple(bound), sites=(places,)),))
