"""A topology of which one segment is in subnets of others, and what a lock knows of these."""

from __future__ import annotations

from ipaddress import IPv4Network

from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, AclEntry, Action, Direction
from bulkhead.plan.standing_facts import StandingFacts, StandingSubnet
from bulkhead.plan.vpc_facts import VpcFacts
from tests.support.shared_vpc import FACTS, TEXT, VPC

ONE, TWO = "subnet-0a1b2c3d", "subnet-0a1b2c3e"
NACL, TABLE = "acl-0a1b2c3d", "rtb-0a1b2c3d"
IN_THEIRS = TEXT.replace("purpose: prices", f"purpose: prices, subnets: [{ONE}, {TWO}]")
BLOCKS = {ONE: IPv4Network("10.0.1.0/24"), TWO: IPv4Network("10.0.2.0/24")}


def entry(
    number: int,
    direction: Direction,
    action: Action = Action.ALLOW,
    cidr: str = "0.0.0.0/0",
    protocol: int = ANY_PROTOCOL,
) -> AclEntry:
    return AclEntry(
        number=number,
        direction=direction,
        action=action,
        protocol=protocol,
        ports=ALL_PORTS,
        cidr=IPv4Network(cidr),
    )


OPEN = tuple(entry(100, each) for each in sorted(Direction))
SUBNETS = tuple(
    StandingSubnet(id=id_, cidr=BLOCKS[id_], zone=zone, nacl=NACL, route_table=TABLE)
    for id_, zone in ((ONE, "eu-west-1a"), (TWO, "eu-west-1b"))
)
STANDING = StandingFacts(subnets={"feed": SUBNETS}, nacls={NACL: OPEN})
IN_VPC = VpcFacts(
    id=VPC,
    blocks=FACTS.blocks,
    subnets={cidr: id_ for id_, cidr in BLOCKS.items()}
    | {IPv4Network("10.0.3.0/24"): "subnet-0web"},
    standing=STANDING,
)
