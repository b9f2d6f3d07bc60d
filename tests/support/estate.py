"""Networks in a few words, for tests.

    estate = Estate()
    estate.acl("open", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24", acl="open")
    estate.group("web", "in tcp 80 web", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.1.10", "web")
    network = estate.build()

Ids equal names. IPv6 stands where IPv4 does: `Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")`,
`subnet("a", "10.0.1.0/24 2a05:d018:1:1::/64")`, `host("h", "a", "10.0.1.10 2a05:d018:1:1::10")`;
or alone.

    estate.nat("nat", "public", "10.0.2.5", public="203.0.113.9")
    estate.pcx("pcx", "vpc", "other")
    estate.tgw("tgw")
    estate.attach("att-a", "vpc", "a", table="hub")
    estate.attach("att-v", "vpn-plant", table="hub", kind="vpn")
    estate.tgw_table("hub", "10.1.0.0/16 att-b", "0.0.0.0/0 att-v+att-w propagated")
    estate.firewall("fw", {"fwe": "inspect"}, "pass tcp any * -> any 443", default="drop")
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    CLIENT_PORTS_BY_NAME,
    AclEntry,
    Action,
    AttachmentKind,
    BalancedPort,
    CidrPeer,
    CustomerGateway,
    Direction,
    EgressOnlyGateway,
    Firewall,
    FirewallAction,
    FirewallRule,
    Flow,
    GatewayEndpoint,
    GroupPeer,
    GroupRule,
    IdleTimeouts,
    Interface,
    InterfaceKind,
    InternetGateway,
    Listener,
    LoadBalancer,
    NatGateway,
    Network,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    PublicAccess,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    Subnet,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitRouteTable,
    Unmodelled,
    Vpc,
    VpnConnection,
    VpnGateway,
    has_ports,
    icmp_range,
    protocol_number,
)
from bulkhead.network.addresses import place_of

WAYS = {"in": Direction.INGRESS, "out": Direction.EGRESS}
TARGETS = {
    "local": TargetKind.LOCAL,
    "igw": TargetKind.INTERNET_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "eigw": TargetKind.EGRESS_ONLY_GATEWAY,
    "nat": TargetKind.NAT_GATEWAY,
    "pcx": TargetKind.PEERING,
    "tgw": TargetKind.TRANSIT_GATEWAY,
    "vpce": TargetKind.GATEWAY_ENDPOINT,
    "fwe": TargetKind.FIREWALL,
    "odd": TargetKind.UNMODELLED,
}
"""What the word before the first '-' of a route's target means; '@h1' is interface h1."""
OPEN = ("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
OPEN6 = ("in 101 allow all ::/0", "out 101 allow all ::/0")
ANYWHERE = ("in all 0.0.0.0/0", "out all 0.0.0.0/0", "in all ::/0", "out all ::/0")
"""The rules of a group that holds nobody back."""


def ports_of(text):
    first, _, last = text.partition("-")
    return PortRange(int(first), int(last or first))


def _traffic(words):
    """Protocol and ports (or 'icmp:8', 'icmp:3/4') from the front of the words; what is left."""
    name, _, message = words[0].partition(":")
    protocol = protocol_number(name)
    if message:
        kind, _, code = message.partition("/")
        return protocol, icmp_range(int(kind), int(code) if code else None), words[1:]
    if has_ports(protocol) and words[1] != "*":
        return protocol, ports_of(words[1]), words[2:]
    return protocol, ALL_PORTS, words[2:] if has_ports(protocol) else words[1:]


def rule(id_, text):
    """'in tcp 5556 web', 'out tcp 1-9 10.0.0.0/8', 'out all ::/0', 'in icmp:8 web'; 'in all web ?'.

    With a '?' at its end it is in doubt.
    """
    way, *words = text.removesuffix(" ?").split()
    protocol, ports, (peer,) = _traffic(words)
    return GroupRule(
        id=id_,
        direction=WAYS[way],
        protocol=protocol,
        ports=ports,
        peer=CidrPeer(ip_network(peer)) if "/" in peer else GroupPeer(peer),
        certain=not text.endswith("?"),
    )


def entry(text):
    """'in 100 allow tcp 5556 10.0.0.0/8', 'out 7 deny all 0.0.0.0/0', 'in 9 allow icmp:8 ::/0'.

    With a '?' at its end it is in doubt.
    """
    way, number, action, *words = text.removesuffix(" ?").split()
    protocol, ports, (cidr,) = _traffic(words)
    return AclEntry(
        number=int(number),
        direction=WAYS[way],
        action=Action(action),
        protocol=protocol,
        ports=ports,
        cidr=ip_network(cidr),
        certain=not text.endswith("?"),
    )


def firewall_rule(id_, text):
    """'pass tcp 10.0.0.0/8 * -> any 443', 'drop tcp,udp any 1-9 <> any *'.

    As Suricata writes it: action, protocols, sources, client ports, '->' or '<>',
    destinations, ports; alternatives stand between commas.
    """
    action, protocols, sources, clients, arrow, destinations, ports = text.split()

    def several(word, make):
        return () if word in ("any", "*") else tuple(map(make, word.split(",")))

    return FirewallRule(
        id=id_,
        action=FirewallAction(action),
        protocols=several(protocols, protocol_number),
        sources=several(sources, ip_network),
        destinations=several(destinations, ip_network),
        client_ports=several(clients, ports_of),
        ports=several(ports, ports_of),
        both_ways=arrow == "<>",
    )


def _families(text):
    """Blocks or addresses of a text: (all of IPv4, all of IPv6)."""
    found = [ip_network(word) if "/" in word else ip_address(word) for word in text.split()]
    six = tuple(each for each in found if isinstance(each, IPv6Address | IPv6Network))
    return tuple(each for each in found if each not in six), six


class Estate:
    def __init__(self, vpc="vpc", cidr="10.0.0.0/16"):
        self.parts = {}
        self.vpc(vpc, cidr)
        self.first = vpc
        self.acl("closed")
        self.acl("open", *OPEN)
        self.table("main")

    def _add(self, kind, thing):
        self.parts.setdefault(kind, []).append(thing)
        return thing

    def _find(self, kind, id_):
        return next((each for each in self.parts.get(kind, ()) if each.id == id_), None)

    def vpc(self, name, *cidrs, region="eu-west-1"):
        blocks = tuple(ip_network(word) for text in cidrs for word in text.split())
        return self._add("vpcs", Vpc(id=name, name=name, region=region, cidrs=blocks))

    def acl(self, name, *entries, vpc=None):
        made = NetworkAcl(
            id=name, name=name, vpc=vpc or self.first_vpc, entries=tuple(map(entry, entries))
        )
        return self._add("nacls", made)

    @property
    def first_vpc(self):
        return self.parts["vpcs"][0].id

    def table(self, name, *routes, vpc=None, gateway=None):
        """Routes as '0.0.0.0/0 igw', '192.168.0.0/16 vgw propagated', '… igw blackhole'.

        '… tgw uncertain' is one that may not be there, and may be more specific.

        '52.0.0.0/8 vpce list' is one of a prefix list ('list2': of another), '0.0.0.0/0 @h1'
        leads to an interface. With `gateway` it is the edge table of that gateway.
        """
        made = []
        for text in routes:
            destination, target, *marks = text.split()
            kind = TargetKind.INTERFACE if target[0] == "@" else TARGETS[target.partition("-")[0]]
            made.append(
                Route(
                    destination=ip_network(destination),
                    target=kind,
                    target_id=target.removeprefix("@"),
                    propagated="propagated" in marks,
                    blackhole="blackhole" in marks,
                    prefix_list=next((each for each in marks if each.startswith("list")), None),
                    certain="uncertain" not in marks,
                )
            )
        return self._add(
            "route_tables",
            RouteTable(
                id=name,
                name=name,
                vpc=vpc or self.first_vpc,
                routes=tuple(made),
                gateway=gateway,
            ),
        )

    def subnet(
        self,
        name,
        cidr,
        acl=None,
        table="main",
        vpc=None,
        segment=None,
        zone="eu-west-1a",
        access="open",
        inspected=False,
    ):
        """`access`: what Block Public Access leaves it ('open', 'egress-only', 'blocked').

        Without an `acl` it has one that lets everything through, of its own families.
        """
        four, six = _families(cidr)
        if acl is None and six and not self._find("nacls", "dual"):
            self.acl("dual", *OPEN, *OPEN6)
        return self._add(
            "subnets",
            Subnet(
                id=name,
                name=name,
                vpc=vpc or self.first_vpc,
                zone=zone,
                cidr=(*four, *six)[0],
                nacl=acl or ("dual" if six else "open"),
                route_table=table,
                segment=segment,
                ipv6_cidrs=six,
                public_access=PublicAccess(access),
                inspected=inspected,
            ),
        )

    def group(self, name, *rules, vpc=None, service=None):
        made = tuple(rule(f"{name}-{index}", text) for index, text in enumerate(rules))
        return self._add(
            "security_groups",
            SecurityGroup(
                id=name, name=name, vpc=vpc or self.first_vpc, rules=made, service=service
            ),
        )

    def host(
        self,
        name,
        subnet,
        address,
        *groups,
        public=None,
        more=(),
        service=None,
        kind="host",
        check=True,
        more_public=None,
        instance=None,
        idle=None,
        prefixes="",
        clients="linux",
        runs_on=None,
    ):
        """`prefixes` of IPv6 are delegated to it.

        `more_public` is {secondary: public}; `idle` the keywords of IdleTimeouts; `clients`
        whose client ports it uses; `runs_on` the type of its instance.
        """
        four, six = _families(address)
        first, *others = four or six[:1]
        return self._add(
            "interfaces",
            Interface(
                id=name,
                name=name,
                subnet=subnet,
                address=first,
                security_groups=groups,
                secondary_addresses=(*others, *map(IPv4Address, more)),
                public_address=IPv4Address(public) if public else None,
                service=service,
                ipv6_addresses=six,
                kind=InterfaceKind(kind),
                source_dest_check=check,
                more_public=tuple(
                    (IPv4Address(own), IPv4Address(outer))
                    for own, outer in (more_public or {}).items()
                ),
                instance=instance,
                instance_type=runs_on,
                idle=IdleTimeouts(**(idle or {})),
                ipv6_prefixes=tuple(map(IPv6Network, prefixes.split())),
                client_ports=CLIENT_PORTS_BY_NAME[clients],
            ),
        )

    def igw(self, name="igw", vpc=None):
        return self._add(
            "internet_gateways", InternetGateway(id=name, name=name, vpc=vpc or self.first_vpc)
        )

    def eigw(self, name="eigw", vpc=None):
        return self._add(
            "egress_only_gateways",
            EgressOnlyGateway(id=name, name=name, vpc=vpc or self.first_vpc),
        )

    def vgw(self, name="vgw", vpc=None):
        return self._add("vpn_gateways", VpnGateway(id=name, name=name, vpc=vpc or self.first_vpc))

    def nat(
        self, name, subnet, address, public=None, available=True, eni=False, more=(), others=()
    ):
        """A NAT gateway; with `eni` its interface 'eni-NAME' is there too, as AWS lists it.

        `more` are public addresses of its secondary ones, `others` the secondary ones.
        """
        if eni:
            self.host(
                f"eni-{name}",
                subnet,
                address,
                public=public,
                kind="gateway",
                more=others,
                more_public=dict(zip(others, more, strict=False)),
            )
        return self._add(
            "nat_gateways",
            NatGateway(
                id=name,
                name=name,
                vpc=self._find("subnets", subnet).vpc,
                subnet=subnet,
                address=IPv4Address(address),
                public_address=IPv4Address(public) if public else None,
                available=available,
                more_public=tuple(map(IPv4Address, more)),
                more_addresses=tuple(map(IPv4Address, others)),
            ),
        )

    def regional(self, name, table, zones, vpc=None, available=True, expands=False):
        """A regional NAT gateway; `zones` as in ('eu-west-1a 203.0.113.9', …)."""
        return self._add(
            "nat_gateways",
            NatGateway(
                id=name,
                name=name,
                vpc=vpc or self.first_vpc,
                subnet=None,
                address=None,
                available=available,
                route_table=table,
                zones=tuple(
                    (zone, IPv4Address(address)) for zone, address in map(str.split, zones)
                ),
                expands=expands,
            ),
        )

    def pcx(self, name, requester, accepter, active=True, cidrs=None, region="eu-west-1"):
        """Between two VPCs; one that is not here has these `cidrs` and this `region`."""

        def side(vpc):
            known = self._find("vpcs", vpc)
            blocks = known.cidrs if known else tuple(map(ip_network, (cidrs or "").split()))
            return PeeredVpc(vpc=vpc, region=known.region if known else region, cidrs=blocks)

        return self._add(
            "peerings",
            Peering(
                id=name,
                name=name,
                requester=side(requester),
                accepter=side(accepter),
                active=active,
            ),
        )

    def tgw(self, name="tgw", references=False, region="eu-west-1"):
        return self._add(
            "transit_gateways",
            TransitGateway(id=name, name=name, region=region, references=references),
        )

    def attach(
        self,
        name,
        resource,
        *subnets,
        table=None,
        tgw="tgw",
        kind="vpc",
        available=True,
        references=True,
        appliance=False,
        peer=None,
    ):
        """A VPC by its subnets; or with `kind` a 'vpn', a 'peering' (with the `peer` gateway)."""
        return self._add(
            "transit_attachments",
            TransitAttachment(
                id=name,
                name=name,
                gateway=tgw,
                kind=AttachmentKind(kind),
                resource=resource,
                table=table,
                subnets=subnets,
                available=available,
                references=references,
                appliance_mode=appliance,
                peer_gateway=peer,
            ),
        )

    def tgw_table(self, name, *routes, tgw="tgw"):
        """Routes as '10.1.0.0/16 att-b', '0.0.0.0/0 att-v+att-w propagated', '… blackhole'."""
        made = []
        for text in routes:
            destination, *words = text.split()
            marks = ("propagated", "blackhole", "uncertain")
            to = [word for word in words if word not in marks]
            made.append(
                TransitRoute(
                    destination=ip_network(destination),
                    attachments=tuple(to[0].split("+")) if to else (),
                    propagated="propagated" in words,
                    blackhole="blackhole" in words,
                    certain="uncertain" not in words,
                )
            )
        return self._add(
            "transit_route_tables",
            TransitRouteTable(id=name, name=name, gateway=tgw, routes=tuple(made)),
        )

    def vpce(self, name="vpce", vpc=None, service="s3"):
        return self._add(
            "gateway_endpoints",
            GatewayEndpoint(id=name, name=name, vpc=vpc or self.first_vpc, service=service),
        )

    def firewall(
        self,
        name,
        endpoints,
        *stateful,
        default="pass",
        stateless=(),
        stateless_default="forward",
        strict=False,
        vpc=None,
    ):
        """`endpoints` is {endpoint: subnet}; rules as `firewall_rule` reads them."""
        subnet = self._find("subnets", next(iter(endpoints.values())))
        return self._add(
            "firewalls",
            Firewall(
                id=name,
                name=name,
                vpc=vpc or (subnet.vpc if subnet else self.first_vpc),
                endpoints=tuple(endpoints.items()),
                stateless=tuple(
                    firewall_rule(f"{name}-stateless-{index}", text)
                    for index, text in enumerate(stateless)
                ),
                stateless_default=FirewallAction(stateless_default),
                stateful=tuple(
                    firewall_rule(f"{name}-{index}", text) for index, text in enumerate(stateful)
                ),
                stateful_default=FirewallAction(default),
                action_order=not strict,
            ),
        )

    def balancer(self, name, interfaces, *listeners, vpc=None):
        """Listeners as 'tcp 443 -> web1:8443 web2:8443'; one that 'keeps' the client's address."""
        made = []
        for text in listeners:
            front, _, back = text.partition("->")
            protocol, port = front.split()
            words = back.split()
            made.append(
                BalancedPort(
                    protocol=protocol_number(protocol),
                    port=int(port),
                    targets=tuple(
                        (target, int(number))
                        for target, _, number in (w.partition(":") for w in words if w != "keeps")
                    ),
                    keeps_client_address="keeps" in words,
                )
            )
        return self._add(
            "load_balancers",
            LoadBalancer(
                id=name,
                name=name,
                vpc=vpc or self.first_vpc,
                interfaces=tuple(interfaces),
                listeners=tuple(made),
            ),
        )

    def site(
        self,
        name,
        *cidrs,
        gateway="vgw",
        routes=None,
        available=True,
        trusted=False,
        tunnels=(),
        learns=False,
        version=None,
        clients="any",
    ):
        """A site and its connection 'vpn-NAME'; with `gateway=""` it ends at a transit gateway."""
        self.vpn(
            f"vpn-{name}",
            name,
            *(cidrs if routes is None else routes),
            gateway=gateway,
            available=available,
            tunnels=tunnels,
            learns=learns,
            version=version,
        )
        return self._add(
            "sites",
            Site(
                name=name,
                cidrs=tuple(map(ip_network, cidrs)),
                vpn_connection=f"vpn-{name}",
                trusted=trusted,
                client_ports=CLIENT_PORTS_BY_NAME[clients],
            ),
        )

    def vpn(
        self,
        name,
        site,
        *routes,
        gateway="vgw",
        available=True,
        tunnels=(),
        learns=False,
        version=None,
    ):
        """One more connection to a site (or, with None, to nobody knows where)."""
        cgw = self._add(
            "customer_gateways",
            CustomerGateway(
                id=f"cgw-{name.removeprefix('vpn-')}",
                name=f"cgw-{name.removeprefix('vpn-')}",
                address=None,
                asn=65010,
            ),
        )
        return self._add(
            "vpn_connections",
            VpnConnection(
                id=name,
                name=name,
                vpn_gateway=gateway,
                customer_gateway=cgw.id,
                routes=tuple(map(ip_network, routes)),
                site=site,
                available=available,
                tunnels=tuple(tunnels),
                learns=learns,
                version=version,
            ),
        )

    def service(self, name, group, segment=None):
        return self._add("services", Service(name=name, segment=segment, security_group=group))

    def listener(self, owner, socket, port, protocol="tcp", kind="PUB", address=None):
        """`port` as rules say it: 5556, '51000-51999'; '*' of a protocol like 'gre' or 'icmp:8'."""
        number, ports, _ = _traffic([protocol, str(port)])
        return self._add(
            "listeners",
            Listener(
                owner=owner,
                socket=socket,
                type=kind,
                protocol=number,
                ports=ports,
                address=address and place_of(IPv4Network(address)),
            ),
        )

    def unmodelled(self, scope, kind="thing", id_="x", protocol=None):
        made = Unmodelled(kind=kind, id=id_, scope=scope, why="because", protocol=protocol)
        return self._add("unmodelled", made)

    def build(self):
        return Network(**{kind: tuple(things) for kind, things in self.parts.items()})


def flow(client, server, socket="out", kind="SUB"):
    return Flow(client=client, client_socket=socket, client_type=kind, server=server)


def endpoint(reach, name):
    """The endpoint of that name; a test that misspells it fails."""
    (found,) = [each for each in reach.endpoints if each.name == name]
    return found


__all__ = [
    "ANYWHERE",
    "ANY_PROTOCOL",
    "OPEN",
    "OPEN6",
    "Estate",
    "endpoint",
    "entry",
    "firewall_rule",
    "flow",
    "ports_of",
    "rule",
]
