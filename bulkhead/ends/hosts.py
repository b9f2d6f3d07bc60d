"""Which interfaces are of one host: who owns that has them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bulkhead.network import Network


def one_host(network: Network) -> Mapping[str, str]:
    """By the id of each interface, the same id of one for all of a host.

    They are of one instance, or said to be of one host of a VPC (tag bulkhead:host): one that is
    attached to nothing yet may come to be.
    """
    first: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in network.interfaces:
        if each.instance:
            first["instance", each.instance].append(each.id)
        if each.host:
            first["host", network.subnet_of(each).vpc, each.host].append(each.id)
    found = {each.id: each.id for each in network.interfaces}

    def root(id_: str) -> str:
        while found[id_] != id_:
            id_ = found[id_]
        return id_

    for one, *others in first.values():
        for other in others:
            found[root(other)] = root(one)
    return {id_: root(id_) for id_ in found}
