"""Is what was measured what was proved? Declared, proved and measured, side by side.

    comparison = hold(drill, reach)                  every measurement against the proof
    tabulate(reach, declaration, comparison)         every sender with every socket
    Drilled(comparison=..., judgement=..., ...).ok   the whole answer of a drill

What it needs of a judge is only whether he says yes.
"""

from bulkhead.agree.comparison import Comparison, Disagreement, Fit, Prober, hold
from bulkhead.agree.drilled import Drilled, Outcome
from bulkhead.agree.table import FlowMatrix, Pair, Status, tabulate

__all__ = [
    "Comparison",
    "Disagreement",
    "Drilled",
    "Fit",
    "FlowMatrix",
    "Outcome",
    "Pair",
    "Prober",
    "Status",
    "hold",
    "tabulate",
]
