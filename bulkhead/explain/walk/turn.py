"""A packet at the target of its route."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.filters import acl
from bulkhead.explain.walk.journey import Journey
from bulkhead.network import AccessMode, Direction, Route, RouteTable, Subnet


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`also`: why other routes of the table do not take the packet."""

    atlas: Atlas
    journey: Journey
    subnet: Subnet
    route: Route
    table: RouteTable
    also: tuple[Code, ...] = ()
    from_transit: bool = False
    """Whether a transit gateway put the packet into the subnet."""

    @property
    def deciding(self) -> RuleRef:
        return RuleRef(self.table.id, self.route)

    def taken(self) -> Journey:
        """On by the route; the target is still to be asked."""
        table = self.table
        return self.journey.note(Layer.ROUTE, table.id, table.name, rules=(self.deciding,))

    def no_route(self, code: Code, why: str) -> Journey:
        """Dropped, because that is where the route leads."""
        layer, table, rules = Layer.ROUTE, self.table, (self.deciding,)
        return self.journey.drop(
            layer, table.id, table.name, code, why, rules=rules, also=self.also
        )

    def missing(self, layer: Layer, name: str = "") -> Journey:
        """On to something that is not there, or that nobody can judge."""
        id_ = self.route.target_id
        why = self.atlas.doubt(id_) or f"{id_} is not in the network"
        return self.taken().vanish(layer, id_, name or id_, why)

    def detached(self, layer: Layer, name: str) -> Journey:
        why = f"{name} is not attached to this VPC"
        code, id_ = Code.BAD_STATE_ROUTE, self.route.target_id
        return self.taken().drop(layer, id_, name, code, why, also=self.also)

    def deliver(self, journey: Journey) -> Journey:
        """To an aim in some subnet, past that subnet's NACL."""
        return acl(self.atlas, journey, journey.aim.subnet or "", Direction.INGRESS).arrive()

    def no_public_access(self, journey: Journey, subnet: Subnet) -> Journey:
        """(docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)."""
        return journey.note(
            Layer.PUBLIC_ACCESS,
            subnet.id,
            subnet.name,
            False,
            code=Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED,
            why=f"public access of this subnet is {subnet.public_access}",
        )


def let_past(atlas: Atlas, journey: Journey, subnet: Subnet) -> Journey:
    """VPC Block Public Access lets a request past, where it is on: by an exclusion, or as far as it
    leaves the way out."""
    block = atlas.network.vpc[subnet.vpc].access_block
    if journey.reply or block is None or block.mode is AccessMode.OFF:
        return journey
    why = f"{block.mode} leaves this subnet {subnet.public_access}"
    return journey.note(Layer.PUBLIC_ACCESS, subnet.id, subnet.name, why=why)


def why_inspected(subnet: Subnet) -> str:
    """(docs.aws.amazon.com/network-security-manager/latest/APIReference/API_IgwFirewallConfig.html)."""
    return f"an Automated Internet Firewall inspects {subnet.name}, and is not modelled"
