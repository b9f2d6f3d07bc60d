"""Which resource of a stack each thing is, and each rule that has a resource of its own."""

from __future__ import annotations

import json

import pytest

from bulkhead import observe
from bulkhead.network import Direction, Origin
from tests.observe.pulumi import test_preview as planned
from tests.observe.pulumi.test_state import resource, stack

URN = "urn:pulumi:dev::trading"


@pytest.fixture
def read(tmp_path):
    def read(resources):
        path = tmp_path / "state.json"
        path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
        return observe.read_state(path)

    return read


@pytest.mark.parametrize(
    ("id_", "urn"),
    [
        ("vpc-1", "aws:ec2/vpc:Vpc::vpc-1"),
        ("sg-ticker", "aws:ec2/securityGroup:SecurityGroup::sg-ticker"),
        ("acl-feed", "aws:ec2/networkAcl:NetworkAcl::acl-feed"),
        ("eni-1", "aws:ec2/networkInterface:NetworkInterface::eni-1"),
        ("vpn-1", "aws:ec2/vpnConnection:VpnConnection::vpn-1"),
        # What AWS makes with another is that one's.
        ("sg-default", "aws:ec2/vpc:Vpc::vpc-1"),
        ("rtb-main", "aws:ec2/vpc:Vpc::vpc-1"),
        ("eni-2", "aws:ec2/instance:Instance::i-1"),
    ],
)
def test_a_thing_has_the_urn_of_its_resource(read, id_, urn):
    assert read(stack()).origins.of(id_) == Origin(urn=f"{URN}::{urn}")


def test_what_a_resource_adopted_is_its_own_and_no_more_that_of_the_vpc(read):
    kind = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    adopted = resource(kind, "sg-default", {"vpcId": "vpc-1", "ingress": [], "egress": []})
    for resources in ([*stack(), adopted], [adopted, *stack()]):
        assert read(resources).origins.of("sg-default").urn == f"{URN}::{kind}::sg-default"


def test_a_rule_an_entry_and_a_route_have_the_urn_of_their_own_resource(read):
    found = read(stack())
    network = found.network
    (rule,) = network.security_group["sg-ticker"].rules
    (entry,) = network.nacl["acl-feed"].entries
    (route,) = (
        each for each in network.route_table["rtb-1"].routes if str(each.destination) == "0.0.0.0/0"
    )
    for owner, each, urn in (
        ("sg-ticker", rule, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::sgr-1"),
        ("acl-feed", entry, "aws:ec2/networkAclRule:NetworkAclRule::nacl-rule-1"),
        ("rtb-1", route, "aws:ec2/route:Route::r-1"),
    ):
        assert found.origins.of(owner, each) == Origin(urn=f"{URN}::{urn}")


def test_a_rule_that_is_written_inside_its_group_has_the_urn_of_the_group(read):
    kind = "aws:ec2/securityGroup:SecurityGroup"
    inside = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}
    found = read([*stack(), resource(kind, "sg-1", {"vpcId": "vpc-1", "ingress": [inside]})])
    (rule,) = found.network.security_group["sg-1"].rules
    assert found.origins.of("sg-1", rule) == Origin(urn=f"{URN}::{kind}::sg-1")


def test_one_resource_of_several_peers_is_each_of_its_rules(read):
    kind = "aws:ec2/securityGroupRule:SecurityGroupRule"
    legacy = {
        "type": "ingress",
        "securityGroupId": "sg-ticker",
        "protocol": "tcp",
        "fromPort": 80,
        "toPort": 80,
        "cidrBlocks": ["10.0.0.0/8", "10.1.0.0/16"],
    }
    found = read([*stack(), resource(kind, "sgrule-9", legacy)])
    rules = [
        each for each in found.network.security_group["sg-ticker"].rules if each.ports.first == 80
    ]
    assert len(rules) == 2
    for each in rules:
        assert found.origins.of("sg-ticker", each).urn == f"{URN}::{kind}::sgrule-9"


def test_rules_and_routes_of_a_prefix_list_are_those_that_name_it(read):
    entries = [{"cidr": "172.16.0.0/16"}, {"cidr": "172.17.0.0/16"}]
    table = {"routeTableId": "rtb-1", "destinationPrefixListId": "pl-1", "gatewayId": "vgw-1"}
    ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    listed = {
        "securityGroupRuleId": "sgr-9",
        "securityGroupId": "sg-ticker",
        "ipProtocol": "tcp",
        "fromPort": 80,
        "toPort": 80,
        "prefixListId": "pl-1",
    }
    found = read(
        [
            *stack(),
            resource("aws:ec2/managedPrefixList:ManagedPrefixList", "pl-1", {"entries": entries}),
            resource("aws:ec2/route:Route", "r-9", table),
            resource(ingress, "sgr-9", listed),
        ]
    )
    routes = [
        each
        for each in found.network.route_table["rtb-1"].routes
        if str(each.destination).startswith("172.")
    ]
    rules = [
        each for each in found.network.security_group["sg-ticker"].rules if each.ports.first == 80
    ]
    assert len(routes) == len(rules) == 2
    assert {found.origins.of("rtb-1", each).urn.rsplit("::", 1)[-1] for each in routes} == {"r-9"}
    assert {found.origins.of("sg-ticker", each).urn.rsplit("::")[-1] for each in rules} == {"sgr-9"}


def test_names_are_those_of_the_resources_that_carry_them(read):
    origins = read(stack()).origins
    group = Origin(urn=f"{URN}::aws:ec2/securityGroup:SecurityGroup::sg-ticker")
    assert origins.named("ticker") == origins.named("ticker.ticks") == group
    assert origins.named("feed").urn.endswith("NetworkAcl::acl-feed")
    assert origins.whole == Origin(urn=f"{URN}::pulumi:pulumi:Stack::trading-dev")


@pytest.mark.parametrize(
    ("position", "file", "line"),
    [
        ("project:///index.ts#10,5", "index.ts", 10),
        ("project:///infra/__main__.py#7", "infra/__main__.py", 7),
        ("project:///main.go", "main.go", 0),
        ("project:///my%20program/main.go#12", "my program/main.go", 12),
        ("somewhere else", "", 0),
        (7, "", 0),
    ],
)
def test_where_the_program_makes_it_is_told_as_far_as_the_state_says_so(read, position, file, line):
    resources = stack()
    (group,) = (each for each in resources if each.get("id") == "sg-ticker")
    group["sourcePosition"] = position
    found = read(resources).origins.of("sg-ticker")
    assert (found.file, found.line, found.urn) == (file, line, group["urn"])


def test_what_a_preview_is_yet_to_make_has_its_urn_too(tmp_path):
    ingress = planned.create(
        planned.INGRESS,
        "ticks",
        {"securityGroupId": [planned.urn(planned.GROUP, "ticker")]},
        securityGroupId=planned.UNKNOWN,
        ipProtocol="tcp",
        fromPort=5556,
        toPort=5556,
        cidrIpv4="10.0.0.0/24",
    )
    ingress["newState"]["sourcePosition"] = "project:///index.ts#3,1"
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(planned.document(*planned.FRESH, ingress)))
    found = observe.read_preview(path)
    (group,) = (each for each in found.network.security_groups if each.name == "ticker-1f")
    (rule,) = (each for each in group.rules if each.direction is Direction.INGRESS)
    assert found.origins.of(group.id) == Origin(urn=planned.urn(planned.GROUP, "ticker"))
    assert found.origins.of(group.id, rule) == Origin(
        file="index.ts", line=3, urn=planned.urn(planned.INGRESS, "ticks")
    )


def test_every_thing_of_a_state_but_what_only_others_name_has_an_origin(read):
    found = read(stack())
    assert [each.id for each in found.network.things if found.origins.of(each.id) is None] == []


def test_the_account_of_a_state_is_that_of_its_names(read):
    resources = stack()
    assert read(resources).accounts == ()
    resources[2]["outputs"]["arn"] = "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"
    assert read(resources).accounts == ("111122223333",)
    assert read(resources).regions == ("eu-west-1",)


def test_lint_says_of_a_stack_which_resource_is_at_fault(read, ask, tmp_path):
    ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    wide = {
        "securityGroupRuleId": "sgr-9",
        "securityGroupId": "sg-ticker",
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "cidrIpv4": "0.0.0.0/0",
    }
    place = {"sourcePosition": "project:///index.ts#10,5"}
    read([*stack(), resource(ingress, "sgr-9", wide, **place)])
    answer = ask("lint", tmp_path / "state.json", "--json")
    found = {
        (each["file"], each["line"], each["urn"])
        for each in answer.json["findings"]
        if each["rule"] and "sgr-9" in each["rule"]
    }
    assert found == {("index.ts", 10, f"{URN}::{ingress}::sgr-9")}
    assert "at index.ts:10" in ask("lint", tmp_path / "state.json").out


def test_who_made_a_thing_comes_before_who_accepted_or_only_read_it(read):
    peer = {"vpcId": "vpc-1", "peerVpcId": "vpc-9", "acceptStatus": "active"}
    made = resource("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "pcx-1", peer)
    kind = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    accepted = resource(kind, "pcx-1", peer)
    vpc = next(each for each in stack() if each.get("id") == "vpc-1")
    seen = vpc | {"urn": f"{URN}::aws:ec2/vpc:Vpc::looked-up", "external": True}
    for resources in ([*stack(), made, accepted, seen], [seen, accepted, *stack(), made]):
        origins = read(resources).origins
        assert origins.of("pcx-1").urn == made["urn"]
        assert origins.of("vpc-1").urn == vpc["urn"]
