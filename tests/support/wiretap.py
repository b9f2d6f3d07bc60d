"""Captures of real ZeroMQ, taken without a privilege: a relay writes down what it passes on.

    with Tap() as tap:
        port = tap.before(server_port)      # connect there instead
        ...
    tap.write(path)

What it writes are packets as a kernel would have sent them, with a handshake of TCP, numbers and
acknowledgements; `packets` may be dropped, doubled or put in another order before that. Scapy
writes them, so that no reader of ours is held against a writer of ours.
"""

import logging
import selectors
import socket
import threading
from contextlib import suppress

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)

from scapy.layers.inet import IP, TCP  # noqa: E402
from scapy.layers.l2 import Ether  # noqa: E402
from scapy.packet import Raw  # noqa: E402
from scapy.utils import PcapNgWriter, wrpcap  # noqa: E402

CLIENT, SERVER = "10.0.1.7", "10.0.2.9"
MSS = 1_400
CARDS = {"src": "02:00:00:00:00:07", "dst": "02:00:00:00:00:09"}
"""Said, because scapy asks the network for those that are not."""


class Tap:
    """Relays on loopback that note which side said what, in the order in which it came."""

    def __init__(self):
        self.said = []  # (connection, 'client' or 'server', bytes; b'' at the end)
        self.ports = {}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        for each in self._threads:
            each.join(10)

    def before(self, port):
        """A port whose connections go on to this one."""
        listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept, listener, port)
        return listener.getsockname()[1]

    def _start(self, function, *args):
        thread = threading.Thread(target=function, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener, port):
        listener.settimeout(0.05)
        with listener:
            while not self._stop.is_set():
                with suppress(TimeoutError):
                    client, _ = listener.accept()
                    self._start(self._relay, client, socket.create_connection(("127.0.0.1", port)))

    def _relay(self, client, server):
        with self._lock:
            number = len(self.ports)
            self.ports[number] = server.getpeername()[1]
        with client, server, selectors.DefaultSelector() as waiting:
            waiting.register(client, selectors.EVENT_READ, ("client", server))
            waiting.register(server, selectors.EVENT_READ, ("server", client))
            while not self._stop.is_set():
                for key, _ in waiting.select(0.05):
                    side, to = key.data
                    try:
                        data = key.fileobj.recv(65_536)
                        self.said.append((number, side, data))
                        to.sendall(data)
                    except OSError:
                        return
                    if not data:
                        return

    def packets(self, *, around=Ether(**CARDS), client=CLIENT, server=SERVER, ip=IP, ttl=64):  # noqa: B008
        """As scapy's packets, one by one; `around` is what stands around IP."""
        made = {}
        for number, side, data in self.said:
            talk = made.get(number)
            if talk is None:
                talk = made[number] = Talk(
                    around, ip, (client, 40_000 + number), (server, self.ports[number]), ttl
                )
                yield from talk.open()
            yield from talk.say(side, data)


class Talk:
    """One connection of TCP as packets."""

    def __init__(self, around, ip, client, server, ttl=64):
        self._around, self._ip = around, ip
        self._at = {"client": client, "server": server}
        self._next = {"client": 0xFFFF_FF00, "server": 7_000}  # around the end of the numbers
        self._ttl = ttl
        self._over = set()

    def open(self):
        yield self._packet("client", "S")
        self._next["client"] += 1
        yield self._packet("server", "SA")
        self._next["server"] += 1
        yield self._packet("client", "A")

    def say(self, side, data):
        if not data and side not in self._over:
            self._over.add(side)
            yield self._packet(side, "FA")
            self._next[side] += 1
        for at in range(0, len(data), MSS):
            piece = data[at : at + MSS]
            yield self._packet(side, "PA", piece)
            self._next[side] += len(piece)

    def _packet(self, side, flags, data=b""):
        other = "server" if side == "client" else "client"
        (source, sport), (target, dport) = self._at[side], self._at[other]
        hop = {"ttl": self._ttl} if self._ip is IP else {"hlim": self._ttl}
        segment = TCP(
            sport=sport,
            dport=dport,
            flags=flags,
            seq=self._next[side] % 2**32,
            ack=self._next[other] % 2**32 if "A" in flags else 0,
        )
        packet = self._around.copy() / self._ip(src=source, dst=target, **hop) / segment
        return packet / Raw(data) if data else packet


def write(path, packets, *, snaplen=0, ng=False, gz=False, **more):
    """A pcap or a pcapng, with a microsecond between two packets; `snaplen` bytes of each."""
    packets = list(packets)
    for number, each in enumerate(packets):
        each.time = 1_700_000_000 + number / 1_000_000
        if snaplen and len(each) > snaplen:
            cut = each.__class__(bytes(each)[:snaplen])
            cut.time, cut.wirelen = each.time, len(each)
            packets[number] = cut
    if ng:
        with PcapNgWriter(str(path)) as writer:
            writer.write(packets)
    else:
        wrpcap(str(path), packets, gz=gz, **more)
    return path
