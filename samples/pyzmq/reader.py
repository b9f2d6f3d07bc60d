"""Subscribes to EURUSD, says the first price, and ends."""

from __future__ import annotations

from bulkhead_sockets import asked, sockets_of


def main() -> None:
    """The program `reader` of topology.yaml."""
    words = asked(__doc__)
    with sockets_of(words.settings, keys=words.keys, place=words.place) as opened:
        ticks = opened["ticks"]
        ticks.subscribe("EURUSD")
        name, price = ticks.recv_multipart()
        print(name.decode(), price.decode(), flush=True)


if __name__ == "__main__":
    main()
