"""What the answers do not list, or may not: who asked may have filtered, or may not see all.

A document does not say how its answers were asked for. That the interfaces of a VPC are all
there is known where nobody filtered (a live account), and where each of its subnets says as
many addresses in use as the interfaces here have (`AvailableIpAddressCount`: a stopped
instance's address is in use as well,
docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html). A participant of a shared VPC
sees its own interfaces only (docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html): there
the count is what tells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from bulkhead.network import Network, Unlisted
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.instances import instances
from bulkhead.observe.describe.managed import managed_groups
from bulkhead.observe.record import Record, UnreadableError, texts_in

_KEPT_BY_AWS: Final = 5
"""(docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)"""
_PREFIX: Final = 16
"""Addresses of a delegated /28."""
_NAMING: Final = (
    *("Reservations", "VpcEndpoints", "NatGateways", "LoadBalancers", "Firewalls"),
    *("TransitGatewayVpcAttachments", "NetworkAcls", "RouteTables"),
)
"""Answers that name subnets and interfaces of the VPCs here."""
_ATTACHMENT: Final = "eni-attach-"
"""How the id begins of what holds an interface to its instance: it is no interface."""
_GONE: Final = frozenset({"deleted", "deleting", "failed", "terminated", "shutting-down"})


def unlisted(
    shown: Described, chosen: Described, found: Network, *, in_full: bool
) -> Iterator[Unlisted]:
    """What may be there beside `found`, which was read from `chosen`, a part of all that is shown.

    `in_full`: nobody filtered the answers, so that only what the account does not see is missing.
    """
    yield from _interfaces_not_counted(shown, found, in_full=in_full)
    yield from _named_and_not_here(shown, chosen, found)
    yield from _held_elsewhere(shown, chosen, found)
    yield from _absent_groups(shown, found, in_full=in_full)
    yield from managed_groups(shown, found)
    if not in_full:
        yield Unlisted(
            kind="associations",
            name="associations of groups with VPCs",
            why="a group may be held in a VPC that is not here, if it is associated with it",
            field="associations",
            runs=False,
        )


def _interfaces_not_counted(
    shown: Described, found: Network, *, in_full: bool
) -> Iterator[Unlisted]:
    if "NetworkInterfaces" in shown.missing:
        return
    counted = _addresses_by_subnet(shown)
    why: dict[str, str] = {}
    for record in shown["Subnets"]:
        vpc, subnet = record.text("VpcId"), record.text("SubnetId")
        if vpc not in found.vpc or vpc in why:
            continue
        free = _free(record) if record.has("CidrBlock") else None
        if free is None or subnet not in found.subnet:
            if not in_full:
                why[vpc] = (
                    f"subnet {subnet} does not say how many of its addresses are in use, so "
                    "nothing shows that the interfaces here are all"
                )
            continue
        used = found.subnet[subnet].cidr.num_addresses - _KEPT_BY_AWS - free
        if used != counted[subnet]:
            why[vpc] = (
                f"of subnet {subnet} {used} addresses are in use, and the interfaces here have "
                f"{counted[subnet]} of them"
            )
    for vpc, reason in why.items():
        yield Unlisted(kind="vpc", name=vpc, why=reason, vpc=vpc, runs=False)


def _free(subnet: Record) -> int | None:
    """Of its IPv4 addresses: those of IPv6 nobody counts
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html)."""
    with suppress(UnreadableError):
        return subnet.maybe_integer("AvailableIpAddressCount")
    return None


def _addresses_by_subnet(shown: Described) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for record in shown["NetworkInterfaces"]:
        addresses = {
            each.maybe("PrivateIpAddress") for each in record.records("PrivateIpAddresses")
        }
        addresses.add(record.maybe("PrivateIpAddress"))
        delegated = len(record.records("Ipv4Prefixes"))
        counted[record.maybe("SubnetId") or ""] += len(addresses - {None}) + delegated * _PREFIX
    return counted


def _named_and_not_here(shown: Described, chosen: Described, found: Network) -> Iterator[Unlisted]:
    """Subnets and interfaces that something speaks of, and load balancers without interfaces."""
    subnets, interfaces = shown.ids("Subnets"), _interface_ids(shown)
    balanced = {each.id for each in found.load_balancers if each.interfaces}
    for key in _NAMING:
        for record in chosen[key]:
            if _is_gone(record):
                continue
            named = tuple(texts_in(record.values))
            for subnet in _absent(named, "subnet-", subnets):
                yield Unlisted(
                    kind="subnet",
                    name=subnet,
                    why=f"{_name(key, record)} names subnet {subnet}, which is not here",
                    field="subnets",
                    vpc=record.maybe("VpcId"),
                    runs=False,
                )
            # A route to an interface that is gone names it all the same.
            if key != "RouteTables" and _absent(named, "eni-", interfaces):
                yield _runner(key, record, "not all of its interfaces are here")
            elif key == "LoadBalancers" and _name(key, record) not in balanced:
                yield _runner(key, record, "its interfaces are not here")


def _interface_ids(shown: Described) -> frozenset[str]:
    """Those of instances too, where the interfaces themselves are not there."""
    if "NetworkInterfaces" not in shown.missing:
        return shown.ids("NetworkInterfaces")
    of_instances = (
        each.maybe("NetworkInterfaceId")
        for instance in instances(shown)
        for each in instance.records("NetworkInterfaces")
    )
    return shown.ids("NetworkInterfaces") | {name for name in of_instances if name}


def _absent(named: Iterable[str], begins: str, known: Collection[str]) -> tuple[str, ...]:
    said = (each for each in named if each.startswith(begins) and each not in known)
    return tuple(dict.fromkeys(each for each in said if not each.startswith(_ATTACHMENT)))


def _runner(key: str, record: Record, why: str) -> Unlisted:
    groups = (each for each in texts_in(record.values) if each.startswith("sg-"))
    return Unlisted(
        kind=KEYS[key].word or "instance",
        name=_name(key, record),
        why=why,
        vpc=record.maybe("VpcId"),
        security_groups=tuple(dict.fromkeys(groups)),
    )


def _name(key: str, record: Record) -> str:
    """Its id, of a reservation that of its first instance."""
    for instance in record.records("Instances"):
        return instance.text("InstanceId")
    known_as = record.values.get(KEYS[key].id)
    return known_as if isinstance(known_as, str) else record.where


def _is_gone(record: Record) -> bool:
    state = record.values.get("State")
    if isinstance(state, Mapping):
        state = state.get("Code", state.get("Name"))
    return isinstance(state, str) and state in _GONE


def _held_elsewhere(shown: Described, chosen: Described, found: Network) -> Iterator[Unlisted]:
    """Interfaces that hold a group that is here, and are in a VPC or a subnet that is not."""
    asked = chosen.ids("NetworkInterfaces")
    for record in shown["NetworkInterfaces"]:
        groups = tuple(each.maybe("GroupId") or "" for each in record.records("Groups"))
        held = tuple(each for each in groups if each in found.security_group)
        id_ = record.text("NetworkInterfaceId")
        if held and id_ not in found.interface:
            subnet = record.maybe("SubnetId")
            yield Unlisted(
                kind="network-interface",
                name=id_,
                why=f"it is in subnet {subnet}, which is not here"
                if id_ in asked
                else f"it is in {record.maybe('VpcId')}, which was not asked for",
                vpc=record.maybe("VpcId"),
                security_groups=held,
            )


def _absent_groups(shown: Described, found: Network, *, in_full: bool) -> Iterator[Unlisted]:
    """Groups that rules refer to and that are not here, unless AWS itself shows that they are gone.

    They are where the peering was deleted (PeeringStatus), and where all groups of their VPC
    are here (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
    """
    referred = {
        rule.peer.group
        for group in found.security_groups
        for rule in group.rules
        if rule.peer.kind == "group"
    }
    absent = referred - set(found.security_group)
    told = _references(shown) if absent else {}
    owners = {each.text("VpcId"): each.maybe("OwnerId") for each in shown["Vpcs"]}
    known = shown.ids("SecurityGroups")
    for group in sorted(absent):
        said = told.get(group, ())
        vpcs = {each.maybe("VpcId") for each in said} - {None}
        ours = in_full and bool(vpcs) and all(vpc in owners for vpc in vpcs)
        foreign = any(each.maybe("UserId") not in (None, *owners.values()) for each in said)
        if group not in known and (_peering_is_gone(said) or (ours and not foreign)):
            continue
        where = f" ({', '.join(sorted(map(str, vpcs)))})" if vpcs else ""
        yield Unlisted(
            kind="security-group",
            name=group,
            why=f"group {group}{where} is not here: it may be one of another VPC or account",
            field="security_groups",
            security_groups=(group,),
            runs=False,
        )


def _peering_is_gone(said: Iterable[Record]) -> bool:
    status = {each.maybe("PeeringStatus") for each in said}
    return status == {"deleted"}


def _references(shown: Described) -> Mapping[str, list[Record]]:
    """Group -> what rules that refer to it say of it."""
    found: dict[str, list[Record]] = defaultdict(list)
    for rule in shown["SecurityGroupRules"]:
        with suppress(UnreadableError):
            if referenced := rule.inside("ReferencedGroupInfo"):
                found[referenced.text("GroupId")].append(referenced)
    for group in shown["SecurityGroups"]:
        with suppress(UnreadableError):
            for key in ("IpPermissions", "IpPermissionsEgress"):
                for permission in group.records(key):
                    for pair in permission.records("UserIdGroupPairs"):
                        found[pair.text("GroupId")].append(pair)
    return found
