"""What reaches what, as a person asks: words, traffic, directly or by hops."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import label
from bulkhead.network import ALL_PORTS, TCP, UDP, PortRange, Verdict
from bulkhead.prove import ByHops, Direct, Question, ask, prove
from tests.support.estate import Estate, flow
from tests.support.examples import examples
from tests.support.messy import networks


def chain():
    """a -> b:1 -> c:2, where c has two replicas, one of which takes nothing."""
    estate = Estate()
    estate.subnet("s", "10.0.1.0/24")
    estate.group("g-a", "out tcp 1 g-b")
    estate.group("g-b", "in tcp 1 g-a", "out tcp 2 g-c")
    estate.group("g-c", "in tcp 2 g-b")
    estate.group("g-shut")
    estate.host("a", "s", "10.0.1.10", "g-a")
    estate.host("b", "s", "10.0.1.11", "g-b", service="b")
    estate.host("c-1", "s", "10.0.1.12", "g-c", service="c")
    estate.host("c-2", "s", "10.0.1.13", "g-shut", service="c")
    estate.listener("c", "in", 2)
    return prove(estate.build())


def open_cells(answer):
    return {
        (str(each.source), str(each.destination), each.protocol, each.ports)
        for each in answer.cells()
        if each.verdict is not Verdict.DENIED
    }


def test_directly_nothing_but_the_first_hop_is_open():
    answer = ask(chain(), Question(from_="a"))
    assert isinstance(answer, Direct)
    assert open_cells(answer) == {("a", "b", TCP, PortRange(1, 1))}


def test_what_is_denied_is_told_only_where_both_ends_are_named():
    reach = chain()
    assert {each.verdict for each in ask(reach, Question(to="c")).cells()} == {Verdict.ALLOWED}
    (told,) = {each.verdict for each in ask(reach, Question(from_="a", to="c")).cells()}
    assert told is Verdict.DENIED


def test_replicas_are_told_as_one_with_how_many_of_them_it_is_true_of():
    (line,) = ask(chain(), Question(from_="b", to="c", port=2, protocol="tcp")).by_label()
    assert (line.source, line.destination, line.verdict) == ("b", "c", Verdict.ALLOWED)
    assert line.traffic == ((TCP, (PortRange(2, 2),)),)
    assert (line.hosts, line.of_hosts) == (1, 2)
    assert tuple(map(str, line.example)) == ("b", "c-1")


def test_who_takes_nothing_counts_among_the_hosts_of_its_label():
    lines = ask(chain(), Question(from_="b")).by_label()
    (towards_c,) = [each for each in lines if each.destination == "c"]
    assert (towards_c.hosts, towards_c.of_hosts) == (1, 2)


def test_a_socket_that_is_named_is_asked_about_its_own_port():
    answer = ask(chain(), Question(to="c.in"))
    assert answer.traffic == ((TCP, PortRange(2, 2)),)
    assert ask(chain(), Question(to="c.in", protocol="all")).traffic != answer.traffic


@pytest.mark.parametrize(
    ("protocol", "port", "traffic"),
    [
        (None, 7, {(TCP, PortRange(7, 7)), (UDP, PortRange(7, 7))}),
        ("all", 7, {(TCP, PortRange(7, 7)), (UDP, PortRange(7, 7))}),
        ("tcp", None, {(TCP, ALL_PORTS)}),
        ("6", 7, {(TCP, PortRange(7, 7))}),
        ("50", None, {(50, ALL_PORTS)}),
    ],
)
def test_a_protocol_or_a_port_alone_leaves_the_other_open(protocol, port, traffic):
    answer = ask(chain(), Question(to="c", protocol=protocol, port=port))
    assert set(answer.traffic) == traffic


@pytest.mark.parametrize("wrong", [{"protocol": "icmp", "port": 3}, {"protocol": "nosuch"}])
def test_a_question_that_makes_no_sense_cannot_be_put(wrong):
    with pytest.raises(ValueError, match=r"has no ports|nosuch"):
        Question(to="c", **wrong)


def test_a_socket_that_connects_is_known_where_something_was_declared():
    reach = chain()
    declared = flow("b", reach.network.listeners[0])
    assert ask(reach, Question(from_="b.out", to="c"), [declared]).open
    with pytest.raises(LookupError, match=r"b\.out"):
        ask(reach, Question(from_="b.out", to="c"))


@pytest.mark.parametrize("hops", [None, "all"])
def test_where_no_host_can_be_nothing_is_open_and_the_answer_says_why(hops):
    answer = ask(chain(), Question(from_="a", to="10.0.1.1", hops=hops))
    assert not answer.open
    (nowhere,) = answer.nowhere
    assert (str(nowhere.end.address), "AWS keeps" in nowhere.why) == ("10.0.1.1", True)


def test_a_host_sends_nothing_to_itself():
    with pytest.raises(LookupError, match="a and a are the same host"):
        ask(chain(), Question(from_="a", to="a"))


def test_by_hops_what_is_asked_about_is_the_last_hop():
    answer = ask(chain(), Question(from_="a", to="c.in", hops="all"))
    assert isinstance(answer, ByHops)
    (line,) = answer.by_label()
    assert (line.label, line.hops, line.certain, line.ends) == ("a", 2, True, 1)
    assert not ask(chain(), Question(from_="a", to="c", port=1, hops="all")).open
    assert not ask(chain(), Question(from_="a", to="c.in", hops=1)).open


words = st.sampled_from(
    (None, "a1", "b1", "far1", "a", "far", "internet", "10.0.0.0/8", "10.0.0.4", "10.0.0.1")
)


@examples()
@given(networks(), words, words, st.sampled_from((None, "tcp", "icmp")), st.booleans())
def test_the_answer_is_open_where_a_cell_is_and_labels_lose_none(network, one, other, named, port):
    reach = prove(network)
    number = 80 if port and named != "icmp" else None
    try:
        answer = ask(reach, Question(from_=one, to=other, protocol=named, port=number))
    except LookupError:
        return
    every = list(answer.every())
    assert answer.open == any(each.verdict is not Verdict.DENIED for each in every)
    pairs, cells = Counter(), Counter()
    for source, destination in {(each.source, each.destination) for each in every}:
        pairs[label(source), label(destination)] += 1
    for each in answer.cells():
        if each.verdict is not Verdict.DENIED:
            key = (label(each.source), label(each.destination))
            cells[key, each.verdict, each.protocol, each.ports] += 1
    told = Counter()
    for line in answer.by_label():
        assert line.of_hosts == pairs[line.source, line.destination]
        for protocol, ranges in line.traffic:
            for ports in ranges:
                key = (line.source, line.destination)
                told[key, line.verdict, protocol, ports] += line.hosts
    assert told == cells
