"""The proof, doubted by three opinions that share nothing with it.

    doubts = doubt(network, prove(network))

Two of them answer for every packet: z3 is asked for one that contradicts a
claim (`smt`), and binary decision diagrams hold the very sets of packets
(`bdd`). They were written from docs/model.md, each in its own way, read nothing
but the `Network`, and quantify over addresses, not over the prover's classes.
The third walks single packets at the edges of rules (`edges`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulkhead.doubt.answers import Disagreement, Doubts, Opinion, Packet
from bulkhead.doubt.claims import Claims, claims_of
from bulkhead.doubt.edges import EdgeOpinion
from bulkhead.network import Network
from bulkhead.problems import InputError, Problem
from bulkhead.prove.reach import Reach

__all__ = ["Disagreement", "Doubts", "Opinion", "Packet", "doubt"]

WITNESSES = 3
PACKETS = 5000
WALKING = 20.0
"""Seconds for walking single packets."""


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
    edges = EdgeOpinion(network, reach, limit=limit, packets=packets, seconds=WALKING)
    return Doubts(opinions=(*found, edges.ask(say)))


def _exhaustive(
    network: Network, claims: Claims, limit: int, say: Callable[[str], None]
) -> Iterator[Opinion]:
    try:
        from bulkhead.doubt.bdd import BddOpinion  # noqa: PLC0415 - a proof needs neither
        from bulkhead.doubt.smt import SmtOpinion  # noqa: PLC0415
    except ImportError as error:
        what, remedy = f"{error.name} is not installed", "pip install 'bulkhead[doubt]'"
        raise InputError([Problem("the doubt", 0, what, remedy)]) from error
    yield SmtOpinion(network, claims, limit=limit).ask(say)
    yield BddOpinion(network, claims, limit=limit).ask(say)
