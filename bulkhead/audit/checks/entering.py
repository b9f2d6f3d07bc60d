"""What comes in from the internet, and from sites that nobody trusts: by which rules, and whither.

Asked of the proof, port by port; what several hosts have in common is said once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.checks.listed import Listing, left_over, listing, port_range
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
"""Hosts that one line names."""

IsFrom = Callable[[Endpoint], bool]


@dataclass(slots=True)
class _Way:
    """What gets to some hosts from the same addresses, by the same rules."""

    ports: dict[int, list[PortRange]] = field(default_factory=lambda: defaultdict(list))
    hosts: dict[str, str] = field(default_factory=dict)


_Ways = dict[tuple[tuple[RuleRef, ...], str], _Way]
Within = Callable[[int, Endpoint], Sequence[PortRange]]
"""Of a protocol and a sender, the ports that are asked about."""


def _entering(evidence: Evidence, is_from: IsFrom, within: Within, *, sure: bool) -> _Ways:
    """By rules and traffic, whom it gets to."""
    reach, network = evidence.reach, evidence.network
    outer = [index for index, end in enumerate(reach.endpoints) if is_from(end)]
    bits = sum(1 << index for index in outer)
    found: _Ways = defaultdict(_Way)
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
                            way = found[rules, _called(sender)]
                            way.hosts[host.id] = host.name
                            way.ports[protocol].append(common)
    return found


def _is_own(network: Network, host: Endpoint) -> bool:
    return host.kind is EndpointKind.INTERFACE and host.vpc not in network.neighbours


def _called(sender: Endpoint) -> str:
    """The addresses, of the internet: 'the internet (0.0.0.0/0)'."""
    if sender.kind is EndpointKind.SITE:
        return sender.name
    return f"the internet ({sender.prefix})"


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
    found = {
        (rules, sender): way
        for (rules, sender), way in _entering(evidence, is_from, within, sure=True).items()
        if matters(rules)
    }
    for (rules, sender), way in found.items():
        yield fails(_resource(rules, way), *_words(sender, way, "reaches"), remedy, rules=rules)
    doubtful = {
        (rules, sender): way
        for (rules, sender), way in _entering(evidence, is_from, within, sure=False).items()
        if matters(rules)
    }
    for (rules, sender), way in doubtful.items():
        name, message = _words(sender, way, "may reach")
        yield undecided(_resource(rules, way), name, message, rules=rules)
    if not found and not doubtful and evidence.network.interfaces:
        yield passes("", "every host", f"{well}: proved over all packets")


def _resource(rules: tuple[RuleRef, ...], way: _Way) -> str:
    return rules[0].component if rules else next(iter(way.hosts))


def _words(sender: str, way: _Way, does: str) -> tuple[str, str]:
    names = list(dict.fromkeys(way.hosts.values()))
    hosts = ", ".join(names[:_MOST])
    if more := len(names) - _MOST:
        hosts += f" and {more} more" if more > 0 else ""
    what = "; ".join(traffic(protocol, merge(ports)) for protocol, ports in way.ports.items())
    return (names[0] if len(names) == 1 else hosts), f"{sender} {does} it on {what}"


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
    bound = [PortRange(each.port, each.port) for each in evidence.network.listeners]
    named = _named((TCP,), [*map(port_range, ports), *bound])
    listings = [listing(each) for each in listed]

    def within(protocol: int, sender: Endpoint) -> Sequence[PortRange]:
        meant = [each.ports for each in listings if each.means(protocol, sender)]
        return [left for each in named(protocol, sender) for left in left_over(each, meant)]

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
