"""Real ZeroMQ of every pair of types and every mechanism, once for all tests of captures."""

from dataclasses import dataclass

import pytest

from bulkhead.discover.wire import read_captures
from tests.support import peers, wiretap


@dataclass(frozen=True)
class Tapped:
    """What was relayed, and by the port of its server what it was."""

    tap: wiretap.Tap
    was: dict[int, tuple[tuple[str, str], str, int]]  # types, mechanism, messages of the client

    def only(self, port):
        """The pieces of one connection, each with who said it."""
        (number,) = (each for each, to in self.tap.ports.items() if to == port)
        return [(side, data) for each, side, data in self.tap.said if each == number and data]

    def port(self, types, mechanism):
        return next(port for port, was in self.was.items() if was[:2] == (types, mechanism))


@pytest.fixture(scope="session")
def tapped():
    was = {}
    with wiretap.Tap() as tap, peers.context() as made:
        for mechanism in peers.MECHANISMS:
            for types in peers.PAIRS:
                port, sent = peers.talk(made, types, mechanism, tap.before)
                was[port] = types, mechanism, sent
    return Tapped(tap, was)


@pytest.fixture(scope="session")
def packets(tapped):
    return list(tapped.tap.packets())


@pytest.fixture(scope="session")
def seen(packets, tmp_path_factory):
    return read_captures([wiretap.write(tmp_path_factory.mktemp("pcap") / "all.pcap", packets)])
