"""`bulkhead adopt`: subnets of others that a segment is to stand in, into the lock, or what does
not fit of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.plan.lock import Lock, lock_text
from tests.support.shared_vpc import VPC, dumped, interface, tagged, with_others
from tests.support.standing import BLOCKS, IN_THEIRS, IN_VPC, NACL, ONE, TABLE, TWO

TWO_IN_ONE_ZONE = IN_THEIRS.replace(f"[{ONE}, {TWO}]", "{ tags: { tier: app } }")
ALLOW = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "10.0.0.0/16"}


@pytest.fixture
def account():
    """What the platform team has: two subnets of a tier under a NACL and a table of their own, a
    host in the first, and a web server elsewhere."""
    found = {
        "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "Tags": []}],
        **{key: [] for key in ("NetworkAcls", "RouteTables", "SecurityGroups", "Subnets")},
        **{key: [] for key in ("NetworkInterfaces", "VpnGateways", "VpnConnections")},
        "CustomerGateways": [],
    }
    with_others(found)
    the(found, "Subnets", "subnet-0web").update(CidrBlock="10.0.3.0/24")
    web = the(found, "NetworkInterfaces", "eni-0web")
    web["PrivateIpAddress"] = web["PrivateIpAddresses"][0]["PrivateIpAddress"] = "10.0.3.4"
    for id_, zone in ((ONE, "eu-west-1a"), (TWO, "eu-west-1b")):
        found["Subnets"].append(
            {
                "SubnetId": id_,
                "VpcId": VPC,
                "CidrBlock": str(BLOCKS[id_]),
                "AvailabilityZone": zone,
                "MapPublicIpOnLaunch": False,
                "AssignIpv6AddressOnCreation": False,
                "Tags": [{"Key": "tier", "Value": "app"}],
            }
        )
    found["NetworkAcls"].append(
        {
            "NetworkAclId": NACL,
            "VpcId": VPC,
            "IsDefault": False,
            "Entries": [{**ALLOW, "Egress": False}, {**ALLOW, "Egress": True}],
            "Associations": [
                {"NetworkAclAssociationId": f"aclassoc-{each}", "NetworkAclId": NACL}
                | {"SubnetId": each}
                for each in (ONE, TWO)
            ],
        }
    )
    found["RouteTables"].append(
        {
            "RouteTableId": TABLE,
            "VpcId": VPC,
            "Routes": [
                {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
            ],
            "Associations": [
                {"RouteTableAssociationId": f"rtbassoc-{each}", "RouteTableId": TABLE}
                | {"SubnetId": each}
                for each in (ONE, TWO)
            ],
        }
    )
    found["NetworkInterfaces"].append(interface("eni-0theirs", ONE, "10.0.1.4", "sg-0web"))
    return found


def complete(account):
    """As an account that lists everything: a dump does not say so by itself."""
    for each in account["Subnets"]:
        if "CidrBlock" in each:
            size = 1 << (32 - int(each["CidrBlock"].rpartition("/")[2]))
            inside = [one["SubnetId"] for one in account["NetworkInterfaces"]]
            each["AvailableIpAddressCount"] = size - 5 - inside.count(each["SubnetId"])
    return account


@pytest.fixture
def topology(tmp_path):
    path = tmp_path / "topology.yaml"
    path.write_text(IN_THEIRS)
    return path


def the(account, key, id_):
    (found,) = (each for each in account[key] if id_ in each.values())
    return found


@pytest.mark.parametrize("by", [IN_THEIRS, TWO_IN_ONE_ZONE])
def test_what_decides_there_and_who_has_which_address_is_kept(ask, topology, account, tmp_path, by):
    topology.write_text(by)
    there = dumped(complete(account), tmp_path / "dump")
    answer = ask("adopt", topology, "--on", there)
    assert answer.code == 0, answer.err
    assert f"10.0.1.0/24  {ONE} of others, segment feed stands there\n" in answer.out
    lock = json.loads((tmp_path / "topology.lock.json").read_text())
    assert lock[f"vpc segment feed {ONE}"] == f"10.0.1.0/24 eu-west-1a - {NACL} {TABLE}"
    assert lock[f"vpc acl {NACL} ingress 100"] == "allow all 0-65535 10.0.0.0/16"
    assert lock["vpc held 10.0.1.4"] == "eni-0theirs"
    assert lock[f"host {ONE}/eu-west-1a ticker-1"] == 1
    again = ask("adopt", topology, "--on", there, "--json").json
    assert again["changed"] is False
    assert again["segments"] == [
        {
            "name": "feed",
            "subnets": [
                {"id": ONE, "zone": "eu-west-1a", "nacl": NACL, "route_table": TABLE, "held": 1},
                {"id": TWO, "zone": "eu-west-1b", "nacl": NACL, "route_table": TABLE, "held": 0},
            ],
        }
    ]
    checked = ask("check", topology)
    assert checked.code == 0
    assert "NACLs of others, in whose subnets segments stand, let more than declared" in checked.out
    shown = ask("plan", topology)
    assert f"{NACL} of others" in shown.out
    planned = ask("plan", topology, "--json").json
    assert planned["standing"] == {"feed": {"eu-west-1a": ONE, "eu-west-1b": TWO}}


def test_the_plan_is_drilled_reviewed_and_costed_as_it_stands(ask, topology, account, tmp_path):
    assert ask("adopt", topology, "--on", dumped(complete(account), tmp_path / "dump")).code == 0
    for words in (
        ("drill", topology, "--for", topology),
        ("review", topology, topology),
        ("diff", topology, topology),
        ("prove", topology, "--doubt"),
        ("endpoints", topology, "-s", "ticker"),
        ("document", topology, "-o", tmp_path / "ledger.md"),
        ("lint", topology),
    ):
        answer = ask(*words)
        assert answer.code == 0, (words, answer.out, answer.err)


def test_a_member_of_ours_holds_its_address_as_others_do(ask, topology, account, tmp_path):
    said = tagged(topology="demo", service="worker", members="1..4 in feed")
    account["SecurityGroups"].append(
        {"GroupId": "sg-0worker", "GroupName": "worker", "VpcId": VPC, "Tags": said}
        | {"IpPermissions": [], "IpPermissionsEgress": []}
    )
    account["NetworkInterfaces"].append(interface("eni-0it", ONE, "10.0.1.5", "sg-0worker"))
    fixed = interface("eni-0ours", ONE, "10.0.1.6", "sg-0worker-not")
    fixed["TagSet"] = tagged(topology="demo", service="ticker")
    fixed["Groups"] = []
    account["NetworkInterfaces"].append(fixed)
    answer = ask("adopt", topology, "--on", dumped(complete(account), tmp_path / "dump"))
    assert answer.code == 0, answer.err
    lock = json.loads((tmp_path / "topology.lock.json").read_text())
    held = {name: id_ for name, id_ in lock.items() if name.startswith("vpc held ")}
    assert held == {"vpc held 10.0.1.4": "eni-0theirs", "vpc held 10.0.1.5": "eni-0it"}


def test_a_lock_alone_is_told_the_subnets(ask, account, tmp_path):
    there = dumped(complete(account), tmp_path / "dump")
    lock = tmp_path / "demo.lock.json"
    words = ("--name", "demo", "--vpc", VPC, "--subnet", f"feed={ONE}", "--subnet", f"feed={TWO}")
    answer = ask("adopt", lock, *words, "--on", there)
    assert answer.code == 0, answer.err
    assert f"vpc segment feed {TWO}" in json.loads(lock.read_text())
    again = ask("adopt", lock, "--on", there, "--json").json
    assert (again["changed"], len(again["segments"][0]["subnets"])) == (False, 2)
    wrong = ask("adopt", lock, "--subnet", "feed", "--on", there)
    assert (wrong.code, "write SEGMENT=subnet-" in wrong.err) == (2, True)


def public(account):
    account["InternetGateways"] = [
        {"InternetGatewayId": "igw-0a", "Attachments": [{"State": "available", "VpcId": VPC}]}
    ]
    the(account, "RouteTables", TABLE)["Routes"].append(
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0a", "State": "active"}
    )


def led_elsewhere(account):
    the(account, "RouteTables", TABLE)["Routes"].append(
        {
            "DestinationCidrBlock": "10.0.64.0/20",
            "NetworkInterfaceId": "eni-0theirs",
            "State": "active",
        }
    )


def only_ipv6(account):
    one = the(account, "Subnets", ONE)
    del one["CidrBlock"]
    one["Ipv6CidrBlockAssociationSet"] = [
        {
            "AssociationId": "a",
            "Ipv6CidrBlock": "2001:db8::/64",
            "Ipv6CidrBlockState": {"State": "associated"},
        }
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda it: the(it, "Subnets", TWO).update(AvailabilityZone="eu-west-1a"),
            f"segment feed has 2 subnets in eu-west-1a: {ONE}, {TWO}",
        ),
        (public, f"{TWO} of segment feed is public: {TABLE} leads 0.0.0.0/0 to igw-0a"),
        (
            lambda it: the(it, "Subnets", ONE)["Tags"].extend(tagged(topology="annex")),
            f"{ONE} of segment feed was made for topology annex, which holds all that stands there",
        ),
        (
            lambda it: the(it, "Subnets", ONE).update(AssignIpv6AddressOnCreation=True),
            f"{ONE} of segment feed gives every interface an address of IPv6",
        ),
        (led_elsewhere, f"{ONE} of segment feed leads 10.0.64.0/20 within the VPC to eni-0theirs"),
        (only_ipv6, f"{ONE} of segment feed has IPv6 alone"),
        (
            lambda it: the(it, "NetworkAcls", NACL).update(Entries=[]),
            f"{NACL} of others, before {ONE}, {TWO} of segment feed, does not let in tcp 5556",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line_and_nothing_is_written(
    ask, topology, account, tmp_path, change, said
):
    change(account)
    answer = ask("adopt", topology, "--on", dumped(complete(account), tmp_path / "dump"))
    assert answer.code == 2
    line = next(
        number for number, each in enumerate(IN_THEIRS.splitlines(), 1) if "segments:" in each
    )
    assert f"topology.yaml:{line}: {said}" in answer.err, answer.err
    assert "Traceback" not in answer.err
    assert not (tmp_path / "topology.lock.json").exists()


def test_a_subnet_that_is_none_of_the_vpc_is_refused(ask, topology, account, tmp_path):
    topology.write_text(IN_THEIRS.replace(ONE, "subnet-0ffffff1"))
    answer = ask("adopt", topology, "--on", dumped(complete(account), tmp_path / "dump"))
    assert answer.code == 2
    assert f"subnet-0ffffff1 of segment feed is no subnet of {VPC}" in answer.err


def test_all_that_does_not_fit_is_told_at_once(ask, topology, account, tmp_path):
    public(account)
    the(account, "Subnets", TWO).update(AvailabilityZone="eu-west-1a")
    the(account, "Subnets", ONE)["Tags"].extend(tagged(topology="annex"))
    answer = ask("adopt", topology, "--on", dumped(complete(account), tmp_path / "dump"))
    for part in ("was made for topology annex", "is public", "has 2 subnets in eu-west-1a"):
        assert part in answer.err


def test_what_a_source_does_not_tell_is_not_taken_for_absent(ask, topology, account, tmp_path):
    del account["NetworkInterfaces"]
    answer = ask("adopt", topology, "--on", dumped(account, tmp_path / "dump"))
    assert answer.code == 2
    assert f"does not tell all network interfaces of {VPC}" in answer.err


def test_a_change_to_such_subnets_and_back_is_told_call_by_call(ask, tmp_path):
    own = IN_THEIRS.replace(f", subnets: [{ONE}, {TWO}]", "")
    before = Lock(topology="demo", first=True, vpc=IN_VPC)
    for name, text in (("own", own), ("theirs", IN_THEIRS)):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text)
        before = plan(load(path), replace(before, vpc=IN_VPC)).lock
        path.with_suffix(".lock.json").write_text(lock_text(before))
    for now, was in (("theirs", "own"), ("own", "theirs")):
        there, then = (tmp_path / f"{each}.yaml" for each in (now, was))
        answer = ask("plan", there, "--change", then)
        assert "1 host at another address" in answer.out
        assert "all flows that stay are open all the while" in answer.out
        assert NACL not in answer.out
        assert TABLE not in answer.out
