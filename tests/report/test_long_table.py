"""Tables of very many rows look as Rich would have them, wherever those are written."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from bulkhead.report.console import ShownConsole
from bulkhead.report.long_table import LongTable
from tests.support.examples import examples

HEADINGS = st.text("ab \u4e16", max_size=5)
CELLS = st.text("ab c.:/\n\u2192\u00e9\u4e16\u0301\t\x1b[]\\", max_size=9)


def shown(renderable, width, *, soft_wrap):
    file = io.StringIO()
    console = ShownConsole(
        file=file, highlight=False, emoji=False, markup=False, soft_wrap=soft_wrap, width=width
    )
    console.print(renderable)
    return file.getvalue()


@st.composite
def tables(draw):
    size = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[CELLS] * size), max_size=5))
    return draw(st.tuples(*[HEADINGS] * size)), rows


@examples(4)
@given(tables(), st.integers(5, 80), st.booleans())
def test_a_table_is_what_rich_makes_of_it(table, width, soft_wrap):
    headings, rows = table
    ours = LongTable(*headings)
    theirs = Table(box=None, padding=(0, 2, 0, 2), header_style="dim", show_edge=False)
    for each in headings:
        theirs.add_column(each, overflow="fold")
    for each in rows:
        ours.add_row(*each)
        theirs.add_row(*each)
    both = (shown(each, width, soft_wrap=soft_wrap) for each in (ours, theirs))
    assert next(both) == next(both)
