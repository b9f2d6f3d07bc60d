"""Captures that somebody damaged: read as far as they go, or refused, and never more."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.wire import judge_wire, read_captures
from bulkhead.problems import InputError
from bulkhead.report.documents.wire import wire
from tests.support.examples import ONE_FOLDER, examples
from tests.support.wiretap import Tap, write

CAPTURES = Path(__file__).parent / "captures"


@pytest.fixture(scope="module")
def whole(tapped, tmp_path_factory):
    """A pcap and a pcapng of a few connections, and one of each other transport."""
    some = Tap()
    some.ports = tapped.tap.ports
    some.said = [each for each in tapped.tap.said if each[0] < 3]
    folder = tmp_path_factory.mktemp("whole")
    files = [write(folder / f"some.{ng}", some.packets(), ng=ng) for ng in (False, True)]
    return [each.read_bytes() for each in files] + [
        gzip.decompress(each.read_bytes()) for each in sorted(CAPTURES.iterdir())
    ]


@given(data=st.data())
@examples(2, ONE_FOLDER)
def test_whatever_a_capture_holds_it_is_read_or_refused_in_a_sentence(whole, tmp_path, data):
    content = bytearray(data.draw(st.sampled_from(whole)))
    places = st.integers(0, len(content) - 1)
    for at, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=30)):
        content[at] = value
    path = tmp_path / "hostile.pcap"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        seen = read_captures([path])
    except InputError as refused:
        assert refused.problems
        return
    wire(seen, judge_wire(seen))


def test_a_small_file_does_not_become_a_large_memory(tmp_path):
    claims = b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(8) + b"\xff\xff\x00\x00\x01\x00\x00\x00"
    path = tmp_path / "claims.pcap"
    path.write_bytes(claims + bytes(8) + b"\xff\xff\xff\x7f" * 2)
    (capture,) = read_captures([path]).captures
    assert "claims 2147483647 bytes" in capture.damage
