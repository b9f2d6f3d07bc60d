"""One capture as a kernel makes it: packets of loopback, with its segments and its offloading."""

import socket
import struct
import threading
import time

import pytest

from bulkhead.discover.wire import Opener, read_captures
from tests.support import peers

ETH_P_ALL = 3


@pytest.mark.integration
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_capture_of_loopback_shows_what_was_said_there(tmp_path, address):
    stop = threading.Event()
    path = tmp_path / "lo.pcap"
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as packets:
        packets.bind(("lo", ETH_P_ALL))
        packets.settimeout(0.05)
        reader = peers.in_thread(capture, packets, path, stop)
        with peers.context() as made:
            said = {
                peers.talk(made, ("DEALER", "ROUTER"), each, lambda port: port, address): each
                for each in peers.MECHANISMS
            }
        stop.set()
        reader.join(10)
    found = {each.server.port: each for each in read_captures([path]).connections}
    for (port, sent), mechanism in said.items():
        connection = found[port]
        assert (connection.mechanism, connection.opened) == (mechanism, Opener.SYN)
        assert connection.agreed
        assert connection.client.address == address
        shown = connection.client.shown
        # Every packet crosses loopback twice, and counts once.
        assert sent == (shown.sealed if mechanism == "CURVE" else shown.messages)


def capture(packets, path, stop):
    """Write what comes as a pcap of Ethernet."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1))
        while True:
            try:
                data = packets.recv(65_535)
            except TimeoutError:
                if stop.is_set():
                    return
                continue
            seconds, fraction = divmod(time.time_ns(), 1_000_000_000)
            file.write(struct.pack("<IIII", seconds, fraction // 1_000, len(data), len(data)))
            file.write(data)
