"""Bytes of TCP in their order, whatever order the segments came in."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.wire.tcp import Stream, TcpSegment
from tests.support.examples import examples

ACK = 16


def segment(sequence, payload, missing=0):
    return TcpSegment(1, 2, sequence % 2**32, ACK, payload, missing)


class Heard:
    """What a stream gave, with its gaps as None."""

    def __init__(self, begun_at=None):
        self.said = []
        self.stream = Stream(self.said.append, lambda count: self.said.append([None] * count))
        if begun_at is not None:
            self.stream.open(begun_at)

    @property
    def bytes(self):
        return [each for piece in self.said for each in piece]


@st.composite
def segmented(draw):
    """A start, bytes, and pieces of them that overlap, repeat and hold all of them."""
    data = draw(st.binary(min_size=1, max_size=200))
    cuts = sorted({0, len(data), *draw(st.lists(st.integers(0, len(data)), max_size=8))})
    whole = list(pairwise(cuts))
    place = st.integers(0, len(data))
    more = draw(st.lists(st.tuples(place, place).map(sorted).map(tuple), max_size=6))
    start = draw(st.sampled_from([0, 77, 2**32 - 100]))
    return start, data, draw(st.permutations(whole + more))


@given(segmented())
@examples(2)
def test_any_order_with_any_overlap_gives_every_byte_once(drawn):
    start, data, pieces = drawn
    heard = Heard(begun_at=start - 1)
    for first, last in pieces:
        heard.stream.take(segment(start + first, data[first:last]))
    heard.stream.finish()
    assert bytes(heard.bytes) == data


@given(segmented(), st.data())
@examples(2)
def test_what_is_lost_is_told_by_its_length_and_moves_nothing(drawn, more):
    start, data, pieces = drawn
    kept = more.draw(st.lists(st.sampled_from(pieces), unique=True))
    heard = Heard(begun_at=start - 1)
    for first, last in kept:
        heard.stream.take(segment(start + first, data[first:last]))
    heard.stream.finish()
    there = {at for first, last in kept for at in range(first, last)}
    end = max(there, default=-1) + 1
    assert heard.bytes == [data[at] if at in there else None for at in range(end)]


@given(segmented(), st.integers(0, 5))
@examples(1)
def test_what_the_capture_cut_off_is_a_gap_of_its_length(drawn, kept):
    start, data, _ = drawn
    heard = Heard(begun_at=start - 1)
    for at in range(0, len(data), 10):
        piece = data[at : at + 10]
        heard.stream.take(segment(start + at, piece[:kept], missing=len(piece[kept:])))
    expected = [each if at % 10 < kept else None for at, each in enumerate(data)]
    assert heard.bytes == expected


def test_without_a_syn_it_begins_where_the_capture_does():
    heard = Heard()
    heard.stream.take(segment(500, b"abc"))
    heard.stream.take(segment(503, b"d"))
    assert bytes(heard.bytes) == b"abcd"
    assert heard.stream.midway


def test_a_keepalive_is_no_byte():
    heard = Heard(begun_at=9)
    heard.stream.take(segment(10, b"abc"))
    heard.stream.take(segment(12, b"\0"))
    assert bytes(heard.bytes) == b"abc"


def test_a_gap_does_not_hold_the_memory():
    heard = Heard(begun_at=0)
    for at in range(600):
        heard.stream.take(segment(2 + at * 1_000, bytes(1_000)))
    assert len(heard.bytes) > 300_000
    assert heard.bytes[0] is None
