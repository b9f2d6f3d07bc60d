"""A proof after a change says what a whole new proof would say."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import PortRange
from bulkhead.prove import prove, reprove
from tests.support.estate import Estate, entry, rule
from tests.support.examples import examples
from tests.support.fleet import fleet
from tests.support.messy import acl_entries, group_rules, networks


def _cells(reach):
    return [
        cell
        for one in reach.endpoints
        for other in reach.endpoints
        for cell in reach.between(one, other)
    ]


@st.composite
def edits(draw, network):
    """The network with one rule or entry more, fewer, or other."""
    if draw(st.booleans()):
        number = draw(st.integers(0, len(network.security_groups) - 1))
        group = network.security_groups[number]
        rules = list(group.rules)
        if rules and draw(st.booleans()):
            rules.pop(draw(st.integers(0, len(rules) - 1)))
        if draw(st.booleans()):
            rules.append(rule("new", draw(group_rules)))
        several = list(network.security_groups)
        several[number] = replace(group, rules=tuple(rules))
        return replace(network, security_groups=tuple(several))
    number = draw(st.integers(0, len(network.nacls) - 1))
    nacl = network.nacls[number]
    entries = list(nacl.entries)
    if entries and draw(st.booleans()):
        entries.pop(draw(st.integers(0, len(entries) - 1)))
    if draw(st.booleans()):
        new = replace(entry(draw(acl_entries)), number=401)
        entries.append(new)
    several = list(network.nacls)
    several[number] = replace(nacl, entries=tuple(entries))
    return replace(network, nacls=tuple(several))


@examples()
@given(st.data())
def test_a_proof_after_an_edit_is_the_proof_of_the_edited_network(data):
    network = data.draw(networks())
    before = prove(network)
    _cells(before)
    edited = data.draw(edits(network))
    after = reprove(before, edited)
    whole = prove(edited)
    pairs = [(one, other) for one in whole.endpoints for other in whole.endpoints]
    for one, other in pairs:
        # A prefix that is gone may leave a finer cut behind, never a coarser one.
        here = next(
            each
            for each in after.endpoints
            if one.address in each and each.kind == one.kind and each.id == one.id
        )
        there = next(
            each
            for each in after.endpoints
            if other.address in each and each.kind == other.kind and each.id == other.id
        )
        said = [(c.protocol, c.ports, c.verdict, c.lost) for c in after.between(here, there)]
        assert said == [(c.protocol, c.ports, c.verdict, c.lost) for c in whole.between(one, other)]


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


def test_any_other_change_takes_a_whole_proof():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("g", "in tcp 1 0.0.0.0/0")
    estate.host("h", "a", "10.0.1.10", "g")
    before = prove(estate.build())
    estate.host("i", "a", "10.0.1.11", "g")
    after = reprove(before, estate.build())
    assert {each.name for each in after.endpoints} >= {"h", "i"}
