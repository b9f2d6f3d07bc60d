"""Quotas of an AWS account, counted the way AWS counts, before anything is built."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import product
from typing import Final

from bulkhead.intent import ServiceInterface, Site, Topology
from bulkhead.network import ANY_CLIENT_PORTS, Direction, IPNetwork, Listener, PortRange
from bulkhead.network.addresses import in_order
from bulkhead.network.quotas import ROUTES_PER_CONNECTION, Quotas
from bulkhead.network.tags import client_tag, network_tags, socket_tags
from bulkhead.plan.acls import BAND_SIZE, Need
from bulkhead.plan.addressing import Addressing
from bulkhead.plan.allowed import More, beyond_aws
from bulkhead.plan.balancers import too_much_for_balancers
from bulkhead.plan.clients import client_ports
from bulkhead.plan.demand import FIRST, EntryDemand, entries_wanted
from bulkhead.plan.gateway_endpoints import routes_to_services
from bulkhead.plan.joins import FarBlocks
from bulkhead.plan.members import most_in_a_zone
from bulkhead.plan.rules_asked import RulesAsked
from bulkhead.plan.side_by_side import fewest
from bulkhead.plan.sites import networks_of_clients
from bulkhead.plan.units import Unit, addressed_ends, made
from bulkhead.plan.widening import MOST_WIDENED, would_fit
from bulkhead.plan.wiring import Meeting, Wiring
from bulkhead.plan.zonal_nat import translated_ends
from bulkhead.problems import Problem

_JOINED: Final = 5_000
"""Of more entries than these of one NACL nobody asks how few they could be."""
TAGS_PER_RESOURCE: Final = 50
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"""
TAGS_OF_OURS: Final = 8
"""Of a VPN connection, which has most: its name, topology, stack, site and trust, and what
people say of it (its purpose, owner and data)."""
TAGS_OF_OTHERS: Final = 2
"""Kept free at the least, for what an organisation puts on everything."""


def over_quota(
    topology: Topology,
    units: Sequence[Unit],
    where: Addressing,
    have: Quotas,
    asked: RulesAsked,
) -> tuple[Problem, ...]:
    """Every quota that the plan would exceed, with the flows to merge or the quota to have."""
    return (
        *beyond_aws(topology, have),
        *_groups(topology, asked),
        *_acls(topology, units, asked.wiring.meetings, where, have),
        *_tables(topology, units, asked.wiring.meetings, where, have),
        *_security_groups(topology, asked.groups(), have),
        *_totals(topology, units, where, have),
        *_sites(topology),
        *_tags(asked.wiring),
        *too_much_for_balancers(topology),
    )


def _groups(topology: Topology, asked: RulesAsked) -> Iterator[Problem]:
    have, chosen = asked.have, asked.shared
    held = chosen.by_member()
    for service, direction in product(chosen.left, Direction):
        wanted, left = asked.wanted[service, direction], chosen.counts[service, direction]
        shares = len(held.get(service, ()))
        if left <= have.rules_per_group * (have.groups_per_interface - shares):
            continue
        count = wanted.count
        what = f"service {service} needs {count} {direction} rules"
        if left < count:
            what += f", {left} with groups that others share for it"
        what += f"; a security group holds {have.rules_per_group}, and an interface "
        what += f"{have.groups_per_interface} of them"
        if shares:
            what += f", of which it shares {shares} with others"
        yield Problem(
            *topology.place_of("services", service),
            f"{what} ({_some(wanted.first(), count)})",
            "put a broker between (its clients connect to one port), merge client services"
            + asked.more.advice(service),
        )


def _security_groups(topology: Topology, count: int, have: Quotas) -> Iterator[Problem]:
    """Those of services, and the VPC's own."""
    said = "services", count + 1, "groups_per_region", "security groups", "Region"
    yield from _too_many(topology, have, *said)


def _acls(
    topology: Topology,
    units: Sequence[Unit],
    meetings: Sequence[Meeting],
    where: Addressing,
    have: Quotas,
) -> Iterator[Problem]:
    ours = {each.name for each in made(units)}

    def asked(of: Topology) -> Mapping[_Way, list[EntryDemand]]:
        every = entries_wanted(of, units, meetings, where)
        return _by_family({name: each for name, each in every.items() if name in ours})

    wanted = asked(topology)
    counts = _counted(wanted, have)
    untold: Mapping[_Way, int] = {}
    if topology.path_mtu_discovery and max(counts.values(), default=0) > have.entries_per_acl:
        without = topology.model_copy(update={"path_mtu_discovery": False})
        untold = _counted(asked(without), have)
    wide = topology.nacl_overflow == "widen"
    wider = {
        of
        for of, count in counts.items()
        if count > have.entries_per_acl and _can_be_widened(wanted, of, have.entries_of_ours)
    }
    enough = counts
    if wide:
        counts = {of: have.entries_per_acl if of in wider else n for of, n in counts.items()}
        enough = {of: _least_widened(wanted, of, n, have) for of, n in counts.items()}
    more = More.of(have, "entries_per_acl", enough.values())
    for unit, direction, version in product(made(units), Direction, (4, 6)):
        every = wanted[unit.name, direction, version]
        count = counts[unit.name, direction, version]
        # Entries of both families share the numbers.
        numbers = sum(
            each.numbers for family in (4, 6) for each in wanted[unit.name, direction, family]
        )
        of_ipv6 = " of IPv6" if version == 6 else ""
        less = "have fewer ranges of ports at the other ends, each of which is an entry "
        less += "(neighbouring ports of one service are one range)"
        if count > have.entries_per_acl:
            first = nsmallest(
                FIRST, (need for each in every for need in each.first()), key=_as_numbered
            )
            what = f"{count - 1} {direction} entries{of_ipv6}, {have.entries_of_ours} fit"
            what += f" ({_some(first, count - 1)})"
            less += more.advice(enough[unit.name, direction, version])
            if untold.get((unit.name, direction, version), count) <= have.entries_per_acl:
                less += ", or write path-mtu-discovery: false: then packets that are too large for "
                less += "the way vanish without a word"
            less += _of_widening(wide, fits=(unit.name, direction, version) in wider)
        elif numbers > BAND_SIZE:
            what = f"numbers for {numbers} {direction} requests, {BAND_SIZE} are kept for them"
        else:
            continue
        yield Problem(
            *topology.place_of("segments", unit.segment),
            f"the NACL of {unit.key} needs {what}",
            less,
        )


_Way = tuple[str, Direction, int]
"""A unit, a direction and a family: what a quota is of."""


def _by_family(by_unit: Mapping[str, Sequence[EntryDemand]]) -> Mapping[_Way, list[EntryDemand]]:
    return {
        (unit, direction, version): [
            each for each in several if each.direction is direction and each.is_of(version)
        ]
        for unit, several in by_unit.items()
        for direction in Direction
        for version in (4, 6)
    }


def _counted(wanted: Mapping[_Way, list[EntryDemand]], have: Quotas) -> Mapping[_Way, int]:
    """As a quota counts them, of each family apart and AWS's own among them."""
    return {of: 1 + _fewest(every, have.entries_of_ours) for of, every in wanted.items()}


def _can_be_widened(wanted: Mapping[_Way, list[EntryDemand]], of: _Way, most: int) -> bool:
    unit, every = of[0], wanted[of]
    whole = (each for (name, _, _), several in wanted.items() if name == unit for each in several)
    if any(each.band for each in whole):
        return False
    if sum(each.count for each in every) > _JOINED:
        return False
    return would_fit((need for each in every for need in each.every()), most)


def _least_widened(
    wanted: Mapping[_Way, list[EntryDemand]], of: _Way, exact: int, have: Quotas
) -> int:
    """The least quota with which the entries fit, widened or, where that does not help, exact."""
    more = range(have.entries_per_acl + 1, exact)
    return (
        have.entries_per_acl
        + 1
        + bisect_left(more, x=True, key=lambda each: _can_be_widened(wanted, of, each - 1))
        if more
        else exact
    )


def _of_widening(wide: bool, *, fits: bool) -> str:
    if wide:
        return (
            f"; nacl-overflow: widen does not help: it joins up to {MOST_WIDENED} entries, "
            "of one protocol, within one block of private addresses"
        )
    return ", or write nacl-overflow: widen: groups alone deny what that lets" if fits else ""


def _fewest(wanted: Iterable[EntryDemand], most: int) -> int:
    """As many as there are or, where those are too many, as there are once networks side by side
    are one."""
    every = tuple(wanted)
    count = sum(each.count for each in every)
    if not most < count <= _JOINED:
        return count
    return len(fewest((need for each in every for need in each.every()), most))


def _as_numbered(need: Need) -> tuple[bool, int, tuple[int, int, int], PortRange]:
    """The order in which entries get their numbers: requests first, then by network."""
    return need.band != "request", need.protocol, in_order(need.cidr), need.ports


def _tables(
    topology: Topology,
    units: Sequence[Unit],
    meetings: Sequence[Meeting],
    where: Addressing,
    have: Quotas,
) -> Iterator[Problem]:
    """A route for each network of a site and each unit of another VPC that somebody of the unit
    talks with, and for each service of AWS that is reached by one: its list counts as one
    (docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html). The
    quota holds of each family apart
    (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
    units = made(units)
    led_to = {unit.key: sum(1 for _ in routes_to_services(topology, unit)) for unit in units}
    networks = sum(len(each.cidrs) for each in topology.outside.values())
    far = FarBlocks(topology, units, where.blocks, ((one.client, one.server) for one in meetings))
    networks += max((len(far.of(unit)) for unit in units), default=0)
    if networks + max(led_to.values(), default=0) <= have.routes_per_table:
        return
    of_service: dict[str, set[IPNetwork]] = defaultdict(set)
    for meeting in meetings:
        if site := topology.outside.get(meeting.client):
            of_service[meeting.server].update(networks_of_clients(site, meeting.clients_at))
        elif site := topology.outside.get(meeting.server):
            alone = tuple(address for address, _ in meeting.doors.alone)
            everywhere = () if meeting.doors.everywhere else alone
            of_service[meeting.client].update(networks_of_clients(site, everywhere))
    counts: dict[str, int] = {}
    for unit in units:
        there = set().union(*(of_service[each.name] for each in unit.interfaces), far.of(unit))
        four = sum(each.version == 4 for each in there)
        six = len(there) - four if 6 in unit.versions else 0
        counts[unit.key] = max(led_to[unit.key] + four, six)
    more = More.of(have, "routes_per_table", counts.values())
    for unit in units:
        if (count := counts[unit.key]) > have.routes_per_table:
            yield Problem(
                *topology.place_of("segments", unit.segment),
                f"the route table of {unit.key} needs {count} routes, {have.routes_per_table} fit",
                "aggregate the cidrs of sites, and the addresses of peers" + more.advice(count),
            )


def _totals(
    topology: Topology, units: Sequence[Unit], where: Addressing, have: Quotas
) -> Iterator[Problem]:
    zone_of = {each.id: each.zone for each in where.every_subnet}
    by_zone: Counter[str] = Counter()
    for each in where.interfaces:
        service = topology.service_of(each.service or "")
        by_zone[zone_of[each.subnet]] += (
            most_in_a_zone(service, len(topology.zones)) if each.stand_in else 1
        )
    addressed = addressed_ends(topology)
    public = sum(each.service in addressed for each in where.interfaces)
    translated = translated_ends(topology)
    units = _of_the_fullest_vpc(topology, made(units))
    tables = len(units) + 1 + bool(translated)  # and the VPC's own, and that of a regional gateway
    if topology.nat == "zonal":
        through = sum(any(end.name in translated for end in unit.interfaces) for unit in units)
        tables = len(units) + 1 + through * (len(topology.zones) - 1)
    sites = Counter(each.vpc for each in topology.sites.values())
    joins = Counter(name for pair in topology.peerings for name in pair)
    counted = (
        ("segments", len(units) + 1, "acls_per_vpc", "network ACLs", "VPC"),
        ("segments", tables, "tables_per_vpc", "route tables", "VPC"),
        ("segments", len(units) * len(topology.zones), "subnets_per_vpc", "subnets", "VPC"),
        (
            "services",
            max(by_zone.values(), default=0),
            "interfaces_per_region",
            "interfaces in one zone",
            "zone",
        ),
        ("sites", max(sites.values(), default=0), "vpns_per_gateway", "VPNs", "VPN gateway"),
        (
            "peers",
            public + bool(translated) * len(topology.zones),
            "addresses_per_region",
            "Elastic IP addresses",
            "Region",
        ),
    )
    several = (
        ("vpcs", len(topology.vpcs), "vpcs_per_region", "VPCs", "Region"),
        ("joins", max(joins.values(), default=0), "peerings_per_vpc", "VPC peerings", "VPC"),
    )
    for key, count, field, things, scope in (*counted, *several):
        yield from _too_many(topology, have, key, count, field, things, scope)


def _of_the_fullest_vpc(topology: Topology, units: Sequence[Unit]) -> Sequence[Unit]:
    by_vpc: dict[str, list[Unit]] = {name: [] for name in topology.own_vpcs}
    for each in units:
        by_vpc[topology.segments[each.segment].vpc].append(each)
    return max(by_vpc.values(), key=len)


def _too_many(
    topology: Topology, have: Quotas, *said: *tuple[str, int, str, str, str]
) -> Iterator[Problem]:
    key, count, field, things, scope = said
    quota = getattr(have, field)
    if count > quota:
        yield Problem(
            *topology.place_of(key),
            f"the plan has {count} {things}, the quota is {quota} per {scope}",
            f"declare fewer {_FEWER.get(key, key)}{More(have, field, count).advice(count)}",
        )


_FEWER: Final = {"peers": "replicas of what peers connect to, or fewer zones"}


def _sites(topology: Topology) -> Iterator[Problem]:
    for site in topology.sites.values():
        if len(site.cidrs) > ROUTES_PER_CONNECTION:
            yield Problem(
                *topology.place_of("sites", site.name, "cidrs"),
                f"site {site.name} has {len(site.cidrs)} cidrs, "
                f"a VPN connection takes {ROUTES_PER_CONNECTION} routes",
                "aggregate the site's cidrs: that quota is raised for nobody",
            )


def _tags(wiring: Wiring) -> Iterator[Problem]:
    topology = wiring.topology
    room = TAGS_PER_RESOURCE - TAGS_OF_OURS - TAGS_OF_OTHERS
    owners: tuple[tuple[str, str, ServiceInterface | Site, str], ...] = (
        *(("services", "service", each, "security group") for each in topology.interfaces.values()),
        *(("sites", "site", each, "VPN connection") for each in topology.sites.values()),
    )
    # A service states its client ports on its interfaces, which hold few tags.
    stating = {
        each.name: len(client_tag(client_ports(each), ANY_CLIENT_PORTS))
        + len(each.host_ports)
        + (len(network_tags(each.cidrs)) if each.routing == "bgp" else 0)
        for each in topology.sites.values()
    }
    waiting: dict[str, list[Listener]] = defaultdict(list)
    for each in wiring.listeners:
        waiting[each.owner].append(each)
    for key, noun, owner, tagged in owners:
        bound = waiting.get(owner.name, [])
        count = len(socket_tags(bound)) + stating.get(owner.name, 0)
        if count > room:
            sockets = len({each.socket for each in bound})
            ports = sum(len(each.ports) for each in bound)
            yield Problem(
                *topology.place_of(key, owner.name),
                f"{noun} {owner.name} binds {sockets} sockets on {ports} ports, which take "
                f"{count} tags of its {tagged}, and {room} fit",
                f"split the {noun}, or let its sockets bind fewer ports, or neighbouring ones",
            )


def _some(first: Iterable[object], count: int) -> str:
    shown = [str(each) for each in first]
    more = f" and {count - len(shown)} more" if count > len(shown) else ""
    return "; ".join(shown) + more
