"""What does a Network cost a month, and what does it cost in speed?

found = month(network, PaidBeside(logging=..., keys_in_secrets=True))
found.lines                      what is charged by the hour or the month, each with its price
found.volumes                    what is charged by the GB: no plan knows how many
found.total, found.unpriced      the sum of what has a price, and what has none
ceilings(network, flows)         what is known to be no faster than that
"""

from bulkhead.cost.ceilings import Ceiling, ceilings
from bulkhead.cost.month import HOURS, NOTHING, ChargedLine, Month, PaidBeside, Volume, month
from bulkhead.cost.prices import CURRENCY, Charged, Price, PriceSource, price_of
from bulkhead.cost.step import CostStep, cost_step

__all__ = [
    "CURRENCY",
    "HOURS",
    "NOTHING",
    "Ceiling",
    "Charged",
    "ChargedLine",
    "CostStep",
    "Month",
    "PaidBeside",
    "Price",
    "PriceSource",
    "Volume",
    "ceilings",
    "cost_step",
    "month",
    "price_of",
]
