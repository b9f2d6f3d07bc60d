"""A proof after a change says what a whole new proof would say."""

from collections import defaultdict
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.compare import compare
from bulkhead.network import Listener, PortRange, Verdict
from bulkhead.network.without import without
from bulkhead.prove import prove, reprove
from bulkhead.prove.reprove import unchanged, untouched
from tests.support.estate import Estate, entry, rule
from tests.support.examples import examples
from tests.support.fleet import fleet
from tests.support.messy import acl_entries, group_rules, networks
from tests.support.shop import shop, with_rule
from tests.support.wide import wide_networks


def _cells(reach):
    return [
        cell
        for one in reach.endpoints
        for other in reach.endpoints
        for cell in reach.between(one, other)
    ]


@st.composite
def edits(draw, network):
    """The network with one rule, entry or route more, fewer, or other."""
    kind = draw(st.sampled_from(("group", "group", "nacl", "nacl", "table")))
    if kind == "table":
        number = draw(st.integers(0, len(network.route_tables) - 1))
        table = network.route_tables[number]
        routes = list(table.routes)
        if routes and draw(st.booleans()):
            routes.pop(draw(st.integers(0, len(routes) - 1)))
        elif routes:
            routes.append(
                replace(
                    draw(st.sampled_from(routes)),
                    propagated=draw(st.booleans()),
                    blackhole=draw(st.booleans()),
                )
            )
        several = list(network.route_tables)
        several[number] = replace(table, routes=tuple(routes))
        return replace(network, route_tables=tuple(several))
    if kind == "group":
        number = draw(st.integers(0, len(network.security_groups) - 1))
        group = network.security_groups[number]
        rules = list(group.rules)
        if rules and draw(st.booleans()):
            rules.pop(draw(st.integers(0, len(rules) - 1)))
        if draw(st.booleans()):
            rules.append(rule("new", draw(group_rules) + draw(st.sampled_from(("", " ?")))))
        several = list(network.security_groups)
        several[number] = replace(group, rules=tuple(rules))
        return replace(network, security_groups=tuple(several))
    number = draw(st.integers(0, len(network.nacls) - 1))
    nacl = network.nacls[number]
    entries = list(nacl.entries)
    if entries and draw(st.booleans()):
        entries.pop(draw(st.integers(0, len(entries) - 1)))
    if draw(st.booleans()):
        text = draw(acl_entries) + draw(st.sampled_from(("", " ?")))
        new = replace(entry(text), number=401)
        entries.append(new)
    several = list(network.nacls)
    several[number] = replace(nacl, entries=tuple(entries))
    return replace(network, nacls=tuple(several))


@examples()
@given(st.data())
def test_a_proof_after_an_edit_is_the_proof_of_the_edited_network(data):
    _holds(data, data.draw(networks()))


@examples(1 / 2, shrink=False)
@given(st.data())
def test_it_is_behind_gateways_of_every_kind_too(data):
    _holds(data, data.draw(wide_networks()))


def _holds(data, network):
    before = prove(network)
    _cells(before)
    edited = data.draw(edits(network))
    after = reprove(before, edited)
    whole = prove(edited)
    # A prefix that is gone may leave a finer cut behind, never a coarser one.
    ends = [(one, _holding(after, one)) for one in whole.endpoints]
    for one, here in ends:
        for other, there in ends:
            said = _by_protocol(after.between(here, there))
            wanted = _by_protocol(whole.between(one, other))
            # So may a protocol that no rule names any more.
            for protocol in after.protocols:
                assert said[protocol] == wanted[whole.protocol(protocol)]


def _holding(reach, end):
    return next(
        each
        for each in reach.endpoints
        if end.address in each and each.kind == end.kind and each.id == end.id
    )


def _by_protocol(cells):
    found = defaultdict(list)
    for each in cells:
        found[each.protocol].append((each.ports, each.verdict, each.lost))
    return found


@examples()
@given(st.data())
def test_what_is_unchanged_has_no_difference_and_what_differs_is_changed(data):
    network = data.draw(st.one_of(networks(), wide_networks()))
    edited = data.draw(edits(network))
    reach = prove(network)
    changes = compare(network, edited).changes
    whole = reprove(reach, edited)
    if unchanged(reach, whole):
        assert changes == ()
    elif changes == ():
        # Addresses cut finer are other ends; of the same ends other replies are lost.
        assert set(whole.endpoints) != set(reach.endpoints) or any(
            reach.lost(cell.source, cell.destination, cell.protocol) != cell.lost
            for cell in whole.cells()
            if cell.verdict is Verdict.HALF_OPEN
        )
    if untouched(reach, whole):
        assert changes == ()


def test_a_route_that_no_address_takes_is_told_without_a_look_at_any_packet():
    def network(*routes):
        estate = Estate()
        estate.vgw()
        estate.site("plant", "192.168.10.0/24")
        estate.table("t", "192.168.10.0/24 vgw", "192.168.10.0/24 vgw propagated", *routes)
        estate.subnet("a", "10.0.1.0/24", table="t")
        estate.host("h", "a", "10.0.1.10", "open")
        estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
        return estate.build()

    reach = prove(network())
    (table,) = [each for each in network().route_tables if each.id == "t"]
    for gone in range(2):
        left = tuple(each for number, each in enumerate(table.routes) if number != gone)
        tables = tuple(
            replace(each, routes=left) if each.id == "t" else each
            for each in reach.network.route_tables
        )
        fewer = reprove(reach, replace(reach.network, route_tables=tables))
        # The propagated one yields to the static one, and not the other way round.
        assert untouched(reach, fewer) is (gone == 1)
        assert unchanged(reach, fewer)


def test_one_rule_of_a_fleet_touches_only_whom_it_speaks_of():
    estate, _ = fleet(100)
    network = estate.build()
    before = prove(network)
    groups = list(network.security_groups)
    number = next(i for i, group in enumerate(groups) if group.name == "sg-svc40")
    changed = replace(groups[number].rules[0], ports=PortRange(9999, 9999))
    groups[number] = replace(groups[number], rules=(changed, *groups[number].rules[1:]))
    after = reprove(before, replace(network, security_groups=tuple(groups)))
    assert 0 < after.touched.bit_count() <= 2


def test_what_a_port_is_called_touches_nobody():
    estate, _ = fleet(3)
    network = estate.build()
    before = prove(network)
    called = Listener(
        owner="svc1", socket="in", type="PULL", protocol=6, ports=PortRange(7777, 7777)
    )
    renamed = replace(network, listeners=(*network.listeners, called))
    after = reprove(before, renamed)
    assert after.touched == 0
    assert after.network.listeners == renamed.listeners
    assert _cells(after) == _cells(prove(renamed))


def test_any_other_change_takes_a_whole_proof():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("g", "in tcp 1 0.0.0.0/0")
    estate.host("h", "a", "10.0.1.10", "g")
    before = prove(estate.build())
    estate.host("i", "a", "10.0.1.11", "g")
    after = reprove(before, estate.build())
    assert {each.name for each in after.endpoints} >= {"h", "i"}


def test_a_new_entry_about_an_address_that_only_a_group_spoke_of_is_heeded():
    estate = Estate()
    estate.acl("acl", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.0.0/24", acl="acl")
    estate.subnet("b", "10.0.1.0/24", acl="acl")
    estate.group("web", "in tcp 80 10.0.0.0/24", "out tcp 80 10.0.1.4/32", "out tcp 80 10.0.1.5/32")
    estate.host("client", "a", "10.0.0.4", "web")
    estate.host("s4", "b", "10.0.1.4", "web")
    estate.host("s5", "b", "10.0.1.5", "web")
    network = estate.build()
    acl = network.nacl["acl"]
    closed = replace(acl, entries=(*acl.entries, entry("out 50 deny tcp 80 10.0.1.4/32")))
    nacls = tuple(closed if each is acl else each for each in network.nacls)

    before = prove(network)
    before.decide()
    after = reprove(before, replace(network, nacls=nacls))

    def verdicts(reach):
        end = {each.id: each for each in reach.endpoints}
        return [reach.verdict(end["client"], end[name], 6, 80) for name in ("s4", "s5")]

    assert verdicts(before) == [Verdict.ALLOWED, Verdict.ALLOWED]
    assert verdicts(after) == [Verdict.DENIED, Verdict.ALLOWED]


def test_after_one_edit_and_another_addresses_stay_cut_as_before_both():
    """The first takes away what cut them, and the second needs a whole proof."""
    network = with_rule(shop()[0], "sg-web", "in tcp 80 10.0.1.8/29")
    network = with_rule(network, "sg-web", "in tcp 80 sg-absent")
    narrow, absent = network.security_group["sg-web"].rules[-2:]
    once = reprove(prove(network), without(network, [("sg-web", narrow)]))
    twice = reprove(once, without(once.network, [("sg-web", absent)]))
    assert twice.endpoints == once.endpoints == prove(network).endpoints
    assert unchanged(once, twice)
