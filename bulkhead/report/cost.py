"""What a network costs, in words: a month of it, and what a change adds or saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bulkhead.cost import CURRENCY, HOURS, Ceiling, CostStep, Month, Price

NO_PRICE = "no price known"


def money(amount: Decimal) -> str:
    """'1,234.50'."""
    return f"{amount:,.2f}"


def cost_title(month: Month) -> str:
    """'Cost a month, beside what is charged by the GB: at least 44.20 USD'."""
    total = f"{money(month.total)} {CURRENCY}"
    sure = total if month.whole else f"at least {total}" if month.total else NO_PRICE
    return f"Cost a month, beside what is charged by the GB: {sure}"


def cost_table(month: Month) -> RenderableType:
    """A line for each kind, then what is charged by the GB, then where the prices are from."""
    if not (month.lines or month.volumes or month.at_least):
        return Text("  all that is planned is free")
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim", show_edge=False)
    for column in ("what", "of", "number", "price", f"{CURRENCY} a month"):
        right = column in ("number", f"{CURRENCY} a month")
        table.add_column(column, overflow="fold", justify="right" if right else "left")
    for line in month.lines:
        table.add_row(
            line.charged,
            ", ".join(line.names),
            str(line.number),
            _price(line.price, line.region),
            "?" if line.month is None else money(line.month),
        )
    for volume in month.volumes:
        table.add_row(volume.charged, "", "", _price(volume.price, volume.region), "by the GB")
    return Group(table, *(Text(f"  {line}", "dim") for line in _beneath(month)))


def _price(price: Price | None, region: str) -> str:
    if price is None:
        return f"{NO_PRICE} in {region or 'a Region that nobody knows'}"
    return f"{price.amount} the {price.by}"


def _beneath(month: Month) -> Iterator[str]:
    for why in month.at_least:
        yield f"there may be more: {why}"
    if prices := month.prices:
        days = sorted({each.source.read for each in prices})
        read = f"{days[0]} to {days[-1]}" if len(days) > 1 else f"{days[0]}"
        pages = ", ".join(dict.fromkeys(each.source.page for each in prices))
        yield f"list prices, read {read}, of months of {HOURS} hours: {pages}"
    for each in month.prices:
        if not each.source.of_the_region:
            yield f"{each.charged}, {each.amount}: {each.source.basis}"


def ceiling_lines(known: Iterable[Ceiling]) -> Iterator[str]:
    """A line for each thing, with all that is said of it."""
    for of, several in groupby(known, lambda each: each.of):
        yield f"  {of}: {'; '.join(each.says for each in several)}"


def cost_line(step: CostStep) -> str:
    """'cost a month: +43.80 USD (VPN connection 1 -> 2: +36.50, …)'."""
    parts = [
        f"{each.charged} {each.before} -> {each.after}: "
        + (NO_PRICE if each.more is None else signed(each.more))
        for each in step.counted
    ]
    parts += [f"by the GB, new: {each}" for each in step.gained]
    parts += [f"by the GB, no longer: {each}" for each in step.lost]
    total = f"{signed(step.more)} {CURRENCY}{'' if step.whole else ' and what has no price'}"
    if not step.whole and not any(each.more for each in step.counted):
        total = NO_PRICE
    return f"cost a month: {total} ({'; '.join(parts)})"


def signed(amount: Decimal) -> str:
    """'+36.50', '-8.03', '0.00'."""
    return f"{amount:+,.2f}" if amount else money(amount)
