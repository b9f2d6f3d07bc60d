"""The first opinion: the model as one formula over the bits of a packet, asked of z3."""

from bulkhead.doubt.smt.opinion import SmtOpinion

__all__ = ["SmtOpinion"]
