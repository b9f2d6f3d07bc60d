"""Real ZeroMQ on loopback, put together as AWS puts packets together, and read as a flow log."""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict

import pytest
import zmq
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether

from bulkhead.discover.flows import FlowOutcome, OpenedBy
from tests.support.flow_logs import Record

ETH_P_ALL = 3
SO_RCVBUFFORCE = 33
NOBODY = 1
"""A port where nobody waits: the kernel's reset from there is the last packet of the recording."""
OLD, CLIENT, SERVER = "127.41.7.2", "127.41.7.3", "127.41.7.4"
IN_A_VPC = ("127.41.7.", "10.0.0.")
"""Loopback is in no flow log: the addresses are told as ones of a VPC."""
RECORDED = 1 | 2 | 4
"""FIN, SYN, RST; ACK is told with SYN alone (flow-log-records.html, `tcp-flags`)."""


@pytest.mark.integration
def test_edges_of_real_sockets_with_every_packet_and_byte(read):
    with zmq.Context() as context:
        pull = context.socket(zmq.PULL)
        port = pull.bind_to_random_port(f"tcp://{SERVER}")
        before = connected(context, OLD, port)
        say(before, pull)
        with recording() as packets:
            say(before, pull)
            after = connected(context, CLIENT, port)
            say(after, pull)
            with socket.socket() as closed:
                closed.bind((CLIENT, 0))
                assert closed.connect_ex((SERVER, NOBODY)) != 0
        context.destroy(linger=0)
    mine = [each for each in packets if {each.src, each.dst} & {OLD, CLIENT}]
    found = {
        (each.client.address.replace(*reversed(IN_A_VPC)), each.port): each
        for each in read(records(mine)).edges
    }
    assert set(found) == {(OLD, port), (CLIENT, port), (CLIENT, NOBODY)}
    assert found[CLIENT, port].opened_by is OpenedBy.FIRST_PACKET
    assert found[OLD, port].opened_by is OpenedBy.ANSWERED_OTHERS
    assert found[CLIENT, NOBODY].outcome is FlowOutcome.CLOSED
    for (address, at), edge in found.items():
        some = [each for each in mine if address in (each.src, each.dst)]
        some = [each for each in some if at in (each[TCP].sport, each[TCP].dport)]
        assert (edge.packets, edge.size) == (len(some), sum(each.len for each in some))


def connected(context: zmq.Context, address: str, port: int) -> zmq.Socket:
    push = context.socket(zmq.PUSH)
    push.connect(f"tcp://{address}:0;{SERVER}:{port}")
    return push


def say(push: zmq.Socket, pull: zmq.Socket) -> None:
    push.send(b"x" * 100)
    assert pull.poll(10_000)
    pull.recv()


class recording:  # noqa: N801 - reads as `with recording()`
    """Packets from and to `SERVER`, each once though it crosses loopback twice, until the end of
    the block and the reset from `NOBODY`: read as they come, and understood afterwards."""

    def __enter__(self) -> list:
        self.found: list = []
        self.raw: list[bytes] = []
        self.stop = threading.Event()
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.socket.bind(("lo", ETH_P_ALL))
        self.socket.settimeout(0.05)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        return self.found

    def _read(self) -> None:
        server = socket.inet_aton(SERVER)
        reset = NOBODY.to_bytes(2)
        while not self.stop.is_set():
            try:
                data, (_, _, kind, *_) = self.socket.recvfrom(65_535)
            except TimeoutError:
                continue
            if kind != socket.PACKET_OUTGOING and server in data[26:34]:
                self.raw.append(data)
                if data[34:36] == reset and data[47] & 4:
                    return

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.stop.set()
        self.reader.join(30)
        self.stop.set()
        self.socket.close()
        packets = (Ether(each) for each in self.raw)
        self.found += [each[IP] for each in packets if TCP in each]


def records(packets: list) -> list[Record]:
    """One of each direction of each connection at each end, within one interval."""
    together = defaultdict(list)
    for each in packets:
        together[each.src, each.dst, each[TCP].sport, each[TCP].dport].append(each)
    start = int(time.time()) // 60 * 60
    found = []
    for (src, dst, srcport, dstport), some in together.items():
        flags = 0
        for each in some:
            told = int(each[TCP].flags)
            flags |= told & RECORDED | (told & 16 if told & 2 else 0)
        for address, direction in ((src, "egress"), (dst, "ingress")):
            found.append(
                Record(
                    f"eni-{address}",
                    src.replace(*IN_A_VPC),
                    dst.replace(*IN_A_VPC),
                    srcport,
                    dstport,
                    packets=len(some),
                    bytes=sum(each.len for each in some),
                    start=start,
                    flags=flags,
                    direction=direction,
                )
            )
    return found
