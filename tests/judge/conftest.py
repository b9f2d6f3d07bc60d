"""A planned network, and the account as planned."""

import pytest

from bulkhead.plan import plan
from tests.judge.changes import SHOP
from tests.support.aws_ids import with_aws_ids
from tests.support.topologies import topology_from


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("shop"), SHOP))


@pytest.fixture(scope="module")
def account(planned):
    return with_aws_ids(planned.network)
