"""No document of Terraform's, however damaged, is answered with anything but a reason."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.observe.terraform import written
from tests.observe.terraform.test_terraform_plan import fresh, standing
from tests.observe.terraform.test_terraform_state import readable
from tests.observe.test_hostile import JUNK, damaged, places
from tests.support.examples import ONE_FOLDER, examples

STATE = written.state(readable())
PLANS = (fresh(), standing()[1])


def damages(document):
    paths = [path for path in places(document) if path]
    harm = st.tuples(st.sampled_from(paths), JUNK | st.just("remove"))
    return st.lists(harm, min_size=1, max_size=3).map(lambda several: damaged(document, several))


def answered(read, document, tmp_path):
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document))
    try:
        network = read(path).network
    except (InputError, observe.MalformedDescriptionError, observe.TopologyNotFoundError):
        return
    prove(network)


@examples(4, ONE_FOLDER)
@given(document=damages(STATE))
def test_a_damaged_state_is_a_network_or_a_reason(tmp_path, document):
    answered(observe.read_terraform_state, document, tmp_path)


@examples(4, ONE_FOLDER)
@given(document=st.one_of(*map(damages, PLANS)))
def test_a_damaged_plan_is_a_network_or_a_reason(tmp_path, document):
    answered(observe.read_terraform_plan, document, tmp_path)
