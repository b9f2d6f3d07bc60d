"""What happens to one packet, and why: hop by hop, both ways, by a program of its own.

explain(network, source, destination, 6, 5556)
"""

from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Code, Explanation, Hop, Layer

__all__ = ["Code", "Explanation", "Hop", "Layer", "explain"]
