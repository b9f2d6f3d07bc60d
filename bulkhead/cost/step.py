"""What a change adds to what is paid a month, or saves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bulkhead.cost.month import HOURS, Month
from bulkhead.cost.prices import By, Charged, Price, price_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Of one kind in a Region there were so many, and are so many."""

    charged: Charged
    region: str
    before: int
    after: int

    @property
    def price(self) -> Price | None:
        return price_of(self.charged, self.region)

    @property
    def more(self) -> Decimal | None:
        """USD a month, less than 0 where it saves; None where no price is known."""
        if self.price is None:
            return None
        hours = HOURS if self.price.by is By.HOUR else 1
        return (self.after - self.before) * hours * self.price.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CostStep:
    """What there is more or less of; `gained` and `lost` are charged by the GB."""

    before: Month
    after: Month
    counted: tuple[Counted, ...]
    gained: tuple[Charged, ...]
    lost: tuple[Charged, ...]

    @property
    def more(self) -> Decimal:
        """USD a month, of what has a price."""
        return sum((each.more for each in self.counted if each.more is not None), Decimal(0))

    @property
    def whole(self) -> bool:
        """Whether `more` is all, beside what is charged by the GB."""
        return all(each.price for each in self.counted)


def cost_step(before: Month, after: Month) -> CostStep | None:
    """None where as many of everything are charged for."""
    counted = tuple(_counted(before, after))
    by_gb = [[each.charged for each in side.volumes] for side in (before, after)]
    gained, lost = _only(by_gb[1], by_gb[0]), _only(by_gb[0], by_gb[1])
    if not counted and not gained and not lost:
        return None
    return CostStep(before=before, after=after, counted=counted, gained=gained, lost=lost)


def _counted(before: Month, after: Month) -> Iterator[Counted]:
    was, now = (
        {(line.charged, line.region): line.number for line in side.lines}
        for side in (before, after)
    )
    for charged, region in dict.fromkeys((*was, *now)):
        step = Counted(
            charged=charged,
            region=region,
            before=was.get((charged, region), 0),
            after=now.get((charged, region), 0),
        )
        if step.before != step.after:
            yield step


def _only(these: list[Charged], those: list[Charged]) -> tuple[Charged, ...]:
    return tuple(dict.fromkeys(each for each in these if each not in those))
