"""The second opinion: sets of packets as binary decision diagrams, pushed through a graph."""

from bulkhead.doubt.bdd.opinion import BddOpinion

__all__ = ["BddOpinion"]
