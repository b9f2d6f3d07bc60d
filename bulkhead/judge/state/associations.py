"""The calls that part what does not belong together: each names an association by its id.

Where the account's source did not tell the id, the call asks for it, in a shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bulkhead.judge.state.calls import asked_of_address, asked_of_subnet, asked_of_vpc
from bulkhead.network import Interface, Network, RouteTable, Subnet, Vpc

_EC2: Final = "aws ec2"


class JoinsById:
    """The ids that the account's source named."""

    def __init__(self, account: Network) -> None:
        self._account = account
        self._ids: Mapping[tuple[str, str], str] = {
            (each.of, each.to): each.id for each in account.associations
        }

    def call(self, wanted: Any, observed: Any, name: str) -> str:
        """The call that makes a field of a thing what is wanted of it.

        `wanted` is the planned thing in the account's ids. '' where no association is in
        the way, or where what is wanted is not there.
        """
        call = ""
        match observed, name:
            case Subnet(), "nacl":
                call = self._replaced(observed, observed.nacl, "network-acl", wanted.nacl)
            case Subnet(), "route_table":
                to = wanted.route_table
                call = self._replaced(observed, observed.route_table, "route-table", to)
            case RouteTable(), "main" if wanted.main:
                call = self._made_main(observed)
            case Vpc(), "cidrs":
                blocks = wanted.cidrs, observed.cidrs
                call = self._parted("vpc-cidr-block", asked_of_vpc, observed, *blocks)
            case Subnet(), "ipv6_cidrs":
                blocks = wanted.ipv6_cidrs, observed.ipv6_cidrs
                call = self._parted("subnet-cidr-block", asked_of_subnet, observed, *blocks)
            case Interface(), "public_address" | "more_public":
                addresses = _public(wanted), _public(observed)
                call = self._parted("address", asked_of_address, observed, *addresses)
        return call

    def _replaced(self, subnet: Subnet, to: str, what: str, wanted: str) -> str:
        """(docs.aws.amazon.com/cli/latest/reference/ec2/replace-network-acl-association.html)"""
        name = self._ids.get((subnet.id, to))
        if name is None or wanted not in {each.id for each in self._account.things}:
            return ""
        return f"{_EC2} replace-{what}-association --association-id {name} --{what}-id {wanted}"

    def _made_main(self, table: RouteTable) -> str:
        """(docs.aws.amazon.com/cli/latest/reference/ec2/replace-route-table-association.html)"""
        mains = (each.id for each in self._account.route_tables if each.main)
        names = [name for main in mains if (name := self._ids.get((table.vpc, main)))]
        call = f"{_EC2} replace-route-table-association --association-id"
        return f"{call} {names[0]} --route-table-id {table.id}" if names else ""

    def _parted(
        self,
        what: str,
        asked: Callable[[str, object], str],
        thing: Any,
        wanted: Iterable[object],
        held: Iterable[object],
    ) -> str:
        """(docs.aws.amazon.com/cli/latest/reference/ec2/disassociate-vpc-cidr-block.html)"""
        more = sorted(set(held) - set(wanted), key=str)
        return " && ".join(
            f"{_EC2} disassociate-{what} --association-id "
            + (self._ids.get((thing.id, str(each))) or asked(thing.id, each))
            for each in more
        )


def _public(interface: Interface) -> list[object]:
    """Every address by which the internet knows it, of IPv4."""
    return [
        each
        for each in (interface.public_address, *(public for _, public in interface.more_public))
        if each is not None
    ]
