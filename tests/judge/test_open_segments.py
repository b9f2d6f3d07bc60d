"""A segment with `isolation: none`: its NACL lets its VPC through, and all else is as exact."""

import tempfile
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import Direction
from bulkhead.observe import Wanted
from bulkhead.observe.describe.convert import chosen_network
from bulkhead.plan import plan
from bulkhead.plan.aws_needs import with_endpoints
from bulkhead.plan.zonal_nat import with_zonal_nat
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.plan.test_quotas import counted
from tests.support.examples import examples
from tests.support.shared_vpc import TEXT, VPC, account_of, planned_in, shared_topology
from tests.support.shop import with_entry
from tests.support.topologies import HEAD, documents, topology_from

SHOP = {
    **HEAD,
    "segments": {
        "web": {"purpose": "-", "isolation": "none"},
        "data": {"purpose": "-", "isolation": "none"},
        "vault": {"purpose": "-"},
    },
    "services": {
        "api": {
            "segment": "web",
            "replicas": 2,
            "sockets": {"ask": {"type": "REQ", "connect": ["db.ask", "safe.ask"]}},
        },
        "db": {"segment": "data", "sockets": {"ask": {"type": "REP", "bind": "tcp://*:5556"}}},
        "safe": {"segment": "vault", "sockets": {"ask": {"type": "REP", "bind": "tcp://*:5557"}}},
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("shop"), SHOP))


def left_open(judgement):
    every = (each for each in judgement.residue if each.kind is ResidueKind.OPEN)
    return {(each.source, each.destination) for each in every}


@examples()
@given(documents(max_services=4), st.data())
def test_whatever_is_open_the_plan_is_as_declared_and_counted_right(document, data):
    names = sorted(document["segments"])
    for name in data.draw(st.sets(st.sampled_from(names), min_size=1)):
        document["segments"][name]["isolation"] = "none"
    with tempfile.TemporaryDirectory() as folder:
        topology = topology_from(Path(folder), document)
        try:
            made = plan(topology)
        except InputError:  # a quota
            return
        found = counted(with_zonal_nat(with_endpoints(topology)))
    assert judge(prove(made.network), made.declaration).ok
    for acl in made.network.nacls:
        for direction in Direction if not acl.default else ():
            assert found["acl", acl.name, direction][0] == len(acl.ordered(direction))


def test_two_entries_say_all_of_the_vpc_and_what_is_left_to_groups_is_said(shop):
    for name in ("web", "data"):
        entries = shop.network.nacl[f"acl/{name}"].entries
        assert {(each.says(), each.action.value) for each in entries} == {
            ("all from 10.20.0.0/16", "allow"),
            ("all to 10.20.0.0/16", "allow"),
        }
    web, data = "subnets behind web", "subnets behind data"
    judgement = judge(prove(shop.network), shop.declaration)
    assert left_open(judgement) == {(web, data), (data, web), (web, web), (data, data)}


def test_a_segment_beside_stays_as_exact_as_it_is(shop):
    looser = with_entry(shop.network, "acl/vault", "in 90 allow tcp 22 10.20.0.0/16")
    looser = with_entry(looser, "acl/vault", "out 90 allow tcp 1024-65535 10.20.0.0/16")
    judgement = judge(prove(looser), replace(shop.declaration, planned=None))
    assert {each.kind for each in judgement.findings} == {FindingKind.LAYER}
    assert all(
        "subnets behind vault" in (each.source, each.destination) for each in judgement.findings
    )


def test_beyond_its_vpc_an_open_segment_is_exact_too(shop):
    judgement = judge(
        prove(with_entry(shop.network, "acl/web", "in 90 allow all 0.0.0.0/0")), shop.declaration
    )
    assert [each.kind for each in judgement.findings] == [FindingKind.UNPLANNED]


def test_in_a_vpc_of_others_it_lets_through_what_they_have_there(tmp_path):
    text = TEXT.replace("{ purpose:", "{ isolation: none, purpose:", 1)
    assert text != TEXT
    made = planned_in(shared_topology(tmp_path, text))
    opened = {
        each.cidr for nacl in made.network.nacls for each in nacl.entries if each.protocol < 0
    }
    assert ip_network("10.0.0.0/16") in opened
    assert judge(prove(made.network), made.declaration).ok
    wanted = Wanted(topology="demo", vpcs=(VPC,), stack=None, shared=True)

    def judged(account):
        stands = chosen_network(account, region="eu-west-1", wanted=wanted).network
        return judge(prove(stands), made.declaration)

    account = account_of(made)
    judgement = judged(account)
    assert judgement.ok
    assert any("default" in "".join(pair) for pair in left_open(judgement)), "and says so"
    ticker = next(each for each in account["SecurityGroups"] if each["GroupName"] == "ticker")
    ticker["IpPermissions"] = [
        {
            "IpProtocol": "tcp",
            "FromPort": 0,
            "ToPort": 65535,
            "IpRanges": [{"CidrIp": "10.0.1.0/24"}],
        }
    ]
    judgement = judged(account)
    reached = [each.message for cause in judgement.findings for each in (cause, *cause.effects)]
    assert any("webteam/ticker can reach ticker " in each for each in reached), "groups count"
