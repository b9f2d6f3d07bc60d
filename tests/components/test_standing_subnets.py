"""Segments in subnets of others: nothing of these is made, and nothing at all where they are not as
somebody found them."""

from __future__ import annotations

import pulumi
import pytest

from bulkhead.components import Fabric
from bulkhead.plan.lock import Lock, lock_text
from tests.components.conftest import Account
from tests.support.shared_vpc import VPC, shared_topology
from tests.support.standing import BLOCKS, IN_THEIRS, IN_VPC, NACL, ONE, TWO


@pytest.fixture
def guests(record, tmp_path, monkeypatch):
    """Build a fabric where AWS has this NACL before each such subnet, these blocks, and these
    interfaces at one of our addresses."""
    shared_topology(tmp_path, IN_THEIRS)
    lock = lock_text(Lock(topology="demo", first=True, vpc=IN_VPC))
    (tmp_path / "topology.lock.json").write_text(lock)
    monkeypatch.delenv("CI", raising=False)

    def made(nacl=NACL, blocks=BLOCKS, holders=()):
        def call(_account, args):
            kind = args.token.rpartition(":")[2]
            if kind == "getVpc":
                return {
                    "cidrBlockAssociations": [{"cidrBlock": "10.0.0.0/16", "state": "associated"}]
                }
            if kind == "getSubnets":
                return {"ids": [ONE, TWO, "subnet-0web"]}
            if kind == "getSubnet":
                return {"cidrBlock": str(blocks[args.args["id"]]), "vpcId": VPC, "tags": {}}
            if kind == "getNetworkAcls":
                return {"ids": [nacl]}
            if kind == "getNetworkInterfaces":
                ours = any(each["name"].startswith("tag:") for each in args.args["filters"])
                here = {"name": "subnet-id", "values": [ONE]} in args.args["filters"]
                return {"ids": [] if ours or not here else list(holders)}
            assert kind == "getNetworkInterface"
            return {"privateIps": ["10.0.1.4"], "tags": {}}

        monkeypatch.setattr(Account, "call", call)
        ended, built = [], []

        def program():
            try:
                built.append(Fabric("demo", topology=tmp_path / "topology.yaml"))
            except pulumi.RunError as error:
                ended.append(str(error))

        return record(program), built, "".join(ended)

    return made


def test_interfaces_are_made_there_and_no_subnet_nacl_or_table(guests):
    made, (fabric,), said = guests()
    assert said == ""
    of_strat = {each.inputs["tags"]["bulkhead:segment"] for each in made.of("Subnet")}
    assert of_strat == {"strat"}
    assert len(made.of("NetworkAcl")) == len(made.of("RouteTable")) == 1
    homes = {
        each.inputs["tags"]["bulkhead:service"]: each.inputs["subnetId"]
        for each in made.of("NetworkInterface")
    }
    assert homes["ticker"] == ONE
    assert set(fabric.subnet_ids) == {"feed", "strat"}
    assert set(fabric.service_subnet_ids["ticker"]) == {"eu-west-1a", "eu-west-1b"}


def test_subnets_that_are_not_as_they_were_found_end_the_program(guests):
    blocks = {**BLOCKS, TWO: "10.0.9.0/24"}
    made, _, said = guests(nacl="acl-0new", blocks=blocks, holders=["eni-0late"])
    assert made.children == []
    for id_ in (ONE, TWO):
        assert f"{id_} of segment feed is behind acl-0new now, and was behind {NACL}" in said
    assert f"{TWO} of segment feed is 10.0.9.0/24 of {VPC} now, and was 10.0.2.0/24" in said
    assert "10.0.1.4 of ticker-1 is eni-0late's by now" in said
    assert "run `bulkhead adopt` again" in said
