"""What comes in from the internet, and from sites that nobody trusts: by which rules, and whither.

Asked of the proof, port by port; what several hosts have in common is said once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.checks.listed import Listing, left_over, listing, port_range
from bulkhead.ends.beside import is_of_others
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TCP,
    UDP,
    Direction,
    GroupRule,
    IPAddress,
    Network,
    PortRange,
)
from bulkhead.network.traffic import merge, traffic
from bulkhead.prove.sets.by_port import bits_of

_ADMIN: Final = (
    *("20-23", "445", "2375-2376", "3389", "5900", "5985-5986", "6443"),
    *("1433-1434", "1521", "3306", "5432", "6379", "9200", "11211", "27017"),
)
"""Of remote administration, and of stores that nobody means to give to the world."""
_ZEROMQ: Final = ("5550-5599",)
"""Where people let ZeroMQ sockets bind for want of a port of its own (zguide, examples)."""
_WEB: Final = tuple(
    f"tcp {port} from {world}" for world in ("0.0.0.0/0", "::/0") for port in (80, 443)
)
_WIDE: Final = {4: 8, 6: 16}
"""Prefixes as long as these, or shorter, are no names of anybody."""
_MOST: Final = 3
"""Hosts, or addresses, that one line names."""

IsFrom = Callable[[Endpoint], bool]


_Sender = tuple[str, str]
"""A place, and of the internet which addresses: ('the internet', '0.0.0.0/0')."""
_Rules = tuple[RuleRef, ...]
_Traffic = tuple[tuple[int, tuple[PortRange, ...]], ...]
"""Protocols, each with its ports."""
_Ways = dict[tuple[Endpoint, _Rules, _Sender], dict[int, list[PortRange]]]


@dataclass(frozen=True, slots=True)
class _Opening:
    """What gets from some places to some hosts, and by which rules."""

    rules: _Rules
    senders: tuple[_Sender, ...]
    traffic: _Traffic
    hosts: tuple[Endpoint, ...] = ()


Within = Callable[[int, Endpoint], Sequence[PortRange]]
"""Of a protocol and a sender, the ports that are asked about."""


def _entering(evidence: Evidence, is_from: IsFrom, within: Within, *, sure: bool) -> _Ways:
    """To each host, by the same rules and from the same addresses: what gets to it."""
    reach, network = evidence.reach, evidence.network
    outer = [index for index, end in enumerate(reach.endpoints) if is_from(end)]
    bits = sum(1 << index for index in outer)
    found: _Ways = defaultdict(lambda: defaultdict(list))
    admitting = cache(partial(_admitting, network, sure=sure))
    for index, host in enumerate(reach.endpoints):
        mine = bits & reach.senders(index) if _is_own(network, host) else 0
        for protocol in reach.protocols if mine else ():
            for piece in reach.masks(index, protocol).pieces():
                some = (piece.allowed | piece.half_open) if sure else piece.undetermined
                for each in bits_of(some & mine):
                    sender = reach.endpoints[each]
                    for ports in within(protocol, sender):
                        if common := piece.ports.overlap(ports):
                            held = network.interface[host.id].security_groups
                            rules = admitting(held, sender.address, protocol, common)
                            found[host, rules, _called(sender)][protocol].append(common)
    return found


def _is_own(network: Network, host: Endpoint) -> bool:
    return host.kind is EndpointKind.INTERFACE and not is_of_others(network, host)


def _called(sender: Endpoint) -> _Sender:
    if sender.kind is EndpointKind.SITE:
        return sender.name, ""
    return "the internet", str(sender.prefix)


def _admitting(
    network: Network,
    held: tuple[str, ...],
    sender: IPAddress,
    protocol: int,
    ports: PortRange,
    *,
    sure: bool,
) -> tuple[RuleRef, ...]:
    """The rules of some groups that let some traffic in; surely, or perhaps."""
    return tuple(
        RuleRef(group.id, rule)
        for id_ in held
        if (group := network.security_group.get(id_))
        for rule in group.towards(Direction.INGRESS)
        if rule.certain or not sure
        if rule.protocol in (ANY_PROTOCOL, protocol)
        and (rule.protocol == ANY_PROTOCOL or rule.ports.overlap(ports))
        and rule.peer.kind == "cidr"
        and sender in rule.peer.cidr
    )


def _said(
    evidence: Evidence,
    is_from: IsFrom,
    within: Within,
    well: str,
    remedy: str,
    *,
    matters: Callable[[tuple[RuleRef, ...]], bool] = lambda _: True,
) -> Iterator[Checked]:
    """What gets in, and what may, by rules that matter; or that nothing does."""
    sure, doubtful = (
        _together(_entering(evidence, is_from, within, sure=each), matters)
        for each in (True, False)
    )
    for each in sure:
        yield fails(_resource(each), _hosts(each), _words(each), remedy, rules=each.rules)
    for each in doubtful:
        words = _words(each, perhaps=True)
        yield undecided(_resource(each), _hosts(each), words, rules=each.rules)
    if not sure and not doubtful and evidence.network.interfaces:
        yield passes("", "every host", f"{well}: proved over all packets")


def _together(ways: _Ways, matters: Callable[[_Rules], bool]) -> list[_Opening]:
    """What gets to a host on the same ports is told once; so is what several have in common."""
    to_host: dict[tuple[Endpoint, _Traffic], list[tuple[_Rules, _Sender]]] = defaultdict(list)
    for (host, rules, sender), ports in ways.items():
        if matters(rules):
            what = tuple((protocol, merge(each)) for protocol, each in ports.items())
            to_host[host, what].append((rules, sender))
    hosts: dict[_Opening, list[Endpoint]] = defaultdict(list)
    for (host, what), every in to_host.items():
        rules = tuple(dict.fromkeys(rule for some, _ in every for rule in some))
        senders = tuple(dict.fromkeys(sender for _, sender in every))
        hosts[_Opening(rules, senders, what)].append(host)
    return [replace(each, hosts=tuple(some)) for each, some in hosts.items()]


def _resource(opening: _Opening) -> str:
    return opening.rules[0].component if opening.rules else opening.hosts[0].id


def _hosts(opening: _Opening) -> str:
    return _some(list(dict.fromkeys(each.name for each in opening.hosts)))


def _words(opening: _Opening, *, perhaps: bool = False) -> str:
    several = len({place for place, _ in opening.senders}) > 1
    does = "may reach" if perhaps else "reach" if several else "reaches"
    what = "; ".join(traffic(protocol, ports) for protocol, ports in opening.traffic)
    whom = "it" if len({each.id for each in opening.hosts}) == 1 else "them"
    return f"{_from(opening.senders)} {does} {whom} on {what}"


def _from(senders: Iterable[_Sender]) -> str:
    """'the internet (0.0.0.0/0, 198.51.100.0/24)'; 'exchange and archive'."""
    places: dict[str, list[str]] = defaultdict(list)
    for place, addresses in senders:
        places[place] += [addresses] if addresses else []
    return " and ".join(
        f"{place} ({_some(every)})" if every else place for place, every in places.items()
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


# Whom, and which ports


def _internet(end: Endpoint) -> bool:
    return end.kind is EndpointKind.INTERNET


def _untrusted_site(evidence: Evidence) -> IsFrom:
    trusted = {each.name for each in evidence.network.sites if each.trusted}
    return lambda end: end.kind is EndpointKind.SITE and end.id not in trusted


def _named(protocols: tuple[int, ...], ports: Iterable[PortRange]) -> Within:
    every = merge(ports)
    return lambda protocol, _: every if protocol in protocols else ()


def _not_listed(listings: Sequence[Listing]) -> Within:
    def within(protocol: int, sender: Endpoint) -> Sequence[PortRange]:
        meant = [each.ports for each in listings if each.means(protocol, sender)]
        return tuple(left_over(ALL_PORTS, meant))

    return within


def _sockets(evidence: Evidence, ports: tuple[str, ...], listed: tuple[str, ...] = ()) -> Within:
    """The ports that somebody named, and those that the network says sockets of it bind.

    Less what is listed as meant to be reached.
    """
    bound: dict[int, list[PortRange]] = defaultdict(list)
    bound[TCP] += map(port_range, ports)
    for each in evidence.network.listeners:
        bound[each.protocol].append(each.ports)
    named = {protocol: merge(several) for protocol, several in bound.items()}
    listings = [listing(each) for each in listed]

    def within(protocol: int, sender: Endpoint) -> Sequence[PortRange]:
        meant = [each.ports for each in listings if each.means(protocol, sender)]
        return [left for each in named.get(protocol, ()) for left in left_over(each, meant)]

    return within


# The questions


def _zeromq_internet(evidence: Evidence, *, ports: tuple[str, ...]) -> Iterator[Checked]:
    well = "the internet gets to no port of ZeroMQ"
    return _said(evidence, _internet, _sockets(evidence, ports), well, _CLOSE, matters=_for_anybody)


def _without_tunnel(
    evidence: Evidence, *, ports: tuple[str, ...], listed: tuple[str, ...]
) -> Iterator[Checked]:
    """From public addresses that somebody named: those are who they say only in a tunnel."""
    well = "whoever is named gets to ports of ZeroMQ through a tunnel"
    within = _sockets(evidence, ports, listed)
    return _said(evidence, _internet, within, well, _CLOSE, matters=_for_some)


def _for_anybody(rules: tuple[RuleRef, ...]) -> bool:
    """Whether one of the rules is for a large part of all addresses, or none asks who sends."""
    return not rules or any(
        isinstance(each.rule, GroupRule)
        and each.rule.peer.kind == "cidr"
        and each.rule.peer.cidr.prefixlen <= _WIDE[each.rule.peer.cidr.version]
        for each in rules
    )


def _for_some(rules: tuple[RuleRef, ...]) -> bool:
    return not _for_anybody(rules)


def _zeromq_site(
    evidence: Evidence, *, ports: tuple[str, ...], listed: tuple[str, ...]
) -> Iterator[Checked]:
    well = "no untrusted site gets to a port of ZeroMQ that is not listed"
    within = _sockets(evidence, ports, listed)
    return _said(evidence, _untrusted_site(evidence), within, well, _OF_A_SITE)


def _admin(evidence: Evidence, *, ports: tuple[str, ...]) -> Iterator[Checked]:
    within = _named((TCP, UDP), map(port_range, ports))
    well = "nobody on the internet gets to a port of administration"
    return _said(evidence, _internet, within, well, _CLOSE)


def _internet_listed(evidence: Evidence, *, listed: tuple[str, ...]) -> Iterator[Checked]:
    within = _not_listed([listing(each) for each in listed])
    well = "the internet reaches what is listed, and nothing else"
    return _said(evidence, _internet, within, well, _LIST)


def _site_listed(evidence: Evidence, *, listed: tuple[str, ...]) -> Iterator[Checked]:
    within = _not_listed([listing(each) for each in listed])
    well = "untrusted sites reach what is listed, and nothing else"
    return _said(evidence, _untrusted_site(evidence), within, well, _LIST)


_CLOSE: Final = "name the addresses that need it, and let them come by a VPN"
_OF_A_SITE: Final = "name the hosts of the site that need it and list them, or trust the site"
_LIST: Final = "close it, or list it: 'tcp 443 from 0.0.0.0/0'"

_entry = partial(Check, about=("interfaces",))

ENTERING: Final = (
    _entry(
        id="zeromq-from-internet",
        title="The internet at large reaches no port of ZeroMQ",
        severity=Severity.HIGH,
        risk="A ZeroMQ socket talks to whoever reaches its port: it asks nobody who he is.",
        remedy="Name the peers in the security group, and let those from elsewhere come by a VPN.",
        run=_zeromq_internet,
        config={"ports": _ZEROMQ},
    ),
    _entry(
        id="zeromq-without-tunnel",
        title="Who reaches a port of ZeroMQ from elsewhere comes through a tunnel",
        severity=Severity.MEDIUM,
        risk="ZeroMQ encrypts nothing by itself, and an address is no proof of who sends.",
        remedy="Connect the other network by a site-to-site VPN, and close the public way.",
        run=_without_tunnel,
        config={"ports": _ZEROMQ, "listed": ()},
    ),
    _entry(
        id="zeromq-from-untrusted-site",
        title="No untrusted site reaches a port of ZeroMQ that is not listed",
        severity=Severity.MEDIUM,
        risk="A ZeroMQ socket talks to whoever reaches its port: it asks nobody who he is.",
        remedy="Name the addresses of the site that need it, or mark the site as trusted.",
        run=_zeromq_site,
        config={"ports": _ZEROMQ, "listed": ()},
    ),
    _entry(
        id="admin-from-internet",
        title="Nobody on the internet reaches ports of administration, or stores",
        severity=Severity.HIGH,
        risk="Everybody may try passwords and exploits there.",
        remedy="Go by a VPN or Session Manager, and close the port.",
        run=_admin,
        config={"ports": _ADMIN},
    ),
    _entry(
        id="internet-reach-listed",
        title="The internet reaches what is listed, and nothing else",
        severity=Severity.MEDIUM,
        risk="What nobody lists nobody watches.",
        remedy="Close it, or list it.",
        run=_internet_listed,
        config={"listed": _WEB},
    ),
    _entry(
        id="site-reach-listed",
        title="Untrusted sites reach what is listed, and nothing else",
        severity=Severity.MEDIUM,
        risk="What nobody lists nobody watches.",
        remedy="Close it, or list it.",
        run=_site_listed,
        config={"listed": ()},
    ),
)
