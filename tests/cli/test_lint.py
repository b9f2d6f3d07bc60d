"""`bulkhead lint SOURCE`: a plan has no fault, and says what residue it leaves."""

from dataclasses import replace

import pytest

from bulkhead.sources import open_source
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import Estate


def test_a_plan_has_no_fault(ask, trading):
    answer = ask("lint", trading)
    assert answer.code == 0
    assert "No rule of" in answer.out
    assert "28,232 ports are open for replies" in answer.out


def test_json_is_versioned_and_counts_each_kind_and_severity(ask, trading):
    answer = ask("lint", trading, "--json")
    assert (answer.code, answer.json["schema"]) == (0, "bulkhead.lint/1")
    counts = answer.json["counts"]
    assert counts.pop("residue") == len(answer.json["findings"]) > 0
    assert set(counts.values()) == {0}
    assert {each["fault"] for each in answer.json["findings"]} == {False}
    assert {each["severity"] for each in answer.json["findings"]} == {"note"}
    severities = answer.json["severities"]
    assert severities.pop("note") == len(answer.json["findings"])
    assert set(severities.values()) == {0}


def test_a_source_that_is_not_there_is_refused(ask):
    assert ask("lint", "nowhere.yaml").code == 2


def beside(trading, folder, estate, **changes):
    """What an account shows in which `trading` stands, and beside it the VPC of an estate."""
    planned, other = open_source(str(trading)).network, replace(estate.build(), **changes)
    used = {each.nacl for each in other.subnets}
    other = replace(
        other,
        nacls=tuple(each for each in other.nacls if each.id in used),
        route_tables=other.route_tables[1:],
    )
    kinds = ("vpcs", "subnets", "interfaces", "security_groups", "nacls", "route_tables")
    kinds += ("internet_gateways",)
    both = {kind: getattr(planned, kind) + getattr(other, kind) for kind in kinds}
    return write(as_files(with_aws_ids(replace(planned, **both))), folder)


@pytest.fixture
def account(trading, tmp_path):
    """`trading`, beside a VPC with an open group."""
    old = Estate(cidr="10.9.0.0/16", vpc="old")
    old.acl("old-acl", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    old.table("old-table")
    old.subnet("old-a", "10.9.1.0/24", acl="old-acl", table="old-table")
    old.group("old-group", "in tcp 22 0.0.0.0/0")
    old.host("old-host", "old-a", "10.9.1.9", "old-group")
    return beside(trading, tmp_path / "eu-west-1", old)


def test_the_default_vpc_of_an_account_as_aws_makes_it_is_no_fault(ask, trading, tmp_path):
    made = Estate(cidr="172.31.0.0/16", vpc="own")
    made.igw("igw-own")
    made.acl("default-acl", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    made.table("default-table", "0.0.0.0/0 igw-own")
    made.subnet("default-a", "172.31.0.0/20", acl="default-acl", table="default-table")
    made.group("default", "in all default", "out all 0.0.0.0/0")
    network = made.build()
    folder = beside(
        trading,
        tmp_path / "eu-west-1",
        made,
        nacls=tuple(replace(each, default=True) for each in network.nacls),
        security_groups=tuple(replace(each, default=True) for each in network.security_groups),
    )
    answer = ask("lint", folder)
    assert answer.code == 0, answer.out
    assert "as in every VPC whose NACL nobody has written" in answer.out


def test_only_the_stack_of_a_topology_is_judged_and_the_rest_is_counted(ask, account, trading):
    assert ask("lint", account).code == 1
    answer = ask("lint", account, "--for", trading)
    assert answer.code == 0, answer.out
    assert "left out: vpc-old (old): built from no topology\n" in answer.out
    listed = ask("lint", account, "--for", trading, "--json").json
    assert len(listed["left_out"]) == 1
    assert listed["verdict"] == "no fault"


def test_one_vpc_is_judged_by_its_name_and_one_that_is_not_there_is_refused(ask, account):
    names = {
        each["name"] for each in ask("lint", account, "--vpc", "old", "--json").json["findings"]
    }
    assert names == {"security group old-group", "NACL old-acl"}
    refused = ask("lint", account, "--vpc", "new")
    assert refused.code == 2
    assert "is new by id or name; VPCs there: " in refused.err


def test_what_is_less_bad_than_asked_for_is_counted_and_no_fault(ask, account):
    answer = ask("lint", account, "--severity", "high", "--json")
    assert (answer.code, answer.json["findings"]) == (0, [])
    assert "low" in answer.json["left_out"][0]
    assert "No rule of" not in ask("lint", account, "--severity", "low").out
    assert "that was asked about is known" in ask("lint", account, "--severity", "high").out
    assert ask("lint", account, "--severity", "worst").code == 2


def test_a_topology_that_is_not_in_the_source_is_refused(ask, trading, tmp_path):
    files = as_files(with_aws_ids(Estate().build()))
    answer = ask("lint", write(files, tmp_path / "eu-west-1"), "--for", trading)
    assert answer.code == 2
    assert "is tagged bulkhead:topology=trading" in answer.err
