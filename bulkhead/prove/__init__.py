"""Network -> what every endpoint can reach, over all packets, both directions.

    reach = prove(network)          every cell, decided
    matrix(reach)                   senders by sockets
    ask(reach, Question(to=...))    what reaches what, by the words of a person, also by hops

One definition of the verdicts serves all protocols: a cell is allowed when the
reply returns, for udp as for tcp (a one-way datagram needs less).

Outside the cells: link-local services, which no rule can hold back; what a host
with its source/destination check switched off forwards for others; senders
behind a VPN connection or an internet gateway that forge addresses which lead
nowhere (no reply would return).
"""

from bulkhead.prove.columns import PARTLY, Column, Row, Summary, row_of
from bulkhead.prove.matrix import Matrix, matrix
from bulkhead.prove.question import ALL_HOPS, ByHops, Direct, Nowhere, Question, ask
from bulkhead.prove.reach import Cell, Reach, prove
from bulkhead.prove.reprove import reprove

__all__ = [
    "ALL_HOPS",
    "PARTLY",
    "ByHops",
    "Cell",
    "Column",
    "Direct",
    "Matrix",
    "Nowhere",
    "Question",
    "Reach",
    "Row",
    "Summary",
    "ask",
    "matrix",
    "prove",
    "reprove",
    "row_of",
]
