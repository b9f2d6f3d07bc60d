"""What a plan promises, on topologies written out and at random."""

import copy
import dataclasses
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import Direction, TargetKind
from bulkhead.plan import lock_text, plan
from bulkhead.plan.ids import expect_distinct
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

SHOP = {
    **HEAD,
    "segments": {"web": {"purpose": "front"}, "data": {"purpose": "back"}},
    "services": {
        "db": {
            "segment": "data",
            "sockets": {"ask": {"type": "REP", "bind": "tcp://*:6000"}},
        },
        "front": {
            "segment": "web",
            "replicas": 3,
            "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
        },
    },
}

VENUE = {
    "venue": {
        "cidrs": ["192.168.10.0/24"],
        "gateway": {"address": "203.0.113.10", "asn": 65010},
        "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
    }
}


def planned(document, lock=None):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document), lock)


def changed(document, **parts):
    """The document with parts of its sections replaced or (None) removed."""
    result = copy.deepcopy(document)
    for section, entries in parts.items():
        for key, value in entries.items():
            if value is None:
                del result[section][key]
            else:
                result.setdefault(section, {})[key] = value
    return result


@given(documents() | documents(vpcs=True))
@examples()
def test_the_same_topology_and_lock_give_the_same_plan(document):
    first = planned(document)
    assert planned(document) == first
    assert planned(document, first.lock) == first
    assert lock_text(planned(document, first.lock).lock) == lock_text(first.lock)


@given(documents() | documents(vpcs=True), st.data())
@examples()
def test_removing_a_service_moves_nothing_else(document, data):
    before = planned(document)
    gone = data.draw(st.sampled_from(sorted(document["services"])))
    less = changed(document, services={gone: None})
    others = (less.get("sites", {}), less.get("peers", {}))
    for party in (each for all_ in (less["services"], *others) for each in all_.values()):
        party["sockets"] = {
            name: socket
            for name, socket in party["sockets"].items()
            if not socket.get("connect", "").startswith(f"{gone}.")
        }
    for party in less["services"].values():
        party["sockets"] = party["sockets"] or {"idle": {"type": "PAIR", "bind": "inproc://x"}}
    if not less.get("sites", {}).get("venue", {}).get("sockets"):
        less.pop("sites", None)
    assume(less["services"])
    after = planned(less, before.lock)
    _nothing_moved(before.network, after.network)


@given(documents())
@examples()
def test_adding_a_service_a_segment_and_a_zone_moves_nothing(document):
    before = planned(document)
    more = changed(
        document,
        segments={"aaa": {"purpose": "first by name"}},
        services={
            "aaa": {
                "segment": "aaa",
                "replicas": 2,
                "sockets": {"idle": {"type": "PULL", "bind": "tcp://*:7000"}},
            }
        },
    )
    more["zones"] = min(3, document["zones"] + 1)
    after = planned(more, before.lock)
    _nothing_moved(before.network, after.network)


def _nothing_moved(before, after):
    assert _common(before.subnets, after.subnets, lambda each: (each.cidr, each.zone))
    assert _common(before.interfaces, after.interfaces, lambda each: (each.address, each.subnet))
    for old in before.nacls:
        for new in after.nacls:
            if old.id == new.id:
                old_number = {_says(each): each.number for each in old.entries}
                for entry in new.entries:
                    assert old_number.get(_says(entry), entry.number) == entry.number


def _says(entry):
    return entry.direction, entry.protocol, entry.ports, entry.cidr


def _common(before, after, what):
    new = {each.id: what(each) for each in after}
    return all(new.get(each.id, what(each)) == what(each) for each in before)


@given(documents())
@examples()
def test_subnets_lie_in_the_vpc_apart_from_each_other_and_hold_their_interfaces(document):
    network = planned(document).network
    (vpc,) = network.vpcs
    cidrs = [each.cidr for each in network.subnets]
    assert all(each.subnet_of(vpc.cidrs[0]) for each in cidrs)
    assert not any(one.overlaps(other) for i, one in enumerate(cidrs) for other in cidrs[i + 1 :])
    for interface in network.interfaces:
        usable = list(network.subnet_of(interface).cidr)[4:-1]
        assert interface.address in usable
    assert len({each.address for each in network.interfaces}) == len(network.interfaces)


@given(documents() | documents(vpcs=True))
@examples()
def test_every_reference_in_a_plan_leads_somewhere(document):
    network = planned(document).network
    for subnet in network.subnets:
        assert subnet.nacl in network.nacl
        assert subnet.route_table in network.route_table
    for interface in network.interfaces:
        assert interface.subnet in network.subnet
        assert set(interface.security_groups) <= set(network.security_group)
    for group in network.security_groups:
        for rule in group.rules:
            peer = getattr(rule.peer, "group", None)
            assert peer is None or peer in network.security_group


def test_replicas_are_spread_over_the_zones():
    network = planned(SHOP).network
    zones = [network.subnet_of(each).zone for each in network.interfaces_of("front")]
    assert sorted(zones) == ["eu-west-1a", "eu-west-1a", "eu-west-1b"]


def test_more_replicas_leave_the_first_where_they_are():
    before = planned(SHOP)
    more = copy.deepcopy(SHOP)
    more["services"]["front"]["replicas"] = 9
    after = planned(more, before.lock)
    _nothing_moved(before.network, after.network)
    assert len(after.network.interfaces_of("front")) == 9


def test_a_flow_is_one_rule_at_each_end_by_group_reference():
    network = planned(SHOP).network
    rules = [str(rule) for group in network.security_groups for rule in group.rules]
    assert rules == [
        "db/ingress/tcp-6000/front: tcp 6000 from sg/front",
        "front/egress/tcp-6000/db: tcp 6000 to sg/db",
    ]


def test_what_aws_opens_by_default_is_planned_closed():
    network = planned(SHOP).network
    assert network.security_group["sg/(vpc)"].rules == ()
    assert network.nacl["acl/(vpc)"].entries == ()
    assert network.route_table["rtb/(vpc)"].routes == ()


TAKEN = ["default", "main"]
ALIKE = ["all", "vpc", "acl", "sg", "sg-sg", "rtb", "shop", "a", "a-", "a-1", "a1"]
NAMES = st.one_of(
    st.sampled_from(TAKEN),
    st.sampled_from(ALIKE),
    st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True),
    st.from_regex(r"a[1-]{29,30}", fullmatch=True),
)


@st.composite
def renamed(draw):
    """A topology whose segments, services and site go by names that are taken elsewhere."""
    document = draw(documents(max_services=5))
    segments = draw(st.lists(NAMES | st.just("internet"), min_size=4, max_size=4, unique=True))
    parties = draw(
        st.lists(NAMES.filter(lambda each: each != "internet"), min_size=6, max_size=6, unique=True)
    )
    segment = dict(zip([f"seg{number}" for number in range(4)], segments, strict=True))
    party = dict(zip([*(f"svc{number}" for number in range(5)), "venue"], parties, strict=True))
    party |= {name: name for name in document.get("peers", ())}

    def called(one):
        sockets = {}
        for name, socket in one["sockets"].items():
            owner, _, target = socket.get("connect", "").partition(".")
            again = {"connect": f"{party[owner]}.{target}"} if owner else {}
            sockets[name] = {**socket, **again}
        home = {"segment": segment[one["segment"]]} if "segment" in one else {}
        cards = {
            name: {**each, "segment": segment[each["segment"]]} if each else {}
            for name, each in one.get("interfaces", {}).items()
        }
        more = {"interfaces": cards} if cards else {}
        return {**one, **home, **more, "sockets": sockets}

    result = {
        **document,
        "segments": {segment[name]: each for name, each in document["segments"].items()},
        "services": {party[name]: called(each) for name, each in document["services"].items()},
    }
    if "sites" in document:
        result["sites"] = {party["venue"]: called(document["sites"]["venue"])}
    if "peers" in document:
        result["peers"] = {name: called(each) for name, each in document["peers"].items()}
    return result


@given(renamed())
@examples(1 / 2, shrink=False)
def test_no_two_things_of_a_plan_share_an_id_whatever_they_are_called(document):
    made = planned(document)
    ids = [each.id for each in made.network.things]
    assert len(set(ids)) == len(ids)
    for subnet in made.network.subnets:
        assert not made.network.nacl[subnet.nacl].default
        assert not made.network.route_table[subnet.route_table].main
    assert judge(prove(made.network), made.declaration).findings == ()


def test_two_things_of_one_id_are_no_plan():
    network = planned(SHOP).network
    twice = dataclasses.replace(network, nacls=(*network.nacls, network.nacls[0]))
    with pytest.raises(AssertionError, match=re.escape("planned twice: acl/(vpc)")):
        expect_distinct(twice)


def test_an_isolated_segment_gives_each_of_its_services_a_nacl_of_its_own():
    isolated = copy.deepcopy(SHOP)
    isolated["segments"]["data"]["isolation"] = "service"
    network = planned(isolated).network
    assert {each.nacl for each in network.subnets} == {"acl/web", "acl/data.db"}


def test_only_segments_that_talk_with_a_site_have_a_route_to_it():
    network = planned({**SHOP, "sites": VENUE}).network
    routed = {table.name for table in network.route_tables if table.routes}
    assert routed == {"data"}
    (route,) = network.route_table["rtb/data"].routes
    assert route.target is TargetKind.VPN_GATEWAY


def test_a_site_is_let_in_by_its_networks_and_only_on_the_declared_port():
    network = planned({**SHOP, "sites": VENUE}).network
    rules = network.security_group["sg/db"].towards(Direction.INGRESS)
    assert "tcp 6000 from 192.168.10.0/24" in " ".join(map(str, rules))


def test_tunnels_take_modern_algorithms_only_and_networks_of_their_own():
    (connection,) = planned({**SHOP, "sites": VENUE}).network.vpn_connections
    first, second = connection.tunnels
    assert first.inside_cidr != second.inside_cidr
    for tunnel in connection.tunnels:
        assert tunnel.ike_versions == ("ikev2",)
        assert "SHA1" not in {*tunnel.phase1_integrity, *tunnel.phase2_integrity}
        assert min(tunnel.phase1_dh_groups + tunnel.phase2_dh_groups) >= 19


def test_more_units_than_the_vpc_has_room_for_are_refused_with_both_numbers():
    small = changed(
        {**SHOP, "cidr": "10.20.0.0/24"},
        segments={f"extra{number}": {"purpose": "more"} for number in range(5)},
    )
    with pytest.raises(InputError, match="room for 4 isolated units, the segments make 7"):
        planned(small)


def test_more_replicas_than_a_subnet_has_addresses_are_refused():
    crowded = copy.deepcopy({**SHOP, "cidr": "10.20.0.0/22"})
    crowded["services"]["front"]["replicas"] = 60
    with pytest.raises(InputError, match="usable addresses, 30 replicas live there"):
        planned(crowded)


def test_a_hub_with_more_clients_than_the_groups_of_an_interface_have_rules_is_refused():
    clients = {
        f"client{number}": {
            "segment": "web",
            "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
        }
        for number in range(60)
    }
    few = {"rules-per-group": 12, "groups-per-interface": 1}
    with pytest.raises(InputError, match=r"service db needs 61 ingress rules.*broker"):
        planned(changed(SHOP, services=clients) | {"quotas": few})


def test_more_acl_entries_than_fit_are_refused_naming_the_segment_and_the_entries():
    sockets = {
        f"ask{number}": {"type": "REP", "bind": f"tcp://*:{6000 + 2 * number}"}
        for number in range(20)
    }
    wide = changed(
        SHOP,
        services={
            "db": {"segment": "data", "sockets": sockets},
            "front": {
                "segment": "web",
                "sockets": {
                    f"ask{number}": {"type": "REQ", "connect": f"db.ask{number}"}
                    for number in range(20)
                },
            },
        },
    )
    with pytest.raises(InputError, match=r"NACL of data needs 20 ingress entries, 19 fit"):
        planned(wide)


MESH = {
    "node": {
        "segment": "web",
        "replicas": 2,
        "sockets": {
            "mesh": {"type": "ROUTER", "bind": "tcp://*:7000"},
            "peers": {"type": "DEALER", "connect": "node.mesh"},
        },
    }
}


def test_replicas_that_talk_with_each_other_get_a_rule_for_their_own_group():
    network = planned(changed(SHOP, services=MESH)).network
    rules = [str(rule) for rule in network.security_group["sg/node"].rules]
    assert rules == [
        "node/egress/tcp-7000/node: tcp 7000 to sg/node",
        "node/ingress/tcp-7000/node: tcp 7000 from sg/node",
    ]


def test_a_service_of_one_replica_needs_no_rule_to_talk_with_itself():
    alone = copy.deepcopy(MESH)
    alone["node"]["replicas"] = 1
    network = planned(changed(SHOP, services=alone)).network
    assert network.security_group["sg/node"].rules == ()
