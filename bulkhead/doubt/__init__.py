"""The proof, doubted by three opinions that share nothing with it.

    doubts = doubt(network, prove(network))

Two of them answer for every packet: z3 is asked for one that contradicts a
claim (`smt`), and binary decision diagrams hold the very sets of packets
(`bdd`). They were written from docs/model.md, each in its own way, read nothing
but the `Network` and what is claimed of it (`claims`), and quantify over
addresses, not over the prover's classes. The third walks single packets at the
edges of rules (`edges`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulkhead.doubt.answers import Contradiction, Doubts, Opinion, Witness
from bulkhead.doubt.claims import Claims
from bulkhead.doubt.edges import ask_packets
from bulkhead.doubt.proved import claims_of
from bulkhead.network import Network
from bulkhead.problems import InputError, Problem
from bulkhead.prove.reach import Reach

__all__ = ["Contradiction", "Doubts", "Opinion", "Witness", "doubt"]

WITNESSES = 3
PACKETS = 5000


def doubt(
    network: Network,
    reach: Reach,
    *,
    progress: Callable[[str], None] | None = None,
    limit: int = WITNESSES,
    packets: int = PACKETS,
) -> Doubts:
    """Ask every opinion about a proof of this network.

    `limit`: how many witnesses of a contradiction each question may bring.
    `packets`: how many single packets are walked at most.
    """
    say = progress or (lambda _: None)
    found: list[Opinion] = []
    for claims in claims_of(reach):
        found.extend(_exhaustive(network, claims, limit, say))
    edges = ask_packets(network, reach, limit=limit, packets=packets, say=say)
    return Doubts(opinions=(*found, edges))


def _exhaustive(
    network: Network, claims: Claims, limit: int, say: Callable[[str], None]
) -> Iterator[Opinion]:
    try:
        from bulkhead.doubt.bdd import ask_bdds  # noqa: PLC0415 - a proof needs neither
        from bulkhead.doubt.smt import ask_z3  # noqa: PLC0415
    except ImportError as error:
        what, remedy = f"{error.name} is not installed", "pip install 'bulkhead[doubt]'"
        raise InputError([Problem("the doubt", 0, what, remedy)]) from error
    yield ask_z3(network, claims, limit=limit, say=say)
    yield ask_bdds(network, claims, limit=limit, say=say)
