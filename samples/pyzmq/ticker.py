"""Publishes one tick to everybody who subscribes, until it has done so `--times`."""

from __future__ import annotations

from bulkhead_sockets import asked, sockets_of


def main() -> None:
    """The program `ticker` of topology.yaml."""
    words = asked(__doc__)
    with sockets_of(words.settings, keys=words.keys, place=words.place) as opened:
        ticks = opened["ticks"]
        print("bound", flush=True)
        for _ in range(words.times):
            subscription = ticks.recv()  # an XPUB hears who subscribes: nobody misses the first
            ticks.send_multipart([subscription[1:], b"1.0832"])


if __name__ == "__main__":
    main()
