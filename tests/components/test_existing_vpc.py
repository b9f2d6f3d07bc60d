"""A network in a VPC of others: of that nothing is made, and nothing is adopted."""

from __future__ import annotations

from bulkhead.components.fabric import build
from tests.support.shared_vpc import VPC, planned_in, shared_topology


def test_the_vpc_is_read_and_what_came_with_it_is_left_alone(record, tmp_path):
    planned = planned_in(shared_topology(tmp_path))
    built = {}

    def program():
        built["vpc"] = build(planned).vpc

    made = record(program)
    kinds = {each.type.rpartition(":")[2] for each in made.children}
    assert kinds.isdisjoint(
        {"Vpc", "DefaultSecurityGroup", "DefaultNetworkAcl", "DefaultRouteTable", "VpnGateway"}
    )
    assert {each.inputs["vpcId"] for each in made.of("Subnet")} == {VPC}


def test_an_interface_waits_until_its_subnet_is_under_our_own_acl_and_table(record, tmp_path):
    planned = planned_in(shared_topology(tmp_path))
    made = record(lambda: build(planned))
    wanted = {
        each.name
        for kind in ("NetworkAclAssociation", "RouteTableAssociation")
        for each in made.of(kind)
    }
    assert len(wanted) == 8
    for each in made.of("NetworkInterface"):
        waits_for = {urn.rpartition("::")[2] for urn in each.dependencies}
        assert wanted <= waits_for
