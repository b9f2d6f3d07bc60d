"""Real programs with real sockets: every port that they opened, and nobody else's."""

import os
import subprocess
import sys
import textwrap

import pytest

from bulkhead.discover.host import EdgeBecause, collect, greet_listeners, join, parse_record

SERVER = textwrap.dedent(
    """
    import sys, zmq
    ctx = zmq.Context()
    router = ctx.socket(zmq.ROUTER)
    pull = ctx.socket(zmq.PULL)
    pull.bind(sys.argv[1])
    print(router.bind_to_random_port("tcp://127.0.0.1"), flush=True)
    router.send_multipart([router.recv_multipart()[0], b"there"])
    pull.recv()
    print("met", flush=True)
    sys.stdin.read()
    """
)
CLIENT = textwrap.dedent(
    """
    import sys, zmq
    ctx = zmq.Context()
    dealer, push = ctx.socket(zmq.DEALER), ctx.socket(zmq.PUSH)
    dealer.connect("tcp://127.0.0.1:" + sys.argv[2])
    push.connect(sys.argv[1])
    dealer.send(b"here")
    dealer.recv()
    push.send(b"over ipc")
    print("met", flush=True)
    sys.stdin.read()
    """
)


def started(program, *words):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module", params=["a path", "an abstract name"])
def pair(request, tmp_path_factory):
    """A server and a client that have met over tcp and ipc, and the port."""
    name = f"@bulkhead-{os.getpid()}"
    if request.param == "a path":
        name = str(tmp_path_factory.mktemp("ipc") / "a.ipc")
    server = started(SERVER, f"ipc://{name}")
    port = int(server.stdout.readline())
    client = started(CLIENT, f"ipc://{name}", port)
    try:
        assert (server.stdout.readline(), client.stdout.readline()) == ("met\n", "met\n")
        yield server, client, port, name
    finally:
        for each in (server, client):
            each.communicate("")


def test_both_programs_are_found_with_all_that_they_opened_and_both_ends_of_it(pair):
    server, client, port, name = pair
    graph = join([parse_record(collect())])
    pids = {server.pid, client.pid}
    assert pids <= {each.pid for _, each in graph.processes}
    waiting = {
        each.port or each.path
        for each in graph.listeners
        if server.pid in [one.pid for one in each.processes]
    }
    assert waiting == {port, name}
    found = {
        (each.client.processes[0].pid, each.server.processes[0].pid, each.transport, each.path)
        for each in graph.edges
        if pids & {one.pid for one in (*each.client.processes, *each.server.processes)}
    }
    assert found == {
        (client.pid, server.pid, "tcp", None),
        (client.pid, server.pid, "ipc", name),
    }


def test_a_greeting_tells_the_type_and_moves_nothing(pair):
    server, _, port, _ = pair
    graph = join([greet_listeners(parse_record(collect(pids=[server.pid])))])
    (waiting,) = [each for each in graph.listeners if each.port == port]
    assert (waiting.greeting.zmtp, waiting.greeting.socket_type) == (True, "ROUTER")
    (edge,) = [each for each in graph.edges if each.transport == "tcp"]
    assert (edge.because, edge.count) == (EdgeBecause.GREETED, 1)


def test_one_process_alone_can_be_asked_about_whatever_it_speaks():
    record = parse_record(collect(pids=[os.getpid()]))
    assert os.getpid() in [each.pid for each in record.processes]


def test_a_client_that_is_asked_about_alone_still_shows_where_its_server_waits(pair):
    _, client, port, _ = pair
    graph = join([parse_record(collect(pids=[client.pid]))])
    (edge,) = [each for each in graph.edges if each.transport == "tcp"]
    assert (edge.server.port, edge.opened_sure) == (port, True)
    assert port in [each.port for each in graph.listeners]
