"""What the policy tables of a transit gateway leave in doubt, in a dump that has them."""

from __future__ import annotations

import pytest

from bulkhead.network import Verdict
from bulkhead.observe.dumps.dump import dump
from bulkhead.prove import prove
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import ANYWHERE, Estate


@pytest.fixture
def hub():
    """Two VPCs at one transit gateway, each with a host, and all may speak with all."""
    estate = Estate()
    estate.vpc("two", "10.1.0.0/16")
    estate.vpc("three", "10.2.0.0/16")
    estate.tgw()
    routes = []
    for name, vpc, block in (("a", "vpc", 0), ("b", "two", 1), ("c", "three", 2)):
        estate.table(f"at-{name}", "10.0.0.0/8 tgw", vpc=vpc)
        estate.subnet(name, f"10.{block}.0.0/24", acl="open", table=f"at-{name}", vpc=vpc)
        estate.group(f"open-{name}", *ANYWHERE, vpc=vpc)
        estate.host(f"host-{name}", name, f"10.{block}.0.5", f"open-{name}")
        estate.attach(f"att-{name}", vpc, name, table="hub")
        routes.append(f"10.{block}.0.0/16 att-{name}")
    estate.tgw_table("hub", *routes)
    return with_aws_ids(estate.build())


def by_policy(files, vpc):
    """The attachment of a VPC, associated with a policy table instead of a route table."""
    listed = files["TransitGatewayAttachments.json"]["TransitGatewayAttachments"]
    (attached,) = (each for each in listed if each["ResourceId"] == vpc)
    attached["Association"] = {
        "TransitGatewayPolicyTableId": "tgw-ptb-0123456789abcdef0",
        "State": "associated",
    }
    files["TransitGatewayPolicyTables.json"] = {
        "TransitGatewayPolicyTables": [
            {
                "TransitGatewayPolicyTableId": "tgw-ptb-0123456789abcdef0",
                "TransitGatewayId": attached["TransitGatewayId"],
                "State": "available",
            }
        ]
    }
    return attached


def between(network, source, destination):
    reach = prove(network)
    ends = {each.name.partition(" (")[0]: each for each in reach.endpoints}
    return reach.verdict(ends[source], ends[destination], 6, 443)


def test_a_policy_table_leaves_only_the_attachments_that_it_routes_in_doubt(tmp_path, hub):
    files = as_files(hub)
    (two,) = (each.id for each in hub.vpcs if each.name == "two")
    attached = by_policy(files, two)["TransitGatewayAttachmentId"]
    seen = dump(write(files, tmp_path))
    assert between(seen, "host-a", "host-c") is Verdict.ALLOWED
    assert between(seen, "host-b", "host-c") is Verdict.UNDETERMINED
    assert between(seen, "host-a", "host-b") is Verdict.UNDETERMINED
    assert {each.scope.partition("/")[0] for each in seen.unmodelled} == {attached}
    why = {each.scope: each.why for each in seen.unmodelled}
    assert all("olicy" in each.why for each in seen.unmodelled)
    assert "tgw-ptb-0123456789abcdef0" in why[f"{attached}/unknown-route-table"]


def test_the_associations_of_a_policy_table_are_none_of_a_route_table(tmp_path, hub):
    files = as_files(hub)
    (two,) = (each.id for each in hub.vpcs if each.name == "two")
    attached = by_policy(files, two)
    del attached["Association"]
    del files["TransitGatewayPolicyTables.json"]
    files["get-transit-gateway-policy-table-associations.json"] = {
        "Associations": [
            {
                "TransitGatewayPolicyTableId": "tgw-ptb-0123456789abcdef0",
                "TransitGatewayAttachmentId": attached["TransitGatewayAttachmentId"],
                "ResourceId": two,
                "ResourceType": "vpc",
                "State": "associated",
            }
        ]
    }
    seen = dump(write(files, tmp_path))
    assert between(seen, "host-a", "host-c") is Verdict.ALLOWED
    assert between(seen, "host-b", "host-c") is Verdict.UNDETERMINED
    assert {each.scope for each in seen.unmodelled} == {attached["TransitGatewayAttachmentId"]}
