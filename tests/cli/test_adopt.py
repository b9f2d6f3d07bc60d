"""`bulkhead adopt`: what others have in a VPC, into the lock of a topology."""

from __future__ import annotations

import json

import pytest

from bulkhead.plan import plan
from bulkhead.plan.lock import read_lock
from tests.support.shared_vpc import (
    FACTS,
    TEXT,
    VPC,
    account_of,
    dumped,
    planned_in,
    shared_topology,
)


@pytest.fixture
def topology(tmp_path):
    shared_topology(tmp_path)
    return tmp_path / "topology.yaml"


@pytest.fixture
def account(topology):
    return account_of(planned_in(shared_topology(topology.parent)))


@pytest.fixture
def complete(account):
    """As an account that lists everything: a dump does not say so by itself."""
    account.setdefault("VpnGateways", [])
    for each in account["Subnets"]:
        size = 1 << (32 - int(each["CidrBlock"].rpartition("/")[2]))
        inside = sum(
            1 for one in account["NetworkInterfaces"] if one["SubnetId"] == each["SubnetId"]
        )
        each["AvailableIpAddressCount"] = size - 5 - inside
    return account


def test_what_others_have_is_kept_and_then_the_topology_is_planned(
    ask, topology, complete, tmp_path
):
    there = dumped(complete, tmp_path / "dump")
    before = ask("check", topology)
    assert (before.code, "run `bulkhead adopt`" in before.err) == (2, True)
    answer = ask("adopt", topology, "--on", there)
    assert answer.code == 0, answer.err
    assert "10.0.1.0/24  subnet-0web of others\n" in answer.out
    lock = json.loads((tmp_path / "topology.lock.json").read_text())
    assert lock["vpc id"] == VPC
    assert lock["vpc subnet 10.0.1.0/24"] == "subnet-0web"
    assert not any("10.0.64" in key for key in lock if key.startswith("vpc "))
    assert ask("check", topology).code == 0
    again = ask("adopt", topology, "--on", there, "--json").json
    assert (again["changed"], again["subnets"]) == (
        False,
        [{"id": "subnet-0web", "cidr": "10.0.1.0/24"}],
    )


def test_the_vpc_is_found_by_its_tags_and_every_verb_finds_it_then(ask, complete, tmp_path):
    path = tmp_path / "by-tags.yaml"
    path.write_text(TEXT.replace(f"existing: {VPC}", "existing: { tags: { Name: shared } }"))
    there = dumped(complete, tmp_path / "dump")
    assert ask("adopt", path, "--on", there).code == 0
    answer = ask("check", path, "--on", there)
    assert "beside it, for what they exchange (subnet of others): subnet-0web\n" in answer.out
    scope = ask("check", path, "--on", there, "--json").json["provenance"]["scope"]
    assert (scope["vpcs"], scope["others"]) == ([VPC], ["subnet-0web"])
    twin = {**complete["Vpcs"][0], "VpcId": "vpc-0b"}
    complete["Vpcs"].append(twin)
    several = ask("adopt", path, "--on", dumped(complete, tmp_path / "two"))
    assert (several.code, "name it by its id" in several.err) == (2, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda it: it["Subnets"][-1].update(CidrBlock="10.0.65.0/24"),
            "overlaps what others have",
        ),
        (lambda it: it["Vpcs"][0].update(VpcId="vpc-0b"), "no VPC in"),
        (lambda it: it.pop("VpnGateways"), "does not tell all VPN gateways"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    ask, topology, complete, tmp_path, change, said
):
    change(complete)
    answer = ask("adopt", topology, "--on", dumped(complete, tmp_path / "dump"))
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert not (tmp_path / "topology.lock.json").exists()


def test_what_others_have_at_their_vpn_gateway_is_kept_for_the_sites(
    ask, topology, complete, tmp_path
):
    attached = [{"State": "attached", "VpcId": VPC}]
    complete["VpnGateways"] = [{"VpnGatewayId": "vgw-0web", "VpcAttachments": attached}]
    complete["CustomerGateways"] = []
    complete["VpnConnections"] = [
        {
            "VpnConnectionId": "vpn-0web",
            "State": "available",
            "VpnGatewayId": "vgw-0web",
            "CustomerGatewayId": "cgw-0web",
            "Routes": [{"DestinationCidrBlock": "10.9.0.0/16", "State": "available"}],
            "Options": {"StaticRoutesOnly": True},
        }
    ]
    (main,) = (each for each in complete["RouteTables"] if each["RouteTableId"] == "rtb-0main")
    main["PropagatingVgws"] = [{"GatewayId": "vgw-0web"}]
    there = dumped(complete, tmp_path / "dump")
    told = ask("adopt", topology, "--on", there, "--json").json
    assert told["vpn_gateway"] == "vgw-0web"
    assert told["behind_vpn_gateway"] == {
        "routes": [{"cidr": "10.9.0.0/16", "connection": "vpn-0web"}],
        "learning": [],
        "taught": ["rtb-0main"],
    }
    assert "rtb-0main of others learns its routes" in ask("adopt", topology, "--on", there).out


def test_two_plans_of_it_are_compared_and_a_stack_may_stand_behind_the_source(
    ask, topology, complete, tmp_path
):
    there = dumped(complete, tmp_path / "dump")
    assert ask("adopt", topology, "--on", there).code == 0
    for words in (("diff", topology, topology), ("review", topology, topology)):
        assert ask(*words).code == 0
    assert ask("drill", topology, "--for", topology).code == 0
    for words in (("diff", topology, there), ("review", there, topology)):
        answer = ask(*words)
        assert answer.code == 0, answer.err
        assert "left out" not in answer.out or "subnet of others" in answer.out
    assert ask("check", topology, "--on", there, "--stack", "dev").code in (0, 1)
    none = ask("check", topology, "--on", there, "--stack", "prod", "--json").json
    assert any(each["kind"] == "lacking" for each in none["findings"])


def test_check_says_what_others_have_made_since(ask, topology, complete, tmp_path):
    there = dumped(complete, tmp_path / "dump")
    assert ask("adopt", topology, "--on", there).code == 0
    assert "since" not in ask("check", topology, "--on", there).err
    new = {**complete["Subnets"][-1], "SubnetId": "subnet-0new", "CidrBlock": "10.0.65.0/24"}
    complete["Subnets"].append({**new, "AvailableIpAddressCount": 251})
    later = dumped(complete, tmp_path / "later")
    answer = ask("check", topology, "--on", later)
    assert "does not know what others have" in answer.err
    assert "subnet-0new (10.0.65.0/24)" in answer.err
    (told,) = ask("check", topology, "--on", later, "--json").json["warnings"]
    assert told["file"].endswith("topology.lock.json")
    again = ask("adopt", topology, "--on", later)
    assert (again.code, "10.0.64.0/20 overlaps what others have" in again.err) == (2, True)


def test_for_a_topology_in_python_the_lock_is_named_and_the_first_plan_begins_as_ever(
    ask, topology, complete, tmp_path
):
    there, lock = dumped(complete, tmp_path / "dump"), tmp_path / "demo.lock.json"
    unknown = ask("adopt", lock, "--on", there)
    assert (unknown.code, "say --name" in unknown.err) == (2, True)
    unknown = ask("adopt", lock, "--on", there, "--name", "demo")
    assert (unknown.code, "say --vpc" in unknown.err) == (2, True)
    assert ask("adopt", lock, "--on", there, "--name", "demo", "--vpc", VPC).code == 0
    kept = read_lock(lock)
    assert kept is not None
    assert kept.vpc == FACTS
    loaded = shared_topology(tmp_path)
    assert plan(loaded, kept) == planned_in(loaded)
    again = ask("adopt", lock, "--on", there)
    assert "nothing new for" in again.out
    other = ask("adopt", lock, "--on", there, "--name", "other")
    assert (other.code, "belongs to the topology 'demo'" in other.err) == (2, True)
    assert ask("adopt", topology, "--name", "demo").code == 2


def test_a_topology_with_a_vpc_of_its_own_has_nothing_to_adopt(ask, trading):
    answer = ask("adopt", trading)
    assert (answer.code, "makes a VPC of its own" in answer.err) == (2, True)


def test_on_a_build_server_no_lock_is_written(ask, topology, monkeypatch):
    monkeypatch.setenv("CI", "true")
    answer = ask("adopt", topology)
    assert (answer.code, "adopt the VPC, and commit" in answer.err) == (2, True)


BY_LIST = """
    name: demo
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    segments: { edge: { purpose: meets them } }
    peers:
      venue:
        prefix-list: pl-0123abcd
        sockets: { orders: { type: PULL, bind: "tcp://*:6001", mechanism: CURVE, zap: true } }
    services:
      router:
        segment: edge
        sockets:
          out: { type: PUSH, connect: venue.orders, mechanism: CURVE, exposure: { why: traded, owner: desk } }
"""  # noqa: E501 - one socket a line
ENTRIES = [{"Cidr": "198.51.100.0/25"}, {"Cidr": "203.0.113.64/26"}]


def listed(entries):
    """An account in which nothing is built, and which has the list."""
    keys = ("Vpcs", "Subnets", "NetworkInterfaces", "SecurityGroups", "NetworkAcls", "RouteTables")
    nothing = {key: [] for key in keys}
    return {**nothing, "PrefixLists": [{"PrefixListId": "pl-0123abcd", "Entries": entries}]}


def test_what_a_prefix_list_holds_is_kept_and_then_the_topology_is_planned(ask, tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text(BY_LIST)
    before = ask("check", path)
    assert (before.code, "what pl-0123abcd holds is not known" in before.err) == (2, True)
    there = dumped(listed(ENTRIES), tmp_path / "dump")
    answer = ask("adopt", path, "--on", there)
    assert answer.code == 0, answer.err
    assert "pl-0123abcd: 2 networks\n  198.51.100.0/25\n" in answer.out
    lock = json.loads((tmp_path / "topology.lock.json").read_text())
    assert lock["list pl-0123abcd 203.0.113.64/26"] is True
    checked = ask("check", path)
    assert checked.code == 0, checked.err
    again = ask("adopt", path, "--on", there, "--json").json
    assert (again["changed"], again["vpc"]) == (False, None)
    assert again["lists"] == [
        {"id": "pl-0123abcd", "cidrs": ["198.51.100.0/25", "203.0.113.64/26"]}
    ]


def test_a_list_of_a_program_is_named_once_and_then_read_with_its_lock(ask, tmp_path):
    lock = tmp_path / "demo.lock.json"
    there = dumped(listed(ENTRIES), tmp_path / "dump")
    nothing = ask("adopt", lock, "--name", "demo", "--on", there)
    assert (nothing.code, "say --vpc vpc-… or --list pl-…" in nothing.err) == (2, True)
    first = ask("adopt", lock, "--name", "demo", "--list", "pl-0123abcd", "--on", there)
    assert first.code == 0, first.err
    more = dumped(listed([*ENTRIES, {"Cidr": "192.0.2.0/24"}]), tmp_path / "later")
    assert ask("adopt", lock, "--on", more).code == 0
    assert "192.0.2.0/24" in lock.read_text()


def test_a_source_that_does_not_tell_what_a_list_holds_writes_nothing(ask, tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text(BY_LIST)
    without = {**listed([]), "PrefixLists": []}
    answer = ask("adopt", path, "--on", dumped(without, tmp_path / "dump"))
    assert (answer.code, "does not tell what pl-0123abcd holds" in answer.err) == (2, True)
    assert f"{path}:9: " in answer.err
    assert not (tmp_path / "topology.lock.json").exists()
