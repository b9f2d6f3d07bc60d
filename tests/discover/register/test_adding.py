"""What is new comes into a topology as lines of its own, and no line that people wrote changes."""

from difflib import ndiff

import pytest
from hypothesis import given

from bulkhead.discover.register import StandingKind, added_to, against
from bulkhead.discover.register.inserting import Insertion, NoPlaceError, block_at, inserted
from bulkhead.intent.load import topology_of
from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.discover.register.conftest import binds, connects
from tests.discover.register.test_writing import written
from tests.support.examples import examples
from tests.support.registers import registers

FILE = "topology.yaml"


def loaded(texts):
    files = {name: text.encode() for name, text in texts.items()}
    return topology_of(FILE, files[FILE], lambda inside: files[inside])


def update(texts, register):
    """The topology with what is new; only ever more lines, and one that can be planned."""

    def accepts(changed):
        try:
            plan(loaded({**texts, **changed}))
        except InputError as error:
            return error.problems
        return ()

    topology = loaded(texts)
    done = added_to(topology, against(register, topology), texts, accepts=accepts)
    for name, text in done.files.items():
        removed = [
            each for each in ndiff(texts[name].splitlines(), text.splitlines()) if each[0] == "-"
        ]
        assert not removed
    after = {**texts, **done.files}
    assert not accepts(after)
    return done, after


TOPOLOGY = """\
# what we run
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2   # enough

segments:
  # prices
  feed:
    purpose: prices
    owner: "the desk"   # ask them

services:
  ticker:       # the feed handler
    segment: feed
    sockets:
      ticks:    { type: PUB, bind: "tcp://*:5556" }   # since 2019

  # reads it
  momentum:
    segment: feed
    sockets:
      market: { type: SUB, connect: ticker.ticks }
  idle:
    segment: feed

# what we hold true
tests:
  - { from: internet, deny: ["*"] }
"""
CODE = {
    "ticker/main.py": binds("PUB", "tcp://*:5556", "ticks"),
    "momentum/main.py": connects("SUB", "tcp://ticker:5556", "market"),
}


def test_what_is_declared_already_changes_nothing(registered):
    done, _ = update({FILE: TOPOLOGY}, registered(CODE))
    assert not done.files
    assert not done.added


def test_a_new_socket_comes_behind_the_others_of_its_service(registered):
    new = CODE | {
        "ticker/ask.py": binds("ROUTER", "tcp://*:5557", "ask"),
        "momentum/ask.py": connects("DEALER", "tcp://ticker:5557", "ask"),
    }
    register = registered(new)
    _, after = update({FILE: TOPOLOGY}, register)
    lines = after[FILE].splitlines()
    assert (
        lines[lines.index("  # reads it") - 2].strip()
        == 'ask: { type: ROUTER, bind: "tcp://*:5557" }'
    )
    topology = loaded(after)
    assert "momentum.ask -> ticker.ask" in {str(each) for each in topology.connections}
    assert against(register, topology).ok
    done, _ = update(after, register)
    assert not done.files


def test_a_new_program_is_a_service_in_a_segment_that_a_person_decides_of(registered):
    register = registered(CODE | {"spy/main.py": connects("SUB", "tcp://ticker:5556", "listen")})
    done, after = update({FILE: TOPOLOGY}, register)
    topology = loaded(after)
    assert topology.services["spy"].segment == "spy-net"
    assert "# TODO: whether it needs one of its own" in after[FILE]
    assert len(done.added) == 1
    assert against(register, topology).ok


def test_a_service_without_sockets_gets_them(registered):
    register = registered(CODE | {"idle/main.py": connects("SUB", "tcp://ticker:5556", "listen")})
    _, after = update({FILE: TOPOLOGY}, register)
    assert str(loaded(after).services["idle"].sockets["listen"].type) == "SUB"


def test_what_is_in_braces_is_left_with_the_line_to_write(registered):
    braces = TOPOLOGY.replace(
        "  idle:\n    segment: feed\n",
        "  idle: { segment: feed, sockets: { a: { type: PUB, bind: 'tcp://*:1' } } }\n",
    )
    register = registered(CODE | {"idle/main.py": connects("SUB", "tcp://ticker:5556", "listen")})
    done, _ = update({FILE: braces}, register)
    assert not done.files
    (left,) = done.left
    assert "in braces" in left.why
    assert "to idle add listen: { type: SUB, connect: ticker.ticks }" in left.why


def test_a_service_of_an_included_file_is_added_to_there(registered):
    head, _, rest = TOPOLOGY.partition("  # reads it\n")
    momentum, _, tail = rest.partition("  idle:\n")
    texts = {
        FILE: "include: [teams/m.yaml]\n" + head + "  idle:\n" + tail,
        "teams/m.yaml": "services:\n" + momentum,
    }
    new = CODE | {
        "ticker/ask.py": binds("ROUTER", "tcp://*:5557", "ask"),
        "momentum/ask.py": connects("DEALER", "tcp://ticker:5557", "ask"),
    }
    done, _ = update(texts, registered(new))
    assert set(done.files) == {FILE, "teams/m.yaml"}


def test_a_declared_socket_gives_its_new_client_its_type_and_mechanism(registered):
    curve = TOPOLOGY.replace('5556" }', '5556", mechanism: CURVE, zap: true }').replace(
        "connect: ticker.ticks }", "connect: ticker.ticks, mechanism: CURVE }"
    )
    files = {"spy/main.py": connects("SUB", "tcp://ticker:5556", "listen")}
    register = registered(files | {"ticker/main.py": CODE["ticker/main.py"]})
    _, after = update({FILE: curve}, register)
    socket = loaded(after).services["spy"].sockets["listen"]
    assert (str(socket.type), str(socket.mechanism)) == ("SUB", "CURVE")


SHARED = """\
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2
segments:
  feed: { purpose: prices }
services:
  momentum:
    segment: feed
    sockets: &asking
      market: { type: SUB, connect: ticker.ticks }
  arbitrage:
    segment: feed
    sockets: *asking
  ticker:
    segment: feed
    sockets:
      ticks: { type: PUB, bind: "tcp://*:5556" }
"""


def test_what_an_alias_shares_is_left_to_a_person(registered):
    """A line in one of them would be in both: arbitrage never connected there."""
    code = {
        "ticker/main.py": binds("PULL", "tcp://*:5570", "more"),
        "momentum/main.py": connects("PUSH", "tcp://ticker:5570", "orders"),
    }
    done, after = update({FILE: SHARED}, registered(code))
    (left,) = done.left
    assert "services.momentum.sockets is shared with others by an alias" in left.why
    assert "to momentum add orders: { type: PUSH, connect: ticker.more }" in left.why
    assert set(loaded(after).services["arbitrage"].sockets) == {"market"}


@pytest.mark.parametrize("last", ["\n", ""])
def test_the_last_service_gets_its_sockets_before_a_new_one_begins(registered, last):
    """Both are behind the last line of `services`: the inner mapping goes on first."""
    text = TOPOLOGY.partition("# what we hold true")[0].replace("  idle:\n    segment: feed\n", "")
    text = text.rstrip("\n") + last
    code = {
        "momentum/main.py": binds("PULL", "tcp://*:5570", "orders"),
        "desk/main.py": connects("PUSH", "tcp://momentum:5570", "out"),
    }
    done, after = update({FILE: text}, registered(code))
    assert not done.left
    now = loaded(after)
    assert set(now.services["momentum"].sockets) == {"market", "orders"}
    assert set(now.services["desk"].sockets) == {"out"}
    again, _ = update(after, registered(code))
    assert not again.files


def test_each_line_keeps_the_end_that_it_has():
    text = "a: 1\r\nb:\n  c: 2\r\nd: 3"
    done = inserted(text, [Insertion(2, ("  e: 4",)), Insertion(3, ("f: 5",))])
    assert done == "a: 1\r\nb:\n  c: 2\r\n  e: 4\r\nd: 3\r\nf: 5\r\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ends_of_lines_stay_as_they_are(registered, end):
    texts = {FILE: TOPOLOGY.replace("\n", end)}
    register = registered(CODE | {"spy/main.py": connects("SUB", "tcp://ticker:5556", "listen")})
    _, after = update(texts, register)
    assert after[FILE].count("\n") == after[FILE].count(end)


def test_what_cannot_be_told_from_what_was_seen_is_never_added(registered):
    register = registered(CODE | {"momentum/out.py": connects("PUSH", "tcp://mystery:1", "out")})
    done, _ = update({FILE: TOPOLOGY}, register)
    assert not done.files
    assert [each.why for each in done.left] == ["nobody was seen to wait at tcp 1"]


@examples(2)
@given(registers(), registers())
def test_any_register_is_added_to_any_topology_by_lines_alone(before, now):
    update({FILE: written(before).text}, now)


@examples(1)
@given(registers())
def test_any_register_is_added_to_what_people_wrote_by_lines_alone(now):
    done, after = update({FILE: TOPOLOGY}, now)
    held = against(now, loaded(after))
    told = [each.boundary for each in held.of(StandingKind.SHADOW)]
    assert len(told) <= len(done.left) + len(done.added)


@pytest.mark.parametrize(
    ("text", "column", "last"),
    [
        ("services:\n  a:\n    x: 1\n", 2, 2),
        ("services:\n  a:\n    x: 1 # why\n\n# more\nb: 2\n", 2, 2),
        ("services:\n    a: { x: 1,\n      y: 2 }\nb: 2\n", 4, 2),
        ("services:\n  a: |\n    one\n    two\nb: 2\n", 2, 3),
        ("one: &x\n  c: 1\nservices:\n  a: *x\nb: 2\n", 2, 3),
        ("services:\n  a:\n    - 1\n    - 2\nb: 2\n", 2, 3),
        ("services:\n  a:\nb: 2\n", 2, 1),
    ],
)
def test_a_mapping_ends_where_its_last_value_does(text, column, last):
    found = block_at(text, ("services",))
    assert (found.column, found.last) == (column, last)


@pytest.mark.parametrize(
    "text", ["services: {a: 1}\n", "services: {}\n", "a: 1\n", "services: [1\n"]
)
def test_a_mapping_in_braces_or_none_at_all_has_no_place(text):
    with pytest.raises(NoPlaceError):
        block_at(text, ("services",))
