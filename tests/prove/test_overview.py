"""What is too much for a table is counted whole: no pair that may be open is left out."""

from collections import Counter, defaultdict
from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.network import Verdict
from bulkhead.prove import Question, ask, prove
from bulkhead.prove.fold import folding
from bulkhead.prove.overview import ANY_HOST, overview, too_large
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.wide import wide_networks

HOSTS = {EndpointKind.INTERFACE, EndpointKind.SITE}
WORLD = {EndpointKind.INTERNET, EndpointKind.ELSEWHERE}
TOLD = {
    EndpointKind.INTERFACE: set(EndpointKind),
    EndpointKind.STRANGER: {EndpointKind.INTERFACE},
    EndpointKind.SITE: HOSTS | WORLD,
    EndpointKind.INTERNET: HOSTS,
    EndpointKind.ELSEWHERE: HOSTS,
}
"""Whose packets to an end are told."""


def _place(network, end):
    if end.kind is EndpointKind.STRANGER:
        return ANY_HOST
    if end.kind is EndpointKind.INTERFACE:
        return network.subnet[end.subnet].name
    return label(end)


@examples(1 / 2)
@given(st.one_of(networks(), wide_networks()))
def test_every_pair_that_is_open_or_may_be_is_counted_between_its_places(network):
    reach = prove(network)
    pairs, asked = defaultdict(Counter), Counter()
    exposed, unsure = set(), set()
    name = folding(reach)
    for index, to in enumerate(reach.endpoints):
        for sender, source in enumerate(reach.endpoints):
            if source.kind in TOLD[to.kind] and reach.concerned(index) >> sender & 1:
                if reach.same_host(index) >> sender & 1:
                    continue
                places = _place(network, source), _place(network, to)
                found = {each.verdict for each in reach.between(source, to)} - {Verdict.DENIED}
                asked[places] += 1
                pairs[places].update(found)
                if source.kind is EndpointKind.INTERNET and found - {Verdict.UNDETERMINED}:
                    exposed.add(name(to))
                if Verdict.UNDETERMINED in found:
                    unsure.add(name(to))
    found = overview(reach)
    told = {(each.source, each.destination): each for each in found.crossings}
    assert len(told) == len(found.crossings)
    assert {key: +Counter(each.pairs) for key, each in told.items()} == {
        key: each for key, each in pairs.items() if each
    }
    assert all(each.of_pairs == asked[key] for key, each in told.items())
    assert {each.name for each in found.exposed} == exposed
    assert {each.name for each in found.unsure} == unsure


@examples(1 / 2, shrink=False)
@given(st.one_of(networks(), wide_networks()), st.data())
def test_so_is_every_pair_that_somebody_asks_about(network, data):
    reach = prove(network)
    words = sorted({each.id for each in (*network.subnets, *network.interfaces)})
    ends = st.one_of(st.none(), st.sampled_from(words))
    port = data.draw(st.sampled_from((None, 80, 40000)))
    question = Question(from_=data.draw(ends), to=data.draw(ends), port=port)
    try:
        answer = ask(reach, question)
    except LookupError:  # nothing goes from a host to itself
        return
    pairs, asked = defaultdict(Counter), defaultdict(set)
    found = defaultdict(set)
    for cell in answer.every():
        ends = reach.index(cell.source), reach.index(cell.destination)
        places = _place(network, cell.source), _place(network, cell.destination)
        asked[places].add(ends)
        found[places, ends].add(cell.verdict)
    for (places, _), verdicts in found.items():
        pairs[places].update(verdicts - {Verdict.DENIED})
    told = {(each.source, each.destination): each for each in answer.crossings()}
    assert {key: +Counter(each.pairs) for key, each in told.items()} == {
        key: each for key, each in pairs.items() if each
    }
    assert all(each.of_pairs == len(asked[key]) for key, each in told.items())


def test_a_list_is_too_large_by_what_it_would_show():
    large = prove(_flat(50))
    assert ask(large, Question(to="a")).too_large
    assert not ask(large, Question(to="h0")).too_large
    assert not ask(large, Question(to="a", port=22)).too_large
    assert ask(large, Question(from_="a", to="a", port=22)).too_large  # denied ones are told too


def _flat(hosts):
    """One subnet of hosts, each with a group of its own that lets everybody in by a port."""
    estate = Estate()
    estate.subnet("a", "10.0.0.0/22")
    for number in range(hosts):
        group, address = f"g{number}", str(IPv4Address("10.0.0.16") + number)
        estate.group(group, f"in tcp {1000 + number} 10.0.0.0/8", "out all 0.0.0.0/0")
        estate.host(f"h{number}", "a", address, group)
    return estate.build()


def test_what_fits_a_table_is_told_as_one():
    assert not too_large(prove(_flat(20)))
    assert too_large(prove(_flat(150)))


def test_what_the_internet_reaches_comes_by_how_much_of_it_first():
    estate = Estate()
    estate.igw()
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.0.0/24", table="out")
    estate.group("web", "in tcp 443 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.group("wide", "in tcp 1000-2000 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.group("ping", "in icmp 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.4", "web", "ping", public="198.51.100.1")
    estate.host("h2", "a", "10.0.0.5", "wide", public="198.51.100.2")
    assert [each.name for each in overview(prove(estate.build())).exposed] == ["h2", "h1"]
