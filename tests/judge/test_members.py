"""Services whose interfaces come and go: whoever holds the group in its subnets was declared."""

import tempfile
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.compare import compare
from bulkhead.ends.members import with_stand_ins
from bulkhead.explain import explain
from bulkhead.explain.remedy import remedy
from bulkhead.judge import FindingKind, judge
from bulkhead.network import AclEntry, CidrPeer, Direction, GroupRule, PortRange
from bulkhead.observe.dumps.dump import dump
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.judge.changes import changed, told
from tests.support.dumps import write
from tests.support.examples import examples
from tests.support.members import account_of, coming, member, with_members
from tests.support.topologies import HEAD, documents, topology_from

SEED = Random(1)  # noqa: S311 - which of the free addresses, no secret
FLEET = {
    **HEAD,
    "zones": 2,
    "segments": {
        "front": {"purpose": "gives work"},
        "work": {"purpose": "does it"},
        "risk": {"purpose": "-", "isolation": "service"},
    },
    "services": {
        "vent": {
            "segment": "front",
            "sockets": {
                "jobs": {"type": "PUSH", "bind": "tcp://*:5557"},
                "results": {"type": "PULL", "bind": "tcp://*:5558"},
            },
        },
        "worker": {
            "segment": "work",
            "replicas": "2..4",
            "interfaces": "none",
            "sockets": {
                "jobs": {"type": "PULL", "connect": "vent.jobs"},
                "results": {"type": "PUSH", "connect": "vent.results"},
            },
        },
        "alarm": {
            "segment": "work",
            "runs-on": "lambda",
            "sockets": {"push": {"type": "PUSH", "connect": "vent.results"}},
        },
        "router": {
            "segment": "risk",
            "replicas": "1..3",
            "runs-on": "ecs",
            "client-ports": "40000-50000",
            "sockets": {
                "front": {"type": "ROUTER", "bind": "tcp://*:5559"},
                "peers": {"type": "DEALER", "connect": "router.front"},
            },
        },
    },
    "sites": {
        "desk": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10", "asn": 65010},
            "sockets": {"ask": {"type": "DEALER", "connect": "router.front"}},
        }
    },
}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("fleet"), FLEET))


def observed(planned, files):
    with tempfile.TemporaryDirectory() as folder:
        return dump(write(files, Path(folder) / "dump"), topology=planned.topology)


def found(planned, files):
    return judge(prove(observed(planned, files)), planned.declaration)


def joined(planned, like, **other):
    """The account with one more interface, like a member of the first subnet of a service."""
    account = account_of(planned.network)
    files = with_members(account, {}, SEED)
    one = member(account, coming(account)[like][0], set(), SEED, **other)
    files["NetworkInterfaces.json"]["NetworkInterfaces"].append(one)
    return files, one


@pytest.mark.parametrize("counts", [{}, {"worker": 4, "router": 3, "alarm": 6}, {"worker": 1}])
def test_none_and_as_many_as_there_may_be_are_as_declared(fleet, counts):
    judgement = found(fleet, with_members(account_of(fleet.network), counts, SEED))
    assert judgement.ok, judgement.findings


def test_more_than_there_may_be_are_said(fleet):
    files = with_members(account_of(fleet.network), {"worker": 6}, SEED)
    said = [each.message for each in found(fleet, files).findings]
    assert len(said) == 2
    assert all("worker has 4 members besides, the most that it may have" in one for one in said)


def test_one_in_another_subnet_is_in_no_plan(fleet):
    account = account_of(fleet.network)
    front = next(each for each in account.subnets if each.segment == "front")
    files, one = joined(
        fleet,
        "worker",
        SubnetId=front.id,
        PrivateIpAddress=str(front.cidr[99]),
        PrivateIpAddresses=[{"Primary": True, "PrivateIpAddress": str(front.cidr[99])}],
    )
    first, *_ = found(fleet, files).findings
    assert first.kind is FindingKind.UNPLANNED
    assert one["NetworkInterfaceId"] in first.message
    assert "members of worker belong in work-eu-west-1a, work-eu-west-1b" in first.message


def test_one_that_holds_another_group_besides_is_told_with_what_it_opens(fleet):
    account = account_of(fleet.network)
    groups = {each.service: each.id for each in account.security_groups}
    held = [groups["worker"], groups["router"]]
    files, _ = joined(
        fleet, "worker", Groups=[{"GroupId": each, "GroupName": each} for each in held]
    )
    first, *_ = found(fleet, files).findings
    assert first.kind is FindingKind.DIFFERS
    assert "security groups" in first.message
    assert "planned worker" in first.message


def test_one_with_a_public_address_differs(fleet):
    address = {"IpOwnerId": "123456789012", "PublicIp": "203.0.113.77"}
    files, _ = joined(fleet, "worker", Association=address)
    (first,) = found(fleet, files).findings
    assert "public address 203.0.113.77, planned none" in first.message


@pytest.mark.parametrize(("like", "kind"), [("worker", "lambda"), ("alarm", "interface")])
def test_a_function_is_no_host_and_a_host_no_function(fleet, like, kind):
    files, _ = joined(fleet, like, InterfaceType=kind)
    first, *_ = found(fleet, files).findings
    assert first.kind is FindingKind.UNPLANNED
    assert "function of Lambda" in first.message


def test_who_holds_the_group_of_a_service_with_interfaces_of_its_own_is_in_no_plan(fleet):
    account = account_of(fleet.network)
    vent = next(each for each in account.interfaces if each.service == "vent")
    files = with_members(account, {}, SEED)
    files["NetworkInterfaces.json"]["NetworkInterfaces"].append(
        member(account, vent, {(vent.subnet, str(vent.address))}, SEED)
    )
    first, *_ = found(fleet, files).findings
    assert first.kind is FindingKind.UNPLANNED
    assert first.message.endswith("is in no plan")


def test_a_tag_that_says_of_others_that_they_come_and_go_is_not_believed(fleet):
    """The plan says whose do; an account may say anything."""
    account = account_of(fleet.network)
    vent = next(each for each in account.interfaces if each.service == "vent")
    files = with_members(account, {}, SEED)
    group = next(
        each
        for each in files["SecurityGroups.json"]["SecurityGroups"]
        if each["GroupId"] == vent.security_groups[0]
    )
    group["Tags"].append({"Key": "bulkhead:members", "Value": "0..9 in front"})
    files["NetworkInterfaces.json"]["NetworkInterfaces"].append(
        member(account, vent, {(vent.subnet, str(vent.address))}, SEED)
    )
    kinds = [each.kind for each in found(fleet, files).findings]
    assert FindingKind.UNPLANNED in kinds
    assert FindingKind.DIFFERS in kinds


@pytest.mark.parametrize("said", [None, "0..9 in front", "many"])
def test_a_tag_that_is_gone_or_wrong_is_told_and_members_are_as_planned(fleet, said):
    files = with_members(account_of(fleet.network), {"worker": 2}, SEED)
    for group in files["SecurityGroups.json"]["SecurityGroups"]:
        if group["GroupName"] == "worker":
            kept = [each for each in group["Tags"] if each["Key"] != "bulkhead:members"]
            group["Tags"] = kept + ([{"Key": "bulkhead:members", "Value": said}] if said else [])
    findings = found(fleet, files).findings
    assert all("members" in each.message for each in findings)
    assert {each.kind for each in findings} <= {FindingKind.DIFFERS, FindingKind.UNDETERMINED}
    assert findings


def test_a_rule_for_one_address_that_a_member_may_get_is_found_before_it_comes(fleet):
    """Nobody is there yet: what stands in for whoever may be is at that address, too."""
    account = account_of(fleet.network)
    where = coming(account)["worker"][0]
    single = CidrPeer(ip_network(f"{account.subnet[where.subnet].cidr[77]}/32"))
    way_in, way_out = (
        GroupRule(
            id=f"sgr-{number:017x}",
            direction=direction,
            protocol=6,
            ports=PortRange(5557, 5557),
            peer=peer,
        )
        for number, direction, peer in (
            (1, Direction.INGRESS, single),
            (2, Direction.EGRESS, CidrPeer(ip_network("10.0.0.0/8"))),
        )
    )
    for name, one in (("vent", way_in), ("alarm", way_out)):
        account = changed("security_groups", name, rules=lambda it, one=one: (*it.rules, one))(
            account
        )
    judgement = found(fleet, with_members(account, {}, SEED))
    assert any(
        (each.kind, each.source, each.destination) == (FindingKind.EXTRA, "alarm", "vent.jobs")
        for each in told(judgement)
    )


@st.composite
def fleets(draw):
    """A topology in which some services have no interfaces of their own."""
    document = draw(documents())
    assume("peers" not in document)  # no public address is planned for what comes and goes
    for service in document["services"].values():
        if service.keys() & {"interfaces", "runs-on"} or not draw(st.booleans()):
            continue
        service["interfaces"] = "none"
        fewest = draw(st.integers(1, 3))
        service["replicas"] = f"{fewest}..{fewest + draw(st.integers(0, 3))}"
        binds = any(each.get("bind", "").startswith("tcp") for each in service["sockets"].values())
        if not binds and draw(st.booleans()):
            service["runs-on"] = "lambda"
            service.pop("client-ports", None)
            service.pop("replicas")
    return document


@examples(1 / 4)
@given(fleets(), st.randoms(use_true_random=False))
def test_any_members_at_any_addresses_are_as_declared_and_a_wrong_one_is_not(document, random):
    with tempfile.TemporaryDirectory() as folder:
        planned = plan(topology_from(Path(folder), document))
    assert judge(prove(planned.network), planned.declaration).ok
    account = account_of(planned.network)
    there = coming(account)
    counts = {
        each.service: random.randint(0, each.members.limit or 3)
        for each in account.security_groups
        if each.members
    }
    files = with_members(account, counts, random)
    assert found(planned, files).ok
    others = [
        each for each in account.security_groups if each.service and each.service not in there
    ]
    if there and others:
        like = random.choice(random.choice([*there.values()]))
        wrong = replace(like, security_groups=(*like.security_groups, random.choice(others).id))
        taken = {
            (each["SubnetId"], each["PrivateIpAddress"])
            for each in files["NetworkInterfaces.json"]["NetworkInterfaces"]
        }
        files["NetworkInterfaces.json"]["NetworkInterfaces"].append(
            member(account, wrong, taken, random)
        )
        assert not found(planned, files).ok


def test_what_comes_into_a_segment_that_uses_no_ipv6_has_none(tmp_path):
    document = {**FLEET, "ipv6": "amazon"}
    document["segments"] = {
        name: {**each, "ipv6": "unused"} for name, each in FLEET["segments"].items()
    }
    planned = plan(topology_from(tmp_path, document))
    assert not any(each.ipv6_addresses for each in planned.network.interfaces)
    assert judge(prove(planned.network), planned.declaration).ok


def test_which_members_there_are_is_no_difference_of_two_networks(fleet):
    """More of them, fewer, none yet: who stands in for them all is compared."""
    account = account_of(fleet.network)
    few, many = (
        with_stand_ins(observed(fleet, with_members(account, counts, SEED)))
        for counts in ({"worker": 1}, {"worker": 4, "router": 2, "alarm": 3})
    )
    for before, after in ((few, many), (fleet.network, many), (many, fleet.network)):
        delta = compare(before, after)
        assert (delta.changes, delta.appeared, delta.vanished) == ((), (), ())


def test_one_that_differs_from_the_others_is_compared(fleet):
    address = {"IpOwnerId": "123456789012", "PublicIp": "203.0.113.77"}
    files, one = joined(fleet, "worker", Association=address)
    delta = compare(fleet.network, with_stand_ins(observed(fleet, files)))
    assert one["NetworkInterfaceId"] in delta.appeared


def test_what_would_open_a_way_to_members_names_their_subnet(fleet):
    ends = {each.name: each for each in prove(fleet.network).endpoints}
    names = ("alarm-any-eu-west-1a", "router-any-eu-west-1a")
    said = explain(fleet.network, *(ends[name] for name in names), 6, 5559)
    subnets = {fleet.network.subnet[ends[name].subnet].cidr for name in names}
    edits = remedy(fleet.network, said).changes
    entries = [each.rule.cidr for each in edits if isinstance(each.rule, AclEntry)]
    assert set(entries) == subnets
