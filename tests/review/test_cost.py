"""What a change adds to a month is said in one line, wherever a review is told."""

import json
from dataclasses import replace
from io import StringIO

from rich.console import Console

from bulkhead.network import Network
from bulkhead.report.documents.review import review as document
from bulkhead.report.markdown.review import review as comment
from bulkhead.report.review import print_review
from bulkhead.report.sheets.review import COST
from bulkhead.report.sheets.review import review as sheet
from bulkhead.review import Version, failing, review

ANOTHER = """
  mill:
    cidrs: [192.168.20.0/24]
    gateway: { address: 203.0.113.20 }
"""
SITES = ("sites:\n", f"sites:{ANOTHER}")
LINE = "cost a month: +44.20 USD (VPN connection 1 -> 2: +36.50; public IPv4 address 2 -> 4: +7.30"


def test_a_second_site_is_told_with_what_it_adds_in_every_form(edited):
    sides = edited(SITES)
    found = review(*sides)
    text = StringIO()
    print_review(Console(file=text, width=400, markup=False, highlight=False), found, ())
    assert LINE in text.getvalue()
    assert LINE.replace("->", "-&gt;") in comment(found, ())
    said = json.loads(json.dumps(document(found, (), ())))["cost"]
    assert (said["before"], said["after"], said["more"]) == ("44.20", "88.40", "44.20")
    (entry,) = [each for each in sheet(found, sides).entries if each.kind is COST]
    assert entry.message.startswith(LINE)
    assert not failing(replace(found, flows=(), past_groups=(), replacements=()))


def test_the_way_back_saves_as_much(edited):
    base, head = edited(SITES)
    assert review(head, base).cost.more == -review(base, head).cost.more


def test_where_nothing_of_that_kind_changes_nothing_is_said(edited):
    found = review(*edited(("takes orders in", "takes more orders in")))
    assert found.cost is None
    assert document(found, (), ())["cost"] is None


def test_a_topology_that_is_new_costs_all_of_it(edited):
    _, head = edited()
    assert review(Version(label="nothing", network=Network()), head).cost.more == head.month.total


def test_of_what_is_no_plan_nobody_knows_what_it_costs(edited):
    base, head = edited(SITES)
    assert review(replace(base, month=None), head).cost is None
