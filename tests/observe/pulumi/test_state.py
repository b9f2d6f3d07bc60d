"""A stack's state, as `pulumi stack export` writes it."""

from __future__ import annotations

import copy
import json
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.ends import resolve
from bulkhead.explain import explain
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    Action,
    Direction,
    Network,
    PortRange,
    PublicAccess,
    TargetKind,
    Verdict,
)
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import ONE_FOLDER, examples

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PROVIDER = "urn:pulumi:dev::trading::pulumi:providers:aws::default_7_51_1"


def resource(token: str, known_as: str, outputs: dict[str, Any] | None = None, **more: Any):
    """A resource as the engine writes it; inputs default to the outputs."""
    outputs = outputs or {}
    return {
        "urn": f"urn:pulumi:dev::trading::{token}::{known_as}",
        "custom": True,
        "type": token,
        "id": known_as,
        "inputs": outputs,
        "outputs": {"id": known_as, **outputs},
        "provider": f"{PROVIDER}::uuid",
        **more,
    }


def rule(way: str, known_as: str, **outputs: Any):
    token = f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule"
    return resource(token, known_as, {"securityGroupRuleId": known_as, **outputs})


def stack() -> list[dict[str, Any]]:
    return [
        {
            "urn": "urn:pulumi:dev::trading::pulumi:pulumi:Stack::trading-dev",
            "custom": False,
            "type": "pulumi:pulumi:Stack",
        },
        {
            "urn": PROVIDER,
            "custom": True,
            "type": "pulumi:providers:aws",
            "id": "uuid",
            "inputs": {"region": "eu-west-1"},
            "outputs": {},
        },
        resource(
            "aws:ec2/vpc:Vpc",
            "vpc-1",
            {
                "cidrBlock": "10.20.0.0/16",
                "defaultNetworkAclId": "acl-default",
                "defaultSecurityGroupId": "sg-default",
                "defaultRouteTableId": "rtb-main",
                "mainRouteTableId": "rtb-main",
                "ipv6CidrBlock": "",
                "tags": {"Name": "trading"},
                "tagsAll": {"Name": "trading", "bulkhead:topology": "trading"},
            },
        ),
        resource(
            "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
            "vpc-cidr-1",
            {"vpcId": "vpc-1", "cidrBlock": "10.30.0.0/16"},
        ),
        resource(
            "aws:ec2/subnet:Subnet",
            "subnet-a",
            {
                "vpcId": "vpc-1",
                "cidrBlock": "10.20.0.0/24",
                "availabilityZone": "eu-west-1a",
                "tags": {"bulkhead:segment": "feed"},
            },
        ),
        resource(
            "aws:ec2/subnet:Subnet",
            "subnet-b",
            {"vpcId": "vpc-1", "cidrBlock": "10.20.1.0/24", "availabilityZone": "eu-west-1b"},
        ),
        resource(
            "aws:ec2/securityGroup:SecurityGroup",
            "sg-ticker",
            {
                "vpcId": "vpc-1",
                "name": "ticker",
                "tags": {"bulkhead:service": "ticker", "bulkhead:socket:ticks": "PUB tcp 5556"},
            },
        ),
        resource(
            "aws:ec2/securityGroup:SecurityGroup",
            "sg-strategy",
            {"vpcId": "vpc-1", "name": "strategy", "tags": {"bulkhead:service": "strategy"}},
        ),
        rule(
            "Ingress",
            "sgr-1",
            securityGroupId="sg-ticker",
            ipProtocol="tcp",
            fromPort=5556.0,
            toPort=5556.0,
            referencedSecurityGroupId="sg-strategy",
        ),
        rule(
            "Egress",
            "sgr-2",
            securityGroupId="sg-strategy",
            ipProtocol="-1",
            cidrIpv4="10.20.0.0/16",
        ),
        resource("aws:ec2/networkAcl:NetworkAcl", "acl-feed", {"vpcId": "vpc-1"}),
        resource(
            "aws:ec2/networkAclRule:NetworkAclRule",
            "nacl-rule-1",
            {
                "networkAclId": "acl-feed",
                "ruleNumber": 100,
                "egress": False,
                "protocol": "tcp",
                "ruleAction": "allow",
                "cidrBlock": "10.20.1.0/24",
                "fromPort": 5556,
                "toPort": 5556,
            },
        ),
        resource(
            "aws:ec2/networkAclAssociation:NetworkAclAssociation",
            "aclassoc-1",
            {"networkAclId": "acl-feed", "subnetId": "subnet-a"},
        ),
        resource("aws:ec2/routeTable:RouteTable", "rtb-1", {"vpcId": "vpc-1"}),
        resource(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            "rtbassoc-1",
            {"routeTableId": "rtb-1", "subnetId": "subnet-a"},
        ),
        resource("aws:ec2/internetGateway:InternetGateway", "igw-1", {"vpcId": "vpc-1"}),
        resource(
            "aws:ec2/route:Route",
            "r-1",
            {
                "routeTableId": "rtb-1",
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": "igw-1",
                "state": "active",
            },
        ),
        resource(
            "aws:ec2/networkInterface:NetworkInterface",
            "eni-1",
            {
                "subnetId": "subnet-a",
                "privateIp": "10.20.0.10",
                "privateIps": ["10.20.0.10", "10.20.0.11"],
                "securityGroups": ["sg-ticker"],
                "sourceDestCheck": True,
            },
        ),
        resource(
            "aws:ec2/eip:Eip",
            "eipalloc-1",
            {"networkInterface": "eni-1", "publicIp": "198.51.100.7"},
        ),
        resource(
            "aws:ec2/instance:Instance",
            "i-1",
            {
                "subnetId": "subnet-b",
                "instanceType": "c8i.large",
                "primaryNetworkInterfaceId": "eni-2",
                "privateIp": "10.20.1.10",
                "vpcSecurityGroupIds": ["sg-strategy"],
                "sourceDestCheck": True,
                "publicIp": "",
            },
        ),
        resource("aws:ec2/vpnGateway:VpnGateway", "vgw-1", {}),
        resource(
            "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
            "vpn-attachment-1",
            {"vpnGatewayId": "vgw-1", "vpcId": "vpc-1"},
        ),
        resource(
            "aws:ec2/customerGateway:CustomerGateway",
            "cgw-1",
            {"bgpAsn": "65010", "ipAddress": "203.0.113.10", "type": "ipsec.1"},
        ),
        resource(
            "aws:ec2/vpnConnection:VpnConnection",
            "vpn-1",
            {
                "vpnGatewayId": "vgw-1",
                "customerGatewayId": "cgw-1",
                "staticRoutesOnly": True,
                "customerGatewayConfiguration": {**SECRET, "ciphertext": "never-read-this"},
                "tunnel1PresharedKey": {**SECRET, "plaintext": '"never-read-this"'},
                "tunnel2PresharedKey": "never-read-this",
                "tunnel1InsideCidr": "169.254.10.0/30",
                "tunnel1IkeVersions": ["ikev2"],
                "tunnel1Phase1DhGroupNumbers": [20.0],
                "tunnel1Phase1EncryptionAlgorithms": ["AES256-GCM-16"],
                "tunnel1Phase1LifetimeSeconds": 900.0,
                "tunnel1DpdTimeoutAction": "restart",
                "tags": {"bulkhead:site": "exchange", "bulkhead:trust": "untrusted"},
            },
        ),
        resource(
            "aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
            "vpn-route-1",
            {"vpnConnectionId": "vpn-1", "destinationCidrBlock": "192.168.10.0/24"},
        ),
        resource(
            "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
            "propagation-1",
            {"vpnGatewayId": "vgw-1", "routeTableId": "rtb-1"},
        ),
    ]


def find(resources, known_as):
    (found,) = (each for each in resources if each.get("id") == known_as)
    return found


def drop(resources, *ids):
    return [each for each in resources if each.get("id") not in ids]


def only(things):
    (thing,) = things
    return thing


def test_a_whole_stack_is_taken_in(write_state):
    network = observe.state(write_state(stack()))
    assert network.unmodelled == ()
    vpc = only(network.vpcs)
    assert (vpc.name, vpc.region, vpc.topology) == ("trading", "eu-west-1", "trading")
    assert vpc.cidrs == (IPv4Network("10.20.0.0/16"), IPv4Network("10.30.0.0/16"))
    (ingress,) = network.security_group["sg-ticker"].rules
    assert (ingress.id, str(ingress.peer)) == ("sgr-1", "sg-strategy")
    assert ingress.ports == PortRange(5556, 5556)
    (egress,) = network.security_group["sg-strategy"].rules
    assert egress.direction is Direction.EGRESS
    (entry,) = network.nacl["acl-feed"].entries
    assert (entry.number, entry.protocol, entry.action) == (100, 6, Action.ALLOW)
    assert network.subnet["subnet-a"].nacl == "acl-feed"
    assert network.subnet["subnet-a"].route_table == "rtb-1"
    interface = network.interface["eni-1"]
    assert (interface.service, interface.public_address) == ("ticker", IPv4Address("198.51.100.7"))
    assert network.interface["eni-2"].service == "strategy"
    assert only(network.sites).cidrs == (IPv4Network("192.168.10.0/24"),)
    assert only(network.sites).trusted is False
    assert only(network.listeners).name == "ticker.ticks"


def test_static_vpn_routes_appear_in_the_tables_they_propagate_to(write_state):
    network = observe.state(write_state(stack()))
    propagated = [each for each in network.route_table["rtb-1"].routes if each.propagated]
    assert [(str(each.destination), each.target) for each in propagated] == [
        ("192.168.10.0/24", TargetKind.VPN_GATEWAY)
    ]


def test_tunnel_options_are_read_and_no_secret_is(write_state):
    network = observe.state(write_state(stack()))
    first, second = network.vpn_connection["vpn-1"].tunnels
    assert (first.phase1_lifetime, first.dpd_action) == (900, "restart")
    assert (second.phase1_lifetime, second.dpd_action) == (28800, "clear")
    assert (first.ike_versions, first.phase1_dh_groups) == (("ikev2",), (20,))
    assert second.inside_cidr is None
    assert "never-read-this" not in repr(network)


def test_what_aws_makes_with_a_vpc_is_there_as_aws_makes_it(write_state):
    network = observe.state(write_state(stack()))
    assert network.subnet["subnet-b"].nacl == "acl-default"
    default = network.nacl["acl-default"]
    assert default.default
    assert {(each.direction, each.action) for each in default.entries} == {
        (Direction.INGRESS, Action.ALLOW),
        (Direction.EGRESS, Action.ALLOW),
    }
    assert network.subnet["subnet-b"].route_table == "rtb-main"
    assert network.route_table["rtb-main"].main
    assert [str(each.peer) for each in network.security_group["sg-default"].rules] == [
        "0.0.0.0/0",
        "sg-default",
    ]


def test_a_rule_added_to_a_default_group_leaves_its_own_rules_in_place(write_state):
    more = rule(
        "Ingress", "sgr-7", securityGroupId="sg-default", ipProtocol="-1", cidrIpv4="10.0.0.0/8"
    )
    network = observe.state(write_state([*stack(), more]))
    assert len(network.security_group["sg-default"].rules) == 3


def test_adopted_defaults_are_what_the_stack_says(write_state):
    adopted = [
        resource(
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "sg-default", {"vpcId": "vpc-1"}
        ),
        resource(
            "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "acl-default",
            {"vpcId": "vpc-1", "defaultNetworkAclId": "acl-default"},
        ),
        resource(
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            "rtb-main",
            {"vpcId": "vpc-1", "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]},
        ),
    ]
    network = observe.state(write_state([*stack(), *adopted]))
    assert network.security_group["sg-default"].rules == ()
    assert network.nacl["acl-default"].entries == ()
    assert network.nacl["acl-default"].default
    assert len(network.route_table["rtb-main"].routes) == 1
    assert network.unmodelled == ()


@pytest.mark.parametrize("how", [{"external": True}, {"importID": "vpc-1"}])
def test_the_defaults_of_a_vpc_that_the_stack_did_not_make_are_not_known(write_state, gaps, how):
    resources = stack()
    find(resources, "vpc-1").update(how)
    network = observe.state(write_state(resources))
    subnet = network.subnet["subnet-b"]
    assert only(gaps(network, subnet.nacl)).kind == "network-acl"
    assert only(gaps(network, subnet.route_table)).kind == "route-table"


INLINE = {
    "protocol": "tcp",
    "fromPort": 5556,
    "toPort": 5557,
    "cidrBlocks": ["10.1.0.0/16", "10.2.0.0/16"],
    "ipv6CidrBlocks": ["::/0"],
    "securityGroups": ["123456789012/sg-strategy"],
    "self": True,
}


def test_inline_rules_are_unfolded_to_one_rule_a_peer(write_state):
    resources = stack()
    for part in ("inputs", "outputs"):
        find(resources, "sg-ticker")[part]["ingress"] = [INLINE]
    network = observe.state(write_state(drop(resources, "sgr-1")))
    peers = {str(each.peer) for each in network.security_group["sg-ticker"].rules}
    assert peers == {"10.1.0.0/16", "10.2.0.0/16", "::/0", "sg-strategy", "sg-ticker"}
    assert network.unmodelled == ()


def test_an_inline_rule_of_all_protocols_has_no_ports_although_it_says_zero(write_state):
    resources = stack()
    everything = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
    for part in ("inputs", "outputs"):
        find(resources, "sg-ticker")[part]["egress"] = [everything]
    network = observe.state(write_state(resources))
    assert "sg-ticker/egress/-1/0.0.0.0/0" in {
        each.id for each in network.security_group["sg-ticker"].rules
    }


def test_a_standalone_rule_that_the_group_echoes_is_one_rule(write_state):
    resources = stack()
    find(resources, "sg-ticker")["outputs"]["ingress"] = [
        {"protocol": "6", "fromPort": 5556, "toPort": 5556, "securityGroups": ["sg-strategy"]}
    ]
    find(resources, "sg-ticker")["inputs"].pop("ingress", None)
    network = observe.state(write_state(resources))
    assert [each.id for each in network.security_group["sg-ticker"].rules] == ["sgr-1"]
    assert network.unmodelled == ()


def separated(resources, known_as):
    """Inputs of their own: what the program said, apart from what was read back."""
    found = find(resources, known_as)
    found["inputs"] = copy.deepcopy(found["inputs"])
    return found


def test_an_echo_of_nothing_declared_is_in_doubt_and_no_other_rule(write_state):
    resources = stack()
    separated(resources, "sg-ticker")["outputs"]["ingress"] = [
        {"protocol": "udp", "fromPort": 53, "toPort": 53, "cidrBlocks": ["0.0.0.0/0"]}
    ]
    network = observe.state(write_state(resources))
    gap = only(network.unmodelled)
    assert gap.kind == "undeclared rule"
    assert "pulumi refresh" in gap.why
    rules = {each.says(): each.certain for each in network.security_group["sg-ticker"].rules}
    assert rules.pop("udp 53 from 0.0.0.0/0 (in doubt)") is False
    assert all(rules.values())


def test_a_group_that_the_stack_only_reads_has_the_rules_that_were_read(write_state):
    resources = stack()
    group = separated(resources, "sg-ticker")
    group["external"] = True
    group["outputs"]["ingress"] = [INLINE]
    network = observe.state(write_state(drop(resources, "sgr-1")))
    assert len(network.security_group["sg-ticker"].rules) == 5
    assert network.unmodelled == ()


def test_legacy_rules_are_unfolded_to_one_rule_a_peer(write_state):
    legacy = resource(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "sgrule-1",
        {
            "type": "egress",
            "securityGroupId": "sg-ticker",
            "protocol": "udp",
            "fromPort": 1,
            "toPort": 2,
            "cidrBlocks": ["10.1.0.0/16", "10.2.0.0/16"],
        },
    )
    network = observe.state(write_state([*stack(), legacy]))
    added = network.security_group["sg-ticker"].towards(Direction.EGRESS)
    assert {str(each.peer) for each in added} == {"10.1.0.0/16", "10.2.0.0/16"}
    assert {each.protocol for each in added} == {17}


def test_inline_acl_entries_count_and_standalone_ones_win_their_number(write_state):
    resources = stack()
    inline = {"action": "deny", "protocol": "-1", "ruleNo": 100, "cidrBlock": "0.0.0.0/0"}
    other = {**inline, "ruleNo": 200, "fromPort": 0, "toPort": 0}
    for part in ("inputs", "outputs"):
        find(resources, "acl-feed")[part]["ingress"] = [inline, other]
        find(resources, "acl-feed")[part]["subnetIds"] = ["subnet-b"]
    network = observe.state(write_state(resources))
    entries = network.nacl["acl-feed"].ordered(Direction.INGRESS)
    assert [(each.number, each.action) for each in entries] == [
        (100, Action.ALLOW),
        (200, Action.DENY),
    ]
    assert network.subnet["subnet-b"].nacl == "acl-feed"


def test_an_echoed_acl_entry_that_nothing_declares_is_in_doubt_and_no_other(write_state):
    resources = stack()
    separated(resources, "acl-feed")["outputs"]["egress"] = [
        {"action": "allow", "protocol": "-1", "ruleNo": 9, "cidrBlock": "0.0.0.0/0"}
    ]
    network = observe.state(write_state(resources))
    assert only(network.unmodelled).kind == "undeclared entry"
    entries = network.nacl["acl-feed"].entries
    assert [each.number for each in entries if not each.certain] == [9]
    assert len(entries) == 2


def test_an_echoed_route_that_nothing_declares_leaves_its_table_open(write_state, gaps):
    resources = stack()
    separated(resources, "rtb-1")["outputs"]["routes"] = [
        {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
        {"cidrBlock": "10.9.0.0/16", "natGatewayId": "nat-1"},
    ]
    network = observe.state(write_state(resources))
    assert only(gaps(network, "rtb-1")).id == "10.9.0.0/16 -> nat-1"


def test_an_echoed_association_that_nothing_declares_leaves_open_which_nacl_there_is(
    write_state, gaps
):
    resources = stack()
    separated(resources, "acl-feed")["outputs"]["subnetIds"] = ["subnet-a", "subnet-b"]
    network = observe.state(write_state(resources))
    acl = network.subnet["subnet-b"].nacl
    assert only(gaps(network, acl)).kind == "undeclared association"
    assert acl not in {"acl-feed", network.subnet["subnet-a"].nacl}
    assert gaps(network, "subnet-a") == gaps(network, "subnet-b") == []


def test_what_learns_by_bgp_is_not_in_a_state(write_state, gaps):
    resources = drop(stack(), "vpn-route-1")
    for part in ("inputs", "outputs"):
        find(resources, "vpn-1")[part]["staticRoutesOnly"] = False
    network = observe.state(write_state(resources))
    assert gaps(network, "rtb-1") == []
    assert "BGP" in only(gaps(network, "rtb-1/0.0.0.0/0")).why
    route = only(each for each in network.route_table["rtb-1"].routes if not each.certain)
    assert (route.propagated, route.target) == (True, TargetKind.VPN_GATEWAY)
    assert "BGP" in only(gaps(network, "vpn-1/announced")).why


def test_a_network_of_another_stack_is_named_and_never_dropped(write_state, gaps):
    network = observe.state(write_state(drop(stack(), "vpc-1", "vpc-cidr-1", "subnet-b")))
    assert "CIDRs are not known" in only(gaps(network, "vpc-1")).why
    assert "subnet-b" in only(gaps(network, "eni-2")).why
    assert "vpc-1" in network.vpc


def test_a_rule_for_a_group_of_another_stack_is_named(write_state, gaps):
    network = observe.state(write_state(drop(stack(), "sg-ticker")))
    found = {each.id: each for each in gaps(network, "sg-ticker")}
    assert found["sgr-1"].kind == "aws.vpc.SecurityGroupIngressRule"
    assert "sg-ticker" in found["sgr-1"].why
    assert "rules are not known" in found["sg-ticker"].why


def test_an_association_with_a_table_or_acl_of_another_stack_is_named(write_state, gaps):
    network = observe.state(write_state(drop(stack(), "rtb-1", "acl-feed")))
    subnet = network.subnet["subnet-a"]
    assert (subnet.nacl, subnet.route_table) == ("acl-feed", "rtb-1")
    for named, what in (("acl-feed", "network ACL"), ("rtb-1", "route table")):
        said = " ".join(each.why for each in gaps(network, named))
        assert f"it is the {what} of subnet-a, and not in this state" in said
    assert gaps(network, "subnet-a") == []


def echoed_behind_no_acl_that_is_declared():
    resources = stack()
    separated(resources, "acl-feed")["outputs"]["subnetIds"] = ["subnet-a", "subnet-b"]
    return resources


@pytest.mark.parametrize(
    ("resources", "verdict"),
    [
        # The NACL that is here loses the reply, wherever the table leads it.
        pytest.param(drop(stack(), "rtb-1"), Verdict.HALF_OPEN, id="route table"),
        pytest.param(drop(stack(), "acl-feed"), Verdict.UNDETERMINED, id="network ACL"),
        pytest.param(echoed_behind_no_acl_that_is_declared(), Verdict.UNDETERMINED, id="echo"),
    ],
)
def test_an_acl_or_a_table_of_another_stack_leaves_to_the_other_layers_what_they_decide(
    write_state, resources, verdict
):
    network = observe.state(write_state(resources))
    (source, *_), (target, *_) = resolve(network, "eni-2"), resolve(network, "eni-1")
    said = [explain(network, source, target, 6, port).verdict for port in (5556, 22)]
    assert said == [verdict, Verdict.DENIED]
    reach = prove(network)
    assert said == [reach.verdict(source, target, 6, port) for port in (5556, 22)]


def test_a_group_that_is_not_shown_leaves_open_only_what_it_might_allow_or_mean(write_state, gaps):
    def said(known_as, key, *groups):
        resources = stack()
        for part in ("inputs", "outputs"):
            find(resources, known_as)[part][key] = [*groups, {**SECRET, "ciphertext": "x"}]
        network = observe.state(write_state(resources))
        assert gaps(network, "sg-ticker") == gaps(network, "sg-strategy") == []
        assert gaps(network, "eni-1") == gaps(network, "eni-2") == []
        (source, *_), (target, *_) = resolve(network, "eni-2"), resolve(network, "eni-1")
        reach = prove(network)
        verdicts = [explain(network, source, target, 6, port).verdict for port in (5556, 22)]
        assert verdicts == [reach.verdict(source, target, 6, port) for port in (5556, 22)]
        return verdicts

    half, denied, open_ = Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED
    assert said("eni-1", "securityGroups", "sg-ticker") == [half, denied]
    assert said("eni-1", "securityGroups") == [open_, denied]
    assert said("i-1", "vpcSecurityGroupIds", "sg-strategy") == [half, denied]
    assert said("i-1", "vpcSecurityGroupIds") == [open_, denied]


@pytest.mark.parametrize(("more", "verdict"), [([], "denied"), ([SECRET], "undetermined")])
def test_a_group_that_is_not_shown_may_be_one_of_another_stack_to_which_a_rule_refers(
    write_state, more, verdict
):
    resources = drop(stack(), "acl-feed", "aclassoc-1")
    for part in ("inputs", "outputs"):
        find(resources, "sgr-1")[part]["referencedSecurityGroupId"] = "sg-foreign"
        held = ["sg-strategy", *({**each, "ciphertext": "x"} for each in more)]
        find(resources, "i-1")[part]["vpcSecurityGroupIds"] = held
    network = observe.state(write_state(resources))
    (source, *_), (target, *_) = resolve(network, "eni-2"), resolve(network, "eni-1")
    assert explain(network, source, target, 6, 5556).verdict == Verdict(verdict)
    assert prove(network).verdict(source, target, 6, 5556) == Verdict(verdict)


@pytest.mark.parametrize(
    ("token", "outputs", "scope"),
    [
        (
            "aws:networkfirewall/tlsInspectionConfiguration:TlsInspectionConfiguration",
            {},
            "thing-1",
        ),
        ("aws:ec2transitgateway/connect:Connect", {}, "thing-1"),
        ("aws:ec2/securityGroupAssociation:SecurityGroupAssociation", {}, "thing-1"),
        ("aws-native:ec2:Subnet", {}, "thing-1"),
        ("aws-native:ec2:SecurityGroupIngress", {"groupId": "sg-ticker"}, "sg-ticker"),
        (
            "aws:lambda/function:Function",
            {"vpcConfig": {"subnetIds": ["subnet-0123456789abcdef0"]}},
            "thing-1",
        ),
    ],
)
def test_what_decides_about_packets_and_is_not_read_is_named(
    write_state, gaps, token, outputs, scope
):
    network = observe.state(write_state([*stack(), resource(token, "thing-1", outputs)]))
    assert only(gaps(network, scope)).id == "thing-1"


@pytest.mark.parametrize(
    "token", ["aws:s3/bucket:Bucket", "aws:ec2/flowLog:FlowLog", "aws:ec2/keyPair:KeyPair"]
)
def test_what_does_not_decide_about_packets_is_not_mentioned(write_state, token):
    network = observe.state(write_state([*stack(), resource(token, "thing-1", {})]))
    assert network.unmodelled == ()


def test_block_public_access_leaves_less_to_every_subnet(write_state):
    blocked = resource(
        "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
        "eu-west-1",
        {"internetGatewayBlockMode": "block-ingress"},
    )
    network = observe.state(write_state([*stack(), blocked]))
    assert {each.public_access for each in network.subnets} == {PublicAccess.EGRESS_ONLY}
    assert network.unmodelled == ()


def test_a_secret_that_is_needed_is_named_and_not_opened(write_state):
    resources = stack()
    hidden = {**SECRET, "plaintext": '"10.20.0.0/16"'}
    find(resources, "sgr-2")["outputs"]["cidrIpv4"] = hidden
    network = observe.state(write_state(resources))
    gap = only(network.unmodelled)
    assert (gap.id, "is a secret in this state" in gap.why) == ("sgr-2", True)
    rules = network.security_group["sg-strategy"].rules
    assert {str(each.peer) for each in rules if not each.certain} == {"0.0.0.0/0"}
    assert "10.20.0.0/16" not in repr(rules)


def test_an_interrupted_operation_leaves_what_it_was_about_open(write_state, gaps):
    pending = [
        {
            "resource": rule("Ingress", "", securityGroupId="sg-ticker", ipProtocol="-1"),
            "type": "creating",
        }
    ]
    network = observe.state(write_state(stack(), pending_operations=pending))
    assert "creating it was interrupted" in only(gaps(network, "sg-ticker")).why


def test_a_replaced_resource_does_not_hide_its_successor(write_state):
    resources = stack()
    retired = copy.deepcopy(find(resources, "nacl-rule-1"))
    retired["outputs"]["ruleAction"] = "deny"
    retired["delete"] = True
    network = observe.state(write_state([*resources, retired]))
    assert only(network.nacl["acl-feed"].entries).action is Action.ALLOW


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inside: {"version": 3, "deployment": inside},
        lambda inside: {"version": 3, "checkpoint": {"stack": "dev", "latest": inside}},
        lambda inside: {"stack": "dev", "latest": inside},
    ],
)
def test_an_export_and_a_checkpoint_say_the_same(tmp_path, write_state, wrap):
    path = tmp_path / "checkpoint.json"
    path.write_text(json.dumps(wrap({"resources": stack()})))
    assert observe.state(path) == observe.state(write_state(stack()))


@pytest.mark.parametrize(
    "text", ["", "name: trading\n", "[]", "{}", '{"Vpcs": []}', "[" * 100_000, "9" * 5000]
)
def test_what_is_no_state_is_refused_with_the_file(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        observe.state(path)
    assert refused.value.problems[0].file == str(path)


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        observe.state(tmp_path / "missing.json")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not text"):
        observe.state(tmp_path / "binary")


def test_every_fault_of_a_state_is_named_with_its_resource(write_state):
    resources = stack()
    del find(resources, "sgr-1")["outputs"]["securityGroupId"]
    find(resources, "nacl-rule-1")["outputs"]["ruleNumber"] = "first"
    with pytest.raises(InputError) as refused:
        observe.state(write_state(resources))
    said = str(refused.value)
    assert "resource sgr-1 (sgr-1) has no securityGroupId" in said
    assert "ruleNumber is 'first', not a whole number" in said


def test_a_topology_of_a_state_is_read_with_its_interfaces(write_state):
    path = write_state(stack())
    whole, chosen = observe.state(path), observe.state(path, topology="trading")
    assert chosen.interfaces == whole.interfaces != ()


def test_an_unknown_topology_is_answered_with_the_ones_in_the_state(write_state):
    with pytest.raises(observe.TopologyNotFoundError, match="found there: trading"):
        observe.state(write_state(stack()), topology="staging")


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["vpc-1", "sg-ticker", "10.0.0.0/8", "tcp", "-1", "2001:db8::/32"])
    | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for key, each in pairs for found in places(each, (*path, key)))]


WHOLE = {"version": 3, "deployment": {"resources": stack(), "pending_operations": []}}
PLACES = [path for path in places(WHOLE) if path]


@examples(5, ONE_FOLDER)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK | st.just("remove")), max_size=3))
def test_no_state_however_damaged_is_answered_with_anything_but_a_reason(tmp_path, damage):
    document = copy.deepcopy(WHOLE)
    for path, junk in damage:
        holder: Any = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            if junk == "remove":
                del holder[path[-1]]
            else:
                holder[path[-1]] = copy.deepcopy(junk)  # SECRET is one object for all
        except (KeyError, IndexError, TypeError):
            continue
    path = tmp_path / "damaged.json"
    path.write_text(json.dumps(document))
    try:
        network = observe.state(path)
    except InputError as refused:
        assert refused.problems
    else:
        assert isinstance(network, Network)
        assert all(each.vpc in network.vpc for each in network.subnets)
        assert all(each.subnet in network.subnet for each in network.interfaces)
        assert all(each.nacl in network.nacl for each in network.subnets)
        assert all(each.route_table in network.route_table for each in network.subnets)
        fields = network.__dataclass_fields__.keys() - {"unmodelled"}
        kinds = [getattr(network, name) for name in fields]
        there = {each.id for kind in kinds for each in kind if hasattr(each, "id")}
        assert all(each.scope == each.id or each.scope in there for each in network.unmodelled)


@examples(1, ONE_FOLDER)
@given(st.integers(0, len(json.dumps(WHOLE)) - 1))
def test_a_truncated_state_is_refused(tmp_path, length):
    path = tmp_path / "truncated.json"
    path.write_text(json.dumps(WHOLE)[:length])
    with pytest.raises(InputError):
        observe.state(path)


def test_a_state_says_the_type_of_an_instance_and_not_the_system_on_it(write_state):
    resources = stack()
    for each in resources:
        for said in ("inputs", "outputs"):
            each.get(said, {}).pop("tags", None)
    found = observe.state(write_state(resources)).interface["eni-2"]
    assert found.instance_type == "c8i.large"
    assert found.client_ports == ANY_CLIENT_PORTS
