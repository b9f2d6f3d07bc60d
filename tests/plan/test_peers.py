"""What crosses the internet: by a NAT gateway out, by public addresses in, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import network
from bulkhead.audit import Evidence, audit
from bulkhead.audit.controls import ALL_CONTROLS
from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.ledger import BoundaryKind, ledger
from bulkhead.network import CidrPeer, Direction, TargetKind
from bulkhead.network.public_addresses import stands_in, with_public_addresses_of
from bulkhead.plan import plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from bulkhead.settings import settings
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from

TOO_LARGE = str(network.TOO_LARGE[0][1])
"""What tells that a packet is too large."""
CURVE = {"mechanism": "CURVE", "zap": True}
WORD = {"why": "it is traded", "owner": "desk"}


def document(**more: Any) -> dict[str, Any]:
    """A gateway to which clients connect, a router that connects to a venue, and others."""
    return {
        **HEAD,
        "segments": {"edge": {"purpose": "meets them"}, "core": {"purpose": "decides"}},
        "peers": {
            "venue": {
                "addresses": ["198.51.100.7/32"],
                "sockets": {"orders": {"type": "PULL", "bind": "tcp://*:6001", **CURVE}},
            },
            "clients": {
                "addresses": ["203.0.113.0/28", "203.0.113.64/26"],
                "sockets": {"ticks": {"type": "SUB", "connect": "gateway.tape", **CURVE}},
            },
        },
        "services": {
            "gateway": {
                "segment": "edge",
                "replicas": 2,
                "sockets": {
                    "tape": {
                        "type": "PUB",
                        "bind": "tcp://*:5556",
                        "exposure": {**WORD, "until": "2999-01-31"},
                        **CURVE,
                    },
                    "in": {"type": "PULL", "bind": "tcp://*:5557"},
                },
            },
            "router": {
                "segment": "edge",
                "instance": "c5.large",
                "sockets": {
                    "out": {"type": "PUSH", "connect": "venue.orders", "exposure": WORD, **CURVE}
                },
            },
            "brain": {
                "segment": "core",
                "sockets": {"ticks": {"type": "PUSH", "connect": "gateway.in"}},
            },
        },
        **more,
    }


@pytest.fixture
def market(tmp_path):
    return topology_from(tmp_path, document())


def routes(network, name):
    (table,) = (each for each in network.route_tables if each.name == name)
    return {(str(each.destination), each.target) for each in table.routes}


def test_each_unit_has_routes_to_its_peers_alone_and_nobody_else_any(market):
    network = plan(market).network
    assert routes(network, "edge") == {("198.51.100.7/32", TargetKind.NAT_GATEWAY)}
    assert routes(network, "edge.gateway") == {
        ("203.0.113.0/28", TargetKind.INTERNET_GATEWAY),
        ("203.0.113.64/26", TargetKind.INTERNET_GATEWAY),
    }
    assert routes(network, "core") == routes(network, "main") == set()


def with_ipv6(tmp_path, **without):
    """The same where both segments and both peers have IPv6; `without` says of whom IPv4 goes."""
    both = document(ipv6="amazon")
    for name, more in (("venue", "2001:db8:77::/64"), ("clients", "2001:db8:99::7/128")):
        addresses = both["peers"][name]["addresses"]
        both["peers"][name]["addresses"] = [*([] if without.get(name) else addresses), more]
    return topology_from(tmp_path, both)


def test_ipv6_goes_out_by_an_egress_only_gateway_and_comes_in_by_the_internet_gateway(tmp_path):
    made = plan(with_ipv6(tmp_path))
    assert routes(made.network, "edge") == {
        ("198.51.100.7/32", TargetKind.NAT_GATEWAY),
        ("2001:db8:77::/64", TargetKind.EGRESS_ONLY_GATEWAY),
    }
    assert ("2001:db8:99::7/128", TargetKind.INTERNET_GATEWAY) in routes(
        made.network, "edge.gateway"
    )
    (router,) = (each for each in made.network.security_groups if each.name == "router")
    assert [str(each.peer.cidr) for each in router.rules] == ["198.51.100.7/32", "2001:db8:77::/64"]
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]


def test_who_meets_ipv6_alone_needs_no_nat_gateway_and_no_public_address(tmp_path):
    made = plan(with_ipv6(tmp_path, venue=True, clients=True))
    network = made.network
    assert not network.nat_gateways
    assert not any(each.public_address for each in network.interfaces)
    assert len(network.internet_gateways) == len(network.egress_only_gateways) == 1
    assert judge(prove(network), made.declaration).ok


def test_a_segment_without_ipv6_meets_a_peer_with_both_over_ipv4_alone(tmp_path):
    four = document(ipv6="amazon")
    four["segments"]["edge"]["ipv6"] = False
    four["peers"]["venue"]["addresses"].append("2001:db8:77::/64")
    made = plan(topology_from(tmp_path, four))
    assert routes(made.network, "edge") == {("198.51.100.7/32", TargetKind.NAT_GATEWAY)}
    assert not made.network.egress_only_gateways
    assert not any(
        entry.cidr.version == 6 and entry.cidr.overlaps(IPv6Network("2001:db8:77::/64"))
        for each in made.network.nacls
        for entry in each.entries
    )
    assert judge(prove(made.network), made.declaration).ok


@pytest.mark.parametrize("wide", ["2001:db8:77::/48", "::/0"])
def test_a_wider_route_and_entry_to_a_peer_of_ipv6_is_found_though_groups_hold(tmp_path, wide):
    made = plan(with_ipv6(tmp_path))
    narrow, cidr = IPv6Network("2001:db8:77::/64"), IPv6Network(wide)
    opened = replace(
        made.network,
        nacls=tuple(_wider(each, "entries", "cidr", narrow, cidr) for each in made.network.nacls),
        route_tables=tuple(
            _wider(each, "routes", "destination", narrow, cidr)
            for each in made.network.route_tables
        ),
    )
    judged = judge(prove(opened), made.declaration)
    assert FindingKind.LAYER in {
        each.kind for finding in judged.findings for each in (finding, *finding.effects)
    }


def _wider(holder, name, field, narrow, cidr):
    several = (
        replace(each, **{field: cidr}) if getattr(each, field) == narrow else each
        for each in getattr(holder, name)
    )
    return replace(holder, **{name: tuple(several)})


def test_who_connects_is_told_each_address_of_a_peer_that_is_one_host(tmp_path):
    several = document(ipv6="amazon")
    several["peers"]["venue"]["addresses"] = [
        *("198.51.100.7/32", "198.51.100.9/32", "2001:db8:77::7/128", "2001:db8:78::/64"),
    ]
    topology = topology_from(tmp_path, several)
    (out,) = settings(topology, plan(topology), "router").sockets
    assert [each.endpoint for each in out.connect] == [
        *("tcp://198.51.100.7:6001", "tcp://198.51.100.9:6001", "tcp://[2001:db8:77::7]:6001"),
        None,
    ]
    assert out.profile.options["IPV6"] == 1
    assert out.connect[-1].why == (
        "venue.orders binds tcp://*:6001 at a host in 2001:db8:78::/64: which, venue says"
    )


def zonal(tmp_path, **more):
    return topology_from(tmp_path, document(nat="zonal", **more))


def test_zonal_nat_gateways_stand_each_in_its_zone_and_who_is_there_goes_through_that(tmp_path):
    network = plan(zonal(tmp_path)).network
    homes = {each.id: network.subnet[each.subnet] for each in network.nat_gateways}
    assert sorted(each.zone for each in homes.values()) == ["eu-west-1a", "eu-west-1b"]
    assert {each.segment for each in homes.values()} == {"NAT"}
    assert all(nat.address in homes[nat.id].cidr for nat in network.nat_gateways)
    for subnet in network.subnets:
        led = {
            (str(route.destination), homes[route.target_id].zone)
            for route in network.route_table[subnet.route_table].routes
            if route.target is TargetKind.NAT_GATEWAY
        }
        through = {("198.51.100.7/32", subnet.zone)} if subnet.nacl == "acl/edge" else set()
        assert led == through
    assert routes(network, "NAT") == {("198.51.100.7/32", TargetKind.INTERNET_GATEWAY)}


def test_the_nacl_of_zonal_nat_gateways_lets_pass_what_goes_through_them_and_nothing_else(
    tmp_path,
):
    network = plan(zonal(tmp_path)).network
    (block,) = {each.cidr.supernet(2) for each in network.subnets if each.nacl == "acl/edge"}
    assert {
        (each.direction, str(each.ports), str(each.cidr))
        for each in network.nacl["acl/NAT"].entries
    } == {
        (Direction.INGRESS, "6001", str(block)),
        (Direction.EGRESS, "6001", "198.51.100.7/32"),
        (Direction.INGRESS, "1024-65535", "198.51.100.7/32"),
        (Direction.EGRESS, "32768-60999", str(block)),
        (Direction.INGRESS, TOO_LARGE, "0.0.0.0/0"),
        (Direction.EGRESS, TOO_LARGE, str(block)),
    }


def test_with_zonal_nat_gateways_exactly_the_declared_flows_cross_and_what_is_left_is_named(
    tmp_path,
):
    made = plan(zonal(tmp_path))
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    told = {(each.source, each.destination, each.kind) for each in judged.residue}
    assert ("venue", "subnets behind NAT", ResidueKind.REPLIES) in told
    assert ("any host in NAT", "venue (198.51.100.7)", ResidueKind.ANY_HOST) in told


@pytest.mark.parametrize("wide", ["198.51.100.0/24", "0.0.0.0/0"])
def test_a_wider_entry_at_zonal_nat_gateways_is_found(tmp_path, wide):
    made = plan(zonal(tmp_path))
    narrow, cidr = IPv4Network("198.51.100.7/32"), IPv4Network(wide)
    opened = replace(
        made.network,
        nacls=tuple(
            _wider(each, "entries", "cidr", narrow, cidr) if each.name == "NAT" else each
            for each in made.network.nacls
        ),
        route_tables=tuple(
            _wider(each, "routes", "destination", narrow, cidr) if each.name == "NAT" else each
            for each in made.network.route_tables
        ),
    )
    found = judge(prove(opened), made.declaration).findings
    assert FindingKind.LAYER in {
        each.kind for finding in found for each in (finding, *finding.effects)
    }


def test_a_zone_more_moves_nothing_of_zonal_nat_gateways(tmp_path):
    before = plan(zonal(tmp_path))
    after = plan(zonal(tmp_path, zones=3), before.lock)
    assert set(before.network.nat_gateways) < set(after.network.nat_gateways)
    assert set(before.network.subnets) < set(after.network.subnets)
    assert set(before.network.nacls) == set(after.network.nacls)
    assert set(before.network.route_tables) < set(after.network.route_tables)
    assert len(after.network.nat_gateways) == 3


def test_another_kind_of_nat_gateway_moves_nobody(tmp_path, market):
    before = plan(market)
    after = plan(zonal(tmp_path), before.lock)
    assert set(before.network.interfaces) < set(after.network.interfaces)
    assert {each.cidr for each in before.network.subnets} < {
        each.cidr for each in after.network.subnets
    }


def test_both_kinds_of_nat_gateway_have_their_price(tmp_path, market):
    def charged(made):
        return {str(each.charged): each.number for each in made.month.lines}

    assert charged(plan(market)) == {
        "public IPv4 address": 4,
        "regional NAT gateway, in a zone": 2,
    }
    assert charged(plan(zonal(tmp_path))) == {"public IPv4 address": 4, "NAT gateway": 2}


def test_zonal_nat_gateways_without_anybody_who_goes_through_them_are_none(tmp_path):
    alone = document(nat="zonal")
    del alone["services"]["router"], alone["peers"]["venue"]
    network = plan(topology_from(tmp_path, alone)).network
    assert not network.nat_gateways
    assert not any(each.segment == "NAT" for each in network.subnets)


def test_more_that_goes_through_zonal_nat_gateways_than_their_nacl_holds_is_refused(tmp_path):
    many = document(nat="zonal")
    many["peers"] |= {
        f"v{index}": {
            "addresses": [f"192.0.2.{2 * index}/32"],
            "sockets": {"in": {"type": "PULL", "bind": f"tcp://*:{6100 + 2 * index}", **CURVE}},
        }
        for index in range(12)
    }
    many["services"]["router"]["sockets"]["out"]["connect"] = [
        "venue.orders",
        *(f"v{index}.in" for index in range(12)),
    ]
    with pytest.raises(InputError) as refused:
        plan(topology_from(tmp_path, many))
    assert "the NACL of NAT needs 27 ingress entries, 19 fit" in str(refused.value)


def test_what_aws_gives_zonal_nat_gateways_is_no_difference(tmp_path):
    made = plan(zonal(tmp_path))
    given = dict(
        zip(
            (each.id for each in made.network.nat_gateways),
            IPv4Network("192.0.2.64/30"),
            strict=False,
        )
    )
    stands = replace(
        made.network,
        nat_gateways=tuple(
            replace(each, public_address=given[each.id]) for each in made.network.nat_gateways
        ),
        interfaces=tuple(
            replace(each, public_address=given[each.id.removeprefix("eni/")])
            if each.id.removeprefix("eni/") in given
            else each
            for each in made.network.interfaces
        ),
    )
    held = with_public_addresses_of(made.network, stands)
    assert held.nat_gateways == stands.nat_gateways
    assert held.interfaces == stands.interfaces
    # As an account names them: nobody gave them a name, and AWS sets their check.
    named = tuple(
        replace(each, name=f"nat-0{number}", source_dest_check=number % 2 == 0)
        if each.id.startswith("eni/nat/")
        else each
        for number, each in enumerate(stands.interfaces)
    )
    judged = judge(prove(replace(stands, interfaces=named)), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]


def test_those_whom_a_peer_connects_to_have_public_addresses_and_subnets_of_their_own(market):
    network = plan(market).network
    public = {each.name for each in network.interfaces if each.public_address}
    assert public == {"gateway-1", "gateway-2"}
    homes = {each.service: network.subnet_of(each).nacl for each in network.interfaces}
    assert homes["gateway"] != homes["router"]
    (nat,) = network.nat_gateways
    assert nat.subnet is None
    assert [zone for zone, _ in nat.zones] == list(market.zones)


def test_groups_name_the_addresses_of_peers_and_nothing_wider(market):
    network = plan(market).network
    outside = {
        (group.name, rule.direction, str(rule.peer.cidr))
        for group in network.security_groups
        for rule in group.rules
        if isinstance(rule.peer, CidrPeer)
    }
    assert outside == {
        ("gateway", Direction.INGRESS, "203.0.113.0/28"),
        ("gateway", Direction.INGRESS, "203.0.113.64/26"),
        ("router", Direction.EGRESS, "198.51.100.7/32"),
    }


def test_a_topology_without_peers_has_no_way_out(tmp_path):
    plain = document()
    del plain["peers"], plain["services"]["router"]
    del plain["services"]["gateway"]["sockets"]["tape"]["exposure"]
    network = plan(topology_from(tmp_path, plain)).network
    assert not (network.internet_gateways or network.nat_gateways or network.peers)
    assert not any(each.public_address for each in network.interfaces)


def test_who_is_exposed_answers_and_asks_by_its_own_address(tmp_path):
    both = document()
    both["services"]["gateway"]["sockets"]["out"] = both["services"].pop("router")["sockets"]["out"]
    network = plan(topology_from(tmp_path, both)).network
    assert not network.nat_gateways
    assert ("198.51.100.7/32", TargetKind.INTERNET_GATEWAY) in routes(network, "edge.gateway")


def test_exactly_the_declared_flows_cross(market):
    made = plan(market)
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    any_host = [each for each in judged.residue if each.kind is ResidueKind.ANY_HOST]
    assert [(each.source, each.destination) for each in any_host] == [
        ("any host in edge", "venue (198.51.100.7)")
    ]


@pytest.mark.parametrize("wide", ["198.51.100.0/24", "0.0.0.0/0"])
@pytest.mark.parametrize("layer", ["security_groups", "nacls"])
def test_a_wider_rule_of_either_layer_is_found_though_the_other_holds(market, layer, wide):
    made = plan(market)
    narrow, cidr = IPv4Network("198.51.100.7/32"), IPv4Network(wide)
    if layer == "nacls":
        nacls = tuple(
            replace(
                each,
                entries=tuple(
                    replace(entry, cidr=cidr) if entry.cidr == narrow else entry
                    for entry in each.entries
                ),
            )
            for each in made.network.nacls
        )
        opened = replace(made.network, nacls=nacls)
        tables = made.network.route_tables
        opened = replace(
            opened,
            route_tables=tuple(
                replace(
                    each,
                    routes=tuple(
                        replace(route, destination=cidr) if route.destination == narrow else route
                        for route in each.routes
                    ),
                )
                for each in tables
            ),
        )
    else:
        groups = tuple(
            replace(
                each,
                rules=tuple(
                    replace(rule, peer=CidrPeer(cidr)) if rule.peer == CidrPeer(narrow) else rule
                    for rule in each.rules
                ),
            )
            for each in made.network.security_groups
        )
        opened = replace(made.network, security_groups=groups)
    judged = judge(prove(opened), made.declaration)
    assert FindingKind.LAYER in {
        each.kind for finding in judged.findings for each in (finding, *finding.effects)
    }


def test_what_aws_gave_is_no_difference_and_what_it_did_not_is_one(market):
    made = plan(market)
    given = {
        each.name: address
        for each, address in zip(
            (each for each in made.network.interfaces if each.public_address),
            IPv4Network("192.0.2.0/30").hosts(),
            strict=False,
        )
    }
    stands = replace(
        made.network,
        interfaces=tuple(
            replace(each, public_address=given.get(each.name)) for each in made.network.interfaces
        ),
        peers=(),
    )
    held = with_public_addresses_of(made.network, stands)
    assert {each.public_address for each in held.interfaces if each.service == "gateway"} == {
        *given.values()
    }
    assert judge(prove(stands), made.declaration).ok
    taken = replace(
        stands,
        interfaces=tuple(
            replace(each, public_address=None) if each.name == "gateway-2" else each
            for each in stands.interfaces
        ),
    )
    (finding,) = judge(prove(taken), made.declaration).findings
    assert "gateway-2" in finding.message and "one that AWS gives" in finding.message
    assert FindingKind.MISSING in {each.kind for each in finding.effects}


def test_the_ledger_says_first_what_crosses_why_and_until_when(market):
    made = plan(market)
    found = ledger(market, made, prove(made.network))
    first, second = found.boundaries[:2]
    assert first.kind is second.kind is BoundaryKind.PEER
    assert [str(each.flow.exposure.until) for each in found.exposed] == ["2999-01-31", "None"]
    assert {each.owner for each in found.exposed} == {"desk"}


def test_an_audit_says_who_declared_a_public_address(market):
    made = plan(market)
    asked = [each for each in ALL_CONTROLS if "instance-not-public" in each.checks]
    found = audit(Evidence(network=made.network, declaration=made.declaration), asked)
    told = {
        said
        for each in found.assessed
        for decided in each.answers
        for said in decided.checked.evidence
        if decided.checked.name.startswith("gateway")
    }
    assert told == {
        "declared: clients.ticks -> gateway.tape (tcp 5556): it is traded; desk answers for it "
        "until 2999-01-31"
    }


def test_a_socket_knows_that_a_nat_gateway_forgets(market):
    (out,) = settings(market, plan(market), "router").sockets
    assert [each.endpoint for each in out.connect] == ["tcp://198.51.100.7:6001"]
    assert out.profile.silence.seconds == 350
    assert out.profile.silence.because == "the NAT gateway on the way to venue"


def test_more_addresses_than_the_account_may_have_are_refused(tmp_path):
    many = document()
    many["services"]["gateway"]["replicas"] = 4
    with pytest.raises(InputError, match="6 Elastic IP addresses, the quota is 5 per Region"):
        plan(topology_from(tmp_path, many))
    many["quotas"] = {"addresses-per-region": 6}
    assert plan(topology_from(tmp_path, many))


def addresses_of(*four: str) -> st.SearchStrategy[list[str]]:
    """Of a peer: of IPv4, of IPv6, or of both."""
    six = f"2001:db8:{int(IPv4Network(four[0]).network_address) & 0xFFFF:x}:1::/64"
    return st.sampled_from(([*four], [*four], [six], [*four, six]))


@st.composite
def markets(draw: st.DrawFn) -> dict[str, Any]:
    """Services in two segments, each perhaps with a peer that connects to it, or to which it does,
    and wired among each other."""
    peers: dict[str, Any] = {}
    services: dict[str, Any] = {}
    for index in range(draw(st.integers(1, 4))):
        name = f"svc{index}"
        sockets: dict[str, Any] = {
            "in": {"type": "PULL", "bind": f"tcp://*:{5000 + index}", **CURVE, "exposure": WORD},
            "out": {"type": "PUSH", **CURVE, "exposure": WORD, "connect": []},
        }
        if draw(st.booleans()):
            peers[f"asks{index}"] = {
                "addresses": draw(
                    addresses_of(f"198.51.100.{16 * index}/28", f"203.0.113.{index}/32")
                ),
                "sockets": {"s": {"type": "PUSH", "connect": f"{name}.in", **CURVE}},
            }
        else:
            del sockets["in"]["exposure"]
        if draw(st.booleans()):
            port = draw(st.sampled_from((6000, 40000)))
            peers[f"told{index}"] = {
                "addresses": draw(addresses_of(f"192.0.2.{32 * index}/27")),
                "sockets": {"s": {"type": "PULL", "bind": f"tcp://*:{port}", **CURVE}},
            }
            sockets["out"]["connect"].append(f"told{index}.s")
        else:
            del sockets["out"]["exposure"]
        others = [other for other in services if draw(st.booleans())]
        sockets["out"]["connect"] += [f"{other}.in" for other in others]
        if not sockets["out"]["connect"]:
            del sockets["out"]
        services[name] = {
            "segment": draw(st.sampled_from(("left", "right"))),
            "replicas": draw(st.integers(1, 2)),
            "sockets": sockets,
        }
    isolation = st.sampled_from(("segment", "service", "none"))
    six = any(":" in each for peer in peers.values() for each in peer["addresses"])
    return {
        **HEAD,
        **({"ipv6": "amazon"} if six or draw(st.booleans()) else {}),
        "nat": draw(st.sampled_from(("regional", "zonal"))),
        "zones": draw(st.integers(1, 3)),
        "segments": {
            name: {"purpose": name, "isolation": draw(isolation)} for name in ("left", "right")
        },
        **({"peers": peers} if peers else {}),
        "services": services,
        "quotas": {"addresses-per-region": 20, "entries-per-acl": 40},
    }


@examples(0.4)
@given(markets())
def test_of_random_peers_exactly_the_declared_flows_cross_and_each_layer_alone_holds(
    tmp_path_factory, document
):
    made = plan(topology_from(tmp_path_factory.mktemp("any"), document))
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    kinds = {route.target for table in made.network.route_tables for route in table.routes}
    assert bool(kinds) == bool(made.network.peers)
    crossing = {each.client for each in made.flows} | {each.server.owner for each in made.flows}
    assert {each.name for each in made.network.peers} <= crossing
    assert all(
        stands_in(each.public_address) or not each.public_address
        for each in made.network.interfaces
    )
    six = {
        route.target
        for table in made.network.route_tables
        for route in table.routes
        if route.destination.version == 6
    }
    assert (TargetKind.EGRESS_ONLY_GATEWAY in six) is bool(made.network.egress_only_gateways)
    assert TargetKind.NAT_GATEWAY not in six
