"""What writes the page of a verb, for `--html`: imported and drawn where somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulkhead.cli.forms import Page

if TYPE_CHECKING:
    from bulkhead.agree import FlowMatrix
    from bulkhead.compare import Delta
    from bulkhead.plan import Plan
    from bulkhead.prove import Reach
    from bulkhead.report.sheet import Sheet
    from bulkhead.review import Review
    from bulkhead.sources import Source


def of_network(
    source: Source, reach: Reach, planned: Plan | None = None, flows: FlowMatrix | None = None
) -> Page:
    """One network as it was proved, beside what a plan declares; with `flows` as it was drilled."""
    declared = planned or source.plan

    def written(sheet: Sheet) -> str:
        from bulkhead.report.html import of_network as page  # noqa: PLC0415

        return page(
            sheet,
            reach,
            title=source.plan.topology if source.plan else f"what {source.label} holds",
            declaration=declared.declaration if declared else None,
            purposes=declared.purposes if declared else {},
            flows=flows,
        )

    return written


def of_two(before: Source, after: Source, told: Delta | Review) -> Page:
    """A change from one to the other, of which a comparison or a review told."""

    def written(sheet: Sheet) -> str:
        from bulkhead.report.html import of_two as page  # noqa: PLC0415

        plans = [each.plan for each in (before, after) if each.plan]
        return page(
            sheet,
            before.network,
            after.network,
            told.changes,
            by_place=told.by_place,
            title=f"from {before.label} to {after.label}",
            purposes={name: text for each in plans for name, text in each.purposes.items()},
        )

    return written


def of_entries(sheet: Sheet) -> str:
    """What was found, and nothing drawn beside it."""
    from bulkhead.report.html import page  # noqa: PLC0415

    return page(sheet)
