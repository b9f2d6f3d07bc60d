"""`plan --rehearse` and `adopt --flows` as people ask for them."""

from __future__ import annotations

import pytest

from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.flow_logs import DAY, NOVEMBER, Host, talk, write
from tests.support.shared_vpc import account_of, dumped, planned_in, shared_topology

TRADING = TOPOLOGIES / "trading.yaml"


@pytest.fixture(scope="module")
def hosts():
    network = open_topology(TRADING).network
    return {each.name: Host(f"eni-{each.name}", str(each.address)) for each in network.interfaces}


@pytest.fixture
def month(hosts, tmp_path):
    """A flow of every day, and a batch on the last one of ten that nobody declared."""
    records = [
        each
        for day in range(10)
        for each in talk(hosts["gateway-1"], hosts["broker-1"], 5561, start=NOVEMBER + DAY * day)
    ]
    batch = talk(hosts["broker-1"], hosts["gateway-1"], 8080, start=NOVEMBER + DAY * 9)
    return lambda *, whole: write(tmp_path / "m.log.gz", [*records, *(batch if whole else ())])


def test_the_batch_that_would_have_been_cut_is_told_with_its_day(ask, month):
    answer = ask("plan", TRADING, "--rehearse", month(whole=True))
    assert answer.code == 1
    assert "broker-1 -> gateway-1  tcp 8080" in answer.out
    assert "on 1 of 10 days: 2026-11-10" in answer.out
    assert "security group ingress of gateway blocks" in answer.out
    assert answer.out.endswith(
        "trading would have cut 1 flow, 1 of them seen on 3 days at most; 1 kept; "
        "10 days of records.\n"
    )


def test_what_is_kept_passes_and_the_document_says_so(ask, month):
    answer = ask("plan", TRADING, "--rehearse", month(whole=False), "--json")
    assert answer.code == 0
    document = answer.json
    assert (document["schema"], document["ok"]) == ("bulkhead.rehearsal/1", True)
    (edge,) = document["edges"]
    assert (edge["fate"], edge["edge"]["port"], edge["harmed"]) == ("kept", 5561, 0)
    assert len(edge["edge"]["days"]) == 10


def test_where_nothing_concerns_the_plan_nothing_is_passed(ask, tmp_path):
    strangers = talk(Host("eni-x", "10.99.0.4"), Host("eni-y", "10.98.0.4"), 22)
    answer = ask("plan", TRADING, "--rehearse", write(tmp_path / "a.log", strangers))
    assert answer.code == 1
    assert "no record is of anybody in the plan" in answer.out
    assert (
        "known by their tag bulkhead:service; where nothing has it, `bulkhead adopt" in answer.out
    )


def test_a_plan_that_is_rehearsed_leaves_the_lock_alone(ask, month, trading):
    lock = trading.parent / "trading.lock.json"
    lock.unlink()
    assert ask("plan", trading, "--rehearse", month(whole=False)).code == 0
    assert not lock.exists()


@pytest.mark.parametrize(
    "words", [["--on", "aws"], ["--rehearse", "none.log"], ["--rehearse", "x", "--change", "y"]]
)
def test_what_cannot_be_rehearsed_is_exit_code_2(ask, words):
    assert ask("plan", TRADING, *words).code == 2


def test_a_vpc_of_others_is_adopted_and_what_was_recorded_there_is_sent_through_the_plan(
    ask, tmp_path
):
    planned = planned_in(shared_topology(tmp_path))
    account = account_of(planned)
    account.setdefault("VpnGateways", [])
    for each in account["Subnets"]:
        size = 1 << (32 - int(each["CidrBlock"].rpartition("/")[2]))
        inside = sum(
            1 for one in account["NetworkInterfaces"] if one["SubnetId"] == each["SubnetId"]
        )
        each["AvailableIpAddressCount"] = size - 5 - inside
    there = dumped(account, tmp_path / "dump")
    server = planned.flows[0].server
    (client_at, *_), (server_at, *_) = (
        [str(each.address) for each in planned.network.interfaces if each.service == name]
        for name in (planned.flows[0].client, server.owner)
    )
    ids = {
        each["PrivateIpAddress"]: each["NetworkInterfaceId"]
        for each in account["NetworkInterfaces"]
    }
    client, waits = (Host(ids[each], each) for each in (client_at, server_at))
    records = [
        *talk(client, waits, server.ports.first),
        *talk(client, waits, 9_999, client_port=41_000),
    ]
    logs = write(tmp_path / "a.log", records)
    answer = ask("adopt", tmp_path / "topology.yaml", "--on", there, "--flows", logs, "--json")
    assert answer.code == 1, answer.err
    fates = {each["edge"]["port"]: each["fate"] for each in answer.json["rehearsal"]["edges"]}
    assert fates == {server.ports.first: "kept", 9_999: "cut"}
