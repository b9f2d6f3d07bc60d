"""docs/cost.md shows what is printed, and the table that is used."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from bulkhead.cost import NOTHING, Charged, ChargedLine, Month, cost_step
from bulkhead.cost.prices import PRICES
from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.report.cost import cost_line, cost_table, cost_title

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cost.md").read_text()


@pytest.fixture
def planned(tmp_path):
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
    (path := tmp_path / "lab.yaml").write_text(shown)
    return plan(load(path))


def test_the_example_is_what_is_printed(planned):
    text = io.StringIO()
    console = Console(file=text, width=110, markup=False, highlight=False)
    console.print(Text(cost_title(planned.month)))
    console.print(cost_table(planned.month))
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.M | re.S)
    assert [each.rstrip() for each in text.getvalue().splitlines()] == shown.splitlines()


def test_every_price_is_on_the_page_with_its_source():
    rows = {
        f"| {each.region} | {each.charged} | {each.amount} | {each.by} | {each.source.read} "
        f"| {each.source.basis} ([page]({each.source.page})) |"
        for each in PRICES
    }
    assert rows == set(re.findall(r"^\| [a-z]+-[a-z]+-\d \|.*\|$", PAGE, re.M))


def test_where_all_is_free_it_says_so():
    assert cost_title(NOTHING).endswith(": 0.00 USD")
    assert str(cost_table(NOTHING)).strip() == "all that is planned is free"


def test_what_has_no_price_at_all_is_no_zero():
    line = ChargedLine(charged=Charged.VPN, region="mx", number=1, names=("a",), price=None)
    only = Month(lines=(line,))
    assert cost_title(only).endswith(": no price known")
    assert cost_line(cost_step(NOTHING, only)) == (
        "cost a month: no price known (VPN connection 0 -> 1: no price known)"
    )
