"""Network -> what every endpoint can reach, over all packets, both directions.

    reach = prove(network)                          every cell, decided
    explain(network, source, destination, 6, 5556)  one cell, hop by hop, by a second program
    judge(network, flows, expectations)             exactly what was declared, or findings
    matrix(reach)                                   senders by sockets
    resolve(network, "ticker")                      what a word means here

One definition of the verdicts serves all protocols: a cell is allowed when the
reply returns, for udp as for tcp (a one-way datagram needs less).

Outside the cells: link-local services, which no rule can hold back; what a host
with its source/destination check switched off forwards for others; senders
behind a VPN connection or an internet gateway that forge addresses which lead
nowhere (no reply would return).
"""

from bulkhead.prove.declared import label
from bulkhead.prove.endpoints import Endpoint, EndpointKind
from bulkhead.prove.explain import explain
from bulkhead.prove.findings import Finding, FindingKind, Judgement, Residue, RuleRef, traffic
from bulkhead.prove.hops import Code, Explanation, Hop, Layer
from bulkhead.prove.judge import judge
from bulkhead.prove.matrix import PARTLY, Column, Entry, Matrix, Row, matrix
from bulkhead.prove.reach import OTHER_PROTOCOL, Cell, Reach, describe, prove
from bulkhead.prove.reprove import reprove
from bulkhead.prove.resolve import listeners, resolve, resolve_among
from bulkhead.prove.strays import strays

__all__ = [
    "OTHER_PROTOCOL",
    "PARTLY",
    "Cell",
    "Code",
    "Column",
    "Endpoint",
    "EndpointKind",
    "Entry",
    "Explanation",
    "Finding",
    "FindingKind",
    "Hop",
    "Judgement",
    "Layer",
    "Matrix",
    "Reach",
    "Residue",
    "Row",
    "RuleRef",
    "describe",
    "explain",
    "judge",
    "label",
    "listeners",
    "matrix",
    "prove",
    "reprove",
    "resolve",
    "resolve_among",
    "strays",
    "traffic",
]
