"""Is what was measured what was proved? Declared, proved and measured, side by side.

    comparison = hold(drill, reach)                  every measurement against the proof
    tabulate(reach, declaration, comparison)         every sender with every socket
    Drilled(comparison=..., judgement=..., ...).ok   the whole answer of a drill

All that it needs of a judgement is whether it is yes.
"""

from bulkhead.agree.comparison import Comparison, Disagreement, Fit, Prober, hold
from bulkhead.agree.drilled import Conclusion, Drilled
from bulkhead.agree.table import FlowMatrix, Pair, Status, tabulate

__all__ = [
    "Comparison",
    "Conclusion",
    "Disagreement",
    "Drilled",
    "Fit",
    "FlowMatrix",
    "Pair",
    "Prober",
    "Status",
    "hold",
    "tabulate",
]
