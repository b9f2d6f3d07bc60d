"""What things are called, and what their ids are, means nothing: only what they are does."""

import io

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from rich.console import Console

from bulkhead.ends import resolve
from bulkhead.ends.nowhere import nowhere
from bulkhead.ends.partition import partition
from bulkhead.explain import answer, explain
from bulkhead.report.documents import explain as documents
from bulkhead.report.explanation import print_answer
from tests.support.examples import examples
from tests.support.marks import AFTER, BEFORE, marked, marks, unmarked
from tests.support.messy import networks
from tests.support.town import town
from tests.support.wide import wide_networks

FLOWS = (
    *(("web-0", "internet", 443), ("web-0", "store-0", 5556), ("internet", "web-0", 443)),
    *(("store-0", "internet", 443), ("web-0", "spoke-0", 8080), ("spoke-0", "web-0", 443)),
    *(("peer-0", "store-0", 5556), ("store-0", "peer-0", 443), ("store-0", "203.0.113.5", 443)),
    *(("store-0", "203.0.113.200", 443), ("store-0", "198.51.100.7", 443), ("plant", "store", 80)),
    *(("store", "plant", 40000), ("web", "dark", 1), ("store-0", "web-0", 5556)),
    *(("abroad-0", "store-0", 5556), ("10.0.2.1", "web-0", 443)),
)
"""By way of every kind of gateway, and as many that are shut."""
PACKETS = ((6, 80), (6, 443), (6, 5556), (17, 53), (1, 8 * 256))


def ends(network, called):
    """The ends, by what they would be in the plain network."""
    return {unmarked(each, *called): each for each in partition(network).endpoints}


def said(network, source, destination, packet):
    """An answer, as a value, for people and for programs."""
    found = answer(network, explain(network, source, destination, *packet))
    file = io.StringIO()
    print_answer(Console(file=file, width=10_000, color_system=None), found)
    said = documents.explain("here", network, "a", "b", [found])["answers"][0]
    return found, file.getvalue(), said


@pytest.mark.parametrize("called", [*zip(BEFORE, reversed(AFTER), strict=True)])
def test_names_that_look_like_answers_change_no_answer(called):
    plain = town().build()
    network = marked(plain, *called)
    theirs = ends(network, called)
    for *words, port in FLOWS:
        ours = [nowhere(plain, word) or first(plain, word) for word in words]
        same = [
            nowhere(network, word) or theirs[end] for word, end in zip(words, ours, strict=True)
        ]
        found = said(network, *same, (6, port))
        assert unmarked(found, *called) == said(plain, *ours, (6, port))


def first(network, word):
    found = next(each for each in resolve(network, word) if each.version == 4)
    return found.whole or found


@examples(1 / 2, HealthCheck.filter_too_much, shrink=False)
@given(st.one_of(networks(), wide_networks()), marks, st.randoms())
def test_names_that_look_like_answers_change_no_answer_about_any_network(plain, called, chosen):
    network = marked(plain, *called)
    theirs = ends(network, called)
    assert set(theirs) == set(partition(plain).endpoints)
    for _ in range(8 if len(theirs) > 1 else 0):
        source, destination = chosen.sample(sorted(theirs, key=str), 2)
        if source.version == destination.version:
            packet = chosen.choice(PACKETS)
            found = said(network, theirs[source], theirs[destination], packet)
            assert unmarked(found, *called) == said(plain, source, destination, packet)
