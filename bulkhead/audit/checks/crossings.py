"""What crosses between here and places that nobody answers for: by the proof, host by host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.outside import Arrival
from bulkhead.ends.classes import Endpoint
from bulkhead.lint import Severity
from bulkhead.lint.internet import Exposure
from bulkhead.network import ICMP, ICMP6, TCP, icmp_range

_ECHO: Final = ((ICMP, icmp_range(8, 0).first), (ICMP6, icmp_range(128, 0).first))
_CIFS: Final = 445
_INTERNET: Final = "internet"
_WAYS_OUT: Final = (
    *("internet_gateways", "egress_only_gateways", "vpn_gateways", "vpn_connections"),
    *("peerings", "transit_attachments"),
)


def _where(
    evidence: Evidence,
    matters: Callable[[Arrival], bool],
    what: str,
    *,
    well: str,
    remedy: str,
    hosts: tuple[str, ...] = (),
) -> Iterator[Checked]:
    """Hosts (of some services, or all) at which something arrives that matters; or that none is.

    One that is well is not told by itself: thousands would be.
    """
    told: set[str] = set()
    for host, arriving in evidence.arriving.items():
        if host.id in told or (hosts and host.service not in hosts):
            continue
        sure = [each for each in arriving if each.sure and matters(each)]
        maybe = [each for each in arriving if not each.sure and matters(each)]
        if sure:
            yield fails(host.id, host.name, f"{what}: {sure[0]}", remedy)
        elif maybe:
            yield undecided(host.id, host.name, f"whether {what} is not known: {maybe[0]}")
        if sure or maybe:
            told.add(host.id)
    if not told and evidence.arriving:
        yield passes("", "every host", f"{well}: proved over all packets")


def _controlled(evidence: Evidence) -> Iterator[Checked]:
    return _where(
        evidence,
        lambda each: each.everything,
        "everything reaches it from an untrusted place, as if nothing stood between",
        well="something stands between each and what is untrusted",
        remedy="name what it serves in its security group, and deny the rest",
    )


def _cifs(evidence: Evidence) -> Iterator[Checked]:
    return _where(
        evidence,
        lambda each: each.includes(TCP, _CIFS),
        "CIFS reaches it from an untrusted place",
        well="CIFS reaches none from an untrusted place",
        remedy="close tcp 445 to it, and share files over a VPN",
    )


def _discovered(evidence: Evidence) -> Iterator[Checked]:
    return _where(
        evidence,
        lambda each: any(each.includes(*echo) for echo in _ECHO),
        "it answers to pings from an untrusted place",
        well="none answers to pings from an untrusted place",
        remedy="take icmp echo out of its security group",
    )


def _stores(evidence: Evidence, *, services: tuple[str, ...]) -> Iterator[Checked]:
    """Without a name every host may be a store."""
    if services:
        programs = evidence.network.programs
        known = {*programs, *evidence.network.program}
        for each in sorted(set(services) - known):
            yield undecided(each, each, "no service here is called so")
        yield from _where(
            evidence,
            lambda _: True,
            "an untrusted place reaches it",
            well=f"no untrusted place reaches {', '.join(services)}",
            remedy="put a service between that asks who it is",
            # Who gets in by one interface of a host has it.
            hosts=tuple(
                each.name
                for name in services
                for each in programs.get(evidence.network.program.get(name, name), ())
            ),
        )
    elif any(evidence.arriving.values()):
        yield undecided(
            "",
            "stores",
            "untrusted places reach some hosts, and which of them store cardholder data "
            "nobody said",
            "name the services that do: --stores SERVICE",
        )
    elif evidence.arriving:
        yield passes("", "every host", "no untrusted place reaches any: proved over all packets")


def _apart(evidence: Evidence) -> Iterator[Checked]:
    """Each subnet in which something is publicly reachable: is there anything else in it?"""
    inside: dict[str, list[Endpoint]] = defaultdict(list)
    for host in evidence.arriving:
        if host.subnet:
            inside[host.subnet].append(host)
    for id_, hosts in inside.items():
        name = f"subnet {evidence.network.subnet[id_].name}"
        public = {host for host in hosts if _public(evidence, host, sure=True)}
        maybe = {host for host in hosts if _public(evidence, host, sure=False)} - public
        within = [host for host in hosts if host not in public | maybe]
        if public and within:
            yield fails(
                id_,
                name,
                f"the internet reaches {_some(public)} there, and not {_some(within)}",
                "give what is publicly reachable subnets of its own",
            )
        elif maybe and (within or public):
            yield undecided(id_, name, f"whether the internet reaches {_some(maybe)} is not known")
        else:
            yield passes(id_, name, "what is there is reached by the internet, or none of it is")


def _public(evidence: Evidence, host: Endpoint, *, sure: bool) -> bool:
    return any(each.sure is sure and _INTERNET in each.senders for each in evidence.arriving[host])


def _some(hosts: set[Endpoint] | list[Endpoint]) -> str:
    names = sorted({each.service or each.name for each in hosts})
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _on_the_internet(evidence: Evidence) -> Iterator[Checked]:
    """Hosts with a public address by which something goes in or out."""
    exposure = Exposure(evidence.reach)
    told: set[str] = set()
    for host in evidence.arriving:
        if host.id in told:
            continue
        interface = evidence.network.interface[host.id]
        outer = [
            str(found) for each in interface.addresses if (found := interface.public_for(each))
        ]
        if not outer:
            continue
        ways = [
            *(["in"] if _public(evidence, host, sure=True) else []),
            *(["out"] if exposure.leaving.get(host.id, 0) > 0 else []),
        ]
        if ways:
            told.add(host.id)
            yield fails(
                host.id,
                host.name,
                f"the internet knows it as {outer[0]}, and packets go {' and '.join(ways)}",
                "put a load balancer, a NAT gateway or a VPN between",
                *evidence.exposed(interface.service),
            )
        elif _public(evidence, host, sure=False):
            told.add(host.id)
            yield undecided(host.id, host.name, "whether the internet reaches it is not known")
    if not told and evidence.arriving:
        yield passes(
            "", "every host", "none exchanges packets with the internet by its own address"
        )


def _access_points(evidence: Evidence) -> Iterator[Checked]:
    """Every gateway that leads out, and whether it was planned."""
    there = list(_points(evidence))
    if not there and not any(map(evidence.network.why_more, _WAYS_OUT)):
        yield passes("", "access points", "no gateway leads out")
    planned = evidence.declaration.planned if evidence.declaration else None
    if planned is None:
        listed = ", ".join(f"{kind} {name}" for kind, _, name in there) or "none"
        if there:
            yield undecided(
                "", "access points", f"whether each is needed nobody said: {listed}", _FOR
            )
        return
    wanted = {(kind, name) for kind, _, name in _points(Evidence(network=planned))}
    for kind, id_, name in there:
        if (kind, name) in wanted:
            yield passes(id_, f"{kind} {name}", "it was planned")
        else:
            yield fails(id_, f"{kind} {name}", "no plan has it", f"delete {id_}, or declare it")


def _points(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    network = evidence.network
    gateways: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
        ("internet gateway", tuple((g.id, g.name, g.vpc) for g in network.internet_gateways)),
        ("egress-only gateway", tuple((g.id, g.name, g.vpc) for g in network.egress_only_gateways)),
        ("VPN gateway", tuple((g.id, g.name, g.vpc) for g in network.vpn_gateways)),
    )
    for kind, several in gateways:
        for id_, name, vpc in several:
            if vpc in network.vpc and not network.is_others(id_, vpc):
                yield kind, id_, name
    for peering in network.peerings:
        if peering.active and not network.is_others(peering.id):
            yield "peering", peering.id, peering.name
    for connection in network.vpn_connections:
        if connection.available and not network.is_others(connection.id):
            yield "VPN connection", connection.id, connection.name
    for attachment in network.transit_attachments:
        ours = attachment.resource in network.vpc and not network.is_others(attachment.id)
        if attachment.available and ours:
            yield "transit gateway attachment", attachment.id, attachment.name


_FOR: Final = "name the topology that it was built for: --for TOPOLOGY"

CONTROLLED: Final = Check(
    id="crossings-controlled",
    title="Controls stand between trusted and untrusted networks",
    severity=Severity.HIGH,
    risk="Whoever is out there talks to every port of the host.",
    remedy="Name what each host serves in its security group.",
    run=_controlled,
    about=("interfaces",),
)
CIFS_REACHED: Final = Check(
    id="cifs-from-untrusted",
    title="CIFS reaches nothing from untrusted places",
    severity=Severity.HIGH,
    risk="File sharing is where worms spread.",
    remedy="Close tcp 445.",
    run=_cifs,
    about=("interfaces",),
)
DISCOVERED: Final = Check(
    id="not-discovered",
    title="Hosts answer to no pings from untrusted places",
    severity=Severity.LOW,
    risk="Who scans finds what there is.",
    remedy="Take icmp echo out of the security groups.",
    run=_discovered,
    about=("interfaces",),
)
STORES: Final = Check(
    id="stores-not-reached",
    title="No untrusted place reaches a store of cardholder data",
    severity=Severity.HIGH,
    risk="Whoever gets in has the data at once.",
    remedy="Put a service between that asks who it is.",
    run=_stores,
    about=("interfaces",),
    config={"services": ()},
)
APART: Final = Check(
    id="public-hosts-apart",
    title="What is publicly reachable stands in subnets of its own",
    severity=Severity.LOW,
    risk="Who takes a public host stands beside the internal ones.",
    remedy="Give what is publicly reachable subnets of its own.",
    run=_apart,
    about=("interfaces", "subnets"),
)
ON_THE_INTERNET: Final = Check(
    id="not-on-the-internet",
    title="No host exchanges packets with the internet by its own address",
    severity=Severity.MEDIUM,
    risk="Nothing stands between the host and the internet but its groups.",
    remedy="Put a load balancer, a NAT gateway or a VPN between.",
    run=_on_the_internet,
    about=("interfaces",),
)
ACCESS_POINTS: Final = Check(
    id="access-points-planned",
    title="Every gateway that leads out was planned",
    severity=Severity.MEDIUM,
    risk="A way out that nobody planned is one that nobody watches.",
    remedy="Delete it, or declare it.",
    run=_access_points,
    about=_WAYS_OUT,
)

CROSSINGS: Final = (
    *(CONTROLLED, CIFS_REACHED, DISCOVERED, STORES),
    *(APART, ON_THE_INTERNET, ACCESS_POINTS),
)
