"""A delta in a comment: the verdict survives whatever the size, and names cannot write markup."""

import re

import pytest

from bulkhead.compare import Cause, CauseKind, Change, ChangeKind, Delta, Effect, Fate
from bulkhead.ends import EndpointKind, Label
from bulkhead.explain.hops import Layer
from bulkhead.network import PortRange, Verdict
from bulkhead.report.delta import verdict
from bulkhead.report.markdown.delta import COMMENT_LIMIT
from bulkhead.report.markdown.delta import delta as markdown


def change(source="web", to="store", **more):
    known = {
        "kind": ChangeKind.CLOSED,
        "source": Label(EndpointKind.INTERFACE, (source,)),
        "destination": Label(EndpointKind.INTERFACE, (to,)),
        "socket": None,
        "exposed": (),
        "protocol": 6,
        "ports": (PortRange(5556, 5556),),
        "before": Verdict.ALLOWED,
        "after": Verdict.DENIED,
        "hosts": 1,
        "of_hosts": 1,
        "example": (source, to),
        "example_ids": (source, to),
        "causes": (
            Cause(
                kind=CauseKind.GONE,
                layer=Layer.GROUP_INGRESS,
                component="sg-store",
                rule="tcp 5556 from sg-web",
            ),
        ),
        "effect": Effect(fate=Fate.LIVES_ON, seconds=350, why="store tracks them"),
    }
    return Change(**known | more)


def delta(*changes):
    return Delta(changes=changes, unchanged=7)


def test_the_verdict_counts_each_kind_in_one_sentence():
    opened = change(kind=ChangeKind.OPENED, before=Verdict.DENIED, after=Verdict.ALLOWED)
    assert verdict("a", "b", delta(opened, change(), change())) == (
        "3 flows differ from a to b: 1 opened, 2 closed; 7 unchanged."
    )
    assert verdict("a", "b", delta()).startswith("No flow differs")


def test_nothing_but_the_verdict_where_nothing_differs():
    assert len(markdown("a", "b", delta()).splitlines()) == 2


def test_a_closed_flow_whose_connections_stay_is_said_before_the_table():
    text = markdown("a", "b", delta(change()))
    assert text.index("live on until they are idle") < text.index("| from |")


@pytest.mark.parametrize("limit", [1_500, 5_000, COMMENT_LIMIT])
@pytest.mark.parametrize("number", [1, 50, 5_000])
def test_a_comment_keeps_its_limit_and_gives_up_details_before_rows(limit, number):
    changes = [change(source=f"client-{each}") for each in range(number)]
    text = markdown("a", "b", delta(*changes), limit)
    assert len(text) <= limit
    assert f"{number} flow" in text
    assert text.count("<details>") == text.count("</details>")
    rows, explained = text.count("| **closed** |"), text.count("gone: tcp 5556")
    assert rows >= explained
    if rows < number:
        assert f"left out for want of space: {number - rows}" in text


def test_what_strangers_may_do_is_folded_away():
    stranger = Label(EndpointKind.STRANGER, ("front",))
    text = markdown("a", "b", delta(change(), change(source="x", destination=stranger)))
    assert text.index("any host in front") > text.index("hosts in no security group")


def test_a_name_from_a_tag_cannot_write_markup():
    evil = "</details> **x** | `y` [z](javascript:1) @team #12\n# title"
    text = markdown("a", "b", delta(change(source=evil)))
    row = next(line for line in text.splitlines() if "**closed**" in line)
    assert "<" not in row
    assert not re.search(r"@\w|(?<!&)#\d", row)
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    assert text.count("</details>") == 1
