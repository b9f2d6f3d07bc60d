import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import TCP, Listener
from bulkhead.network.tags import listeners_from, socket_tags

LISTENERS = st.lists(
    st.builds(
        lambda socket, port: Listener(
            owner="ticker", socket=socket, type="PUB", protocol=TCP, port=port
        ),
        st.sampled_from(["ticks", "control", "in_2"]),
        st.integers(1, 65535),
    ),
    unique=True,
)


@given(LISTENERS)
def test_listeners_written_as_tags_are_read_back(listeners):
    assert set(listeners_from("ticker", socket_tags(listeners))) == set(listeners)


@given(LISTENERS)
def test_tags_keep_to_what_every_aws_service_accepts(listeners):
    for key, value in socket_tags(listeners).items():
        assert len(key) <= 128
        assert len(value) <= 256 or len(listeners) > 30
        assert all(each.isalnum() or each in "+-=._:/@ " for each in key + value)


def test_tags_of_others_are_left_alone():
    assert listeners_from("ticker", {"Name": "ticker", "cost-centre": "7"}) == ()


@pytest.mark.parametrize("value", ["", "PUB", "PUB tcp", "PUB carrier-pigeon 5", "PUB tcp x"])
def test_a_tag_that_says_nothing_sensible_is_refused(value):
    with pytest.raises(ValueError):
        listeners_from("ticker", {"bulkhead:socket:ticks": value})
