"""What is paid, in documents: amounts are text, so that nothing is rounded on the way."""

from __future__ import annotations

from bulkhead.cost import CURRENCY, HOURS, CostStep, Month, Price
from bulkhead.report.documents.writing import Document


def cost(month: Month) -> Document:
    """A month of a network."""
    return {
        "currency": CURRENCY,
        "hours": HOURS,
        "total": f"{month.total:.2f}",
        "whole": month.whole,
        "lines": [
            {
                "charged": each.charged,
                "region": each.region,
                "number": each.number,
                "names": list(each.names),
                "month": None if each.month is None else f"{each.month:.2f}",
                "price": _price(each.price),
            }
            for each in month.lines
        ],
        "by_gb": [
            {"charged": each.charged, "region": each.region, "price": _price(each.price)}
            for each in month.volumes
        ],
        "at_least": list(month.at_least),
    }


def cost_step(step: CostStep | None) -> Document | None:
    """What a change adds, or saves."""
    if step is None:
        return None
    return {
        "currency": CURRENCY,
        "before": f"{step.before.total:.2f}",
        "after": f"{step.after.total:.2f}",
        "more": f"{step.more:.2f}",
        "whole": step.whole,
        "lines": [
            {
                "charged": each.charged,
                "region": each.region,
                "before": each.before,
                "after": each.after,
                "more": None if each.more is None else f"{each.more:.2f}",
                "price": _price(each.price),
            }
            for each in step.counted
        ],
        "by_gb": {"new": list(step.gained), "gone": list(step.lost)},
    }


def _price(price: Price | None) -> Document | None:
    if price is None:
        return None
    return {
        "amount": str(price.amount),
        "by": price.by,
        "page": price.source.page,
        "read": str(price.source.read),
        "basis": price.source.basis,
    }
