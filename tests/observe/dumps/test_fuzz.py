"""Dumps that are broken, edited or incomplete: refused, or undetermined; never a wrong verdict."""

from __future__ import annotations

import copy
import json
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.observe.dumps.dump import dump
from bulkhead.observe.errors import ObserveError
from bulkhead.problems import InputError
from tests.support.aws_ids import as_aws_shows
from tests.support.dumps import as_files
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.verdicts import verdicts


@cache
def original():
    """Something of every kind that AWS shows."""
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("two", "10.1.0.0/16")
    estate.acl(
        "tight",
        *("in 100 allow tcp 80 10.1.0.0/16", "in 110 allow tcp 1024-65535 0.0.0.0/0"),
        *("in 120 deny all 198.51.100.0/24", "in 130 allow all 192.168.0.0/16"),
        *("out 100 allow all 0.0.0.0/0", "out 101 allow all ::/0", "in 140 allow all ::/0"),
    )
    estate.table(
        "out",
        *("0.0.0.0/0 igw", "::/0 eigw", "192.168.0.0/16 vgw propagated", "10.1.0.0/16 pcx"),
        *("198.51.100.0/24 vpce list", "10.8.0.0/16 tgw"),
    )
    estate.table("in", "0.0.0.0/0 nat", "10.1.0.0/16 tgw", "10.8.0.0/16 fwe")
    estate.table("wall", "0.0.0.0/0 igw", "10.8.0.0/16 tgw")
    estate.table("back", "10.0.0.0/24 pcx", "10.0.0.0/16 tgw", "10.8.0.0/16 tgw", vpc="two")
    estate.subnet("a", "10.0.0.0/24 2a05:d018:1:1::/64", acl="tight", table="out")
    estate.subnet("i", "10.0.1.0/24", table="in")
    estate.subnet("w", "10.0.2.0/28", table="wall")
    estate.subnet("b", "10.1.0.0/24", table="back", vpc="two")
    estate.group("web", "in tcp 80 0.0.0.0/0", "in icmp:8 web", "in all ::/0", "out all 0.0.0.0/0")
    estate.group("db", "in tcp 5432 web", "in tcp 22 192.168.0.0/16", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.0.5 2a05:d018:1:1::5", "web", public="203.0.113.9")
    estate.host("h2", "i", "10.0.1.5", "web", "db", instance="i-1")
    estate.host("h3", "b", "10.1.0.5", "db", more=("10.1.0.6",))
    estate.igw()
    estate.eigw()
    estate.vgw()
    estate.vpce()
    estate.nat("nat", "a", "10.0.0.9", public="203.0.113.8", eni=True)
    estate.site("plant", "192.168.0.0/16")
    estate.pcx("pcx", "vpc", "two")
    estate.tgw(references=True)
    estate.site("depot", "10.8.0.0/16", gateway="")
    estate.attach("att-one", "vpc", "i", "w", table="hub")
    estate.attach("att-two", "two", "b", table="hub")
    estate.attach("att-depot", "vpn-depot", table="hub", kind="vpn")
    estate.tgw_table(
        "hub", "10.0.0.0/16 att-one", "10.1.0.0/16 att-two propagated", "10.8.0.0/16 att-depot"
    )
    estate.firewall("fw", {"fwe": "w"}, "pass tcp any * -> any 443", default="drop", strict=True)
    network = as_aws_shows(estate.build())
    return as_files(network), verdicts(network)


def read(files):
    """The network, or None where it is refused as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        for name, answer in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        try:
            return dump(Path(folder))
        except (InputError, ObserveError) as refusal:
            assert str(refusal)
            return None


def files():
    return copy.deepcopy(original()[0])


NOT_NAMED_ELSEWHERE = {"SecurityGroupRules", "VpcBlockPublicAccessExclusions"}
"""Records that nothing else names: who leaves one out says another thing, not less."""
RECORDS = sorted(
    (name, index)
    for name, answer in original()[0].items()
    for key, value in answer.items()
    if isinstance(value, list) and key not in NOT_NAMED_ELSEWHERE and "/" not in name
    if not name.startswith("routes-of")
    for index in range(len(value))
)


seen = cache(verdicts)
"""Much that is left out is nothing that the network had: it is proved once."""
LISTED = "internet (198.51.100.0/24)"
"""What the list of the gateway endpoint holds. A route by a list of AWS's own whose entries
are not there is taken to hold no address but the service's, wherever those are."""


def wrong(network):
    """Cells that say something else than the whole dump, and do not say 'undetermined'."""
    before, after = original()[1], seen(network)
    told = []
    for ends, cells in after.items():
        if ends not in before or LISTED in ends:
            continue
        for first, last, verdict in cells:
            said = {v for low, high, v in before[ends] if low <= last and first <= high}
            if verdict != "undetermined" and said != {verdict}:
                told.append((ends, first, last, said, verdict))
    return told


def test_the_whole_dump_is_read_whole():
    network = read(files())
    assert wrong(network) == []
    assert verdicts(network) == original()[1]
    assert {each.scope for each in network.unmodelled} == set()


@pytest.mark.slow
def test_every_file_may_be_missing():
    for name in files():
        left = files()
        del left[name]
        network = read(left)
        assert network is not None, name
        assert wrong(network) == [], name


@pytest.mark.slow
def test_every_page_may_be_cut_off():
    for name, answer in files().items():
        left = files()
        for key, value in answer.items():
            if isinstance(value, list):
                left[name][key] = value[: len(value) // 2]
                left[name]["NextToken"] = "more"
        network = read(left)
        assert network is not None, name
        assert wrong(network) == [], name


@pytest.mark.slow
def test_every_thing_may_be_missing():
    for name, index in RECORDS:
        left = files()
        (key,) = left[name]
        gone = left[name][key].pop(index)
        network = read(left)
        assert network is not None, gone
        assert wrong(network) == [], gone


@examples(1, shrink=False)
@given(st.sets(st.sampled_from(sorted(original()[0])), max_size=6), st.data())
def test_many_things_may_be_missing_at_once(gone, data):
    left = {name: answer for name, answer in files().items() if name not in gone}
    here = [each for each in RECORDS if each[0] in left]
    for name, index in sorted(data.draw(st.sets(st.sampled_from(here), max_size=4)), reverse=True):
        (key,) = left[name]
        del left[name][key][index]
    network = read(left)
    if network is not None:
        assert wrong(network) == []


SCRAPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(
        ["10.0.0.0/8", "::/0", "-1", "vpc-two", "sg-web", "local", "999.1.1.1", "\x1b"]
    ),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just([[None]]),
)


def paths(value, here=()):
    yield here
    inside = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    for key, each in inside:
        yield from paths(each, (*here, key))


ALL_PATHS = [(name, *path) for name, answer in original()[0].items() for path in paths(answer)]


@st.composite
def edited(draw):
    """Files with a few values dropped, replaced, doubled or swapped with others."""
    left = files()
    for place in draw(st.lists(st.sampled_from(ALL_PATHS), min_size=1, max_size=3)):
        *way, last = place
        holder = left
        try:
            for step in way:
                holder = holder[step]
            value = holder[last]
        except (KeyError, IndexError, TypeError):
            continue
        change = draw(st.sampled_from(("drop", "replace", "double", "swap")))
        if change == "drop":
            del holder[last]
        elif change == "replace":
            holder[last] = copy.deepcopy(draw(SCRAPS))
        elif change == "double" and isinstance(holder, list):
            holder.insert(0, copy.deepcopy(value))
        else:
            try:
                other = left
                for step in draw(st.sampled_from(ALL_PATHS)):
                    other = other[step]
                holder[last] = copy.deepcopy(other)
            except (KeyError, IndexError, TypeError):
                continue
    return left


@examples(1, shrink=False)
@given(edited())
def test_an_edited_dump_is_refused_or_read_and_judged(left):
    network = read(left)
    if network is not None:
        assert all(cells for cells in verdicts(network).values())


@examples(1, shrink=False)
@given(st.sampled_from(sorted(original()[0])), st.data())
def test_a_file_cut_or_overwritten_anywhere_is_refused_or_read(name, data):
    left = files()
    text = bytearray(json.dumps(left[name], indent=1).encode())
    at = data.draw(st.integers(0, len(text) - 1))
    if data.draw(st.booleans()):
        del text[at:]
    else:
        text[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    left[name] = bytes(text)
    read(left)


@examples(1, shrink=False)
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_refused_or_passed_over(data):
    left = files()
    left["more.json"] = data
    read(left)
    read({"only.json": data})
