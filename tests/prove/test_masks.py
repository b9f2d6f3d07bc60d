"""From sets of sources per port to what one source gets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import ALL_PORTS, PortRange, Verdict
from bulkhead.prove.masks import Masks, anybody, crowds, verdicts
from bulkhead.prove.sets.by_port import at, combine, union

SOURCES = 3
ports = st.builds(
    lambda a, b: PortRange(min(a, b), max(a, b)), st.integers(0, 65535), st.integers(0, 65535)
)
sets = st.lists(st.tuples(ports, st.integers(0, (1 << SOURCES) - 1)), max_size=4).map(union)


@st.composite
def masks(draw):
    """Sets that do not overlap: a source has one verdict at a port."""
    allowed, other, third = draw(sets), draw(sets), draw(sets)
    half_open = combine(other, allowed, lambda bits, taken: bits & ~taken)
    taken = combine(allowed, other, int.__or__)
    return Masks(allowed, half_open, combine(third, taken, lambda bits, more: bits & ~more))


def verdict_at(masks, source, port):
    named = {
        Verdict.ALLOWED: masks.allowed,
        Verdict.HALF_OPEN: masks.half_open,
        Verdict.UNDETERMINED: masks.undetermined,
    }
    found = (verdict for verdict, steps in named.items() if at(steps, port) >> source & 1)
    return next(found, Verdict.DENIED)


@given(masks(), ports)
def test_ranges_cover_what_was_asked_and_are_the_widest_with_one_verdict(masks, within):
    for source in range(SOURCES):
        found = list(verdicts(masks.pieces(within), source))
        assert found[0][0].first == within.first
        assert found[-1][0].last == within.last
        for (before, one), (after, other) in pairwise(found):
            assert before.last + 1 == after.first
            assert one is not other


@given(masks(), ports)
def test_every_port_of_a_range_has_its_verdict(masks, within):
    changes = {
        first
        for steps in (masks.allowed, masks.half_open, masks.undetermined)
        for first, _ in steps
    }
    for source in range(SOURCES):
        for some, verdict in verdicts(masks.pieces(within), source):
            for port in {some.first, some.last, *(each for each in changes if each in some)}:
                assert verdict_at(masks, source, port) is verdict


@given(masks())
def test_who_gets_in_is_who_is_not_denied_everywhere(masks):
    surely, possibly = anybody(masks.pieces())
    for source in range(SOURCES):
        found = {verdict for _, verdict in verdicts(masks.pieces(ALL_PORTS), source)}
        assert bool(possibly >> source & 1) is (found != {Verdict.DENIED})
        assert bool(surely >> source & 1) is bool(found & {Verdict.ALLOWED, Verdict.HALF_OPEN})


@given(masks(), st.integers(0, (1 << SOURCES) - 1))
def test_by_verdict_every_source_stands_once(masks, among):
    for piece in masks.pieces():
        told = dict(piece.by_verdict(among))
        assert sum(told.values()) == among
        for verdict, sources in told.items():
            for source in range(SOURCES):
                assert not sources >> source & 1 or piece.verdict(source) is verdict


@given(masks(), ports, st.integers(0, (1 << SOURCES) - 1), st.sets(st.sampled_from(Verdict)))
def test_crowds_are_what_each_source_gets_less_what_nobody_wants(masks, within, among, wanted):
    pieces = masks.pieces(within)
    found = [
        (source, crowd.ports, crowd.verdict)
        for crowd in crowds(pieces, among, wanted)
        for source in range(SOURCES)
        if crowd.sources >> source & 1
    ]
    slowly = [
        (source, some, verdict)
        for source in range(SOURCES)
        if among >> source & 1
        for some, verdict in verdicts(pieces, source)
        if verdict in wanted
    ]
    assert sorted(found) == sorted(slowly)
