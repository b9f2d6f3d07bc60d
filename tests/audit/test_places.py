"""Subnets, Block Public Access, transit gateways, tunnels and firewalls, as they are set."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, ip_network

import pytest

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.audit.checks.tunnels import weaknesses
from bulkhead.network import PeeredVpc, Peering, Route, RouteTable, SiteRouting, TargetKind, Tunnel
from bulkhead.network.inventory import (
    BlockedAccess,
    FirewallOptions,
    Inventory,
    Listed,
    NotRead,
    StatelessGroup,
    TransitOptions,
    TunnelAlarm,
    TunnelState,
)
from bulkhead.sources import open_source
from tests.support.estate import Estate

CHECKS = {each.id: each for each in ALL_CHECKS}
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.NOT_DECIDED


def asked(check, network=None, narrowed=False, stands=False, **kinds):
    listed = {kind: Listed(tuple(things), ()) for kind, things in kinds.items()}
    evidence = Evidence(
        network=network or Estate().build(),
        inventory=Inventory(**listed),
        narrowed=narrowed,
        stands=stands,
    )
    return [each.outcome for each in CHECKS[check](evidence)]


@pytest.mark.parametrize(("given", "outcome"), [(True, FAIL), (False, PASS), (None, OPEN)])
def test_a_subnet_gives_out_public_addresses_or_not_or_nobody_knows(given, outcome):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    network = estate.build()
    subnets = tuple(replace(each, public_on_launch=given) for each in network.subnets)
    assert asked("subnet-gives-no-public-address", replace(network, subnets=subnets)) == [outcome]


@pytest.mark.parametrize(
    ("mode", "excluded", "outcome"),
    [
        ("block-bidirectional", (), PASS),
        ("block-ingress", (), PASS),
        ("off", (), FAIL),
        ("block-bidirectional", ("vpc",), FAIL),
        ("block-bidirectional", ("subnet-of-another",), PASS),
    ],
)
def test_block_public_access_blocks_a_vpc_unless_it_is_off_or_leaves_it_out(
    mode, excluded, outcome
):
    access = BlockedAccess(id="eu-west-1", mode=mode, excluded=excluded)
    assert asked("public-access-blocked", public_access=[access]) == [outcome]


@pytest.mark.parametrize(
    ("unknown", "perhaps", "outcome"),
    [
        ("what is excluded was not read", (), OPEN),
        ("", ("vpc",), OPEN),
        ("", ("subnet-of-another",), PASS),
    ],
)
def test_block_public_access_passes_no_vpc_that_may_be_excluded(unknown, perhaps, outcome):
    access = BlockedAccess(
        id="eu-west-1", mode="block-ingress", unknown=unknown, excluded_perhaps=perhaps
    )
    assert asked("public-access-blocked", public_access=[access]) == [outcome]


@pytest.mark.parametrize(
    ("check", "kind"), [("flow-logs-on", "flow_logs"), ("endpoint-ec2", "vpc_endpoints")]
)
@pytest.mark.parametrize(
    ("unread", "outcomes"),
    [
        # Nobody read another Region: here it lacks all the same.
        (NotRead(why="denied", region="us-east-1"), [FAIL, OPEN]),
        (NotRead(why="denied", region="eu-west-1"), [OPEN]),
        (NotRead(why="another account's", region="eu-west-1", vpc="vpc"), [OPEN]),
        (NotRead(why="another account's", region="eu-west-1", vpc="vpc-9"), [FAIL]),
    ],
)
def test_what_a_vpc_lacks_fails_whatever_was_not_read_of_others(check, kind, unread, outcomes):
    evidence = Evidence(
        network=Estate().build(), inventory=Inventory(**{kind: Listed((), (unread,))})
    )
    assert [each.outcome for each in CHECKS[check](evidence)] == outcomes


@pytest.mark.parametrize(
    ("routes", "accepter", "outcome"),
    [
        (["10.1.1.0/24"], ["10.1.0.0/16"], PASS),
        (["10.1.0.0/16"], ["10.1.0.0/16"], FAIL),
        # Two halves are all of it, as two halves of the world are everybody.
        (["10.1.0.0/17", "10.1.128.0/17"], ["10.1.0.0/16"], FAIL),
        (["10.1.0.0/17", "10.1.128.0/18"], ["10.1.0.0/16"], PASS),
        # How large the other side is nobody said.
        (["10.1.0.0/17"], [], OPEN),
    ],
)
def test_routes_to_a_peer_lead_to_all_of_it_alone_or_together(routes, accepter, outcome):
    assert asked("peering-routes-narrow", peered(routes, accepter)) == [outcome]


def peered(routes, accepter):
    """Two VPCs, and a table with routes from one to the other."""
    own = PeeredVpc(vpc="vpc", region="eu-west-1", cidrs=(ip_network("10.0.0.0/16"),))
    theirs = PeeredVpc(
        vpc="vpc-9", region="eu-west-1", cidrs=tuple(ip_network(each) for each in accepter)
    )
    peering = Peering(id="pcx-1", name="p", requester=own, accepter=theirs)
    table = RouteTable(
        id="rtb-p",
        name="p",
        vpc="vpc",
        routes=tuple(
            Route(destination=ip_network(each), target=TargetKind.PEERING, target_id="pcx-1")
            for each in routes
        ),
    )
    return replace(Estate().build(), peerings=(peering,), route_tables=(table,))


def test_of_the_routes_to_a_peer_those_are_named_that_lead_to_all_of_it():
    network = peered(["10.1.0.0/16", "10.1.1.0/24"], ["10.1.0.0/16"])
    (found,) = CHECKS["peering-routes-narrow"](Evidence(network=network))
    assert [str(each.rule.destination) for each in found.rules] == ["10.1.0.0/16"]


def test_a_region_whose_mode_nobody_read_is_not_decided():
    assert asked("public-access-blocked") == [OPEN]


def test_a_transit_gateway_of_others_is_nothing_of_one_topology():
    theirs = TransitOptions(id="tgw-1", name="t", accepts_all=True)
    assert asked("transit-accepts-nobody", transit_options=[theirs]) == [FAIL]
    assert asked("transit-accepts-nobody", narrowed=True, transit_options=[theirs]) == []


@pytest.mark.parametrize("accepts", [True, False, None])
def test_whom_a_transit_gateway_accepts_is_for_the_account_to_say_that_shares_it(accepts):
    theirs = TransitOptions(id="tgw-1", name="t", accepts_all=accepts, shared_by="444455556666")
    assert asked("transit-accepts-nobody", transit_options=[theirs]) == [Outcome.NOT_APPLICABLE]


STRONG = Tunnel(
    ike_versions=("ikev2",),
    phase1_encryption=("AES256-GCM-16",),
    phase1_integrity=("SHA2-256",),
    phase1_dh_groups=(14, 20),
    phase2_encryption=("AES256-GCM-16",),
    phase2_integrity=("SHA2-256",),
    phase2_dh_groups=(14, 20),
)


def test_what_a_topology_plans_has_no_weakness():
    network = open_source("topologies/trading.yaml").network
    assert all(not list(weaknesses(t)) for each in network.vpn_connections for t in each.tunnels)
    assert not list(weaknesses(STRONG))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ike_versions": ("ikev1", "ikev2")}, "IKEv1"),
        ({"ike_versions": ()}, "IKEv1"),
        ({"phase1_integrity": ("SHA1", "SHA2-256")}, "SHA1 in phase 1"),
        ({"phase2_integrity": ()}, "SHA1 in phase 2, by default"),
        ({"phase1_dh_groups": (2, 14)}, "Diffie-Hellman group 2 in phase 1"),
        ({"phase2_dh_groups": ()}, "Diffie-Hellman group 2 in phase 2, by default"),
    ],
)
def test_the_weakest_that_a_tunnel_may_negotiate_is_named(changes, said):
    assert list(weaknesses(replace(STRONG, **changes))) == [said]


def connected(*tunnels):
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.0.0/16")
    network = estate.build()
    (connection,) = network.vpn_connections
    return replace(network, vpn_connections=(replace(connection, tunnels=tunnels),)), connection.id


@pytest.mark.parametrize(
    ("tunnels", "outcome"),
    [
        ((STRONG, STRONG), PASS),
        ((STRONG, replace(STRONG, ike_versions=())), FAIL),
        ((STRONG,), OPEN),
        ((), OPEN),
    ],
)
def test_both_tunnels_have_to_be_strong(tunnels, outcome):
    network, _ = connected(*tunnels)
    assert asked("tunnel-algorithms-strong", network) == [outcome]


@pytest.mark.parametrize(
    ("logged", "outcome"),
    [((True, True), PASS), ((True, False), FAIL), ((True, None), OPEN), ((True,), OPEN)],
)
def test_both_tunnels_have_to_log(logged, outcome):
    network, id_ = connected()
    tunnels = [
        TunnelState(connection=id_, name="plant", number=number, logged=each)
        for number, each in enumerate(logged, start=1)
    ]
    assert asked("tunnels-logged", network, tunnels=tunnels) == [outcome]


@pytest.mark.parametrize(
    ("up", "accepted", "outcome"),
    [
        ((True, True), (2, 2), PASS),
        ((True, False), (2, 0), PASS),
        ((True, True), (2, 0), FAIL),
        ((True, True), (2, 3), FAIL),
        ((False, False), (0, 0), OPEN),
        ((True, True), (2, None), OPEN),
        ((None, None), (None, None), OPEN),
    ],
)
def test_aws_has_to_accept_as_many_routes_as_are_declared(up, accepted, outcome):
    network = announcing(SiteRouting.BGP)
    (connection,) = network.vpn_connections
    tunnels = [
        TunnelState(connection=connection.id, name="plant", number=number, up=one, accepted=many)
        for number, (one, many) in enumerate(zip(up, accepted, strict=True), start=1)
    ]
    assert asked("tunnels-routed", network, stands=True, tunnels=tunnels) == [outcome]
    assert asked("tunnels-routed", network, tunnels=tunnels) == [], "a plan announces nothing"
    static = announcing(SiteRouting.STATIC)
    assert asked("tunnels-routed", static, stands=True, tunnels=tunnels) == []


def announcing(routing):
    network = connected()[0]
    (connection,) = network.vpn_connections
    routes = (IPv4Network("192.168.10.0/24"), IPv4Network("192.168.11.0/24"))
    return replace(network, vpn_connections=(replace(connection, routes=routes, routing=routing),))


ONE, OTHER = (f"198.51.100.{number}" for number in (1, 2))


@pytest.mark.parametrize(
    ("alarms", "outcome"),
    [
        ([(ONE, False, True), (OTHER, False, True)], PASS),
        ([("", True, True)], PASS),  # the lower of both
        ([("", False, True)], FAIL),  # the higher of both
        ([(ONE, False, True)], FAIL),
        ([(ONE, False, True), (OTHER, False, False)], FAIL),  # it tells nobody
        ([], FAIL),
    ],
)
def test_somebody_has_to_be_told_of_both_tunnels(alarms, outcome):
    network, id_ = connected()
    tunnels = [
        TunnelState(connection=id_, name="plant", number=number, outside=IPv4Address(address))
        for number, address in ((1, ONE), (2, OTHER))
    ]
    listed = [
        TunnelAlarm(id=str(at), connection=id_, address=address, lowest=lowest, tells=tells)
        for at, (address, lowest, tells) in enumerate(alarms)
    ]
    found = asked("tunnels-alarmed", network, tunnels=tunnels, tunnel_alarms=listed)
    assert found == [outcome]


def test_without_a_vpn_connection_nobody_has_to_read_of_tunnels():
    check = CHECKS["tunnels-up"]
    assert check(Evidence(network=Estate().build())) == ()


GOOD = FirewallOptions(
    id="fw",
    name="wall",
    vpc="vpc",
    zones=("a", "b"),
    delete_protected=True,
    subnets_protected=True,
    rule_groups=1,
    full_packets=("aws:forward_to_sfe",),
    fragments=("aws:drop",),
    logs=("FLOW",),
)


@pytest.mark.parametrize(
    ("check", "bad", "unknown"),
    [
        ("firewall-zones", {"zones": ("a",)}, {"zones": ()}),
        ("firewall-logged", {"logs": ()}, {"logs": None}),
        ("firewall-has-rules", {"rule_groups": 0}, {"rule_groups": None}),
        ("firewall-full-packets", {"full_packets": ("aws:pass",)}, {"full_packets": None}),
        ("firewall-fragments", {"fragments": ("aws:pass",)}, {"fragments": None}),
        ("firewall-delete-protected", {"delete_protected": False}, {"delete_protected": None}),
        ("firewall-subnets-protected", {"subnets_protected": False}, {"subnets_protected": None}),
    ],
)
def test_a_firewall_is_as_it_should_be_or_not_or_nobody_knows(check, bad, unknown):
    for changes, outcome in (({}, PASS), (bad, FAIL), (unknown, OPEN)):
        assert asked(check, firewall_options=[replace(GOOD, **changes)]) == [outcome]


def test_a_stateless_group_without_rules_does_nothing():
    groups = [StatelessGroup(id=f"g{n}", name="g", rules=n) for n in (0, 2)]
    assert asked("firewall-group-not-empty", stateless_groups=groups) == [FAIL, PASS]


def test_of_a_network_without_a_firewall_nobody_has_to_read_of_its_options():
    assert CHECKS["firewall-logged"](Evidence(network=Estate().build())) == ()


def test_a_firewall_at_a_transit_gateway_is_asked_about_unless_one_topology_is():
    wall = FirewallOptions(id="arn:w", name="w", vpc="", delete_protected=False)
    assert asked("firewall-delete-protected", firewall_options=[wall]) == [FAIL]
    assert asked("firewall-delete-protected", narrowed=True, firewall_options=[wall]) == []


def test_a_firewall_whose_answer_cannot_be_read_is_not_none():
    why = NotRead(why="FirewallArn is no text", region="eu-west-1", broken=True)
    unread = Inventory(firewall_options=Listed((), (why,)))
    evidence = Evidence(network=Estate().build(), inventory=unread)
    (found,) = CHECKS["firewall-logged"](evidence)
    assert (found.outcome, "FirewallArn is no text" in found.message) == (OPEN, True)
