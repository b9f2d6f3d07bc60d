"""What is quoted from elsewhere does nothing but stand there."""

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.problems import LONGEST, Problem, printable


@given(st.text())
def test_all_of_a_text_is_on_one_line_and_can_be_encoded(text):
    shown = printable(text)
    assert shown.encode().decode() == shown
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_people_write_stays_as_it_is(text):
    assert printable(text) == text


def test_what_a_terminal_would_obey_is_spelt_out():
    assert printable("\x1b[2J\x9b2J\r\n\u202e\ud800") == r"\x1b[2J\x9b2J\r\n\u202e\ud800"


def test_a_sentence_that_quotes_a_whole_file_is_cut():
    said = str(Problem("x.yaml", 1, "a" * 10_000_000, "mend it"))
    assert said == f"x.yaml:1: {'a' * LONGEST}…; mend it"
