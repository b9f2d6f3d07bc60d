"""Names in DNS: as they were planned, or whose they are now; what nobody read is not absent."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge.names import names_held
from bulkhead.network import Declaration, NameRecord, Network, PrivateZone, Vpc
from bulkhead.network.inventory import Listed, NotRead
from bulkhead.plan import plan
from tests.plan.test_dns import FLEET
from tests.support.examples import examples
from tests.support.topologies import topology_from

AWAY = (IPv4Address("10.66.6.6"),)
DENIED = NotRead(why="route53:ListHostedZonesByVPC is denied", call="route53:ListHostedZonesByVPC")


@pytest.fixture
def held(tmp_path):
    made = plan(topology_from(tmp_path, FLEET))

    def hold(change=lambda zone: (zone,), unread=()):
        found = Listed(tuple(change(replace(made.zone, id="Z1"))), unread)
        done = names_held(made.declaration, made.zone, found, made.network)
        return [str(each) for each in done.findings], done

    return hold


def with_record(which, **changes):
    def change(zone):
        records = (
            replace(each, **changes) if each.name == which else each for each in zone.records
        )
        return (replace(zone, records=tuple(records)),)

    return change


def test_what_is_as_planned_is_no_finding(held):
    assert held()[0] == []
    found, _ = held(with_record("till", seconds=60))
    assert found == []


def test_the_order_of_addresses_says_nothing(held):
    found, _ = held(
        lambda zone: (
            replace(
                zone,
                records=tuple(
                    replace(each, addresses=each.addresses[::-1]) for each in reversed(zone.records)
                ),
            ),
        )
    )
    assert found == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_record("1.till", addresses=AWAY), "1.till.shop.internal has 10.66.6.6, planned 10."),
        (with_record("1.till", seconds=86400), "(A) is remembered for 86400 s, planned 60 s"),
        (
            with_record("1.till", addresses=(), kind="CNAME", other="CNAME db.example.com"),
            "1.till.shop.internal has CNAME db.example.com, planned 10.",
        ),
        (
            with_record("1.till", addresses=(), other="whatever x.elb.amazonaws.com has"),
            "has whatever x.elb.amazonaws.com has, planned",
        ),
        (with_record("1.till", name="old"), "lacking: name 1.till.shop.internal (A) is not there"),
        (with_record("1.till", name="old"), "not planned: name old.shop.internal has 10."),
        (lambda _: (), "private zone shop.internal is not there for hosts of the VPC"),
        (lambda zone: (replace(zone, vpc="vpc-2"),), "the VPC: it answers hosts of vpc-2"),
    ],
)
def test_whatever_a_name_says_otherwise_is_found_at_its_service(held, change, said):
    found, done = held(change)
    assert any(said in each for each in found), found
    assert all(each.line for each in done.findings)
    assert done.unknown == ()


def test_a_zone_of_a_longer_name_answers_in_the_place_of_ours(held):
    def beside(zone):
        longer = replace(zone, id="Z2", domain="till.shop.internal", records=())
        other = replace(zone, id="Z3", domain="corp.internal", records=())
        return (zone, longer, other)

    found, done = held(beside)
    (said,) = found
    assert "till.shop.internal (Z2) answers for till.shop.internal, 1.till.shop.internal" in said
    assert "--hosted-zone-id Z2" in done.findings[0].mend


def test_a_record_that_nobody_planned_comes_with_the_call_that_takes_it_away(held):
    more = NameRecord(name="spy", addresses=AWAY, seconds=60)
    _, done = held(lambda zone: (replace(zone, records=(*zone.records, more)),))
    (finding,) = done.findings
    assert finding.mend.startswith("aws route53 change-resource-record-sets --hosted-zone-id Z1 ")
    assert '"Action": "DELETE"' in finding.mend
    assert "10.66.6.6" in finding.mend


@pytest.mark.parametrize(
    ("change", "unread", "why"),
    [
        (lambda _: (), (DENIED,), "route53:ListHostedZonesByVPC is denied"),
        (lambda zone: (replace(zone, records=(), asked=False),), (), "nobody asked for"),
    ],
)
def test_what_was_not_read_is_not_known_and_never_absent(held, change, unread, why):
    found, done = held(change, unread)
    assert found == []
    (said,) = done.unknown
    assert said.startswith("which names hosts have in shop.internal: ")
    assert why in said


def test_what_others_may_have_made_beside_a_stack_leaves_nothing_of_it_open(held):
    beyond = NotRead(why="others may have made more", beyond=True)
    assert held(unread=(beyond,))[1].unknown == ()
    assert held(lambda _: (), (beyond,))[0]


VALUES = st.lists(st.sampled_from([IPv4Address(f"10.20.0.{n}") for n in (4, 5, 6)]), unique=True)
SAID = st.dictionaries(st.sampled_from(["till", "1.till", "old"]), VALUES.filter(bool), min_size=1)


@examples(10)
@given(SAID, SAID)
def test_a_finding_for_each_name_that_is_another_and_for_no_other(planned, there):
    """Against sets of what is said, put together another way."""

    def zone(said):
        records = (NameRecord(name=name, addresses=tuple(each)) for name, each in said.items())
        return PrivateZone(id="Z", domain="shop.internal", vpc="vpc-1", records=tuple(records))

    network = Network(vpcs=(Vpc(id="vpc-1", name="shop", region="eu-west-1", cidrs=()),))
    found = Listed((zone(there),), ())
    done = names_held(Declaration(topology="shop"), zone(planned), found, network)
    pairs = [{(name, frozenset(each)) for name, each in said.items()} for said in (planned, there)]
    names = sorted({name for name, _ in pairs[0] ^ pairs[1]})
    assert sorted(each.about[1].removesuffix(".shop.internal") for each in done.findings) == names


def test_of_several_vpcs_each_whose_hosts_cannot_ask_is_named():
    vpcs = [
        Vpc(id=f"vpc-{each}", name=f"desks-{each}", region="eu-west-1", cidrs=())
        for each in ("core", "desk")
    ]
    record = NameRecord(name="till", addresses=(IPv4Address("10.20.0.4"),))
    zone = PrivateZone(id="Z", domain="shop.internal", vpc="vpc-core", records=(record,))
    planned = replace(zone, vpc="vpc/core", more_vpcs=("vpc/desk",))
    both = Listed((zone, replace(zone, vpc="vpc-desk")), ())
    declared = Declaration(topology="shop")
    assert names_held(declared, planned, both, Network(vpcs=(*vpcs,))).findings == ()
    (found,) = names_held(declared, planned, Listed((zone,), ()), Network(vpcs=(*vpcs,))).findings
    assert found.message == "private zone shop.internal is not there for hosts of desks-desk"
