"""What an update asks of AWS, call by call, in an order in which the engine makes them.

The engine makes and changes things first, each after what it depends on, and deletes last, each
before what it depended on (pulumi.com/docs/iac/concepts/how-pulumi-works). What it cannot change in
place it makes anew and deletes the old one at the end, unless the two cannot stand at once: then
the old one goes first. Which things those are the components say; here it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Final

from bulkhead.network import (
    AccessBlock,
    AclEntry,
    BalancedPort,
    Exclusion,
    GroupRule,
    Interface,
    IPNetwork,
    LoadBalancer,
    NatGateway,
    Network,
    PortRange,
    Route,
    RouteTable,
    SiteRouting,
    Subnet,
)
from bulkhead.network.traffic import traffic
from bulkhead.review.steps import blocking
from bulkhead.review.steps.parts import BalancerMade, NetworkPart, by_key, parts_of

Edit = Callable[[Network], Network]


class Act(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One call: what it does to which thing, and what the network is after it.

    `kind` is what people call such a thing ('NACL entry'), `of` the thing, or whose part it is
    ('feed'), `what` what that says ('ingress 100: allow tcp 5556 from …').
    """

    act: Act
    kind: str
    of: str
    what: str = ""
    grows: bool | None = None
    """Whether it only lets more pass (False: only less); None: it may do both."""
    edit: Edit = field(compare=False, repr=False)

    def __str__(self) -> str:
        said = f": {self.what}" if self.what else ""
        return f"{self.act} {self.kind} {self.of}{said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Those of one update: what is made and changed, then what is deleted."""

    first: tuple[ApiCall, ...]
    last: tuple[ApiCall, ...]


COMING: Final = "~coming"
"""What stands behind the id of a new interface while the old one of that name stands too."""

_WORDS: Final[Mapping[str, str]] = {
    "vpc": "VPC",
    "block of": "further block of VPC",
    "nacls": "NACL",
    "entry": "NACL entry",
    "route_tables": "route table",
    "route": "route",
    "subnets": "subnet",
    "acl of": "NACL association",
    "table of": "route table association",
    "security_groups": "security group",
    "rule": "rule of security group",
    "interfaces": "interface",
    "vpn_gateways": "VPN gateway",
    "vpn_connections": "VPN connection",
    "vpn route": "route of VPN connection",
    "customer_gateways": "customer gateway",
    "internet_gateways": "internet gateway",
    "egress_only_gateways": "egress-only internet gateway",
    "nat_gateways": "NAT gateway",
    "load_balancers": "load balancer",
    "listener": "listener of load balancer",
    "excluded subnet": "exclusion from VPC Block Public Access of subnet",
    "excluded VPC": "exclusion from VPC Block Public Access of VPC",
    "blocked": "VPC Block Public Access in",
}


def calls_between(old: Network, new: Network) -> Calls:
    """What makes one of the other: both are plans, or called alike."""
    was, now = by_key(parts_of(old)), by_key(parts_of(new))
    first: list[ApiCall] = []
    last: list[ApiCall] = []
    # Listeners go with a load balancer that is replaced.
    anew = {
        key
        for (kind, key), part in now.items()
        if kind == "load_balancers" and (kind, key) in was and was[kind, key].value != part.value
    }
    for (kind, key), part in now.items():
        before = was.get((kind, key))
        if kind == "listener" and part.value[0] in anew:
            before = None
        if before is None:
            first.append(_with_its_own(_made(part), part, new))
        elif before.value != part.value:
            made, gone = _changed(kind, before.value, part.value)
            first += made
            last += gone
    for (kind, key), part in reversed(was.items()):
        if (kind, key) not in now and not (kind == "listener" and part.value[0] in anew):
            last.append(_without_its_own(_gone(part), part, old))
    # What a thing held that is replaced leaves it before what it stood in goes.
    last.sort(key=lambda each: _LAST.get(each.kind, 1))
    return Calls(first=tuple(first), last=tuple(last))


_LAST: Final = {_WORDS["interfaces"]: 0}


def _with_its_own(call: ApiCall, part: NetworkPart, network: Network) -> ApiCall:
    """A regional NAT gateway comes with a route table that leads to the internet gateway
    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html), a zonal one with an
    interface."""
    edits = [call.edit]
    if part.kind == "nat_gateways":
        table = part.value.route_table
        edits += [_add("route_tables", one) for one in network.route_tables if one.id == table]
        edits += [_add("interfaces", one) for one in _interfaces_of_nat(part.value, network)]
    return call if len(edits) == 1 else replace(call, edit=_one_by_one(edits))


def _without_its_own(call: ApiCall, part: NetworkPart, network: Network) -> ApiCall:
    """That table and that interface go with it."""
    edits = [call.edit]
    if part.kind == "nat_gateways":
        edits += [_drop("route_tables", part.value.route_table)] * bool(part.value.route_table)
        edits += [_drop("interfaces", one.id) for one in _interfaces_of_nat(part.value, network)]
    return call if len(edits) == 1 else replace(call, edit=_one_by_one(edits))


def _interfaces_of_nat(gateway: NatGateway, network: Network) -> list[Interface]:
    return [
        each
        for each in network.interfaces
        if each.id in network.of_nat_gateways
        and (each.subnet, each.address) == (gateway.subnet, gateway.address)
    ]


def _one_by_one(edits: Iterable[Edit]) -> Edit:
    several = tuple(edits)

    def edit(network: Network) -> Network:
        for each in several:
            network = each(network)
        return network

    return edit


def _changed(kind: str, old: Any, new: Any) -> tuple[list[ApiCall], list[ApiCall]]:
    """What a thing takes that differs: calls of the beginning, and of the end."""
    match kind:
        case "entry":
            # Another number of the same: AWS would take both, and the component deletes first.
            return [_gone(NetworkPart(kind, "", old)), _made(NetworkPart(kind, "", new))], []
        case "rule" | "nacls" | "route_tables" | "security_groups":
            return [], []  # names and words
        case "interfaces":
            return _interface_changed(old, new)
        case "load_balancers":  # in other subnets it is another, and two cannot have one address
            return [_gone(NetworkPart(kind, "", old)), _made(NetworkPart(kind, "", new))], []
        case "subnets" | "blocked" if _as_made(kind, old) == _as_made(kind, new):
            return [], []
    return [_updated(kind, new)], []


def _as_made(kind: str, value: Any) -> object:
    """What AWS is told of a subnet, and of what is blocked: not who sets that."""
    return value[2].mode if kind == "blocked" else _but(value, "segment", "name")


def _interface_changed(old: Interface, new: Interface) -> tuple[list[ApiCall], list[ApiCall]]:
    if (old.subnet, old.address) != (new.subnet, new.address):
        coming = replace(new, id=new.id + COMING)
        made = _call(Act.CREATE, "interfaces", coming, _add("interfaces", coming))
        gone = _call(Act.DELETE, "interfaces", old, _succeed(old, coming))
        if old.address == new.address:
            return [gone_first(old), _made(NetworkPart("interfaces", new.id, new))], []
        return [made], [gone]
    if _as_asked(old) == _as_asked(new):
        return [], []
    return [_updated("interfaces", new)], []


def _as_asked(interface: Interface) -> object:
    """What AWS is told of an interface, beside where it is."""
    return (
        interface.security_groups,
        interface.addresses,
        interface.public_address,
        interface.source_dest_check,
        interface.ipv6_prefixes,
        interface.public_address,
    )


def _but(thing: Any, *names: str) -> object:
    return {
        each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in names
    }


def gone_first(old: Interface) -> ApiCall:
    """Two interfaces cannot have one address."""
    return _gone(NetworkPart("interfaces", old.id, old))


_HELD: Final[Mapping[str, tuple[str, str]]] = {
    "entry": ("nacls", "entries"),
    "route": ("route_tables", "routes"),
    "rule": ("security_groups", "rules"),
    "vpn route": ("vpn_connections", "routes"),
    "listener": ("load_balancers", "listeners"),
}
"""Of a part of something the kind of that, and its field."""


def _made(part: NetworkPart) -> ApiCall:
    if part.kind in ("acl of", "table of"):
        return _updated(part.kind, part.value, Act.CREATE)
    if part.kind in blocking.KINDS:
        return _call(Act.CREATE, part.kind, part.value, blocking.made(part))
    if part.kind in ("vpc", "block of"):
        return _call(Act.CREATE, part.kind, part.value, _same)  # both sides' are there all along
    if isinstance(part.value, BalancerMade):
        own = (_add("interfaces", each) for each in part.value.interfaces)
        edit = _one_by_one([_add(part.kind, part.value.balancer), *own])
        return _call(Act.CREATE, part.kind, part.value, edit)
    if part.kind not in _HELD:
        return _call(Act.CREATE, part.kind, part.value, _add(part.kind, part.value))
    kind, name = _HELD[part.kind]
    holder, _, said = part.value
    edit = _within(kind, holder, lambda each: _plus(each, name, said))
    return _call(Act.CREATE, part.kind, part.value, edit)


def _gone(part: NetworkPart) -> ApiCall:
    edit: Edit = _same
    if part.kind in blocking.KINDS:
        edit = blocking.gone(part)
    elif part.kind in ("acl of", "table of", "vpc", "block of"):
        pass  # the subnet goes with it, and of blocks and VPCs both sides' are there all along
    elif part.kind in _HELD:
        kind, name = _HELD[part.kind]
        holder, _, said = part.value
        edit = _within(kind, holder, lambda each: _less(each, name, said))
    elif isinstance(part.value, BalancerMade):
        own = (_drop("interfaces", each.id) for each in part.value.interfaces)
        edit = _one_by_one([_drop(part.kind, part.value.id), *own])
    else:
        edit = _drop(part.kind, part.value.id)
    return _call(Act.DELETE, part.kind, part.value, edit)


def _updated(kind: str, value: Any, act: Act = Act.UPDATE) -> ApiCall:
    match kind:
        case blocked if blocked in blocking.KINDS:
            edit = blocking.made(NetworkPart(kind, "", value))
        case "acl of":
            subnet, _, acl = value
            edit = _within("subnets", subnet, lambda each: replace(each, nacl=acl))
        case "table of":
            subnet, _, table = value
            edit = _within("subnets", subnet, lambda each: replace(each, route_table=table))
        case "listener":
            balancer, _, port = value
            edit = _within("load_balancers", balancer, lambda each: _listening(each, port))
        case "route":
            table, _, route = value
            edit = _within("route_tables", table, lambda each: _instead(each, route))
        case "subnets":
            edit = _within(kind, value.id, lambda each: _moved(each, value))
        case "vpn_connections":
            told = value.routing is SiteRouting.BGP  # of its routes by a tag of it
            edit = _within(
                kind, value.id, lambda each: value if told else replace(value, routes=each.routes)
            )
        case _:
            edit = _within(kind, value.id, lambda _: value)
    return _call(act, kind, value, edit)


def _call(act: Act, kind: str, value: Any, edit: Edit) -> ApiCall:
    name, what = _named(value)
    return ApiCall(
        act=act,
        kind=_WORDS.get(kind, kind.replace("_", " ").removesuffix("s")),
        of=name,
        what=what,
        grows=_grows(act, kind, value),
        edit=edit,
    )


def _named(value: Any) -> tuple[str, str]:
    """What people call a thing, or whose part it is; and what it says."""
    match value:
        case (_, str(name), part):
            return name, _said(part)
        case Interface():
            return value.name, str(value.address)
        case Subnet():
            return value.name, f"{value.cidr} in {value.zone}"
    return value.name or value.id, ""


def _said(
    part: AclEntry | GroupRule | Route | IPNetwork | BalancedPort | AccessBlock | str,
) -> str:
    if isinstance(part, Exclusion | AccessBlock):
        return blocking.said(part)
    if isinstance(part, BalancedPort):
        return traffic(part.protocol, (PortRange(part.port, part.port),))
    if isinstance(part, GroupRule):
        return part.says(part.peer.group.partition("/")[2] if part.peer.kind == "group" else None)
    return f"to {part.partition('/')[2] or part}" if isinstance(part, str) else str(part)


def _grows(act: Act, kind: str, value: Any) -> bool | None:
    """Of what a layer lets pass that only ever adds up."""
    match value:
        case (_, _, GroupRule()):
            return act is Act.CREATE
        case (_, _, AclEntry() as entry):
            return (act is Act.CREATE) is (entry.action == "allow")
    if kind in ("nacls", "route_tables", "security_groups", "excluded subnet", "excluded VPC"):
        return act is Act.CREATE if act is not Act.UPDATE else None
    return None


def _same(network: Network) -> Network:
    return network


def _add(kind: str, thing: Any) -> Edit:
    return lambda network: replace(network, **{kind: (*getattr(network, kind), thing)})


def _drop(kind: str, id_: str) -> Edit:
    def edit(network: Network) -> Network:
        kept = tuple(each for each in getattr(network, kind) if each.id != id_)
        return replace(network, **{kind: kept})

    return edit


def _within(kind: str, id_: str, change: Callable[[Any], Any]) -> Edit:
    def edit(network: Network) -> Network:
        every = (change(each) if each.id == id_ else each for each in getattr(network, kind))
        return replace(network, **{kind: tuple(every)})

    return edit


def _succeed(old: Interface, coming: Interface) -> Edit:
    """The old one goes, and the new one has its id."""
    heir = replace(coming, id=old.id)

    def edit(network: Network) -> Network:
        stay = (each for each in network.interfaces if each.id != old.id)
        return replace(
            network, interfaces=tuple(heir if each.id == coming.id else each for each in stay)
        )

    return edit


def _moved(standing: Subnet, new: Subnet) -> Subnet:
    return replace(
        new,
        nacl=standing.nacl,
        route_table=standing.route_table,
        excluded=standing.excluded,
        public_access=standing.public_access,
    )


def _plus(holder: Any, name: str, part: object) -> Any:
    return replace(holder, **{name: (*getattr(holder, name), part)})


def _less(holder: Any, name: str, part: object) -> Any:
    return replace(holder, **{name: tuple(each for each in getattr(holder, name) if each != part)})


def _instead(table: RouteTable, route: Route) -> RouteTable:
    kept = (each for each in table.routes if each.destination != route.destination)
    return replace(table, routes=(*kept, route))


def _listening(balancer: LoadBalancer, port: BalancedPort) -> LoadBalancer:
    slot = port.protocol, port.port
    kept = (each for each in balancer.listeners if (each.protocol, each.port) != slot)
    return replace(balancer, listeners=(*kept, port))
