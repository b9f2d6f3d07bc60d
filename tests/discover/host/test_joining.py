"""Records of several machines as one graph, with both ends named."""

import pytest

from bulkhead.discover.host import EdgeBecause, HostSureness, join
from tests.support.machines import Machine


def edges(*machines):
    return join([each.record for each in machines]).edges


def server():
    return (
        Machine("b", "10.0.0.2")
        .process(20, "router")
        .socket(20, "listening", ("0.0.0.0", 5555))
        .socket(20, "established", ("10.0.0.2", 5555), ("10.0.0.1", 40_000))
    )


def client():
    return (
        Machine("a", "10.0.0.1")
        .process(10, "worker")
        .socket(10, "established", ("10.0.0.1", 40_000), ("10.0.0.2", 5555))
    )


@pytest.mark.parametrize("order", [1, -1])
def test_two_records_make_one_edge_with_both_ends_whatever_their_order(order):
    (edge,) = edges(*[client(), server()][::order])
    assert (edge.client.machine, edge.client.processes[0].name) == ("a", "worker")
    assert (edge.server.machine, edge.server.processes[0].name) == ("b", "router")
    assert (edge.server.port, edge.sure, edge.opened_sure) == (5555, HostSureness.SEEN, True)
    assert (edge.because, edge.count) == (EdgeBecause.BOTH, 1)


def test_of_one_record_the_other_end_is_an_address_and_who_opened_it_is_known_by_who_listens():
    (edge,) = edges(server())
    assert (edge.client.machine, edge.client.address) == (None, "10.0.0.1")
    assert (edge.client.why, edge.opened_sure) == ("no record has it", True)
    (edge,) = edges(client())
    assert (edge.server.address, edge.server.port, edge.opened_sure) == ("10.0.0.2", 5555, False)


def test_many_connections_of_one_client_are_one_edge_with_their_number():
    a, b = client(), server()
    for port in (40_001, 40_002):
        a.socket(10, "established", ("10.0.0.1", port), ("10.0.0.2", 5555))
        b.socket(20, "established", ("10.0.0.2", 5555), ("10.0.0.1", port))
    assert [each.count for each in edges(a, b)] == [3]


def test_a_loopback_is_joined_within_its_namespace_alone():
    def pair(machine, pid, namespace):
        machine.process(pid, f"server-{namespace}").process(pid + 1, f"client-{namespace}")
        machine.socket(pid, "listening", ("127.0.0.1", 5555), namespace=namespace)
        ends = ("127.0.0.1", 5555), ("127.0.0.1", 40_000)
        machine.socket(pid, "established", *ends, namespace=namespace)
        machine.socket(pid + 1, "established", *ends[::-1], namespace=namespace)

    a, b = Machine("a"), Machine("b")
    pair(a, 10, "1")
    pair(a, 20, "2")
    pair(b, 30, "1")
    found = {(e.client.processes[0].pid, e.server.processes[0].pid) for e in edges(a, b)}
    assert found == {(11, 10), (21, 20), (31, 30)}


def test_behind_a_translated_address_the_client_still_tells_and_that_is_said():
    a = client()
    b = (
        Machine("b", "172.17.0.2")
        .process(20, "router")
        .socket(20, "listening", ("0.0.0.0", 5555))
        .socket(20, "established", ("172.17.0.2", 5555), ("10.0.0.1", 40_000))
    )
    (edge,) = edges(a, b)
    assert edge.sure is HostSureness.TRANSLATED
    assert (edge.client.machine, edge.server.machine) == ("a", "b")


def test_a_connection_without_an_answer_names_who_waits_there():
    a = (
        Machine("a", "10.0.0.1")
        .process(10, "worker")
        .socket(10, "asking", ("10.0.0.1", 40_007), ("10.0.0.2", 5555))
    )
    (edge,) = [each for each in edges(a, server()) if each.asking]
    assert (edge.server.machine, edge.server.processes[0].name) == ("b", "router")
    assert "not on its record" in edge.server.why
    (edge,) = edges(a)
    assert edge.server.machine is None


def test_ipc_is_joined_by_the_inode_of_its_peer_and_pairs_without_a_path_are_none():
    a = Machine("a").process(10, "server").process(11, "client")
    a.socket(10, "listening", path="@prices", inode=901)
    a.socket(10, "established", path="@prices", peer=903, inode=902)
    a.socket(11, "established", path=None, peer=902, inode=903)
    a.socket(11, "established", path=None, peer=905, inode=904)
    a.socket(11, "established", path=None, peer=904, inode=905)
    (edge,) = edges(a)
    assert (edge.transport, edge.path) == ("ipc", "@prices")
    assert (edge.client.processes[0].name, edge.server.processes[0].name) == ("client", "server")


def test_what_greets_as_zeromq_is_sure_and_what_greets_as_another_is_none():
    def greeted(zmtp):
        b = server()
        b.value["sockets"][0]["greeting"] = {"zmtp": zmtp, "mechanism": "NULL" if zmtp else None}
        return edges(client(), b)

    assert [each.because for each in greeted(True)] == [EdgeBecause.GREETED]
    assert greeted(False) == ()
    assert [each.because for each in greeted(None)] == [EdgeBecause.BOTH]


def test_a_process_that_only_its_greeting_tells_is_one_of_zeromq():
    b = Machine("b").process(20, "java", zeromq=False)
    b.socket(20, "listening", ("0.0.0.0", 5555))
    graph = join([b.record])
    assert (graph.processes, len(graph.unknown)) == ((), 1)
    b.value["sockets"][0]["greeting"] = {"zmtp": True}
    graph = join([b.record])
    assert [each.name for _, each in graph.processes] == ["java"]
    assert (len(graph.listeners), graph.unknown) == (1, ())


def test_without_the_process_a_greeting_still_tells_the_edge():
    b = Machine("b", "10.0.0.2")
    b.socket(None, "listening", ("0.0.0.0", 5555), greeting={"zmtp": True})
    b.socket(None, "established", ("10.0.0.2", 5555), ("10.0.0.1", 40_000))
    b.socket(None, "established", ("10.0.0.2", 22), ("10.0.0.1", 40_001))
    (edge,) = edges(b)
    assert (edge.server.port, edge.because) == (5555, EdgeBecause.GREETED)
    assert edge.server.why == "no process that could be read holds it"


def test_connections_of_others_are_not_told():
    a = Machine("a").process(10, "sshd", zeromq=False)
    a.socket(10, "established", ("10.0.0.1", 22), ("10.0.0.2", 50_000))
    assert edges(a) == ()
    mixed = client().socket(10, "established", ("10.0.0.1", 41_000), ("10.0.0.9", 5432))
    assert {each.because for each in edges(mixed)} == {EdgeBecause.ONE}


def test_nothing_that_was_not_read_is_whole():
    a = client()
    assert join([a.record]).whole
    a.value["counts"]["memory_unread"] = 1
    assert not join([a.record]).whole
