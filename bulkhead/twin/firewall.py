"""Security groups, NACLs and gateways as nftables text. Pure.

Every rule counts, and its comment says which rule of AWS it is. Rules that the
Network holds in a set order keep it: a NACL is decided by its first match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    PRIVATE,
    TCP,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GroupPeer,
    GroupRule,
    IPNetwork,
    Network,
    NetworkAcl,
    PortRange,
    SecurityGroup,
    Subnet,
    has_ports,
    has_types,
)
from bulkhead.twin.limits import ipv4, ipv4_addresses

_COMMENT_LIMIT: Final = 128  # NFTNL_UDATA_COMMENT_MAXLEN
_ANYWHERE: Final = IPv4Network("0.0.0.0/0")

_NEVER_ON_THE_INTERNET: Final = ", ".join(map(str, ipv4(PRIVATE)))


def _verdict(verdict: str, comment: str) -> str:
    """Count, decide, and say in whose name; nft wants the comment last."""
    plain = "".join(c if c.isprintable() and c not in '"\\' else "_" for c in comment)
    return f'counter {verdict} comment "{plain[: _COMMENT_LIMIT - 1]}"'


def _traffic(protocol: int, ports: PortRange) -> str:
    if protocol == ANY_PROTOCOL:
        return ""
    if has_types(protocol) and ports != ALL_PORTS:
        # Type and code are the first two bytes, in the order of `icmp_range` (RFC 792).
        return f"meta l4proto {protocol} @th,0,16 {ports}"
    if not has_ports(protocol):
        return f"meta l4proto {protocol}"
    name = "tcp" if protocol == TCP else "udp"
    return f"meta l4proto {name}" if ports == ALL_PORTS else f"{name} dport {ports}"


def _within(side: str, cidr: IPNetwork) -> str:
    # A rule of AWS for an IPv4 block never matches IPv6.
    return "meta nfproto ipv4" if cidr == _ANYWHERE else f"ip {side} {cidr}"


def _line(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _members(network: Network, group: str) -> list[IPv4Address]:
    """A reference means the private addresses of the interfaces that hold the group."""
    holders = (each for each in network.interfaces if group in each.security_groups)
    return [address for each in holders for address in ipv4_addresses(each.addresses)]


def _address_set(name: str, addresses: Iterable[IPv4Address]) -> str:
    listed = ", ".join(str(each) for each in sorted(set(addresses)))
    elements = f" elements = {{ {listed} }}" if listed else ""
    return f"set {name} {{ type ipv4_addr;{elements} }}"


def listener_rules(taken: Iterable[tuple[int, int]], owner: str) -> str:
    """What a load balancer takes in, as (protocol, port): what no listener takes is dropped.

    (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html).
    Replies, and what it must know of its paths (ICMP type 3), need no listener.
    """
    lines = [
        "chain listeners {",
        # Before the groups: whichever drops, the packet is gone.
        "type filter hook input priority -10; policy drop;",
        'iifname "lo" accept',
        "ct state established,related accept",
        *(
            _line(_traffic(protocol, PortRange(port, port)), "accept")
            for protocol, port in sorted(set(taken))
        ),
        "icmp type destination-unreachable accept",
        "meta l4proto != { tcp, udp, icmp } accept",
        _verdict("drop", f"{owner}: no listener"),
        "}",
    ]
    return _table("inet", "listeners", lines)


def host_rules(network: Network, groups: Sequence[str], owner: str) -> str:
    """The security groups of one interface: stateful, at the host, deny unless a rule allows.

    The union of all rules of all groups (docs.aws.amazon.com/vpc/latest/userguide/
    security-group-rules.html); replies pass whatever the other direction says.
    """
    held = [network.security_group[group] for group in groups]
    referenced = sorted(
        {
            rule.peer.group
            for group in held
            for rule in group.rules
            if isinstance(rule.peer, GroupPeer)
        }
    )
    sets = {group: f"g{number}" for number, group in enumerate(referenced)}
    lines = [_address_set(name, _members(network, group)) for group, name in sets.items()]
    lines += _host_chain(held, Direction.INGRESS, sets, owner)
    lines += _host_chain(held, Direction.EGRESS, sets, owner)
    return _table("inet", "sg", lines)


def _host_chain(
    held: Sequence[SecurityGroup], direction: Direction, sets: Mapping[str, str], owner: str
) -> list[str]:
    inward = direction is Direction.INGRESS
    hook, device, side = ("input", "iifname", "saddr") if inward else ("output", "oifname", "daddr")
    return [
        f"chain {direction} {{",
        f"type filter hook {hook} priority 0; policy drop;",
        f'{device} "lo" accept',
        "ct state established,related accept",
        *(
            _line(
                _group_peer(rule, side, sets),
                _traffic(rule.protocol, rule.ports),
                _verdict("accept", f"{group.name} {rule.id}"),
            )
            for group in held
            for rule in group.towards(direction)
            if rule.certain and not _ipv6(rule)
        ),
        _verdict("drop", f"{owner} {direction}: no security group rule"),
        "}",
    ]


def _ipv6(rule: GroupRule) -> bool:
    return isinstance(rule.peer, CidrPeer) and rule.peer.cidr.version == 6


def _group_peer(rule: GroupRule, side: str, sets: Mapping[str, str]) -> str:
    if isinstance(rule.peer, GroupPeer):
        return f"ip {side} @{sets[rule.peer.group]}"
    return _within(side, rule.peer.cidr)


def router_rules(subnets: Sequence[tuple[Subnet, NetworkAcl, str]]) -> str:
    """The NACLs of one VPC, each beside its subnet and that subnet's bridge.

    Stateless, at the router, so between subnets only: what the source's subnet
    lets out, and then what the destination's subnet lets in
    (docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
    """
    lines: list[str] = []
    for subnet, nacl, bridge in subnets:
        lines += _subnet_chain(subnet, nacl, bridge, Direction.EGRESS)
        lines += _subnet_chain(subnet, nacl, bridge, Direction.INGRESS)
    leaving = ", ".join(f'"{bridge}" : jump egress_{bridge}' for _, _, bridge in subnets)
    entering = ", ".join(f'"{bridge}" : jump ingress_{bridge}' for _, _, bridge in subnets)
    lines += ["chain between {", "type filter hook forward priority 0; policy accept;"]
    if subnets:
        lines += [f"iifname vmap {{ {leaving} }}", f"oifname vmap {{ {entering} }}"]
    return _table("inet", "nacl", [*lines, "}"])


def _subnet_chain(subnet: Subnet, nacl: NetworkAcl, bridge: str, direction: Direction) -> list[str]:
    side = "saddr" if direction is Direction.INGRESS else "daddr"
    label = f"{nacl.name} at {subnet.name} {direction}"
    return [
        f"chain {direction}_{bridge} {{",
        *(
            _acl_line(entry, side, label)
            for entry in nacl.ordered(direction)
            if entry.certain and entry.cidr.version == 4
        ),
        _verdict("drop", f"{label} *"),
        "}",
    ]


def _acl_line(entry: AclEntry, side: str, label: str) -> str:
    # `return`, not accept: the other subnet's NACL still has its say.
    verdict = "return" if entry.action is Action.ALLOW else "drop"
    return _line(
        _within(side, entry.cidr),
        _traffic(entry.protocol, entry.ports),
        _verdict(verdict, f"{label} {entry.number}"),
    )


def wire_rules(ports: Mapping[str, Iterable[IPv4Address]]) -> str:
    """What a VPC's wires never carry: foreign source addresses, and multicast.

    `ports` are the bridge ports of the interfaces that the source/destination
    check covers, with the addresses they own (docs.aws.amazon.com/AWSEC2/latest/
    UserGuide/using-eni.html). A plain bridge would deliver multicast, a VPC does not.
    """
    owned = ", ".join(
        f'"{port}" . {address}' for port, addresses in ports.items() for address in addresses
    )
    checked = ", ".join(f'"{port}"' for port in ports)
    lines = ["chain wires {", "type filter hook prerouting priority 0; policy accept;"]
    lines.append(
        "ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 ether type ip "
        + _verdict("drop", "multicast: not in a VPC")
    )
    if owned:
        lines.insert(0, f"set owned {{ type ifname . ipv4_addr; elements = {{ {owned} }}; }}")
        lines.append(
            f"iifname {{ {checked} }} ether type ip iifname . ip saddr != @owned "
            + _verdict("drop", "source/destination check: a foreign source address")
        )
    lines.append("}")
    return _table("bridge", "wires", lines)


def internet_gateway_rules(public: Mapping[IPv4Address, IPv4Address], outside: str) -> str:
    """One-to-one translation between private (key) and public (value) addresses.

    What has no public address neither leaves nor is reached
    (docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html).
    """
    inward = ", ".join(f"{theirs} : {ours}" for ours, theirs in public.items())
    outward = ", ".join(f"{ours} : {theirs}" for ours, theirs in public.items())
    lines = [_address_set("known", public)]
    if public:
        lines += [
            "chain arriving { type nat hook prerouting priority -100;",
            f'iifname "{outside}" dnat to ip daddr map {{ {inward} }}',
            "}",
            "chain leaving { type nat hook postrouting priority 100;",
            f'oifname "{outside}" snat to ip saddr map {{ {outward} }}',
            "}",
        ]
    lines += [
        "chain through {",
        "type filter hook forward priority 0; policy drop;",
        "ct state established,related accept",
        f'iifname "{outside}" ct status dnat counter accept',
        f'oifname "{outside}" ip saddr @known ip daddr != {{ {_NEVER_ON_THE_INTERNET} }} '
        "counter accept",
        _verdict("drop", "internet gateway: no public address"),
        "}",
    ]
    return _table("ip", "igw", lines)


def _table(family: str, name: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"table {family} {name} {{\n{body}\n}}\n"
