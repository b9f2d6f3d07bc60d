"""What an update asks of AWS, call by call, in an order in which the engine makes them.

The engine makes and changes things first, each after what it depends on, and deletes last, each
before what it depended on (pulumi.com/docs/iac/concepts/how-pulumi-works). What it cannot change in
place it makes anew and deletes the old one at the end, unless the two cannot stand at once: then
the old one goes first. Which things those are the components say; here it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Final

from bulkhead.network import (
    AclEntry,
    GroupRule,
    Interface,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
)

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


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that a call makes: a thing, or a part of one."""

    kind: str
    key: Hashable
    value: Any


COMING: Final = "~coming"
"""What stands behind the id of a new interface while the old one of that name stands too."""

_BEFORE: Final = ("internet_gateways", "egress_only_gateways", "vpn_gateways")
_AFTER: Final = ("gateway_endpoints", "customer_gateways", "vpn_connections")
_PARTS: Final = ("nacls", "route_tables", "subnets", "security_groups", "interfaces")
_NO_CALLS: Final = frozenset(
    {"vpcs", "services", "sites", "listeners", "unmodelled", "unobserved", "associations"}
    | {"unlisted", "beside"}
)
"""What no call of a plan makes: the VPC stays, and the rest is what people and readers say."""

_WORDS: Final[Mapping[str, str]] = {
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
    "customer_gateways": "customer gateway",
}


def calls_between(old: Network, new: Network) -> Calls:
    """What makes one of the other: both are plans, or called alike."""
    was, now = _by_key(_parts(old)), _by_key(_parts(new))
    first: list[ApiCall] = []
    last: list[ApiCall] = []
    for (kind, key), part in now.items():
        before = was.get((kind, key))
        if before is None:
            first.append(_made(part))
        elif before.value != part.value:
            made, gone = _changed(kind, before.value, part.value)
            first += made
            last += gone
    for (kind, key), part in reversed(was.items()):
        if (kind, key) not in now:
            last.append(_gone(part))
    # What a thing held that is replaced leaves it before what it stood in goes.
    last.sort(key=lambda each: _LAST.get(each.kind, 1))
    return Calls(first=tuple(first), last=tuple(last))


_LAST: Final = {_WORDS["interfaces"]: 0}


def _by_key(parts: Iterable[_Part]) -> dict[tuple[str, Hashable], _Part]:
    return {(each.kind, each.key): each for each in parts}


def _parts(network: Network) -> Iterator[_Part]:
    """Everything that calls make, each after what it needs."""
    other = [each.name for each in fields(Network) if each.name not in _NO_CALLS]
    other = [each for each in other if each not in (*_BEFORE, *_AFTER, *_PARTS)]
    yield from _things(network, _BEFORE)
    yield from _places(network)
    yield from _things(network, (*other, *_AFTER[:1]))
    yield from _routes(network)
    yield from _hosts(network)
    yield from _things(network, _AFTER[1:])


def _places(network: Network) -> Iterator[_Part]:
    """Subnets, after all that guards them."""
    for acl in network.nacls:
        if not network.is_others(acl.id) and not acl.default:
            yield _Part("nacls", acl.id, replace(acl, entries=()))
            for entry in acl.entries:
                yield _Part("entry", (acl.id, _says(entry)), (acl.id, acl.name, entry))
    for table in network.route_tables:
        if not network.is_others(table.id) and not table.main:
            yield _Part("route_tables", table.id, replace(table, routes=()))
    for subnet in network.subnets:
        if not network.is_others(subnet.id):
            yield _Part("subnets", subnet.id, _unguarded(network, subnet))
            yield _Part("acl of", subnet.id, (subnet.id, subnet.name, subnet.nacl))
            yield _Part("table of", subnet.id, (subnet.id, subnet.name, subnet.route_table))


def _routes(network: Network) -> Iterator[_Part]:
    for table in network.route_tables:
        if not network.is_others(table.id):
            for route in table.routes:
                yield _Part("route", (table.id, route.destination), (table.id, table.name, route))


def _hosts(network: Network) -> Iterator[_Part]:
    """Groups, interfaces that hold them, and the rules, which name other groups."""
    for group in network.security_groups:
        if not group.default and not network.is_others(group.id):
            yield _Part("security_groups", group.id, replace(group, rules=()))
    for interface in network.present:
        if not network.is_others(interface.id):
            yield _Part("interfaces", interface.id, interface)
    for group in network.security_groups:
        if not network.is_others(group.id):
            for rule in group.rules:
                said = replace(rule, id="", description="")
                yield _Part("rule", (group.id, said), (group.id, group.name, rule))


def _things(network: Network, kinds: Iterable[str]) -> Iterator[_Part]:
    for kind in kinds:
        for thing in getattr(network, kind):
            if not network.is_others(thing.id):
                yield _Part(kind, thing.id, thing)


def _says(entry: AclEntry) -> Hashable:
    """What an entry is to the engine: all but its number."""
    return replace(entry, number=0)


def _unguarded(network: Network, subnet: Subnet) -> Subnet:
    """As AWS makes it: under the NACL and the table of the VPC, where those are known."""
    acl = next((each.id for each in network.nacls if each.default and each.vpc == subnet.vpc), "")
    main = next((each.id for each in network.route_tables if each.main), "")
    return replace(
        subnet, nacl=acl or subnet.nacl, route_table=main or subnet.route_table, segment=None
    )


def _changed(kind: str, old: Any, new: Any) -> tuple[list[ApiCall], list[ApiCall]]:
    """What a thing takes that differs: calls of the beginning, and of the end."""
    match kind:
        case "entry":
            # Another number of the same: AWS would take both, and the component deletes first.
            return [_gone(_Part(kind, "", old)), _made(_Part(kind, "", new))], []
        case "rule" | "nacls" | "route_tables" | "security_groups":
            return [], []  # names and words
        case "interfaces":
            return _interface_changed(old, new)
        case "subnets" if _but(old, "segment", "name") == _but(new, "segment", "name"):
            return [], []
    return [_updated(kind, new)], []


def _interface_changed(old: Interface, new: Interface) -> tuple[list[ApiCall], list[ApiCall]]:
    if (old.subnet, old.address) != (new.subnet, new.address):
        coming = replace(new, id=new.id + COMING)
        made = _call(Act.CREATE, "interfaces", coming, _add("interfaces", coming))
        gone = _call(Act.DELETE, "interfaces", old, _succeed(old, coming))
        if old.address == new.address:
            return [gone_first(old), _made(_Part("interfaces", new.id, new))], []
        return [made], [gone]
    if _as_asked(old) == _as_asked(new):
        return [], []
    return [_updated("interfaces", new)], []


def _as_asked(interface: Interface) -> object:
    """What AWS is told of an interface, beside where it is."""
    return (
        interface.security_groups,
        interface.addresses,
        interface.source_dest_check,
        interface.ipv6_prefixes,
    )


def _but(thing: Any, *names: str) -> object:
    return {
        each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in names
    }


def gone_first(old: Interface) -> ApiCall:
    """Two interfaces cannot have one address."""
    return _gone(_Part("interfaces", old.id, old))


def _made(part: _Part) -> ApiCall:
    match part.kind:
        case "entry":
            acl, _, entry = part.value
            edit = _within("nacls", acl, lambda each: _plus(each, "entries", entry))
        case "route":
            table, _, route = part.value
            edit = _within("route_tables", table, lambda each: _plus(each, "routes", route))
        case "rule":
            group, _, rule = part.value
            edit = _within("security_groups", group, lambda each: _plus(each, "rules", rule))
        case "acl of" | "table of":
            return _updated(part.kind, part.value, Act.CREATE)
        case _:
            edit = _add(part.kind, part.value)
    return _call(Act.CREATE, part.kind, part.value, edit)


def _gone(part: _Part) -> ApiCall:
    match part.kind:
        case "entry":
            acl, _, entry = part.value
            edit = _within("nacls", acl, lambda each: _less(each, "entries", entry))
        case "route":
            table, _, route = part.value
            edit = _within("route_tables", table, lambda each: _less(each, "routes", route))
        case "rule":
            group, _, rule = part.value
            edit = _within("security_groups", group, lambda each: _less(each, "rules", rule))
        case "acl of" | "table of":
            edit = _same  # the subnet goes with it
        case _:
            edit = _drop(part.kind, part.value.id)
    return _call(Act.DELETE, part.kind, part.value, edit)


def _updated(kind: str, value: Any, act: Act = Act.UPDATE) -> ApiCall:
    match kind:
        case "acl of":
            subnet, _, acl = value
            edit = _within("subnets", subnet, lambda each: replace(each, nacl=acl))
        case "table of":
            subnet, _, table = value
            edit = _within("subnets", subnet, lambda each: replace(each, route_table=table))
        case "route":
            table, _, route = value
            edit = _within("route_tables", table, lambda each: _instead(each, route))
        case "subnets":
            edit = _within(kind, value.id, lambda each: _moved(each, value))
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


def _said(part: AclEntry | GroupRule | Route | str) -> str:
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
    if kind in ("nacls", "route_tables", "security_groups"):
        return act is Act.CREATE
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
    return replace(new, nacl=standing.nacl, route_table=standing.route_table)


_Holder = NetworkAcl | RouteTable | SecurityGroup


def _plus(holder: Any, name: str, part: object) -> Any:
    return replace(holder, **{name: (*getattr(holder, name), part)})


def _less(holder: Any, name: str, part: object) -> Any:
    return replace(holder, **{name: tuple(each for each in getattr(holder, name) if each != part)})


def _instead(table: RouteTable, route: Route) -> RouteTable:
    kept = (each for each in table.routes if each.destination != route.destination)
    return replace(table, routes=(*kept, route))
