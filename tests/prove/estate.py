"""Networks in a few words, for tests.

    estate = Estate()
    estate.acl("open", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24", acl="open")
    estate.group("web", "in tcp 80 web", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.1.10", "web")
    network = estate.build()

Ids equal names; a VPC is made for the first subnet that names it.
"""

from ipaddress import IPv4Address, IPv4Network

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    CidrPeer,
    CustomerGateway,
    Direction,
    Flow,
    GroupPeer,
    GroupRule,
    Interface,
    InternetGateway,
    Listener,
    Network,
    NetworkAcl,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    Subnet,
    TargetKind,
    Unmodelled,
    Vpc,
    VpnConnection,
    VpnGateway,
    has_ports,
    protocol_number,
)

WAYS = {"in": Direction.INGRESS, "out": Direction.EGRESS}
TARGETS = {
    "local": TargetKind.LOCAL,
    "igw": TargetKind.INTERNET_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "nat": TargetKind.UNMODELLED,
    "pcx": TargetKind.UNMODELLED,
}
OPEN = ("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")


def ports_of(text):
    first, _, last = text.partition("-")
    return PortRange(int(first), int(last or first))


def _traffic(words):
    """Protocol and ports from the front of the words; what is left."""
    protocol = protocol_number(words[0])
    if has_ports(protocol) and words[1] != "*":
        return protocol, ports_of(words[1]), words[2:]
    return protocol, ALL_PORTS, words[2:] if has_ports(protocol) else words[1:]


def rule(id_, text):
    """'in tcp 5556 web', 'out tcp 1-9 10.0.0.0/8', 'out all 0.0.0.0/0', 'in icmp web'."""
    way, *words = text.split()
    protocol, ports, (peer,) = _traffic(words)
    return GroupRule(
        id=id_,
        direction=WAYS[way],
        protocol=protocol,
        ports=ports,
        peer=CidrPeer(IPv4Network(peer)) if peer[0].isdigit() else GroupPeer(peer),
    )


def entry(text):
    """'in 100 allow tcp 5556 10.0.0.0/8', 'out 7 deny all 0.0.0.0/0'."""
    way, number, action, *words = text.split()
    protocol, ports, (cidr,) = _traffic(words)
    return AclEntry(
        number=int(number),
        direction=WAYS[way],
        action=Action(action),
        protocol=protocol,
        ports=ports,
        cidr=IPv4Network(cidr),
    )


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

    def vpc(self, name, *cidrs):
        return self._add(
            "vpcs",
            Vpc(id=name, name=name, region="eu-west-1", cidrs=tuple(map(IPv4Network, cidrs))),
        )

    def acl(self, name, *entries, vpc=None):
        made = NetworkAcl(
            id=name, name=name, vpc=vpc or self.first_vpc, entries=tuple(map(entry, entries))
        )
        return self._add("nacls", made)

    @property
    def first_vpc(self):
        return self.parts["vpcs"][0].id

    def table(self, name, *routes, vpc=None):
        """Routes as '0.0.0.0/0 igw', '192.168.0.0/16 vgw propagated', '… igw blackhole'."""
        made = []
        for text in routes:
            destination, target, *marks = text.split()
            made.append(
                Route(
                    destination=IPv4Network(destination),
                    target=TARGETS[target.partition("-")[0]],
                    target_id=target,
                    propagated="propagated" in marks,
                    blackhole="blackhole" in marks,
                )
            )
        return self._add(
            "route_tables",
            RouteTable(id=name, name=name, vpc=vpc or self.first_vpc, routes=tuple(made)),
        )

    def subnet(self, name, cidr, acl="open", table="main", vpc=None, segment=None):
        return self._add(
            "subnets",
            Subnet(
                id=name,
                name=name,
                vpc=vpc or self.first_vpc,
                zone="eu-west-1a",
                cidr=IPv4Network(cidr),
                nacl=acl,
                route_table=table,
                segment=segment,
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

    def host(self, name, subnet, address, *groups, public=None, more=(), service=None):
        return self._add(
            "interfaces",
            Interface(
                id=name,
                name=name,
                subnet=subnet,
                address=IPv4Address(address),
                security_groups=groups,
                secondary_addresses=tuple(map(IPv4Address, more)),
                public_address=IPv4Address(public) if public else None,
                service=service,
            ),
        )

    def igw(self, name="igw", vpc=None):
        return self._add(
            "internet_gateways", InternetGateway(id=name, name=name, vpc=vpc or self.first_vpc)
        )

    def vgw(self, name="vgw", vpc=None):
        return self._add("vpn_gateways", VpnGateway(id=name, name=name, vpc=vpc or self.first_vpc))

    def site(self, name, *cidrs, gateway="vgw", routes=None):
        cgw = self._add(
            "customer_gateways",
            CustomerGateway(id=f"cgw-{name}", name=f"cgw-{name}", address=None, asn=65010),
        )
        self._add(
            "vpn_connections",
            VpnConnection(
                id=f"vpn-{name}",
                name=f"vpn-{name}",
                vpn_gateway=gateway,
                customer_gateway=cgw.id,
                routes=tuple(map(IPv4Network, cidrs if routes is None else routes)),
                site=name,
            ),
        )
        return self._add(
            "sites",
            Site(name=name, cidrs=tuple(map(IPv4Network, cidrs)), vpn_connection=f"vpn-{name}"),
        )

    def service(self, name, group, segment=None):
        return self._add("services", Service(name=name, segment=segment, security_group=group))

    def listener(self, owner, socket, port, protocol="tcp"):
        return self._add(
            "listeners",
            Listener(
                owner=owner,
                socket=socket,
                type="PUB",
                protocol=protocol_number(protocol),
                port=port,
            ),
        )

    def unmodelled(self, scope, kind="thing", id_="x"):
        return self._add("unmodelled", Unmodelled(kind=kind, id=id_, scope=scope, why="because"))

    def build(self):
        return Network(**{kind: tuple(things) for kind, things in self.parts.items()})


def flow(client, server, socket="out"):
    return Flow(client=client, client_socket=socket, client_type="SUB", server=server)


def endpoint(reach, name):
    """The endpoint of that name; a test that misspells it fails."""
    (found,) = [each for each in reach.endpoints if each.name == name]
    return found


__all__ = ["ANY_PROTOCOL", "OPEN", "Estate", "endpoint", "entry", "flow", "ports_of", "rule"]
