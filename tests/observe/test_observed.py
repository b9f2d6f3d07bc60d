"""What is kept beside a Network: the answers that it was made of, and whose they are."""

import json

import pytest

from bulkhead import observe
from bulkhead.network import Network
from bulkhead.observe import Answers, Observed
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_dump, as_files, write
from tests.support.estate import Estate


@pytest.fixture(scope="module")
def shop():
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("web", "in tcp 80 10.0.0.0/8")
    estate.host("h1", "a", "10.0.0.5", "web")
    return with_aws_ids(estate.build())


def test_a_dump_is_read_with_the_answers_of_every_region(shop, tmp_path):
    found = observe.read_dump(write(as_files(shop), tmp_path / "eu-west-1"))
    assert found.network == observe.dump(tmp_path / "eu-west-1")
    assert found.regions == ("eu-west-1",)
    (answers,) = found.answers
    assert [each["VpcId"] for each in answers.document["Vpcs"]] == [shop.vpcs[0].id]


def test_accounts_are_those_that_own_what_was_read():
    mine, other = {"OwnerId": "111111111111"}, {"OwnerId": "222222222222"}
    document = {
        "Vpcs": [mine, {}],
        "SecurityGroups": [other],
        "VpcPeeringConnections": [{"OwnerId": "333333333333"}],
    }
    found = Observed(network=Network(), answers=(Answers(region="eu-west-1", document=document),))
    assert found.accounts == ("111111111111", "222222222222")


def test_each_answer_has_a_digest_by_its_call_that_changes_with_what_it_says(shop):
    document = as_dump(shop)

    def digests(document):
        return dict(Answers(region="eu-west-1", document=document).digests)

    before = digests(document)
    assert {"eu-west-1/describe-vpcs.json", "eu-west-1/describe-instances.json"} <= before.keys()
    assert digests(json.loads(json.dumps(document))) == before
    changed = digests(document | {"Vpcs": []})
    assert {name for name in before if before[name] != changed[name]} == {
        "eu-west-1/describe-vpcs.json"
    }
