"""Services whose copies come and go: a group, subnets, rules, and no interface of ours."""

from copy import deepcopy
from ipaddress import IPv4Address

import pytest

from bulkhead.network import ANY_CLIENT_PORTS, GroupMembers, PortRange
from bulkhead.plan import lock_text, plan
from bulkhead.problems import InputError
from tests.support.topologies import HEAD, topology_from

FLEET = {
    **HEAD,
    "cidr": "10.20.0.0/22",
    "zones": 2,
    "segments": {
        "front": {"purpose": "gives work"},
        "work": {"purpose": "does it"},
        "risk": {"purpose": "-", "isolation": "service"},
    },
    "services": {
        "vent": {
            "segment": "front",
            "sockets": {"jobs": {"type": "PUSH", "bind": "tcp://*:5557"}},
        },
        "fixed": {
            "segment": "work",
            "replicas": 2,
            "sockets": {"in": {"type": "PULL", "connect": "vent.jobs"}},
        },
        "worker": {
            "segment": "work",
            "replicas": "2..4",
            "interfaces": "none",
            "client-ports": "windows",
            "sockets": {"jobs": {"type": "PULL", "connect": "vent.jobs"}},
        },
        "alarm": {
            "segment": "risk",
            "runs-on": "lambda",
            "sockets": {"in": {"type": "PULL", "connect": "vent.jobs"}},
        },
    },
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("fleet"), FLEET))


def replanned(folder, lock=None, **services):
    document = deepcopy(FLEET)
    for name, said in services.items():
        document["services"][name] = {**document["services"].get(name, {}), **said}
    return plan(topology_from(folder, document), lock)


def test_in_each_of_its_subnets_something_stands_for_whoever_comes(planned):
    network = planned.network
    found = {
        each.name: (network.subnet[each.subnet].name, each.security_groups)
        for each in network.interfaces
        if each.stand_in
    }
    assert found == {
        "worker-any-eu-west-1a": ("work-eu-west-1a", ("sg/worker",)),
        "worker-any-eu-west-1b": ("work-eu-west-1b", ("sg/worker",)),
        "alarm-any-eu-west-1a": ("risk.alarm-eu-west-1a", ("sg/alarm",)),
        "alarm-any-eu-west-1b": ("risk.alarm-eu-west-1b", ("sg/alarm",)),
    }
    assert {each.name for each in network.present} == {"vent-1", "fixed-1", "fixed-2"}


def test_the_group_says_how_many_there_may_be_and_where(planned):
    members = {each.service: each.members for each in planned.network.security_groups}
    assert members["vent"] is None
    assert members["worker"] == GroupMembers(
        fewest=2, most=4, unit="work", client_ports=PortRange(49152, 65535)
    )
    function = members["alarm"]
    assert (function.unit, function.limit, function.function) == ("risk.alarm", None, True)
    assert function.client_ports == ANY_CLIENT_PORTS


def test_nothing_of_them_is_allotted(planned):
    assert "worker" not in lock_text(planned.lock)
    addresses = [each.address for each in planned.network.interfaces]
    assert len(set(addresses)) == len(addresses)


def test_one_more_or_less_of_them_moves_nothing_that_is_there(planned, tmp_path):
    more = replanned(tmp_path, planned.lock, worker={"replicas": "2..9"}, fixed={"replicas": 3})
    before = {each.name: each.address for each in planned.network.present}
    assert before.items() <= {each.name: each.address for each in more.network.present}.items()


def test_what_stands_for_them_makes_room_for_a_replica(planned, tmp_path):
    """It has the last address that nobody has: a replica that gets that one sends it on."""
    subnet = planned.network.subnets[2].cidr
    last = IPv4Address(int(subnet.broadcast_address) - 1)
    assert any(each.address == last and each.stand_in for each in planned.network.interfaces)
    full = replanned(tmp_path, planned.lock, fixed={"replicas": 9}, worker={"replicas": "1..9"})
    addresses = [each.address for each in full.network.interfaces]
    assert len(set(addresses)) == len(addresses)


def test_a_subnet_without_room_for_its_share_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        replanned(tmp_path, worker={"replicas": "2..22"})
    assert [each.what for each in refused.value.problems] == [
        "subnet work-eu-west-1a (10.20.0.128/28) has 11 usable addresses, 1 replicas live there, "
        "and 11 of worker may come",
        "subnet work-eu-west-1b (10.20.0.144/28) has 11 usable addresses, 1 replicas live there, "
        "and 11 of worker may come",
    ]


def test_copies_are_counted_against_the_quota_of_interfaces(tmp_path):
    document = deepcopy(FLEET)
    document["quotas"] = {"interfaces-per-region": 3}
    with pytest.raises(InputError) as refused:
        plan(topology_from(tmp_path, document))
    assert any("interfaces in one zone" in each.what for each in refused.value.problems)


def test_replies_to_a_function_come_to_any_port_that_it_may_have(planned):
    (acl,) = (each for each in planned.network.nacls if each.name == "risk.alarm")
    assert {each.ports for each in acl.entries if each.direction == "ingress"} == {ANY_CLIENT_PORTS}


def test_no_name_in_dns_is_theirs(tmp_path):
    document = deepcopy(FLEET)
    document["dns"] = "fleet.internal"
    document["services"]["worker"]["sockets"]["out"] = {"type": "PUB", "bind": "tcp://*:6000"}
    zone = plan(topology_from(tmp_path, document)).zone
    assert zone is not None
    assert {each.name for each in zone.records} == {"vent", "1.vent"}


def test_a_quarantine_lets_nobody_in_the_subnets_of_its_members(tmp_path):
    document = deepcopy(FLEET)
    document["quarantine"] = [{"service": "alarm", "why": "it talks too much"}]
    planned = plan(topology_from(tmp_path, document))
    theirs = [each.cidr for each in planned.network.subnets if each.name.startswith("risk.alarm")]
    let = [
        each.cidr for acl in planned.network.nacls for each in acl.entries if each.action == "allow"
    ]
    assert theirs
    assert not any(each.overlaps(cidr) for each in let for cidr in theirs)


def test_a_quarantine_among_others_whom_no_rule_tells_apart_is_refused(tmp_path):
    document = deepcopy(FLEET)
    document["quarantine"] = [{"service": "worker", "why": "it talks too much"}]
    with pytest.raises(InputError, match="its copies come and go at any address of segment work"):
        plan(topology_from(tmp_path, document))
