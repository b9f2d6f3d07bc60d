"""Which difference is there only because of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bulkhead.judge.state.content import ids_in, ids_of_field
from bulkhead.judge.state.differing import Difference
from bulkhead.network import AttachmentKind, IPAddress, LoadBalancer, NatGateway, Route, TargetKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RootCause:
    """A difference that no other explains, and those that it does."""

    difference: Difference
    following: tuple[Difference, ...]

    @property
    def every(self) -> tuple[Difference, ...]:
        return (self.difference, *self.following)


def causes(differences: Sequence[Difference]) -> tuple[RootCause, ...]:
    """Nothing is in a subnet that is gone; no connection ends at a gateway that is.

    What can be seen only through another thing is gone or there with that: a customer
    gateway through its connections, a site likewise, a transit gateway through its
    attachment. And an interface cannot be there while a stranger has its address, nor a
    VPN gateway while another is attached.
    """
    known = _Known(differences)
    first: dict[int, list[Difference]] = {}
    roots: dict[int, Difference] = {}
    for each in differences:
        root = known.root(each)
        roots[id(root)] = root
        first.setdefault(id(root), [])
        if root is not each:
            first[id(root)].append(each)
    return tuple(RootCause(roots[key], tuple(following)) for key, following in first.items())


def _made_by_its_endpoint(part: object) -> bool:
    """AWS adds and takes away the routes of a gateway endpoint, nobody else does
    (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
    return isinstance(part, Route) and part.target is TargetKind.GATEWAY_ENDPOINT


def _is_attachment(each: Difference) -> bool:
    """A transit gateway may be others' too: what is in no plan is that it is attached here."""
    if each.kind != "transit_attachments" or each.planned is not None:
        return False
    return bool(each.observed.kind is AttachmentKind.VPC)


class _Known:
    def __init__(self, differences: Iterable[Difference]) -> None:
        self._lacking: dict[str, Difference] = {}
        self._unplanned: dict[str, Difference] = {}
        self._through: dict[tuple[str, str], Difference] = {}
        self._moved: dict[str, Difference] = {}
        self._taken: dict[IPAddress, Difference] = {}
        self._made: dict[object, Difference] = {}
        self._instead: dict[str, Difference] = {}
        for each in differences:
            if each.observed is None and hasattr(each.planned, "id"):
                self._lacking[each.planned.id] = each
            if each.planned is None and hasattr(each.observed, "id"):
                self._unplanned[each.observed.id] = each
            if each.kind == "vpn_connections":
                self._note(each)
            if each.kind == "interfaces":
                self._note_interface(each)
            if each.planned is None:
                self._note_its_interfaces(each)
            if each.planned is None and each.kind == "vpn_gateways":
                self._instead[each.kind] = each
            if _is_attachment(each):
                self._through.setdefault(("transit", each.observed.gateway), each)

    def _note(self, each: Difference) -> None:
        """What a connection leads to: its gateway, if that changed, and its site."""
        for side, thing in (("planned", each.planned), ("observed", each.observed)):
            if thing is None:
                continue
            if each.name in ("", "customer_gateway"):
                self._through.setdefault((side, thing.customer_gateway), each)
            if each.name in ("", "routes", "site") and thing.site:
                self._through.setdefault(("site", thing.site), each)

    def _note_interface(self, each: Difference) -> None:
        """In another subnet than planned it has another address; and nobody has one twice."""
        if each.planned is None:
            for address in (each.observed.address, *each.observed.secondary_addresses):
                self._taken[address] = each
        elif each.name == "subnet":
            self._moved[each.observed.id] = each

    def _note_its_interfaces(self, each: Difference) -> None:
        """AWS makes the interfaces of a NAT gateway and of a load balancer, and takes them away."""
        if isinstance(each.observed, NatGateway):
            for address in each.observed.addresses:
                self._made[each.observed.subnet, address] = each
        if isinstance(each.observed, LoadBalancer):
            self._made.update(dict.fromkeys(each.observed.interfaces, each))

    def root(self, difference: Difference) -> Difference:
        passed = {id(difference)}
        while (above := next(self._above(difference), None)) is not None:
            if id(above) in passed:
                break
            passed.add(id(above))
            difference = above
        return difference

    def _above(self, each: Difference) -> Iterator[Difference]:
        yield from self._seen_through(each)
        yield from self._kept_away_by(each)
        if _is_attachment(each):
            return
        if each.planned is None:
            yield from self._found(self._unplanned, ids_in(each.observed, inside=True))
        elif each.observed is None:
            yield from self._found(self._lacking, ids_in(each.planned, inside=True))
        elif _made_by_its_endpoint(each.observed_part):
            yield from self._found(self._unplanned, ids_in(each.observed_part))
        elif each.planned_part is not None:
            yield from self._found(self._lacking, ids_in(each.planned_part))
        elif each.name and not each.of_part:
            reasons = ids_of_field(each.planned, each.name)
            if each.name != "customer_gateway":
                yield from self._found(self._lacking, reasons)

    def _seen_through(self, each: Difference) -> Iterator[Difference]:
        thing = each.observed if each.planned is None else each.planned
        if each.kind == "sites" and each.name != "trusted":
            yield from self._found(self._through, [("site", thing.name)])
        if each.kind == "customer_gateways" and not each.name:
            side = "observed" if each.planned is None else "planned"
            yield from self._found(self._through, [(side, thing.id)])
        if each.kind == "transit_gateways" and each.planned is None:
            yield from self._found(self._through, [("transit", thing.id)])
        if each.kind == "interfaces" and each.planned is None:
            yield from self._found(self._made, [thing.id, (thing.subnet, thing.address)])

    def _kept_away_by(self, each: Difference) -> Iterator[Difference]:
        if each.observed is None:
            yield from self._found(self._instead, [each.kind])
        if each.kind == "interfaces" and each.observed is None:
            yield from self._found(self._taken, [each.planned.address])
        if each.kind == "interfaces" and each.name == "address":
            yield from self._found(self._moved, [each.observed.id])

    @staticmethod
    def _found(known: Mapping[T, Difference], keys: Iterable[T]) -> Iterator[Difference]:
        for key in keys:
            if key in known:
                yield known[key]
