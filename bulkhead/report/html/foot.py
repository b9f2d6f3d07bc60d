"""Where an answer comes from: when it was read, of which account, by which version, from what."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.network.provenance import Provenance
from bulkhead.report.html.markup import Child, Markup, element, joined
from bulkhead.report.sheet import Sheet


def when(sheet: Sheet) -> Markup | None:
    """In one line, below the verdict."""
    found = sheet.provenance
    if found is None:
        return None
    parts = [f"read {found.time:%Y-%m-%d %H:%M} UTC"]
    if found.accounts:
        parts.append(f"account {', '.join(found.accounts)}")
    if found.regions:
        parts.append(", ".join(found.regions))
    return element("p", "; ".join(parts), class_="when")


def foot(sheet: Sheet) -> Markup:
    """Everything that makes it evidence."""
    facts = list(_facts(sheet, sheet.provenance))
    listed = element(
        "dl", *(joined(element("dt", term), element("dd", what)) for term, what in facts)
    )
    closed = "This page is one file: it loads nothing, and sends nothing anywhere."
    return element("footer", element("h2", "Where this comes from"), listed, element("p", closed))


def _facts(sheet: Sheet, found: Provenance | None) -> Iterator[tuple[str, Child]]:
    yield "asked", element("code", f"bulkhead {sheet.verb} {sheet.subject}")
    if found is None:
        return
    yield "read at", f"{found.time:%Y-%m-%d %H:%M:%S} UTC"
    yield "accounts", ", ".join(found.accounts) or "none named by this source"
    yield "Regions", ", ".join(found.regions) or "none named by this source"
    yield "version", f"bulkhead {found.version}"
    if found.digests:
        lines = (
            element("li", each.name, " ", element("code", f"sha256:{each.sha256}"))
            for each in found.digests
        )
        many = f"{len(found.digests)} read"
        yield "digests", element("details", element("summary", many), element("ul", *lines))
