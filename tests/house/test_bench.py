"""The messy account of the bench: the same each time, and nothing that a dump cannot say."""

import pytest

from bench import messy, sources, written
from bulkhead.compare import compare
from bulkhead.discover.code import scan
from bulkhead.ends import EndpointKind
from bulkhead.intent.load import topology_of
from bulkhead.network import Verdict
from bulkhead.observe import dump
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.prove.cells import all_heaps
from bulkhead.review import review


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("messy")


def _observed(account, folder):
    return dump(messy.write(account, folder / "account.json"))


def test_size_and_seed_make_one_account():
    assert messy.answers(60) == messy.answers(60)
    assert messy.answers(60) != messy.answers(60, seed=2)


def test_it_has_something_of_everything(folder):
    reach = prove(_observed(messy.answers(100), folder))
    kinds = {each.kind for each in reach.endpoints}
    assert kinds == set(EndpointKind) - {EndpointKind.NOWHERE}
    found = {verdict for heap in all_heaps(reach) for verdict in +heap.counts()}
    assert found == set(Verdict)
    assert len({each.id for each in reach.endpoints if each.kind is EndpointKind.INTERFACE}) == 100


def test_its_edit_is_one_rule_that_flows_depend_on(folder):
    account = messy.answers(100, seed=3)
    one, other = (_observed(each, folder) for each in (account, messy.edited(account)))
    changed = [
        rule
        for before, after in zip(one.security_groups, other.security_groups, strict=True)
        for rule in {*before.rules} ^ {*after.rules}
    ]
    assert len(changed) == 2
    assert not compare(one, other).same


def test_parts_of_it_hold_one_vpc_each():
    parts = messy.one_by_one(messy.answers(60))
    assert [len(each["Vpcs"]) for each in parts] == [1, 1, 1]
    assert sum(len(each["NetworkInterfaces"]) for each in parts) == 60


def test_a_written_fleet_plans_the_flows_of_the_built_one_and_its_edit_moves_one_socket():
    before, after = written.planned(100)
    assert len(before.flows) == len(after.flows) == 400
    assert len(before.network.interfaces) == len(after.network.interfaces) - 1 == 100
    found = review(written.version("a", before), written.version("b", after))
    assert {str(each.change.traffic) for each in found.flows if each.change.to == "svc0.in"} == {
        "tcp 5556",
        "tcp 5557",
    }


def test_a_wide_fleet_has_ten_flows_a_service():
    assert len(plan(topology_of("fleet.yaml", written.wide(100).encode())).flows) == 1000


def test_every_socket_of_the_written_code_is_found_and_its_endpoint_told(tmp_path):
    wanted = sources.write(tmp_path / "tree", 12_000)
    found = scan([tmp_path / "tree"])
    assert len(found.sockets) == wanted
    assert {each.language for each in found.sockets} == {
        "Python",
        "Go",
        "Java",
        "TypeScript",
        "C++",
    }
    assert all(end.text.startswith("tcp://*:{") for end in found.ends)
