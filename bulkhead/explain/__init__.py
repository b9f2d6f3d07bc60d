"""What happens to one packet, and why: hop by hop, both ways, by a program of its own.

said = explain(network, source, destination, 6, 5556)
explain_public(…)          the same to a public address of what is here: out, and in again
answer(network, said)      with what would open it, what carries it alone, how long it lasts
"""

from bulkhead.explain.answer import Answer, answer
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Code, Explanation, Hop, Layer
from bulkhead.explain.public import explain_public
from bulkhead.explain.rules import RuleRef

__all__ = [
    "Answer",
    "Code",
    "Explanation",
    "Hop",
    "Layer",
    "RuleRef",
    "answer",
    "explain",
    "explain_public",
]
