"""What a lost flow means for connections that are open at that moment.

Security groups remember: a tracked connection lives on without its rule until
it has been idle too long. An untracked one has only the rule. NACLs and routes
look at every packet.
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)
"""

from __future__ import annotations

from bulkhead.compare.causes import GROUPS
from bulkhead.compare.delta import Effect, Fate
from bulkhead.compare.rulebook import Rulebook
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Explanation, Layer
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    Direction,
    GroupRule,
    Interface,
    InterfaceKind,
    Network,
    Verdict,
    has_ports,
)
from bulkhead.network.idle import remembers


def effect(book: Rulebook, before: Explanation, after: Explanation | None) -> Effect | None:
    """What happens to connections that were open before; None where there were none to lose.

    `book` and `before` are of the network that had the flow; no `after`: an end is gone.
    """
    if before.verdict in (Verdict.DENIED, Verdict.UNDETERMINED):
        return None
    if after is None:
        return Effect(fate=Fate.CUT, why="one of their ends is gone")
    if after.verdict is Verdict.ALLOWED:
        return None
    if after.verdict is Verdict.UNDETERMINED:
        return Effect(fate=Fate.UNKNOWN, why="what happens to them cannot be told either")
    shut = {(hop.layer, hop.reply) for hop in before.blocking}
    lost = [hop for hop in after.blocking if (hop.layer, hop.reply) not in shut]
    stateless = [hop for hop in lost if hop.layer not in GROUPS]
    if stateless:
        where = " and ".join(dict.fromkeys(str(hop.layer) for hop in stateless))
        what = "replies" if all(hop.reply for hop in stateless) else "packets"
        return Effect(fate=Fate.CUT, why=f"{where}: drops the {what} of known connections too")
    ends = {Layer.GROUP_EGRESS: before.source, Layer.GROUP_INGRESS: before.destination}
    fates = [
        _remembered(book, before, ends[hop.layer], hop.layer) for hop in lost if hop.layer in ends
    ]
    return min(fates, key=_shortest) if fates else None


def _shortest(effect: Effect) -> tuple[bool, int]:
    return effect.fate is Fate.LIVES_ON, effect.seconds or 0


def _remembered(book: Rulebook, before: Explanation, end: Endpoint, layer: Layer) -> Effect:
    """What the security groups of one end do when their rule goes."""
    interface = book.network.interface.get(end.id)
    if interface is None:
        return Effect(fate=Fate.UNKNOWN, why="it is not known which interface carries them")
    if _untracked(book, before, interface, layer):
        return Effect(
            fate=Fate.CUT,
            why=f"{interface.name} does not track them: its rules were for all addresses, "
            "both ways, so only the rule let them pass",
        )
    memory = remembers(interface, before.protocol)
    return Effect(
        fate=Fate.LIVES_ON,
        seconds=memory.seconds,
        why=f"{interface.name} tracks them, and forgets one after {memory.seconds:,} idle seconds"
        + (f" ({memory.why})" if memory.why else "")
        + "; a NACL entry cuts them",
    )


def _untracked(book: Rulebook, before: Explanation, interface: Interface, layer: Layer) -> bool:
    """Rules for all addresses, and for all replies, with nothing between that tracks anyway."""
    if not has_ports(before.protocol) or interface.kind is not InterfaceKind.HOST:
        return False
    if _always_tracked(book.network, before):
        return False
    way = Direction.EGRESS if layer is Layer.GROUP_EGRESS else Direction.INGRESS
    decided = [
        ref.rule
        for hop in before.request
        if hop.layer is layer
        for ref in hop.rules
        if isinstance(ref.rule, GroupRule)
    ]
    answering = [
        rule
        for group in interface.security_groups
        if group in book.network.security_group
        for rule in book.network.security_group[group].rules
        if rule.direction is not way and rule.certain
    ]
    family = before.source.prefix.version
    return (
        bool(decided)
        and all(_for_everyone(rule, family) for rule in decided)
        and any(
            _for_everyone(rule, family)
            and rule.protocol in (ANY_PROTOCOL, before.protocol)
            and (rule.protocol == ANY_PROTOCOL or rule.ports.covers(ALL_PORTS))
            for rule in answering
        )
    )


def _for_everyone(rule: GroupRule, family: int) -> bool:
    peer = rule.peer
    return peer.kind == "cidr" and peer.cidr.prefixlen == 0 and peer.cidr.version == family


def _always_tracked(network: Network, said: Explanation) -> bool:
    """Through some gateways, and to some kinds of interface, every flow is tracked."""
    boxes = {
        each.id
        for several in (
            network.nat_gateways,
            network.transit_gateways,
            network.transit_attachments,
            network.firewalls,
            network.egress_only_gateways,
        )
        for each in several
    }
    boxes |= {endpoint for each in network.firewalls for endpoint, _ in each.endpoints}
    ends = [
        network.interface[end.id]
        for end in (said.source, said.destination)
        if end.kind is EndpointKind.INTERFACE and end.id in network.interface
    ]
    return any(not boxes.isdisjoint(hop.ids) for hop in (*said.request, *said.reply)) or any(
        each.kind is not InterfaceKind.HOST for each in ends
    )
