"""Hosts of sites by name, and the sockets that are at one alone."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.places import called as named
from bulkhead.intent.rules.networks import NetworksByPrefix
from bulkhead.intent.values import parse_name
from bulkhead.intent.wiring import End, Owner, ends_of
from bulkhead.intent.written import WrittenSite, WrittenTopology
from bulkhead.intent.wrong import Wrong, nearest, quoted


def judge_hosts(written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain) -> None:
    """Each is in its site, has addresses of its own, and is where its sockets can be."""
    for name, site in (written.sites or {}).items():
        if site is not None:
            _judge_site(name, site, complain)
    for end in ends_of(owners):
        if end.written.host is not None:
            _judge_socket(end, end.written.host, complain)


def _judge_site(name: str, site: WrittenSite, complain: Complain) -> None:
    around = NetworksByPrefix((name, each) for each in site.cidrs or ())
    taken: dict[IPv4Network, str] = {}
    for host, said in (site.hosts or {}).items():
        path: KeyPath = ("sites", name, "hosts", host)
        called = f"host {name}/{host}"
        try:
            parse_name(host)
        except Wrong as wrong:
            complain(path, f"site {name}, hosts: {wrong.what}", wrong.remedy)
        if said is None:
            continue
        fields = said.model_fields_set
        if not fields & {"address", "cidr"}:
            what = f"{called} is nowhere"
            complain(path, what, "add address: 192.168.10.5, or cidr: of a network")
        elif {"address", "cidr"} <= fields:
            complain(path, f"{called} has address: and cidr:", "keep one of the two")
        network = said.network
        if network is None:
            continue
        if site.cidrs and not any(
            network.subnet_of(each) for _, each in around.of(network.network_address)
        ):
            what = f"{called} ({named(network)}) is not in site {name}"
            complain(path, what, "write what lies in its cidrs")
        other = taken.setdefault(network, host)
        if other != host:
            what = f"{named(network)} of site {name} is {other} and {host}"
            complain(path, what, "give it one name")


def _judge_socket(end: End, host: str, complain: Complain) -> None:
    path = (*end.path, "host")
    if not end.owner.outside:
        what = f"{end.reference} is at host {quoted(host)}, and a service's hosts are the plan's"
        complain(path, what, "remove host: of it; sockets of a site have one")
        return
    if end.owner.is_peer:
        what = f"{end.reference} is at host {quoted(host)}, and a peer has no hosts by name"
        complain(path, what, "remove host:, or make a peer of that host alone")
        return
    if host not in end.owner.hosts:
        what = f"{end.reference} is at {quoted(host)}, which is no host of site {end.owner.name}"
        complain(path, what, nearest(host, end.owner.hosts))
        return
    for index, endpoint in enumerate(end.bind):
        if endpoint.on_network and endpoint.literal is not None and not endpoint.everywhere:
            what = f"{end.reference} binds {endpoint.literal} and is at host {host}"
            everywhere = endpoint.model_copy(update={"address": "*"}).text
            complain((*end.path, "bind", index), what, f'write "{everywhere}", or remove host:')
