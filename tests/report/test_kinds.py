"""Every kind of entry has an id that stays, and docs/reports.md says what it means."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from bulkhead.report import sheets
from bulkhead.report.spreadsheet import COLUMNS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## Kinds")[2]
MODULES = [
    import_module(f"{sheets.__name__}.{each.name}")
    for each in pkgutil.iter_modules(sheets.__path__)
]
KINDS = [kind for module in MODULES for kind in getattr(module, "ALL_KINDS", ())]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_is_on_the_page_with_its_severity_and_remedy(kind):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.id)
    row = f"| `{kind.id}` | [a-z, ]+ | {kind.severity} | {re.escape(kind.title)} | "
    assert re.search(rf"^{row}{re.escape(kind.remedy or 'nothing')} \|$", TABLE, re.MULTILINE)


def test_no_two_kinds_have_one_id_and_the_page_has_no_other():
    ids = [kind.id for kind in dict.fromkeys(KINDS)]
    assert len(set(ids)) == len(ids)
    assert set(
        re.findall(r"^\| `([a-z0-9-]+)` \| [a-z, ]+ \| [a-z]+ \|", TABLE, re.MULTILINE)
    ) == set(ids)


def test_the_page_names_the_columns_of_the_csv():
    for column in COLUMNS:
        assert f"`{column}`" in PAGE
