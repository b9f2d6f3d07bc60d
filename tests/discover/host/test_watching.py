"""A watch tells what came and went, each once, and ends when it was to."""

import json
import socket
import threading
from contextlib import contextmanager

import pytest

from bulkhead.discover.host import join
from bulkhead.discover.host.events import RunnerEvent, event_of, listening
from bulkhead.discover.host.watching import difference, snapshot, watched
from bulkhead.problems import InputError
from tests.support.machines import Machine


def one():
    return (
        Machine("a", "10.0.0.1")
        .process(1, "router")
        .socket(1, "listening", ("0.0.0.0", 5555))
        .socket(1, "established", ("10.0.0.1", 5555), ("10.0.0.9", 40_000))
    )


def graph(*machines):
    return join([each.record for each in machines])


def named(some):
    return (
        [each.called for _, each in some.processes.values()],
        [each.port for each in some.listeners.values()],
        [each.server.port for each in some.edges.values()],
    )


def watch(*graphs, waits=None, times=None, left=lambda: 60.0):
    first, *later = graphs
    looks = iter(later)
    answers = iter(waits or [()] * 99)
    return list(
        watched(
            first, lambda: next(looks), lambda _: next(answers), every=5, times=times, left=left
        )
    )


def test_what_came_is_told_once_and_what_went_when_it_goes():
    more = one().process(2, "worker").socket(2, "listening", ("0.0.0.0", 5556))
    came, went = watch(graph(one()), graph(one()), graph(more), graph(more), graph(one()), times=4)
    assert named(came.came) == (["worker"], [5556], [])
    assert named(came.went) == ([], [], [])
    assert named(went.went) == (["worker"], [5556], [])


def test_a_client_that_connects_anew_from_another_port_is_no_change():
    again = (
        Machine("a", "10.0.0.1")
        .process(1, "router")
        .socket(1, "listening", ("0.0.0.0", 5555))
        .socket(1, "established", ("10.0.0.1", 5555), ("10.0.0.9", 51_111))
    )
    assert not difference("", snapshot(graph(one())), snapshot(graph(again)))
    other = again.socket(1, "established", ("10.0.0.1", 5555), ("10.0.0.8", 51_111))
    change = difference("", snapshot(graph(one())), snapshot(graph(other)))
    assert named(change.came) == ([], [], [5555])


def test_an_event_is_told_also_where_nothing_of_zeromq_changed():
    (change,) = watch(graph(one()), graph(one()), waits=[[RunnerEvent("start", "web")]], times=1)
    assert not change
    assert [str(each) for each in change.events] == ["start web"]


def test_it_ends_after_so_many_looks_or_when_the_time_is_over():
    same = [graph(one())] * 9
    waited = []

    def wait(seconds):
        waited.append(seconds)
        return ()

    left = iter([9.0, 4.0, 4.0, 1.0, 1.0, 0.0])
    looks = iter(same)
    list(watched(same[0], lambda: next(looks), wait, every=5, times=None, left=lambda: next(left)))
    assert waited == [5, 4.0, 1.0]
    waited.clear()
    looks = iter(same)
    list(watched(same[0], lambda: next(looks), wait, every=5, times=2, left=lambda: 60.0))
    assert waited == [5, 5]


START = {
    "Type": "container",
    "Action": "start",
    "Actor": {"ID": "ab", "Attributes": {"name": "web"}},
}
POD = {"type": "ADDED", "object": {"metadata": {"namespace": "prod", "name": "ticker-0"}}}


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("docker", START, "start web"),
        ("docker", {"Action": "die", "Actor": {"ID": "ab"}}, "die ab"),
        ("docker", {"Action": 7}, None),
        ("docker", [], None),
        ("kubernetes", POD, "ADDED prod/ticker-0"),
        ("kubernetes", {"type": "ERROR", "object": 1}, "ERROR"),
    ],
)
def test_a_line_of_docker_and_of_kubernetes_says_what_became_of_whom(kind, value, said):
    found = event_of(kind, value)
    assert (found and str(found)) == said


@contextmanager
def served(path, *pieces, head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
    """A socket that answers one request with these pieces, and what it was asked."""
    asked = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve():
            with listener.accept()[0] as client:
                asked.append(client.recv(65_536).decode())
                client.sendall(head)
                for each in pieces:
                    client.sendall(b"%x\r\n%s\r\n" % (len(each), each))
                if pieces and not pieces[-1]:
                    client.sendall(b"\r\n")
                client.recv(1)  # until the other side goes

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield asked
        thread.join(10)
        assert not thread.is_alive()


def heard(events, number):
    found = []
    while len(found) < number:
        some = events.wait(10)
        assert some, f"nothing more came after {found}"
        found += some
    return [str(each) for each in found]


def test_events_come_over_a_real_socket_also_in_pieces_and_with_nonsense_between(tmp_path):
    line = json.dumps(START).encode() + b"\n"
    pieces = line, line[:9], line[9:], b"no json\n", b"[1]\n", line
    path = tmp_path / "s"
    with served(path, *pieces) as asked, listening(f"docker:{path}") as events:
        assert heard(events, 3) == ["start web"] * 3
    assert asked[0].startswith("GET /events?filters=%7B%22type%22")
    assert "POST" not in asked[0]


def test_pods_are_watched_through_a_proxy(tmp_path):
    line, path = json.dumps(POD).encode() + b"\n", tmp_path / "s"
    with served(path, line) as asked, listening(f"kubernetes:{path}") as events:
        assert heard(events, 1) == ["ADDED prod/ticker-0"]
    assert asked[0].startswith("GET /api/v1/pods?watch=1 ")


def test_a_socket_that_closes_is_said_and_ends_nothing(tmp_path):
    with served(tmp_path / "s", b"") as _, listening(f"docker:{tmp_path / 's'}") as events:
        (said,) = heard(events, 1)
    assert said == "closed docker tells no more; looks go on"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("docker", "names no socket"),
        ("podman:/run/x", "names no socket"),
        ("docker:/nowhere/at/all", "does not answer (No such file or directory)"),
    ],
)
def test_a_socket_that_cannot_be_asked_is_refused(said, why):
    with pytest.raises(InputError) as error, listening(said):
        pass
    assert why in str(error.value.problems[0])


def test_one_that_answers_with_a_refusal_is_refused(tmp_path):
    head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    said = f"docker:{tmp_path / 's'}"
    with served(tmp_path / "s", head=head), pytest.raises(InputError) as error, listening(said):
        pass
    assert "answers 403 Forbidden" in str(error.value.problems[0])
