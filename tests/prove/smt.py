"""A network as one SMT formula over the bits of a packet.

Nothing of the prover is used: addresses, ports and protocols stay symbolic, so
this also tests that each endpoint class is uniform. Only for networks that
leave nothing open.
"""

from ipaddress import IPv4Network

from z3 import UGE, ULE, And, BitVec, BoolVal, If, Not, Or

from bulkhead.network import Action, Direction, TargetKind

PRIVATE = [
    IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
]

SOURCE = BitVec("source", 32)
TARGET = BitVec("target", 32)
PROTOCOL = BitVec("protocol", 8)
PORT = BitVec("port", 16)
CLIENT = BitVec("client", 16)


def inside(address, cidr):
    return And(UGE(address, int(cidr.network_address)), ULE(address, int(cidr.broadcast_address)))


def covers(rule, port):
    if rule.protocol == -1:
        return BoolVal(True)
    this = rule.protocol == PROTOCOL
    if rule.protocol not in (6, 17):
        return this
    return And(this, UGE(port, rule.ports.first), ULE(port, rule.ports.last))


class Formula:
    """`here` and `there` are a VPC id, 'site' or 'internet'; addresses are symbolic."""

    def __init__(self, network):
        self.network = network

    def request(self, here, there):
        return And(
            self._groups(Direction.EGRESS, here, SOURCE, there, TARGET),
            self._network(here, SOURCE, there, TARGET, PORT),
            self._groups(Direction.INGRESS, there, TARGET, here, SOURCE),
        )

    def reply(self, here, there):
        return self._network(there, TARGET, here, SOURCE, CLIENT)

    def _interfaces(self, vpc):
        return [i for i in self.network.interfaces if self.network.subnet_of(i).vpc == vpc]

    def _subnets(self, vpc):
        return [subnet for subnet in self.network.subnets if subnet.vpc == vpc]

    def _at(self, interface, address):
        return Or(*(address == int(one) for one in interface.addresses))

    def _groups(self, direction, vpc, own, other_vpc, other):
        """If `own` is an interface's address, its groups let it talk to `other`."""
        conditions = []
        for interface in self._interfaces(vpc):
            rules = [
                And(covers(rule, PORT), self._peer(rule, other_vpc, other))
                for group in interface.security_groups
                for rule in self.network.security_group[group].towards(direction)
            ]
            conditions.append(Or(Not(self._at(interface, own)), *rules))
        return And(*conditions)

    def _peer(self, rule, vpc, address):
        if rule.peer.kind == "cidr":
            return inside(address, rule.peer.cidr)
        holders = [i for i in self._interfaces(vpc) if rule.peer.group in i.security_groups]
        return Or(*(self._at(each, address) for each in holders))

    def _acl(self, direction, vpc, own, other, port):
        conditions = []
        for subnet in self._subnets(vpc):
            passes = BoolVal(False)
            entries = self.network.nacl[subnet.nacl].entries
            for entry in sorted(entries, key=lambda each: -each.number):
                if entry.direction is direction:
                    hit = And(covers(entry, port), inside(other, entry.cidr))
                    passes = If(hit, BoolVal(entry.action is Action.ALLOW), passes)
            conditions.append(Or(Not(inside(own, subnet.cidr)), passes))
        return And(*conditions)

    def _network(self, here, source, there, target, port):
        across = And(
            self._acl(Direction.EGRESS, here, source, target, port),
            self._leaves(here, source, there, target),
            self._enters(here, source, there, target),
            self._acl(Direction.INGRESS, there, target, source, port),
        )
        if here != there:
            return across
        together = [
            And(inside(source, subnet.cidr), inside(target, subnet.cidr))
            for subnet in self._subnets(here)
        ]
        return Or(across, *together)

    def _leaves(self, here, source, there, target):
        if here in ("site", "internet"):
            return BoolVal(there not in ("site", "internet"))
        vpc = self.network.vpc[here]
        ways = []
        for subnet in self._subnets(here):
            # From the least to the most specific route; each later one overrides.
            way = BoolVal(False)
            table = self.network.route_table[subnet.route_table]
            local = [
                (cidr.prefixlen, 2, inside(target, cidr), BoolVal(there == here))
                for cidr in vpc.cidrs
            ]
            listed = []
            for order, route in enumerate(table.routes):
                hit = inside(target, route.destination)
                if route.propagated:
                    hit = And(hit, *(Not(inside(target, cidr)) for cidr in vpc.cidrs))
                rank = 1 - order / 100 if not route.propagated else 0 - order / 100
                through = self._through(route, here, source, there, target)
                listed.append((route.destination.prefixlen, rank, hit, through))
            for _, _, hit, through in sorted(local + listed, key=lambda each: each[:2]):
                way = If(hit, through, way)
            ways.append(And(inside(source, subnet.cidr), way))
        return Or(*ways)

    def _through(self, route, here, source, there, target):
        if route.blackhole:
            return BoolVal(False)
        if route.target is TargetKind.LOCAL:
            return BoolVal(there == here)
        if route.target is TargetKind.INTERNET_GATEWAY:
            attached = any(
                each.id == route.target_id and each.vpc == here
                for each in self.network.internet_gateways
            )
            if there != "internet" or not attached:
                return BoolVal(False)
            return And(self._public(here, source), *(Not(inside(target, b)) for b in PRIVATE))
        attached = any(
            each.id == route.target_id and each.vpc == here for each in self.network.vpn_gateways
        )
        known = [
            inside(target, cidr)
            for connection in self.network.vpn_connections
            if connection.vpn_gateway == route.target_id
            for cidr in connection.routes
        ]
        return And(BoolVal(attached and there == "site"), Or(*known))

    def _enters(self, here, source, there, target):
        if here not in ("site", "internet"):
            return BoolVal(True)
        if there in ("site", "internet"):
            return BoolVal(False)
        honest = [Not(inside(source, cidr)) for cidr in self.network.vpc[there].cidrs]
        if here == "internet":
            attached = any(each.vpc == there for each in self.network.internet_gateways)
            return And(BoolVal(attached), self._public(there, target), *honest)
        gateways = {each.id for each in self.network.vpn_gateways if each.vpc == there}
        tunnel = any(each.vpn_gateway in gateways for each in self.network.vpn_connections)
        return And(BoolVal(tunnel), *honest)

    def _public(self, vpc, address):
        """Strangers may be given a public address; of an interface only the primary has one."""
        without = []
        for interface in self._interfaces(vpc):
            for one in interface.addresses:
                if interface.public_address is None or one != interface.address:
                    without.append(address == int(one))
        return Not(Or(*without))
