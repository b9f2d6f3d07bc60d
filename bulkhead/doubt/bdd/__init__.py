"""The second opinion: sets of packets as binary decision diagrams, pushed through a graph.

A packet is a row of bits (`sets`); the network says which of them mean what
(`space`). A `flood` is pushed from stop to stop: `setting_out` starts it,
`pushing` moves it on, `replies` does the same for the way back, `verdicts`
counts up both; `opinion` compares that with the claims of a proof.
"""

from bulkhead.doubt.bdd.opinion import ask_bdds

__all__ = ["ask_bdds"]
