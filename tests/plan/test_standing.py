"""A segment in subnets that are there and others': a plan that leaves these as they are, or what
stands in its way, before anything is made."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import (
    LINUX_PORTS,
    TCP,
    AclEntry,
    Action,
    Direction,
    InterfaceKind,
    PortRange,
)
from bulkhead.plan import plan
from bulkhead.plan.lock import Lock, lock_of, lock_text
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.shared_vpc import planned_in, shared_topology
from tests.support.standing import (
    BLOCKS,
    IN_THEIRS,
    IN_VPC,
    NACL,
    ONE,
    OPEN,
    STANDING,
    SUBNETS,
    TABLE,
    TWO,
    entry,
)

IN, OUT = Direction.INGRESS, Direction.EGRESS


def knowing(**facts):
    return replace(IN_VPC, standing=replace(STANDING, **facts))


def refusals(folder, facts, text=IN_THEIRS):
    with pytest.raises(InputError) as told:
        planned_in(shared_topology(folder, text), facts)
    return [each.what for each in told.value.problems]


def test_its_services_stand_there_and_nothing_there_is_ours(tmp_path):
    network = planned_in(shared_topology(tmp_path, IN_THEIRS), IN_VPC).network
    (ticker,) = network.interfaces_of("ticker")
    assert (ticker.subnet, str(ticker.address)) == (ONE, "10.0.1.4")
    assert not network.is_others(ticker.id)
    for id_ in (ONE, TWO, NACL, TABLE):
        assert network.is_others(id_)
    made = [each for each in network.subnets if not network.is_others(each.id)]
    assert {each.segment for each in made} == {"strat"}
    assert {each.name for each in network.nacls if not network.is_others(each.id)} == {"strat"}
    assert network.nacl[NACL].entries == OPEN


def test_what_is_planned_is_exactly_what_is_declared(tmp_path):
    planned = planned_in(shared_topology(tmp_path, IN_THEIRS), IN_VPC)
    judged = judge(prove(planned.network), planned.declaration)
    assert judged.findings == ()
    assert {str(each.kind) for each in judged.residue} == {"replies", "others"}


def test_a_rule_of_ours_that_lets_in_more_is_found_there_too(tmp_path):
    planned = planned_in(shared_topology(tmp_path, IN_THEIRS), IN_VPC)
    network = planned.network
    ticker = network.security_group["sg/ticker"]
    (rule,) = ticker.towards(IN)
    wider = replace(
        ticker, rules=(*ticker.rules, replace(rule, id="more", ports=PortRange(22, 22)))
    )
    groups = tuple(wider if each is ticker else each for each in network.security_groups)
    judged = judge(prove(replace(network, security_groups=groups)), planned.declaration)
    assert any("tcp 22" in each.message for each in judged.findings)


def test_addresses_that_others_have_are_nobodys(tmp_path):
    held = {IPv4Address(f"10.0.1.{number}"): f"eni-{number}" for number in (4, 5, 7)}
    three = IN_THEIRS.replace("ticker: { segment: feed,", "ticker: { segment: feed, replicas: 5,")
    topology = shared_topology(tmp_path, three)
    planned = planned_in(topology, knowing(held=held))
    addresses = {str(each.address) for each in planned.network.interfaces_of("ticker")}
    assert addresses == {"10.0.1.6", "10.0.1.8", "10.0.1.9", "10.0.2.4", "10.0.2.5"}
    later = knowing(held={**held, IPv4Address("10.0.1.6"): "eni-0late"})
    lock = lock_of("demo.lock.json", lock_text(replace(planned.lock, vpc=later)).encode())
    with pytest.raises(InputError) as told:
        plan(topology, lock)
    (problem,) = told.value.problems
    assert problem.what == "10.0.1.6 of ticker-1 is eni-0late's by now"
    assert problem.file == "demo.lock.json"
    assert f'"host {ONE}/eu-west-1a ticker-1"' in lock.text.splitlines()[problem.line - 1]


def test_a_subnet_without_a_free_address_is_refused(tmp_path):
    held = dict.fromkeys(BLOCKS[ONE], "eni-0")
    assert refusals(tmp_path, knowing(held=held)) == [
        f"{ONE} (10.0.1.0/24) of segment feed has 0 free addresses, and "
        "1 replicas are to live there"
    ]


def test_a_nacl_that_lets_less_through_than_is_declared_is_refused_with_what_it_lacks(tmp_path):
    before = f"{NACL} of others, before {ONE}, {TWO} of segment feed,"
    assert refusals(tmp_path, knowing(nacls={NACL: ()})) == [
        f"{before} does not let in tcp 5556 from 10.0.64.0/26: momentum connects to ticker.ticks",
        f"{before} does not let out tcp 32768-60999 to 10.0.64.0/26: "
        "momentum connects to ticker.ticks",
    ]
    denied = (entry(90, IN, Action.DENY, "10.0.64.9/32"), *OPEN)
    assert refusals(tmp_path, knowing(nacls={NACL: denied})) == [
        f"{before} denies in tcp 5556 from 10.0.64.9/32 by entry 90: "
        "momentum connects to ticker.ticks"
    ]


def test_a_nacl_that_lets_some_of_it_through_is_refused_for_the_rest(tmp_path):
    some = replace(entry(100, OUT, protocol=TCP), ports=PortRange(40000, 50000))
    (said,) = refusals(tmp_path, knowing(nacls={NACL: (entry(100, IN), some)}))
    assert "does not let out tcp 32768-39999 to 10.0.64.0/26" in said
    part = entry(100, IN, cidr="10.0.64.0/27")
    (said,) = refusals(tmp_path, knowing(nacls={NACL: (part, entry(100, OUT))}))
    assert "does not let in tcp 5556 from 10.0.64.32/27" in said


def test_subnets_that_are_not_one_in_each_zone_are_refused_all_at_once(tmp_path):
    first, second = SUBNETS
    in_one = knowing(subnets={"feed": (first, replace(second, zone="eu-west-1a"))})
    assert refusals(tmp_path, in_one) == [
        f"segment feed has 2 subnets in eu-west-1a: {ONE}, {TWO}",
        f"segment feed has no subnet in eu-west-1b ({ONE} in eu-west-1a, {TWO} in eu-west-1a)",
    ]
    elsewhere = knowing(subnets={"feed": (first, replace(second, zone="eu-west-1c"))})
    assert (
        f"{TWO} of segment feed is in eu-west-1c, and the topology in eu-west-1a, eu-west-1b"
        in (refusals(tmp_path, elsewhere))
    )


@pytest.mark.parametrize(
    "facts",
    [
        knowing(subnets={}),
        knowing(subnets={"feed": SUBNETS[:1]}),
        knowing(subnets={"strat": SUBNETS}),
    ],
)
def test_subnets_that_nobody_looked_at_are_not_planned_in(tmp_path, facts):
    assert refusals(tmp_path, facts) == ["what stands in the subnets of segment feed is not known"]


def test_tags_that_are_others_than_those_that_somebody_looked_for_are_not_planned_in(tmp_path):
    by_tags = IN_THEIRS.replace(f"[{ONE}, {TWO}]", "{ tags: { tier: app } }")
    known = knowing(tags={"feed": {"tier": "app"}})
    assert planned_in(shared_topology(tmp_path, by_tags), known).standing["feed"] == {
        "eu-west-1a": ONE,
        "eu-west-1b": TWO,
    }
    other = knowing(tags={"feed": {"tier": "web"}})
    assert refusals(tmp_path, other, by_tags) == [
        "what stands in the subnets of segment feed is not known"
    ]


def test_sites_are_refused_because_nothing_of_ours_leads_there(tmp_path):
    site = """
    sites:
      plant:
        cidrs: [192.168.7.0/24]
        gateway: { address: 203.0.113.10 }
        sockets: { s: { type: SUB, connect: ticker.ticks } }
"""
    assert refusals(tmp_path, IN_VPC, IN_THEIRS + site) == [
        "plant connects to ticker.ticks, and segment feed is in subnets of others, whose route "
        "table is theirs: nothing of ours leads to plant"
    ]


def test_a_part_of_the_vpc_need_not_be_free_where_nothing_is_made_there(tmp_path):
    all_theirs = IN_THEIRS.replace("segment: strat", "segment: feed").replace(
        "10.0.64.0/20", "10.0.0.0/16"
    )
    all_theirs = all_theirs.replace(", strat: { purpose: decides }", "")
    network = planned_in(shared_topology(tmp_path, all_theirs), IN_VPC).network
    assert all(network.is_others(each.id) for each in network.subnets)
    assert {each.subnet for each in network.interfaces} == {ONE}


def test_who_comes_and_goes_belongs_in_these_subnets_by_their_ids(tmp_path):
    coming = IN_THEIRS.replace(
        "ticker: { segment: feed,", "ticker: { segment: feed, interfaces: none, replicas: 2..6,"
    )
    network = planned_in(shared_topology(tmp_path, coming), IN_VPC).network
    members = network.security_group["sg/ticker"].members
    assert members is not None
    assert members.subnets == (ONE, TWO)
    inside = [each for each in network.subnets if members.belong_in(each)]
    assert [each.id for each in inside] == [ONE, TWO]
    assert {each.subnet for each in network.interfaces_of("ticker")} == {ONE, TWO}
    kinds = {each.kind for each in network.interfaces_of("ticker")}
    assert kinds == {InterfaceKind.HOST}


def test_a_segment_that_is_called_otherwise_keeps_its_subnets_and_addresses(tmp_path):
    planned = planned_in(shared_topology(tmp_path, IN_THEIRS), IN_VPC)
    renamed = IN_THEIRS.replace("feed: { purpose", "prices: { was: feed, purpose").replace(
        "segment: feed", "segment: prices"
    )
    again = plan(shared_topology(tmp_path, renamed), planned.lock)
    assert again.standing == {"prices": planned.standing["feed"]}
    addresses = [[each.address for each in one.network.interfaces] for one in (planned, again)]
    assert addresses[0] == addresses[1]


def test_from_subnets_of_its_own_to_others_and_back_nothing_else_moves(tmp_path):
    own_text = IN_THEIRS.replace(f", subnets: [{ONE}, {TWO}]", "")
    own = planned_in(shared_topology(tmp_path, own_text), IN_VPC)
    theirs = plan(shared_topology(tmp_path, IN_THEIRS), replace(own.lock, vpc=IN_VPC))
    back = plan(shared_topology(tmp_path, own_text), theirs.lock)
    assert back.lock.vpc is not None
    assert back.lock.vpc.standing.subnets == {}

    def others(planned):
        return [each for each in planned.network.interfaces if each.service != "ticker"]

    assert others(own) == others(theirs) == others(back)
    assert theirs.network.interfaces_of("ticker")[0].subnet == ONE
    assert back.network.interfaces_of("ticker")[0].subnet.startswith("subnet/feed/")


numbers = st.integers(1, 9)
cidrs = st.sampled_from(
    ["0.0.0.0/0", "10.0.0.0/16", "10.0.64.0/20", "10.0.64.0/26", "10.0.64.4/32", "10.0.64.128/25"]
)
port_ranges = st.sampled_from(
    [
        (0, 65535),
        (5556, 5556),
        (5000, 6000),
        (1024, 65535),
        (32768, 60999),
        (32768, 65535),
        (40000, 50000),
    ]
)
entries = st.builds(
    lambda number, direction, action, cidr, protocol, ports: AclEntry(
        number=number,
        direction=direction,
        action=action,
        protocol=protocol,
        ports=PortRange(*ports) if protocol == TCP else PortRange(0, 65535),
        cidr=IPv4Network(cidr),
    ),
    numbers,
    st.sampled_from([IN, OUT]),
    st.sampled_from([Action.ALLOW, Action.ALLOW, Action.DENY]),
    cidrs,
    st.sampled_from([TCP, TCP, -1, 17]),
    port_ranges,
)
lists = st.lists(entries, max_size=6, unique_by=lambda each: (each.direction, each.number))
ends = st.sampled_from([(), OPEN, OPEN])
"""What is asked last: nothing, or what lets all pass."""
nacls = st.builds(
    lambda some, last: tuple(
        sorted((*some, *last), key=lambda each: (each.direction, each.number))
    ),
    lists,
    ends,
)


def passes(some, direction, address, port):
    """One packet of TCP, as the user guide of AWS has it; written without the planner."""
    for each in sorted(some, key=lambda one: one.number):
        if (
            each.direction is direction
            and each.protocol in (-1, TCP)
            and address in each.cidr
            and each.ports.first <= port <= each.ports.last
        ):
            return each.action is Action.ALLOW
    return False


def edges(some, block, ports):
    """Every packet that some entry could tell from its neighbours."""
    hosts = {block[0], block[-1]}
    doors = {ports.first, ports.last}
    for each in some:
        for at in (each.cidr[0], each.cidr[-1]):
            hosts |= {
                IPv4Address(int(at) + more) for more in (-1, 0, 1) if 0 < int(at) + more < 2**32
            }
        doors |= {each.ports.first - 1, each.ports.first, each.ports.last, each.ports.last + 1}
    yield from product(
        [each for each in hosts if each in block], [each for each in doors if each in ports]
    )


SIDES = {
    "feed": (IN_THEIRS, IN, OUT),
    "strat": (
        IN_THEIRS.replace(f", subnets: [{ONE}, {TWO}]", "").replace(
            "purpose: decides", f"purpose: decides, subnets: [{ONE}, {TWO}]"
        ),
        OUT,
        IN,
    ),
}
"""By the segment that stands there: which way a request crosses its edge, and which way replies."""


@pytest.mark.parametrize("standing", SIDES)
@examples(3, shrink=False)
@given(some=nacls)
def test_what_is_planned_passes_and_what_is_refused_would_not(tmp_path_factory, standing, some):
    text, request, reply = SIDES[standing]
    topology = shared_topology(tmp_path_factory.mktemp("standing"), text)
    block = IPv4Network("10.0.64.0/26")
    asked = all(passes(some, request, *each) for each in edges(some, block, PortRange(5556, 5556)))
    answered = all(passes(some, reply, *each) for each in edges(some, block, LINUX_PORTS))
    try:
        facts = knowing(nacls={NACL: some}, subnets={standing: SUBNETS})
        planned = planned_in(topology, facts)
    except InputError:
        assert not (asked and answered)
        return
    assert asked
    assert answered
    assert judge(prove(planned.network), planned.declaration).findings == ()


@examples(1)
@given(nacls, st.dictionaries(st.sampled_from([*BLOCKS[ONE]]), st.just("eni-0"), max_size=5))
def test_what_a_lock_knows_of_these_subnets_is_read_again(some, held):
    tags = {"strat": {"tier of it": "app and more", "aws:x": ""}}
    subnets = {"feed": (SUBNETS[0], replace(SUBNETS[1], main=True, zone_id="euw1-az2"))}
    facts = knowing(nacls={NACL: some}, held=held, tags=tags, subnets=subnets)
    text = lock_text(Lock(topology="demo", vpc=facts))
    again = lock_of("demo.lock.json", text.encode()).vpc
    assert again is not None
    assert again.standing == facts.standing
    assert lock_text(Lock(topology="demo", vpc=again)) == text


@pytest.mark.parametrize(
    "line",
    [
        {"vpc acl acl-0 ingress 100": "allow tcp 5556"},
        {"vpc acl acl-0 in 100": "allow all 0-65535 0.0.0.0/0"},
        {"vpc held 10.0.1": "eni-0"},
        {"vpc segment feed": "10.0.1.0/24 a - acl-0 rtb-0"},
        {"vpc segment feed subnet-0": True},
        {"vpc tagged feed": "app"},
    ],
)
def test_a_line_that_says_nothing_of_them_is_refused(line):
    text = '{"vpc id": "vpc-0", "topology": "demo", "version": 2, ' + (
        f"{next(iter(line))!r}: ".replace("'", '"')
    )
    value = next(iter(line.values()))
    text += ("true" if value is True else f'"{value}"') + "}"
    with pytest.raises(InputError, match="says nothing of a VPC"):
        lock_of("demo.lock.json", text.encode())
