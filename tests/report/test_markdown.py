"""A proof as Markdown: what a reviewer reads, whatever the names in the account are."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.agree import tabulate
from bulkhead.ends import EndpointKind
from bulkhead.judge import judge
from bulkhead.network import Unmodelled
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.report.markdown.proof import code, proof, prose
from tests.support.estate import entry
from tests.support.plant import plant
from tests.support.topologies import topology_from


def markdown(planned, network=None, *, declared=True):
    reach = prove(network or planned.network)
    declaration = planned.declaration if declared else None
    judgement = judge(reach, declaration) if declaration else None
    return proof("shop.yaml", reach, tabulate(reach, declaration), judgement)


OPEN = entry("in 1 allow tcp 22 0.0.0.0/0")


def tables(text):
    """The rows of every table, as lists of cells."""
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in block.splitlines()]
        for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.M)
    ]


def test_the_first_sentence_is_the_verdict(shop, narrowed):
    assert "**As declared**, over all packets: 1 flow open, nothing else." in markdown(shop)
    lost = markdown(shop, narrowed(shop.network))
    assert "**Not as declared**, over all packets: 1 different; 0 flows as declared." in lost
    assert "**1 flow open**, over all packets." in markdown(shop, declared=False)


def test_the_verdict_is_the_judges_also_where_no_cell_shows_it(shop):
    nacls = tuple(replace(each, entries=(*each.entries, OPEN)) for each in shop.network.nacls[-1:])
    network = replace(shop.network, nacls=(*shop.network.nacls[:-1], *nacls))
    said = markdown(shop, network)
    assert "**Not as declared**, over all packets: 1 not planned; 1 flow as declared." in said
    assert "!" not in said.replace("![", "")


def test_the_matrix_has_a_row_per_socket_and_a_column_per_sender(shop, narrowed):
    (table,) = tables(markdown(shop))
    assert table == [
        ["socket", "traffic", "`db`", "`front`"],
        ["---", "---", ":-:", ":-:"],
        ["`db.ask`", "tcp 6000", "", "●"],
    ]
    (wrong,) = tables(markdown(shop, narrowed(shop.network)))
    assert wrong[2][3] == "**◐ !**"


def test_what_the_internet_reaches_is_listed(shop):
    assert "Nothing is open from the internet." in markdown(shop)
    reach = prove(shop.network)
    matrix = tabulate(reach, shop.declaration)
    pairs = {
        key: replace(pair, proved=matrix.pairs[matrix.senders[1], matrix.sockets[0]].proved)
        if pair.sender_kind is EndpointKind.INTERNET
        else pair
        for key, pair in matrix.pairs.items()
    }
    text = proof("shop", reach, replace(matrix, pairs=pairs))
    assert "#### Open from the internet (1)\n\n- `internet` to `db.ask` tcp 6000: open, not" in text


def test_what_is_undetermined_and_not_modelled_is_listed(shop):
    (first, *_) = shop.network.subnets
    thing = Unmodelled(kind="route", id="r|1", scope=first.id, why="@boss says <b>no</b> #1")
    text = markdown(shop, replace(shop.network, unmodelled=(thing,)))
    assert "#### Undetermined" in text
    listed = text[text.index("#### Not modelled (1)") :]
    assert "<code>r&#124;1</code>" in listed
    assert "@" not in listed
    assert "<b>" not in listed


def test_many_senders_are_a_list_and_the_matrix_is_folded(tmp_path):
    planned = plan(topology_from(tmp_path, plant(20)))
    text = markdown(planned)
    listed, folded = tables(text)
    assert listed[0] == ["socket", "traffic", "open to"]
    assert len(folded[0]) > 12
    assert text.index("<details>") > text.index("open to")
    reached = {row[0]: set(row[2].split(", ")) for row in listed[2:]}
    for flow in planned.flows:
        assert f"`{flow.client}`" in reached[f"`{flow.server.name}`"]


@pytest.mark.parametrize("services", [50, 120])
def test_a_comment_on_github_has_room_for_it(tmp_path, services):
    assert len(markdown(plan(topology_from(tmp_path, plant(services))))) < 65_536


SIGNS = "|`*_[]()<>&@#!~\\:/\n\r$"


@given(st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=40))
def test_a_name_is_nothing_but_a_name(name):
    shown = code(name)
    quoted = re.fullmatch(r"`[A-Za-z0-9_./: -]+`", shown)
    escaped = re.fullmatch(r"<code>((?:[^\W_]|[ .-]|&#\d+;)*)</code>", shown)
    assert quoted or escaped
    assert not {"|", "\n", "@"} & set(shown)


@given(st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=40))
def test_a_sentence_calls_nobody_and_links_nowhere(text):
    shown = prose(text)
    left = re.sub(r"&#\d+;", "", shown)
    assert not set(SIGNS) - {"(", ")"} & set(left)
    assert not re.search(r"&#(?:64|35);(?!&#8203;)", shown)
