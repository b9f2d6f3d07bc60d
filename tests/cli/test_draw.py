"""`bulkhead draw` and `bulkhead prove --markdown`: for people, on the pipe or in a file."""

import sys
import xml.etree.ElementTree as ElementTree

import pytest

from bulkhead.intent import load
from bulkhead.intent.document import read_bytes
from bulkhead.plan import plan
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write


def test_the_picture_of_a_topology_is_svg_with_its_segments_purposes(ask, trading):
    answer = ask("draw", trading)
    assert answer.code == 0
    assert ElementTree.fromstring(answer.out).tag.endswith("svg")  # noqa: S314 - our own output
    assert "takes market data in and hands it out" in answer.out
    assert answer.out == ask("draw", trading).out


def test_a_picture_goes_to_a_file(ask, trading, tmp_path):
    answer = ask("draw", trading, "--format", "mermaid", "-o", tmp_path / "trading.mmd")
    assert (answer.code, answer.out) == (0, "")
    assert (tmp_path / "trading.mmd").read_text().startswith("flowchart LR\n")


def test_only_one_segment(ask, trading):
    everything = ask("draw", trading, "--format", "mermaid").out
    part = ask("draw", trading, "--format", "mermaid", "--only", "archive").out
    assert '"recorder"' in part
    assert '"limits"' in everything
    assert '"limits"' not in part


def test_an_unknown_name_and_a_file_that_cannot_be_written_are_said(ask, trading, tmp_path):
    answer = ask("draw", trading, "--only", "archve")
    assert answer.code == 2
    assert "no segment, service, site or VPC here is called archve" in answer.err
    assert "did you mean archive" in answer.err
    answer = ask("draw", trading, "-o", tmp_path / "nowhere" / "a.svg")
    assert answer.code == 2
    assert "cannot be written: No such file or directory" in answer.err


def test_where_too_much_is_open_places_are_drawn_and_a_part_is_not(ask, trading, monkeypatch):
    monkeypatch.setattr("bulkhead.prove.overview.MOST_MARKS", 5)
    answer = ask("draw", trading, "--format", "mermaid")
    assert answer.code == 0
    assert "summed up by place" in answer.out
    part = ask("draw", trading, "--only", "archive")
    assert part.code == 2
    assert f"bulkhead reach {trading} --to archive" in part.err


def test_prove_as_markdown(ask, trading):
    answer = ask("prove", trading, "--markdown")
    assert answer.code == 0
    assert "**As declared**, over all packets: 13 flows open, nothing else." in answer.out
    assert "| `broker.out` | tcp 5562 |" in answer.out
    assert ask("prove", trading, "--markdown", "--json").code == 2


def test_prove_as_markdown_gives_the_verdict_of_check(ask, trading):
    trading.write_text(
        trading.read_text().rstrip() + "\n  - { from: auditor, accept: [risk.checks] }\n"
    )
    said = ask("prove", trading, "--markdown").out
    assert "**Not as declared**, over all packets: 1 expectation failed; 13 flows as" in said
    assert ask("check", trading).code == 1


@pytest.mark.parametrize("options", [(), ("--for", "TRADING")], ids=["alone", "for"])
def test_a_topology_that_changes_meanwhile_is_drawn_as_it_was_read(
    ask, trading, monkeypatch, options
):
    """Its flows and the purposes of its segments are those of one text."""
    reads = []

    def once(path):
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(sys.modules[load.__module__], "read_bytes", once)
    source = write(
        as_files(with_aws_ids(plan(load(trading)).network)), trading.parent / "eu-west-1"
    )
    reads.clear()
    words = [str(trading) if each == "TRADING" else each for each in options]
    assert ask("draw", source if options else trading, *words).code == 0
    assert reads == [trading]
