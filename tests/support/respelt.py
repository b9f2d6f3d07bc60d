"""The same policy in other words: other ids, split prefixes and ports, other NACL numbers."""

from dataclasses import replace

from hypothesis import strategies as st

from bulkhead.network import GroupPeer, PortRange, has_ports


@st.composite
def respelt(draw, network):
    return renamed(_split(draw, network))


def renamed(network, mark="x-"):
    """Every id another; names stay. A site is known by its name."""
    names = {site.name for site in network.sites}

    def new(id_):
        return mark + id_ if id_ and id_ not in names else id_

    def group_rule(rule):
        peer = rule.peer if rule.peer.kind == "cidr" else GroupPeer(new(rule.peer.group))
        return replace(rule, id=new(rule.id), peer=peer)

    return replace(
        network,
        vpcs=tuple(replace(v, id=new(v.id)) for v in network.vpcs),
        subnets=tuple(
            replace(
                s,
                id=new(s.id),
                vpc=new(s.vpc),
                nacl=new(s.nacl),
                route_table=new(s.route_table),
            )
            for s in network.subnets
        ),
        interfaces=tuple(
            replace(
                i,
                id=new(i.id),
                subnet=new(i.subnet),
                security_groups=tuple(map(new, i.security_groups)),
            )
            for i in network.interfaces
        ),
        security_groups=tuple(
            replace(g, id=new(g.id), vpc=new(g.vpc), rules=tuple(map(group_rule, g.rules)))
            for g in network.security_groups
        ),
        nacls=tuple(replace(n, id=new(n.id), vpc=new(n.vpc)) for n in network.nacls),
        route_tables=tuple(
            replace(
                t,
                id=new(t.id),
                vpc=new(t.vpc),
                routes=tuple(replace(r, target_id=new(r.target_id)) for r in t.routes),
            )
            for t in network.route_tables
        ),
        internet_gateways=tuple(
            replace(g, id=new(g.id), vpc=new(g.vpc)) for g in network.internet_gateways
        ),
        vpn_gateways=tuple(replace(g, id=new(g.id), vpc=new(g.vpc)) for g in network.vpn_gateways),
        customer_gateways=tuple(replace(g, id=new(g.id)) for g in network.customer_gateways),
        vpn_connections=tuple(
            replace(
                c,
                id=new(c.id),
                vpn_gateway=new(c.vpn_gateway),
                customer_gateway=new(c.customer_gateway),
            )
            for c in network.vpn_connections
        ),
        sites=tuple(replace(s, vpn_connection=new(s.vpn_connection)) for s in network.sites),
        services=tuple(replace(s, security_group=new(s.security_group)) for s in network.services),
        unmodelled=tuple(replace(u, id=new(u.id), scope=new(u.scope)) for u in network.unmodelled),
    )


def _split(draw, network):
    groups = []
    for group in network.security_groups:
        rules = [
            replace(part, id=f"{rule.id}-{number}")
            for rule in group.rules
            for number, part in enumerate(_halves(draw, rule))
        ]
        groups.append(replace(group, rules=tuple(draw(st.permutations(rules)))))
    nacls = []
    for nacl in network.nacls:
        entries = [
            replace(part, number=entry.number * 10 + number)
            for entry in nacl.entries
            for number, part in enumerate(_halves(draw, entry))
        ]
        nacls.append(replace(nacl, entries=tuple(draw(st.permutations(entries)))))
    return replace(network, security_groups=tuple(groups), nacls=tuple(nacls))


def _halves(draw, rule):
    """A rule as it is, or as two that say the same."""
    how = draw(st.sampled_from(("whole", "ports", "prefix")))
    if how == "ports" and has_ports(rule.protocol) and len(rule.ports) > 1:
        middle = draw(st.integers(rule.ports.first, rule.ports.last - 1))
        yield replace(rule, ports=PortRange(rule.ports.first, middle))
        yield replace(rule, ports=PortRange(middle + 1, rule.ports.last))
        return
    cidr = getattr(rule, "cidr", None) or getattr(getattr(rule, "peer", None), "cidr", None)
    if how == "prefix" and cidr is not None and cidr.prefixlen < 32:
        for half in cidr.subnets():
            if hasattr(rule, "cidr"):
                yield replace(rule, cidr=half)
            else:
                yield replace(rule, peer=replace(rule.peer, cidr=half))
        return
    yield rule
