from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_aws.wire import (
    UNKNOWN,
    Secret,
    has_secret,
    has_unknown,
    hidden_like,
    plain,
    received,
    sent,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        | inner.map(Secret)
    ),
    max_leaves=12,
)
PROPERTIES = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)


@given(PROPERTIES)
def test_what_is_sent_is_received(properties: dict[str, Any]) -> None:
    assert received(sent(properties)) == properties


@given(PROPERTIES)
def test_plain_values_hold_no_secret(properties: dict[str, Any]) -> None:
    assert not has_secret(plain(properties))


def test_a_port_is_an_int_after_the_wire() -> None:
    port = received(sent({"port": 5556}))["port"]
    assert (port, type(port)) == (5556, int)


def test_an_unknown_is_found_at_any_depth() -> None:
    assert has_unknown({"a": [{"b": Secret([UNKNOWN])}]})
    assert not has_unknown({"a": [{"b": Secret(["known"])}]})


def test_an_output_of_a_secret_input_is_secret() -> None:
    hidden = hidden_like({"key": "k", "name": "n"}, {"key": Secret("k"), "name": "n"})
    assert hidden == {"key": Secret("k"), "name": "n"}


def test_a_secret_does_not_show_in_a_traceback() -> None:
    assert "hunter2" not in repr(Secret("hunter2"))
