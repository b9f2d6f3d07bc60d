"""The VPN device of every site."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.rules.networks import NetworksByPrefix, networks_of
from bulkhead.intent.values import expect_asn_free
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import Wrong


def judge_gateways(written: WrittenTopology, complain: Complain) -> None:
    """Each is reached over the internet, is one site's alone, and has a number of its own."""
    taken: dict[object, str] = {}
    places = NetworksByPrefix((who, network) for who, _, network in networks_of(written))
    for name, site in (written.sites or {}).items():
        if site is None or site.gateway is None:
            continue
        gateway = site.gateway
        path: KeyPath = ("sites", name, "gateway")
        if gateway.asn is not None and written.region is not None:
            try:
                expect_asn_free(gateway.asn, written.region)
            except Wrong as wrong:
                complain((*path, "asn"), f"site {name}, gateway, asn: {wrong.what}", wrong.remedy)
        address = gateway.address
        if address is None:
            continue
        for who, network in places.of(address):
            complain(
                (*path, "address"),
                f"gateway {address} of site {name} lies in {network} of {who}, "
                "so the tunnel would be routed into itself",
                "name the device's public address",
            )
        if address in taken:
            complain(
                (*path, "address"),
                f"sites {taken[address]} and {name} have the same gateway {address}",
                "make them one site with all its cidrs",
            )
        taken.setdefault(address, name)
