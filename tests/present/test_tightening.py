"""With flow logs no more is written than was seen; of the rest nobody says that it is unused."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.cli.discover.writing import accepts
from bulkhead.discover.flows import batch, read_flows
from bulkhead.present import present_topology
from bulkhead.prove import prove
from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.examples import ONE_FOLDER, examples
from tests.support.flow_logs import DAY, NOVEMBER, Host, Record, talk, write


@cache
def trading():
    return open_topology(TOPOLOGIES / "trading.yaml")


@cache
def proof():
    return prove(trading().network)


def host(service):
    """The first copy of a service; of the site an address, at which nothing records."""
    if service == "exchange":
        return "192.168.10.9"
    first = next(each for each in trading().network.interfaces if each.service == service)
    return Host(first.id, str(first.address))


FLOWS = tuple(
    dict.fromkeys(
        (each.client, each.server.owner, port)
        for each in trading().flows
        for port in range(each.server.ports.first, each.server.ports.last + 1)
    )
)


def tightened(path, records):
    network = trading().network
    seen = read_flows([batch([write(path / "a.log", records)])], network)
    return present_topology(proof(), network.vpcs[0], source="test", accepts=accepts, seen=seen)


def ports_in(text):
    """Of 'tcp 5556-5557'."""
    first, _, last = text.rpartition(" ")[2].partition("-")
    return range(int(first), int(last or first) + 1)


def written(found):
    return {
        (client, server, port)
        for flow in found.flows
        for client in flow.clients
        for server in flow.servers
        for each in flow.traffic
        for port in ports_in(each)
    }


def not_seen(found):
    """Read back from the comments: 'a, b to server, tcp 5556'."""
    for each in found.comments:
        if "not seen in" in each.why:
            clients, _, rest = each.what.partition(" to ")
            server, _, ranges = rest.partition(", ")
            for client in clients.split(", "):
                for some in ranges.split(", "):
                    yield from ((client, server, port) for port in ports_in(some))


def everybody():
    """Each interface recorded something: a window in which nothing was there is a record too."""
    for each in trading().network.interfaces:
        yield Record(each.id, str(each.address), "10.20.0.1", status="NODATA")


@examples(1 / 4, ONE_FOLDER)
@given(chosen=st.sets(st.sampled_from(FLOWS), min_size=1), day=st.integers(0, 3))
def test_exactly_what_was_seen_is_written_and_all_else_stands_in_comments(chosen, day, tmp_path):
    records = [*everybody()]
    for client, server, port in sorted(chosen):
        records += talk(host(client), host(server), port, start=NOVEMBER + day * DAY)
    found = tightened(tmp_path, records)
    assert not accepts(found.text)
    assert written(found) == chosen
    assert set(not_seen(found)) == set(FLOWS) - chosen
    assert "unused" not in found.text


def test_what_was_refused_or_not_answered_is_not_seen(tmp_path):
    client, server, port = FLOWS[0]
    one, two = host(client), host(server)
    assert isinstance(two, Host)
    refused = [*everybody(), *talk(one, two, port, answered=False)]
    found = tightened(tmp_path, refused)
    assert found.flows == ()
    assert f"{server}, tcp {port}" in " ".join(each.what for each in found.comments)


def test_where_nobody_recorded_nobody_can_tell(tmp_path):
    records = [*talk(host("risk"), host("limits"), 5571)]
    found = tightened(tmp_path, records)
    assert written(found) == {("risk", "limits", 5571)}
    why = {each.why for each in found.comments if "recorder" in each.what}
    assert why == {
        "allowed, and nobody can tell whether it is used: at neither end all interfaces recorded "
        "anything"
    }


@pytest.mark.parametrize("lost", ["broker", "gateway"])
def test_records_that_were_skipped_are_no_absence_unless_the_other_end_has_all(tmp_path, lost):
    ends = {"broker": host("broker"), "gateway": host("gateway")}
    (kept,) = (each for name, each in ends.items() if name != lost)
    skipped = ends[lost]
    records = [
        *talk(host("risk"), host("limits"), 5571),
        Record(skipped.interface, skipped.address, "10.20.0.1", status="SKIPDATA"),
    ]
    (why,) = {
        each.why
        for each in tightened(tmp_path, records).comments
        if each.what.startswith("gateway to broker")
    }
    assert "SKIPDATA" in why
    records.append(Record(kept.interface, kept.address, "10.20.0.1", status="NODATA"))
    (why,) = {
        each.why
        for each in tightened(tmp_path, records).comments
        if each.what.startswith("gateway to broker")
    }
    assert why == "allowed, not seen in 1 day of records"
