"""What a comment says fits where it goes, and a stranger's text can do nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.forge.body import fitted, framed, length, of_strangers
from bulkhead.forge.marker import Marker, marked
from bulkhead.report.markdown.budget import COMMENT_LIMIT, FRAMED

MARKER = Marker(key="review", head="a" * 40, run=(50, 2), at=datetime(2026, 11, 30, 12, tzinfo=UTC))


@example(key="\udcff", run=None)
@given(key=st.text(max_size=40), run=st.none() | st.tuples(st.integers(0, 10**12), st.just(3)))
def test_a_marker_is_read_as_it_was_written(key, run):
    marker = replace(MARKER, key=key, run=run)
    said = str(marker)
    assert "\n" not in said
    assert "--" not in said[4:-3]
    assert marked(f"{said}\r\ntext") == marker


def test_a_marker_knows_the_second_that_it_writes():
    late = MARKER.at.replace(microsecond=999_999)
    assert marked(str(replace(MARKER, at=late))) == replace(MARKER, at=late)


@pytest.mark.parametrize(
    "body",
    ["", "text", f"text\n{MARKER}", f"> {MARKER}", str(MARKER).replace("-30T", "-31T")],
)
def test_what_is_no_first_line_of_ours_is_no_marker(body):
    assert marked(body) is None


@given(
    lines=st.lists(
        st.sampled_from(
            [
                "a line of text",
                "<details>",
                "</details>",
                "```",
                "````diff",
                "| a | b |",
                "",
                "😀" * 9,
            ]
        ),
        max_size=60,
    ),
    room=st.integers(150, 400),
)
def test_a_text_that_is_cut_fits_and_closes_what_it_opened(lines, room):
    text = "\n".join(lines)
    cut = fitted(text, room)
    assert length(cut) <= room
    if cut != text:
        assert "Cut here" in cut.splitlines()[-1]


def test_the_verdict_and_the_marker_survive_whatever_is_cut():
    text = "**2 flows opened**\n\n<details>\n\n```diff\n" + "+ a flow\n" * 20_000
    body = framed(MARKER, text, longest=65_536)
    assert length(body) <= 65_536
    assert marked(body) == MARKER
    assert "**2 flows opened**" in body
    assert "\n```\n</details>" in body


def test_a_review_that_is_as_long_as_it_may_be_is_not_cut():
    marker = replace(MARKER, key="a/long/way/to/" * 20 + "topology.yaml", run=(10**12, 99))
    body = framed(marker, "x" * FRAMED, longest=COMMENT_LIMIT)
    assert length(body) <= COMMENT_LIMIT
    assert "Cut here" not in body


def test_a_line_longer_than_everything_leaves_the_frame():
    body = framed(MARKER, "x" * 100_000, longest=65_536)
    assert marked(body) == MARKER
    assert length(body) <= 65_536


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("ping @everyone and @org/team", "@e"),
        ("![x](https://example.test/pixel.png)", "]("),
        ("[click][1]\n\n[1]: https://example.test", "]["),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("<a href=//example.test>ok</a>", "<a"),
        ("<details open ontoggle=x>", "<details open"),
        (f"{MARKER}\nours", "bulkhead-review"),
        ("<!-- never closed", "<!--"),
        ("see https://example.test and www.example.test", "://"),
        ("see www.example.test", "www."),
        ("fixes #12 and other/shop#3", "#1"),
        ("&#64;org/team &#x40;org &commat;org", "&#"),
        ("&commat;org", "&commat;"),
        ("fine\n/merge now", "\n/merge"),
        ("fine\r /approve", " /approve"),
    ],
)
def test_a_strangers_text_calls_loads_and_links_nothing(text, never):
    assert never not in of_strangers(text)


def test_a_review_that_comes_from_another_job_is_still_readable():
    text = "**1 flow opened**\n\n<details><summary>how</summary>\n\n| a -&gt; b | c |\n</details>"
    assert of_strangers(text) == text
