"""At which addresses sockets may wait."""

from __future__ import annotations

from ipaddress import IPv4Address

from bulkhead.intent.complaints import Complain
from bulkhead.intent.rules.networks import NetworksByPrefix
from bulkhead.intent.wiring import ends_of, owners_of
from bulkhead.intent.written import WrittenTopology


def judge_bound_addresses(written: WrittenTopology, complain: Complain) -> None:
    """A service's addresses are allocated by the plan; a site's are its own affair."""
    places: dict[str, NetworksByPrefix] = {}
    for end in ends_of(owners_of(written)):
        for index, endpoint in enumerate(end.bind):
            literal = endpoint.literal
            elsewhere = endpoint.everywhere and not endpoint.to_one_by_norm
            if not isinstance(literal, IPv4Address) or elsewhere or endpoint.loopback:
                continue
            path = (*end.path, "bind", index)
            # A SUB of norm does not look at the address, and libzmq takes no "*" of it.
            anywhere = "localhost" if endpoint.to_one_by_norm else "*"
            everywhere = endpoint.model_copy(update={"address": anywhere}).text
            if not end.owner.is_site:
                what = f"{end.reference} binds {literal}, but a service's addresses are the plan's"
                complain(path, what, f'write "{everywhere}"')
                continue
            site = (written.sites or {}).get(end.owner.name)
            cidrs = site and site.cidrs
            if cidrs and end.owner.name not in places:
                places[end.owner.name] = NetworksByPrefix((end.owner.name, each) for each in cidrs)
            if cidrs and not any(places[end.owner.name].of(literal)):
                what = f"{end.reference} binds {literal}, which is not in site {end.owner.name}"
                remedy = f'write an address of its cidrs, or "{everywhere}" for all'
                complain(path, what, remedy)
