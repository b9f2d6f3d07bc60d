"""A real kernel says of random networks what the proof says."""

import pytest
from hypothesis import HealthCheck, assume, given

from bulkhead import twin
from bulkhead.agree import hold
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.wide import wide_networks

pytestmark = pytest.mark.integration


@examples(1 / 6, HealthCheck.filter_too_much, shrink=False)
@given(wide_networks())
def test_what_a_drill_measures_is_what_was_proved(network):
    if twin.availability():
        pytest.skip("no drill can run here")
    try:
        drilled = twin.drill(network, ())
    except twin.TwinError:
        assume(False)  # it has parts that the twin refuses by name
    found = hold(drilled, prove(network), lambda some: twin.probe(network, some))
    assert not found.disagreements, "\n".join(map(str, found.disagreements))
