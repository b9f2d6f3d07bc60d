"""A network in a VPC of others: of that nothing is made, and nothing is adopted."""

from __future__ import annotations

import pulumi
import pytest

from bulkhead.components import Fabric
from bulkhead.components.fabric import build
from bulkhead.plan.lock import Lock, lock_text
from tests.components.conftest import Account
from tests.support.shared_vpc import FACTS, TEXT, VPC, planned_in, shared_topology


def test_the_vpc_is_read_and_what_came_with_it_is_left_alone(record, tmp_path):
    planned = planned_in(shared_topology(tmp_path))
    built = {}

    def program():
        built["vpc"] = build(planned).vpcs[""]

    made = record(program)
    kinds = {each.type.rpartition(":")[2] for each in made.children}
    assert kinds.isdisjoint(
        {"Vpc", "DefaultSecurityGroup", "DefaultNetworkAcl", "DefaultRouteTable", "VpnGateway"}
    )
    assert {each.inputs["vpcId"] for each in made.of("Subnet")} == {VPC}


def test_an_interface_waits_until_its_subnet_is_under_our_own_acl_and_table_and_for_no_other(
    record, tmp_path
):
    planned = planned_in(shared_topology(tmp_path))
    made = record(lambda: build(planned))
    subnet_of = {f"{each.name}-id": each.name for each in made.of("Subnet")}
    guards = {name: {f"{name}-acl", f"{name}-routes"} for name in subnet_of.values()}
    every = {name for several in guards.values() for name in several}
    assert every == {
        each.name
        for kind in ("NetworkAclAssociation", "RouteTableAssociation")
        for each in made.of(kind)
    }
    for each in made.of("NetworkInterface"):
        waits_for = {urn.rpartition("::")[2] for urn in each.dependencies}
        ours = guards[subnet_of[each.inputs["subnetId"]]]
        assert ours <= waits_for
        assert waits_for & every == ours


@pytest.fixture
def annex(record, tmp_path, monkeypatch):
    """Build a fabric in a VPC that has these subnets now: their addresses and topology, by id.

    The VPC has one block, and the account one zone.
    """
    shared_topology(tmp_path)
    (tmp_path / "topology.lock.json").write_text(
        lock_text(Lock(topology="demo", first=True, vpc=FACTS))
    )
    monkeypatch.delenv("CI", raising=False)

    def made(subnets, block="10.0.0.0/16", zones=None):
        if zones is not None:
            shared_topology(tmp_path, TEXT.replace("zones: 2", f"zones: {zones}"))

        def call(_account, args):
            if subnets is None:
                raise RuntimeError("UnauthorizedOperation: ec2:DescribeSubnets")
            if args.token.endswith(":getVpc"):
                return {"cidrBlockAssociations": [{"cidrBlock": block, "state": "associated"}]}
            if args.token.endswith(":getAvailabilityZones"):
                return {"names": ["eu-west-1a"], "zoneIds": ["euw1-az1"]}
            if args.token.endswith(":getSubnets"):
                return {"ids": list(subnets)}
            cidr, topology = subnets[args.args["id"]]
            return {"cidrBlock": cidr, "tags": {"bulkhead:topology": topology} if topology else {}}

        monkeypatch.setattr(Account, "call", call)
        ended = []

        def program():
            try:
                Fabric("demo", topology=tmp_path / "topology.yaml")
            except pulumi.RunError as error:
                ended.append(str(error))

        return len(record(program).children), "".join(ended)

    return made


def test_what_has_come_into_the_vpc_where_a_subnet_is_planned_ends_the_program(annex):
    registered, said = annex(
        {"subnet-0web": ("10.0.1.0/24", ""), "subnet-0b": ("10.0.64.0/26", "")}
    )
    assert registered == 0
    assert "subnet-0b (10.0.64.0/26) has come into" in said
    assert "run `bulkhead adopt` again" in said


def test_what_is_known_ours_or_elsewhere_in_the_vpc_is_in_nobodys_way(annex):
    registered, said = annex(
        {
            "subnet-0web": ("10.0.1.0/24", ""),
            "subnet-0ours": ("10.0.64.0/26", "demo"),
            "subnet-0new": ("10.0.2.0/24", ""),
        }
    )
    assert registered
    assert said == ""


def test_all_that_does_not_fit_any_more_is_told_at_once(annex):
    registered, said = annex(
        {"subnet-0b": ("10.0.64.0/26", "")}, "10.1.0.0/16", "[euw1-az1, euw1-az2]"
    )
    assert registered == 0
    assert (
        "10.0.64.0/20 is no part of vpc-0a1b2c3d4e5f60718 any more, which has 10.1.0.0/16" in said
    )
    assert "subnet-0b (10.0.64.0/26) has come into" in said
    assert "no zone euw1-az2 in eu-west-1: it has euw1-az1" in said


def test_who_may_not_ask_for_subnets_makes_nothing(annex):
    with pytest.raises(RuntimeError, match="ec2:DescribeSubnets"):
        annex(None)
