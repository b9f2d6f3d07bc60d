"""What there is of others in a VPC, and what a topology takes of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from bulkhead.plan.adopted import Adopted
from bulkhead.plan.vpc_facts import BehindGateway, VpcFacts
from bulkhead.report.words import MOST_SHOWN, count


def print_adopted(console: Console, found: Adopted, *, changed: bool) -> None:
    """A line each, the lock last."""
    for line in _lines(found):
        console.print(line, markup=False, highlight=False)
    said = "wrote" if changed else "nothing new for"
    console.print(f"{said} {found.file}", markup=False, highlight=False)


def _lines(found: Adopted) -> Iterator[str]:
    if found.facts is not None:
        yield from _vpc(found.facts)
    for id_, cidrs in found.lock.lists.items():
        yield f"{id_}: {count(len(cidrs), 'network')}"
        yield from (f"  {each}" for each in cidrs[:MOST_SHOWN])
        if len(cidrs) > MOST_SHOWN:
            yield f"  and {len(cidrs) - MOST_SHOWN} more (--json lists all)"
    if found.facts is not None and found.subnets is not None:
        name = found.lock.topology
        yield f"{name} has room: {count(found.subnets, 'subnet')} in what is free of it"


def _vpc(vpc: VpcFacts) -> Iterator[str]:
    yield f"{vpc.id}: {', '.join(map(str, vpc.blocks))}"
    stood_in = {each.id: name for name, several in vpc.standing.subnets.items() for each in several}
    # Those that somebody named come first: they are never among the more.
    taken = sorted(vpc.subnets.items(), key=lambda each: (each[1] not in stood_in, each[0]))
    for network, subnet in taken[:MOST_SHOWN]:
        guest = f", segment {stood_in[subnet]} stands there" if subnet in stood_in else ""
        yield f"  {network}  {subnet} of others{guest}"
    if len(taken) > MOST_SHOWN:
        yield f"  and {len(taken) - MOST_SHOWN} more (--json lists all)"
    if vpc.vpn_gateway:
        yield f"  {vpc.vpn_gateway} of others is attached"
    if vpc.behind is not None:
        yield from _behind(vpc.behind)


def _behind(gateway: BehindGateway) -> Iterator[str]:
    for network, connection in gateway.routes.items():
        yield f"    {network}  {connection} of others leads there"
    for connection in gateway.learning:
        yield f"    {connection} of others learns its networks by BGP"
    for table in gateway.taught:
        yield f"    {table} of others learns its routes"
