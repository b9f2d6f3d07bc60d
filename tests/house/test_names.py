"""What things are called, and what their ids are, means nothing to any answer.

(Of `explain` in tests/explain/test_names.py.)
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.compare import compare
from bulkhead.ends import EndpointKind
from bulkhead.judge import judge
from bulkhead.lint import lint
from bulkhead.network import Declaration
from bulkhead.prove import matrix, prove
from bulkhead.prove.fold import folding
from bulkhead.report.documents.diff import diff
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.marks import marked, marks, unmarked
from tests.support.messy import networks
from tests.support.town import town
from tests.support.wide import wide_networks

any_network = st.one_of(st.builds(lambda: town().build()), networks(), wide_networks())


NOTHING = Declaration(topology="nothing")


def proved(network):
    reach = prove(network)
    found = matrix(reach, fold=folding(reach))
    return [
        (row, column, entry)
        for row, entries in zip(found.rows, found.entries, strict=True)
        for column, entry in zip(found.columns, entries, strict=True)
    ]


def judged(network):
    found = judge(prove(network), NOTHING)
    return (*found.findings, *found.residue)


@pytest.mark.parametrize("ask", [proved, judged, lint])
@examples(1 / 4, shrink=False)
@given(plain=any_network, called=marks)
def test_an_answer_is_the_same_whatever_things_are_called(ask, plain, called):
    same = unmarked(ask(marked(plain, *called)), *called)
    assert sorted(map(repr, same)) == sorted(map(repr, ask(plain)))


@examples(1 / 10, shrink=False)
@given(before=any_network, after=any_network, called=marks)
def test_two_networks_differ_in_the_same_whatever_things_are_called(before, after, called):
    said = diff("one", "other", compare(before, after))
    named = diff("one", "other", compare(marked(before, *called), marked(after, *called)))
    assert changes(unmarked(named, *called)) == changes(said)


def changes(delta):
    return sorted(map(repr, delta["changes"]))


def test_a_host_that_is_called_like_the_strangers_of_a_subnet_is_none_of_them():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("any host in b", "a", "10.0.1.10", "open")
    estate.host("c", "a", "10.0.1.11", "open")
    senders = {each.source for each in judge(prove(estate.build()), NOTHING).findings}
    assert {"any host in a", "any host in b", "c"} <= senders


def test_a_site_keeps_what_stands_in_brackets_in_its_name():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.vgw()
    estate.site("plant (old)", "192.168.0.0/16")
    estate.site("plant (new)", "172.16.0.0/16")
    rows = matrix(prove(estate.build())).rows
    assert {each.name for each in rows if each.kind is EndpointKind.SITE} == {
        "plant (old)",
        "plant (new)",
    }
