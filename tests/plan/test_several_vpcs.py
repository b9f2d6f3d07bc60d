"""Several VPCs in one topology: what is in each, what joins them, and what that opens."""

from dataclasses import replace

import pytest

from bulkhead.judge import judge
from bulkhead.network import GroupPeer, TargetKind
from bulkhead.plan import lock_text, plan
from bulkhead.plan.lock import lock_of
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.topologies import topology_from

DESKS = {
    "name": "desks",
    "region": "eu-west-1",
    "zones": 2,
    "vpcs": {
        "core": {"cidr": "10.0.0.0/16", "purpose": "what all use"},
        "desk": {"cidr": ["10.1.0.0/24", "10.9.0.0/16"]},
        "back": {"cidr": "10.2.0.0/16"},
    },
    "joins": [{"peering": ["desk", "core"]}],
    "segments": {
        "feed": {"vpc": "core", "purpose": "prices"},
        "other": {"vpc": "core", "purpose": "nobody's"},
        "strategy": {"vpc": "desk", "purpose": "trading", "isolation": "service"},
        "books": {"vpc": "back", "purpose": "kept apart"},
    },
    "services": {
        "ticker": {
            "segment": "feed",
            "sockets": {"ticks": {"type": "PUB", "bind": "tcp://*:5556"}},
        },
        "idler": {
            "segment": "other",
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5557"}},
        },
        "momentum": {
            "segment": "strategy",
            "replicas": 2,
            "sockets": {"market": {"type": "SUB", "connect": "ticker.ticks"}},
        },
        "limits": {
            "segment": "strategy",
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5570"}},
        },
        "keeper": {
            "segment": "books",
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5580"}},
        },
    },
    "sites": {
        "exchange": {
            "vpc": "core",
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "sockets": {"ticks": {"type": "SUB", "connect": "ticker.ticks"}},
        },
        "clearing": {
            "vpc": "back",
            "cidrs": ["192.168.20.0/24"],
            "gateway": {"address": "203.0.113.20"},
            "sockets": {"out": {"type": "PUSH", "connect": "keeper.in"}},
        },
    },
}


@pytest.fixture
def planned(tmp_path):
    """Plans DESKS with some of its keys otherwise."""

    def of(lock=None, **other):
        return plan(topology_from(tmp_path, {**DESKS, **other}), lock)

    return of


def test_each_vpc_has_its_blocks_and_all_that_comes_with_one_closed(planned):
    network = planned().network
    assert {each.name: [*map(str, each.cidrs)] for each in network.vpcs} == {
        "desks-core": ["10.0.0.0/16"],
        "desks-desk": ["10.1.0.0/24", "10.9.0.0/16"],
        "desks-back": ["10.2.0.0/16"],
    }
    ids = {each.id for each in network.vpcs}
    assert {each.vpc for each in network.security_groups if each.default and not each.rules} == ids
    assert {each.vpc for each in network.nacls if each.default and not each.entries} == ids
    assert {each.vpc for each in network.route_tables if each.main and not each.routes} == ids
    for subnet in network.subnets:
        vpc = network.vpc[subnet.vpc]
        assert any(subnet.cidr.subnet_of(each) for each in vpc.cidrs)
        assert network.nacl[subnet.nacl].vpc == vpc.id
        assert network.route_table[subnet.route_table].vpc == vpc.id
    for interface in network.interfaces:
        where = network.subnet_of(interface).vpc
        assert {network.security_group[each].vpc for each in interface.security_groups} == {where}


def test_routes_lead_across_only_from_who_talks_and_only_to_who_is_talked_with(planned):
    network = planned().network
    across = {
        (table.name, str(each.destination), each.target_id)
        for table in network.route_tables
        for each in table.routes
        if each.target is TargetKind.PEERING
    }
    (feed,) = {each.cidr.supernet(2) for each in network.subnets if each.zone[-1] == "a"} & {
        each.cidr.supernet(2) for each in network.subnets if each.segment == "feed"
    }
    (momentum,) = {
        each.cidr.supernet(new_prefix=26)
        for each in network.subnets
        if each.nacl == "acl/strategy.momentum"
    }
    assert across == {
        ("feed", str(momentum), "pcx/desk/core"),
        ("strategy.momentum", str(feed), "pcx/desk/core"),
    }


def test_across_groups_name_groups_and_nacls_name_blocks(planned):
    network = planned().network
    (rule,) = (
        each
        for each in network.security_group["sg/ticker"].rules
        if isinstance(each.peer, GroupPeer)
    )
    assert rule.peer == GroupPeer("sg/momentum")
    assert network.security_group["sg/momentum"].vpc != network.security_group["sg/ticker"].vpc


def test_a_vpn_gateway_has_each_vpc_to_which_a_site_is_connected(planned):
    network = planned().network
    assert {each.name: each.vpc for each in network.vpn_gateways} == {
        "desks-core": "vpc/desks-core",
        "desks-back": "vpc/desks-back",
    }
    connected = {each.site: each.vpn_gateway for each in network.vpn_connections}
    assert connected == {"exchange": "vgw/desks-core", "clearing": "vgw/desks-back"}
    led = {
        (table.name, each.target_id)
        for table in network.route_tables
        for each in table.routes
        if each.target is TargetKind.VPN_GATEWAY
    }
    assert led == {("feed", "vgw/desks-core"), ("books", "vgw/desks-back")}


def test_each_vpc_is_recorded_by_a_flow_log_of_its_own(planned):
    assert {each.vpc for each in planned().logs} == {each.id for each in planned().network.vpcs}
    assert planned(**{"flow-logs": {"to": "none", "why": "kept elsewhere"}}).logs == ()


def test_it_is_exactly_what_is_declared_and_without_the_peering_it_is_not(planned):
    made = planned()
    assert judge(prove(made.network), made.declaration).findings == ()
    (peering,) = made.network.peerings
    apart = replace(made.network, peerings=(replace(peering, active=False),))
    found = judge(prove(apart), replace(made.declaration, planned=None)).findings
    assert {(each.source, each.destination) for each in found} == {
        ("momentum.market", "ticker.ticks")
    }


def test_a_join_that_nothing_uses_opens_nothing_and_is_warned_of(planned):
    joined = planned(joins=[*DESKS["joins"], {"peering": ["core", "back"]}])
    assert len(joined.network.peerings) == 2
    assert joined.network.route_tables == planned().network.route_tables
    (warning,) = joined.warnings
    assert "core and back are joined, and nothing is declared between them" in warning.what


def test_a_further_vpc_moves_nobody_wherever_it_is_written(planned):
    before = planned()
    vpcs = {"aaa": {"cidr": "10.7.0.0/16"}, **DESKS["vpcs"], "zzz": {"cidr": "10.8.0.0/16"}}
    segments = {"new": {"vpc": "aaa", "purpose": "first"}, **DESKS["segments"]}
    after = planned(before.lock, vpcs=vpcs, segments=segments)
    known = {each.id: each.cidr for each in after.network.subnets}
    assert all(known[each.id] == each.cidr for each in before.network.subnets)
    assert known["subnet/new/eu-west-1a"].subnet_of(after.network.vpc["vpc/desks-aaa"].cidrs[0])
    again = planned(after.lock, vpcs=vpcs, segments=segments)
    assert lock_text(again.lock) == lock_text(after.lock)


def test_of_one_vpc_with_a_name_the_lock_tells_where_it_begins(tmp_path):
    alone = {
        **DESKS,
        "vpcs": {"core": {"cidr": "10.0.0.0/16"}},
        "segments": {"feed": DESKS["segments"]["feed"]},
        "services": {"ticker": DESKS["services"]["ticker"]},
        "sites": {},
    }
    del alone["joins"]
    text = lock_text(plan(topology_from(tmp_path, alone)).lock)
    assert '"block 10.0.0.0/16": 0' in text
    assert lock_of("x", text.encode()).blocks.taken == {"10.0.0.0/16": 0}


def test_a_vpc_without_room_is_named_with_its_line(planned):
    segments = {f"seg{number}": {"vpc": "core", "purpose": "x"} for number in range(17)}
    with pytest.raises(InputError) as raised:
        planned(
            vpcs={**DESKS["vpcs"], "core": {"cidr": "10.0.0.0/24"}},
            segments={**DESKS["segments"], **segments},
        )
    assert any(
        each.what == "10.0.0.0/24 has room for 4 isolated units, the segments of VPC core make 19"
        for each in raised.value.problems
    )


def test_what_aws_has_of_vpcs_and_peerings_is_counted(planned):
    many = {f"v{number}": {"cidr": f"10.{100 + number}.0.0/16"} for number in range(4)}
    with pytest.raises(InputError) as raised:
        planned(
            vpcs={**DESKS["vpcs"], **many},
            quotas={"peerings-per-vpc": 1},
            joins=[*DESKS["joins"], {"peering": ["core", "back"]}],
        )
    told = [each.what for each in raised.value.problems]
    assert "the plan has 7 VPCs, the quota is 5 per Region" in told
    assert "the plan has 2 VPC peerings, the quota is 1 per VPC" in told


def test_a_table_with_more_units_beyond_it_than_routes_fit_is_refused(planned):
    clients = {
        f"c{number}": {
            "segment": "strategy",
            "sockets": {"in": {"type": "SUB", "connect": "ticker.ticks"}},
        }
        for number in range(4)
    }
    with pytest.raises(InputError, match="the route table of feed needs 6 routes, 5 fit"):
        planned(services={**DESKS["services"], **clients}, quotas={"routes-per-table": 5})
