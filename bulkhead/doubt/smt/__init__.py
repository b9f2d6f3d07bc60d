"""The first opinion: the model as one formula over the bits of a packet, asked of z3.

A packet is six bit vectors (`terms`); the network gives numbers to compare them
with (`encoding`). `setting_out` and `leaving` say what must hold for it to
arrive, `replies` the same for the way back, `verdicts` both together;
`opinion` holds the claims of a proof against that.
"""

from bulkhead.doubt.smt.opinion import ask_z3

__all__ = ["ask_z3"]
