"""What people say of what a check is about: for what it is there, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bulkhead.network import UNSAID, Network, SaidOf, Spoken


class SaidAbout:
    """By the topology where it knows the thing, else by the thing's own tags."""

    def __init__(
        self,
        network: Network,
        declared: Mapping[tuple[Spoken, str], SaidOf],
        tagged: Mapping[str, SaidOf],
    ) -> None:
        """`declared` by kind and name, `tagged` by id."""
        self._by_id = {**tagged, **_of_things(network, declared)}
        self._by_name = {
            name: said for name, id_ in _names(network) if (said := self._by_id.get(id_))
        }

    def of(self, resource: str) -> SaidOf:
        """Of an id, of what is inside of a thing ('vpn-1/2'), or of an end of a flow.

        Of a flow it is who is reached: there it is closed.
        """
        source, _, destination = resource.partition(" -> ")
        for end in (destination, source):
            for known in (end, end.rpartition("/")[0]):
                if said := self._by_id.get(known):
                    return said
            # 'ticker.ticks', 'router.eth1.control'.
            for name in (end, end.rpartition(".")[0], end.partition(".")[0]):
                if said := self._by_name.get(name):
                    return said
        return UNSAID


def _of_things(
    network: Network, declared: Mapping[tuple[Spoken, str], SaidOf]
) -> Mapping[str, SaidOf]:
    """By id; nothing of what several share of which something else is said."""
    if not declared:
        return {}
    found: dict[str, SaidOf] = {}
    for id_, said in _each_thing(network, declared):
        found[id_] = said if found.get(id_, said) == said else UNSAID
    return found


def _each_thing(
    network: Network, declared: Mapping[tuple[Spoken, str], SaidOf]
) -> Iterator[tuple[str, SaidOf]]:
    own = {each.id for each in network.nacls if each.default}
    own |= {each.id for each in network.route_tables if each.main}
    for subnet in network.subnets:
        if said := declared.get(("segment", subnet.segment or "")):
            for id_ in (subnet.id, subnet.nacl, subnet.route_table):
                if id_ not in own:
                    yield id_, said
    for service in network.services:
        if said := declared.get(("service", service.name)):
            yield service.security_group, said
            for interface in network.present:
                if interface.service == service.name:
                    yield interface.id, said
    for site in network.sites:
        if site.vpn_connection and (said := declared.get(("site", site.name))):
            yield site.vpn_connection, said


def _names(network: Network) -> Iterator[tuple[str, str]]:
    """What people call things, with the ids of what their tags are on."""
    for interface in network.present:
        yield interface.name, interface.id
    for service in network.services:
        yield service.name, service.security_group
    for site in network.sites:
        if site.vpn_connection:
            yield site.name, site.vpn_connection
