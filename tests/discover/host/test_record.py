"""A record from elsewhere is a record, or it is refused in sentences."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.host import collect, join, parse_record
from bulkhead.problems import InputError
from bulkhead.report.documents.host import host
from tests.support.examples import ONE_FOLDER, examples
from tests.support.fake_proc import FakeProc, mapped
from tests.support.machines import Machine


@pytest.fixture(scope="module")
def value(tmp_path_factory):
    fake = FakeProc()
    fake.process(7, "router", maps=mapped("/usr/lib/libzmq.so.5"), inodes=[70, 71, 72])
    fake.tcp(70, "listening", ("0.0.0.0", 5555))
    fake.tcp(71, "established", ("10.0.0.7", 5555), ("10.0.0.8", 40_000))
    fake.unix(72, "@prices", listens=True)
    return json.loads(json.dumps(collect(str(fake.write(tmp_path_factory.mktemp("r") / "proc")))))


def test_what_is_written_is_read_again(value):
    record = parse_record(value)
    assert parse_record(record.model_dump(mode="json", by_alias=True)) == record


def places(value, path=()):
    """Where in a document something stands."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from places(each, (*path, key))


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70_000), st.text(max_size=4), st.just([]), st.just({})
)


@given(data=st.data())
@examples(3, ONE_FOLDER)
def test_whatever_a_record_says_it_is_joined_or_refused(value, data):
    changed = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(changed))[1:]))
        inside = changed
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = data.draw(ANYTHING)
    try:
        record = parse_record(changed)
    except InputError as refused:
        assert refused.problems
        return
    host(join([record]))


def test_all_that_is_wrong_is_said_with_its_place(value):
    changed = copy.deepcopy(value)
    changed["time"] = 1
    changed["sockets"][0]["local"] = ["no address", 5]
    with pytest.raises(InputError) as refused:
        parse_record(changed, "host.json")
    said = [each.what for each in refused.value.problems]
    assert any(each.startswith("sockets.0.local.0: ") for each in said)
    assert any(each.startswith("time: ") for each in said)


@pytest.mark.parametrize(
    ("name", "program", "script", "called"),
    [
        ("python", "/usr/bin/python3.11", "/srv/router.py", "router.py"),
        ("python3", "/usr/bin/python3.11", None, "python3.11"),
        ("circusd", "/usr/bin/python3.11", None, "circusd"),
        ("parsl: HTEX int", "/usr/bin/python3.11", None, "parsl: HTEX int"),
        ("MainThread", "/usr/bin/node", None, "node"),
        ("java", "/usr/lib/jvm/bin/java", None, "java"),
        ("worker/0", "/srv/bin/feed", None, "feed"),
    ],
)
def test_who_gives_itself_another_name_goes_by_that_and_not_by_its_interpreter(
    name, program, script, called
):
    machine = Machine("vm-1").process(7, name, program=program, script=script)
    (process,) = machine.record.processes
    assert process.called == called
