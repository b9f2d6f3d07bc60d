"""How many entries a prefix list may have, as a preview says it."""

import json

import pytest

from bulkhead.network import Direction
from bulkhead.network.quotas import Taken, routes_taken, rules_taken
from bulkhead.observe.pulumi.preview import preview
from tests.support.previews import INGRESS, STANDING, TABLE, UNKNOWN, create, document, same, urn

LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


@pytest.fixture
def read(tmp_path):
    def network(*steps):
        path = tmp_path / "preview.json"
        path.write_text(json.dumps(document(*STANDING, *steps)))
        return preview(path)

    return network


@pytest.mark.parametrize(("most", "counts"), [(20, Taken(20)), (UNKNOWN, Taken(1, at_least=True))])
def test_a_rule_counts_for_what_the_program_says_of_its_list(read, most, counts):
    said = {"name": "offices", "addressFamily": "IPv4", "maxEntries": most}
    offices = create(LIST, "offices", **said, entries=[{"cidr": "10.9.0.0/16"}])
    deps = {"prefixListId": [urn(LIST, "offices")]}
    rule = create(
        INGRESS, "in", deps, securityGroupId="sg-1", prefixListId=UNKNOWN, ipProtocol="-1"
    )
    network = read(offices, rule)
    group = network.security_group["sg-1"]
    assert [str(each.peer) for each in group.rules] == ["10.9.0.0/16"]
    assert rules_taken(group, Direction.INGRESS, 4) == counts


@pytest.mark.parametrize(("service", "counts"), [("s3", 1), ("s3express", 6)])
def test_the_route_of_a_gateway_endpoint_counts_for_the_weight_of_its_service(
    read, service, counts
):
    table = same(TABLE, "rtb", "rtb-1", vpcId="vpc-1", routes=[])
    endpoint = create(
        ENDPOINT,
        "store",
        vpcId="vpc-1",
        serviceName=f"com.amazonaws.eu-west-1.{service}",
        vpcEndpointType="Gateway",
        routeTableIds=["rtb-1"],
    )
    network = read(table, endpoint)
    assert routes_taken(network.route_table["rtb-1"]) == Taken(counts)
