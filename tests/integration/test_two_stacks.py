"""Two stacks of one topology in one account: each is as declared, beside the other.

The device at a site has one address, and AWS has one customer gateway for it, so the two
share that.
"""

import pytest

from tests.integration.conftest import make_checkout

pytestmark = pytest.mark.integration


@pytest.fixture
def checkout(tmp_path):
    made = make_checkout(tmp_path)
    settings = (made.root / "Pulumi.dev.yaml").read_text()
    (made.root / "Pulumi.prod.yaml").write_text(settings)
    yield made
    made.stop()


def devices(checkout):
    every = checkout.ec2.describe_customer_gateways()["CustomerGateways"]
    return [each for each in every if each["State"] == "available"]


def test_two_stacks_that_share_the_device_of_a_site_leave_each_other_alone(checkout):
    for stack in ("dev", "prod"):
        ran = checkout.stack("up", "--stack", stack)
        assert ran.code == 0, ran.said
    assert len(devices(checkout)) == 1
    for stack in ("prod", "dev"):
        again = checkout.stack("up", "--stack", stack)
        assert again.code == 0, again.said
        assert "136 unchanged" in again.out
    first = checkout.stack("down", "--stack", "dev")
    assert first.code == 0, first.said
    left = checkout.stack("up", "--stack", "prod")
    assert left.code == 0, left.said
    assert "136 unchanged" in left.out
    last = checkout.stack("down", "--stack", "prod")
    assert last.code == 0, last.said
