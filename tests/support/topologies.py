"""Topologies for tests: from text, and at random."""

from __future__ import annotations

import copy
import textwrap
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from bulkhead.intent import Topology, load

HEAD: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "cidr": "10.20.0.0/16",
    "zones": 2,
}

LEGAL = {
    "PUB": ("SUB", "XSUB"),
    "PULL": ("PUSH",),
    "REP": ("REQ", "DEALER"),
    "ROUTER": ("DEALER", "REQ", "ROUTER"),
    "TCP": ("TCP",),
}


_PLAIN = {"mechanism": "PLAIN"}
_NEEDS: tuple[list[str], ...] = ([], [], [], ["s3"], ["dynamodb", "s3"], ["sts", "s3"], ["logs"])
_CIDRS: tuple[str | list[str], ...] = (
    *(HEAD["cidr"],) * 6,
    ["10.20.0.0/16", "10.21.0.0/20"],
)
_IPV6: tuple[Any, ...] = (
    *(None, None, None, None, None, "amazon", "amazon"),
    {"cidr": "2600:1f18:1234:5600::/56", "pool": "ipam-pool-0a1b2c3d4e5f60718"},
)
_ENCRYPTION: tuple[dict[str, Any], ...] = (
    *({}, {}, {}, {}, {}),
    {"mode": "monitor"},
    {"mode": "enforce"},
    {"mode": "enforce", "exclude": ["lambda", "vpc-peering"]},
)
_BLOCKED: tuple[dict[str, Any], ...] = (
    *({}, {}, {}, {}),
    {"mode": "block-ingress"},
    {"mode": "block-bidirectional"},
    {"mode": "block-ingress", "manage": True},
    {"mode": "block-bidirectional", "manage": True},
)
_FLOW_LOGS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"to": "s3", "bucket": "acme-flow-logs/shop"},
    {"retention": 731},
    {"to": "none", "why": "kept elsewhere"},
)


_VPCS: dict[str, Any] = {
    "core": {"cidr": "10.20.0.0/16"},
    "desk": {"cidr": "10.21.0.0/16", "purpose": "trading"},
    "back": {"cidr": ["10.22.0.0/17", "10.23.0.0/20"]},
}


def topology_from(folder: Path, document: dict[str, Any] | str) -> Topology:
    """Load a topology from a document, or from the text of one."""
    path = folder / "topology.yaml"
    if isinstance(document, str):
        path.write_text(textwrap.dedent(document))
    else:
        with path.open("w") as file:
            yaml.safe_dump(document, file, default_flow_style=None)
    return load(path)


def sending_to_a_site(**bound: str | list[str]) -> dict[str, Any]:
    """A site of two networks whose sockets bind these, and for each a service that sends to it.

    Socket `orders` is that of service `orders-sender`; `bystander` sends to none.
    """
    services = {
        f"{name}-sender": {
            "segment": "feed",
            "sockets": {"out": {"type": "PUSH", "connect": f"exchange.{name}"}},
        }
        for name in bound
    }
    idle = {"idle": {"type": "PAIR", "bind": "inproc://idle"}}
    return {
        **HEAD,
        "zones": 1,
        "segments": {"feed": {"purpose": "sends orders out"}, "other": {"purpose": "sends none"}},
        "services": {**services, "bystander": {"segment": "other", "sockets": idle}},
        "sites": {
            "exchange": {
                "cidrs": ["192.168.10.0/24", "192.168.11.0/24"],
                "gateway": {"address": "203.0.113.10"},
                "sockets": {name: {"type": "PULL", "bind": bind} for name, bind in bound.items()},
            }
        },
    }


_FLOOR = "floor"
"""A network of the site in which two of its single addresses are."""
_EDGE = "edge"
"""One of these, which only connects."""
_PORTS = ("", "", "", "windows", "any", "40000-50000")


@st.composite
def _sites(draw: st.DrawFn, first_ports: tuple[int, ...]) -> dict[str, Any]:
    """One or two networks, perhaps of one address, and sockets of which no two take the same:
    at all addresses, at one, or in a smaller network."""
    networks = draw(st.sampled_from(["10.0/24", "10.0/24 11.0/24", "10.0/24 12.7/32"])).split()
    addresses = [f"192.168.{each[:2]}.{host}" for each in networks for host in (7, 8)]
    addresses = [each for each in addresses if each != "192.168.12.8"]
    sockets: dict[str, Any] = {}
    taken: set[tuple[str, int]] = set()
    in_floor = ["192.168.10.7", "192.168.10.8"]
    for index in range(draw(st.integers(0, 4))):
        port = draw(st.sampled_from(first_ports)) + draw(st.integers(0, 2))
        address = draw(st.sampled_from(["*", _FLOOR, *addresses]))
        near = {"*": [_FLOOR, *addresses], _FLOOR: [_FLOOR, *in_floor]}.get(address, [address])
        near += [_FLOOR] * (address in in_floor)
        ports = range(port, port + draw(st.sampled_from((1, 1, 2, 3))))
        if taken.isdisjoint((each, port) for each in ("*", *near) for port in ports):
            taken.update((address, port) for port in ports)
            kind = draw(st.sampled_from(sorted(LEGAL)))
            host = {"host": _FLOOR} if address == _FLOOR else {}
            at = "*" if host else address
            bind = f"tcp://{at}:{ports[0]}" + (f"-{ports[-1]}" if len(ports) > 1 else "")
            sockets[f"in{index}"] = {"type": kind, "bind": bind, **host}
    return {
        "cidrs": [f"192.168.{network}" for network in networks],
        "gateway": {"address": "203.0.113.10", "asn": 65010},
        **draw(st.sampled_from(({}, {}, {"routing": "bgp"}))),
        "hosts": {
            _FLOOR: {"cidr": "192.168.10.0/28", "vlan": 12} | draw(_client_ports()),
            _EDGE: {"address": "192.168.10.8"} | draw(_client_ports()),
        },
        "sockets": sockets,
    }


_at_a_host = st.sampled_from(({}, {}, {"host": _FLOOR}, {"host": _EDGE}))


def _client_ports() -> st.SearchStrategy[dict[str, str]]:
    return st.sampled_from(_PORTS).map(lambda said: {"client-ports": said} if said else {})


@st.composite
def _several_interfaces(draw: st.DrawFn, service: dict[str, Any], segments: list[str]) -> None:
    """Perhaps it has one in each of several segments; then each socket says which it is at."""
    others = [each for each in segments if each != service["segment"]]
    if not others or not draw(st.sampled_from((False, False, False, False, True))):
        return
    several = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
    interfaces: dict[str, Any] = {"eth0": {}}
    interfaces |= {f"eth{index}": {"segment": each} for index, each in enumerate(several, 1)}
    service["interfaces"] = interfaces
    for socket in service["sockets"].values():
        there = draw(st.sampled_from(sorted(interfaces)))
        everywhere = socket.get("bind", "")
        if "bind" in socket and draw(st.booleans()):
            socket["bind"] = everywhere.replace("*", there)
            if draw(st.booleans()):
                socket["bind"] = [everywhere.replace("*", each) for each in interfaces]
        else:
            socket["interface"] = there


_SCHEDULERS = ("asg", "ecs", "eks", "none", "lambda")


def come_and_go(draw: st.DrawFn, document: dict[str, Any], name: str) -> None:
    """The copies of a service bring their interfaces with them, whoever runs them: a function only
    where it does nothing but connect to sockets."""
    service = document["services"][name]
    ends = [flow[end] for flow in document.get("flows", ()) for end in ("from", "to")]
    binds = any("tcp:" in str(each.get("bind")) for each in service["sockets"].values())
    by = draw(st.sampled_from(_SCHEDULERS[:-1] if binds or name in ends else _SCHEDULERS))
    fewest = draw(st.integers(1, 2))
    service["replicas"] = f"{fewest}..{fewest + draw(st.integers(1, 6))}"
    service.update({"interfaces": "none"} if by == "none" else {"runs-on": by})
    if by == "lambda":
        service.pop("client-ports", None)


def may_come_and_go(service: dict[str, Any]) -> bool:
    """Whether nothing is said of it that needs interfaces of ours."""
    exposed = any("exposure" in each for each in service["sockets"].values())
    return not exposed and not {"interfaces", "runs-on"} & {*service}


def _draw_plain_flows(draw: st.DrawFn, document: dict[str, Any]) -> None:
    """What is not ZeroMQ, between two services, one way or both."""
    plain = [name for name, each in document["services"].items() if may_come_and_go(each)]
    if len(plain) < 2:
        return
    one, other = draw(st.permutations(plain))[:2]
    traffic = draw(st.sampled_from(("tcp 22", "udp 5140", "icmp", ["tcp 22", "tcp 2049"])))
    flow = {"name": "plain", "from": one, "to": other, "traffic": traffic, "why": "upkeep"}
    document["flows"] = [flow]


_WORD = {"why": "it is traded", "owner": "desk"}
_SECURED = {"mechanism": "CURVE", "zap": True}
_ABROAD6 = ("2001:db8:77::/64",)
"""Of a peer, where the VPC speaks IPv6 too."""


def _draw_peers(draw: st.DrawFn, document: dict[str, Any], port: int) -> None:
    """One peer on the internet to which a service connects, and perhaps one that connects to it."""
    services = {
        name: each for name, each in document["services"].items() if "interfaces" not in each
    }
    if not services:
        return
    out = services[draw(st.sampled_from(sorted(services)))]
    out["sockets"]["abroad"] = {
        "type": "PUSH",
        "connect": "market.orders",
        "exposure": {**_WORD},
        **_SECURED,
    }
    document["peers"] = {
        "market": {
            "addresses": ["198.51.100.7/32", *(_ABROAD6 if document.get("ipv6") else ())],
            "sockets": {"orders": {"type": "PULL", "bind": f"tcp://*:{port}", **_SECURED}},
        }
    }
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(services)))
        services[name]["sockets"]["tape"] = {
            "type": "PUB",
            "bind": f"tcp://*:{port}",
            "exposure": {**_WORD},
            **_SECURED,
        }
        document["peers"]["readers"] = {
            "addresses": ["203.0.113.8/29"],
            "sockets": {"tape": {"type": "SUB", "connect": f"{name}.tape", **_SECURED}},
        }
    document.setdefault("quotas", {})["addresses-per-region"] = 10
    document["nat"] = draw(st.sampled_from(("regional", "zonal")))


def _draw_places(draw: st.DrawFn, segments: list[str]) -> dict[str, str]:
    """In which VPC each segment is."""
    names = [*_VPCS][: draw(st.integers(1, 3))]
    return {each: draw(st.sampled_from(names)) for each in segments}


def _cut_what_leads_on(parties: dict[str, Any], place: dict[str, str]) -> None:
    """What a site would have to send through its VPC into another one, or that to it."""

    def vpc(name: str) -> str:
        return parties[name].get("vpc") or place[parties[name]["segment"]]

    for name, party in parties.items():
        party["sockets"] = {
            socket: said
            for socket, said in party["sockets"].items()
            if "connect" not in said
            or "venue" not in (name, other := said["connect"].partition(".")[0])
            or vpc(name) == vpc(other)
        }


def _draw_joins(draw: st.DrawFn, document: dict[str, Any]) -> None:
    """Where something crosses, and perhaps where nothing does."""
    services, segments = document["services"], document["segments"]
    at = {name: segments[each["segment"]]["vpc"] for name, each in services.items()}
    met = [
        (name, said["connect"].partition(".")[0])
        for name, each in services.items()
        for said in each["sockets"].values()
        if "connect" in said
    ]
    met += [(each["from"], each["to"]) for each in document.get("flows", ())]
    pairs = {tuple(sorted((at[one], at[other]))) for one, other in met if {one, other} <= {*at}}
    every = sorted(document["vpcs"])
    if len(every) > 1 and draw(st.booleans()):
        pairs.add((every[0], every[1]))
    joins = [{"peering": [*pair]} for pair in sorted(pairs) if pair[0] != pair[1]]
    if joins:
        document["joins"] = joins


@st.composite
def documents(
    draw: st.DrawFn,
    max_services: int = 7,
    first_ports: tuple[int, ...] = (5000,),
    *,
    sharing: bool = False,
    coming: bool = False,
    vpcs: bool = False,
) -> dict[str, Any]:
    """A valid topology: a few segments and services, random wiring, perhaps a site.

    Each port lies within thirty of one of `first_ports`; some sockets have a range of them, and
    of some the ranges are neighbours; with `sharing` some draw from one. Sockets of the site
    wait at all of its addresses, in a network of it or at one address, and then several may
    share a port. With `coming` some services have copies that come and go, and some flows are
    not of ZeroMQ. With `vpcs` there are up to three VPCs, joined where something crosses, and what
    is not planned of several is left out.
    """
    segments = [f"seg{number}" for number in range(draw(st.integers(1, 4)))]
    names = [f"svc{number}" for number in range(draw(st.integers(1, max_services)))]
    services: dict[str, Any] = {}
    listeners: list[tuple[str, str, str]] = []
    for name in names:
        sockets: dict[str, Any] = {}
        ports: dict[int, str] = {}
        for index in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(sorted(LEGAL)))
            start, offset = draw(st.sampled_from(first_ports)) + 10 * index, draw(st.integers(0, 9))
            last = draw(st.sampled_from((0, 0, 0, 9)))
            port = f"{start + offset}" if last <= offset else f"{start + offset}-{start + last}"
            if sharing and "-" in ports.get(index - 1, "") and draw(st.booleans()):
                port = ports[index - 1]
            ports[index] = port
            sockets[f"in{index}"] = {"type": kind, "bind": f"tcp://*:{port}"}
            listeners.append((name, f"in{index}", kind))
        services[name] = {
            "segment": draw(st.sampled_from(segments)),
            "replicas": draw(st.integers(1, 3)),
            "sockets": sockets,
        }
    place = _draw_places(draw, segments) if vpcs else dict.fromkeys(segments, "")
    site = draw(_sites(first_ports))
    parties = services
    if draw(st.booleans()):
        parties = {**services, "venue": site}
        listeners += [("venue", name, each["type"]) for name, each in site["sockets"].items()]
    for number, (owner, socket, kind) in enumerate(listeners):
        for client in draw(st.lists(st.sampled_from(sorted(parties)), max_size=3, unique=True)):
            if client != owner:
                parties[client]["sockets"][f"out{number}"] = {
                    "type": draw(st.sampled_from(LEGAL[kind])),
                    "connect": f"{owner}.{socket}",
                    **(draw(_at_a_host) if client == "venue" else {}),
                }
    if vpcs:
        site["vpc"] = draw(st.sampled_from(sorted({*place.values()})))
        _cut_what_leads_on(parties, place)
    for service in services.values():
        near = [each for each in segments if place[each] == place[service["segment"]]]
        draw(_several_interfaces(service, near))
    for party in parties.values():
        party.update(draw(_client_ports()))
    for name, service in services.items():
        if not service["sockets"]:
            service["sockets"]["idle"] = {"type": "PAIR", "bind": f"inproc://{name}"}
    secured = draw(st.sampled_from(({}, {}, {"mechanism": "CURVE", "zap": True}, _PLAIN)))
    for party in parties.values():
        for socket in party["sockets"].values():
            socket.update(secured if socket["type"] != "TCP" else {})
    for service in () if vpcs else services.values():
        if needs := draw(st.sampled_from(_NEEDS)):
            service["needs"] = list(needs)
    isolated = draw(st.sets(st.sampled_from(segments)))
    ipv6 = None if vpcs else draw(st.sampled_from(_IPV6))
    ipv4_alone = draw(st.sets(st.sampled_from(segments))) if ipv6 else ()
    document = {
        **HEAD,
        "cidr": draw(st.sampled_from(_CIDRS)),
        "zones": draw(st.integers(1, 3)),
        "segments": {
            name: {
                "purpose": f"purpose of {name}",
                "isolation": "service" if name in isolated else "segment",
                **(
                    {"ipv6": draw(st.sampled_from((False, "unused")))} if name in ipv4_alone else {}
                ),
            }
            for name in segments
        },
        "services": services,
    }
    if ipv6:
        document["ipv6"] = ipv6
    if vpcs:
        del document["cidr"]
        document["vpcs"] = {name: dict(_VPCS[name]) for name in sorted({*place.values()})}
        for name, segment in document["segments"].items():
            segment["vpc"] = place[name]
    if "venue" in parties and site["sockets"]:
        document["sites"] = {"venue": site}
    if draw(st.sampled_from((False, False, False, True))):
        document["dns"] = "shop.internal"
    if not vpcs and draw(st.sampled_from((False,) * 7 + (True,))):
        _draw_peers(draw, document, first_ports[0] + 30)
    if coming and draw(st.sampled_from((False, False, False, True))):
        _draw_plain_flows(draw, document)
    if coming and draw(st.sampled_from((False, False, False, True))):
        for name, service in services.items():
            if may_come_and_go(service) and draw(st.booleans()):
                come_and_go(draw, document, name)
    if vpcs:
        _draw_joins(draw, document)
    elif control := draw(st.sampled_from(_ENCRYPTION)):
        document["vpc-encryption"] = dict(control)
    if not vpcs and (blocked := draw(st.sampled_from(_BLOCKED))):
        document["block-public-access"] = dict(blocked)
    if said := draw(st.sampled_from(_FLOW_LOGS)):
        document["flow-logs"] = dict(said)
    if any("needs" in service for service in services.values()):
        # Whom a NACL must let call S3 it lets call everybody but who is private: more entries.
        document.setdefault("quotas", {})["entries-per-acl"] = 40
    return copy.deepcopy(document)  # a test may write into what it was drawn
