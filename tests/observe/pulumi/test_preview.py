"""A preview of a stack, as `pulumi preview --json --show-sames` writes it."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import CidrPeer, GroupPeer, Network, PortRange, TargetKind
from bulkhead.observe import ObserveError, TopologyNotFoundError
from bulkhead.observe.pulumi.preview import is_preview, preview
from bulkhead.problems import InputError
from tests.support.examples import ONE_FOLDER, examples
from tests.support.previews import (
    ACL,
    ACL_ASSOCIATION,
    ACL_RULE,
    EGRESS,
    EIP,
    FEED,
    FRESH,
    GATEWAY,
    GROUP,
    IN_MAIN,
    INGRESS,
    INSTANCE,
    INTERFACE,
    MAIN,
    ROUTE,
    RULE,
    STANDING,
    SUBNET,
    TABLE,
    TABLE_ASSOCIATION,
    TICKER,
    UNKNOWN,
    VPC,
    changed,
    create,
    delete,
    document,
    same,
    urn,
)


@pytest.fixture
def read(tmp_path):
    def network(*steps: dict[str, Any], topology: str | None = None, **more: Any) -> Network:
        path = tmp_path / "preview.json"
        path.write_text(json.dumps(document(*steps, **more)))
        return preview(path, topology=topology)

    return network


def interface(name: str, groups: list[str], subnet: str = "feed", **inputs: Any) -> dict[str, Any]:
    deps = {
        "subnetId": [urn(SUBNET, subnet)],
        "securityGroups": [urn(GROUP, each) for each in groups],
    }
    held = [UNKNOWN] * len(groups)
    return create(INTERFACE, name, deps, subnetId=UNKNOWN, securityGroups=held, **inputs)


def scopes(network: Network) -> set[str]:
    """Scopes that leave some cell open: things of the network itself."""
    kinds = (network.vpcs, network.subnets, network.interfaces, network.security_groups)
    every = (*kinds, network.nacls, network.route_tables)
    there = {each.id for kind in every for each in kind}
    return {each.scope for each in network.unmodelled} & there


# What is to be created


def test_things_that_have_no_id_yet_are_joined_by_what_they_were_made_from(read):
    network = read(
        *FRESH,
        create(ACL, "feed", IN_MAIN, vpcId=UNKNOWN),
        create(
            ACL_RULE,
            "feed-in",
            {"networkAclId": [urn(ACL, "feed")]},
            networkAclId=UNKNOWN,
            egress=False,
            protocol="6",
            ruleNumber=100,
            ruleAction="allow",
            cidrBlock="10.0.0.0/16",
            fromPort=5556,
            toPort=5556,
        ),
        create(
            ACL_ASSOCIATION,
            "feed",
            {"networkAclId": [urn(ACL, "feed")], "subnetId": [urn(SUBNET, "feed")]},
            networkAclId=UNKNOWN,
            subnetId=UNKNOWN,
        ),
        create(TABLE, "feed", IN_MAIN, vpcId=UNKNOWN),
        create(
            TABLE_ASSOCIATION,
            "feed",
            {"routeTableId": [urn(TABLE, "feed")], "subnetId": [urn(SUBNET, "feed")]},
            routeTableId=UNKNOWN,
            subnetId=UNKNOWN,
        ),
        create(GATEWAY, "out", IN_MAIN, vpcId=UNKNOWN),
        create(
            ROUTE,
            "out",
            {"routeTableId": [urn(TABLE, "feed")], "gatewayId": [urn(GATEWAY, "out")]},
            routeTableId=UNKNOWN,
            gatewayId=UNKNOWN,
            destinationCidrBlock="0.0.0.0/0",
        ),
        interface("ticker-1", ["ticker"], privateIps=["10.0.0.10"]),
    )
    feed, risk = (network.subnet[f"subnet-{name}"] for name in ("feed", "risk"))
    (vpc,), (gateway,) = network.vpcs, network.internet_gateways
    assert feed.vpc == risk.vpc == gateway.vpc == vpc.id
    assert [str(each) for each in network.nacl[feed.nacl].entries] == [
        "ingress 100: allow tcp 5556 from 10.0.0.0/16"
    ]
    assert network.nacl[risk.nacl].default
    (route,) = network.route_table[feed.route_table].routes
    assert (route.target, route.target_id) == (TargetKind.INTERNET_GATEWAY, gateway.id)
    assert network.route_table[risk.route_table].main
    (ticker,) = network.interfaces
    assert (ticker.subnet, ticker.security_groups) == (feed.id, ("sg-ticker",))
    assert ticker.address == IPv4Address("10.0.0.10")
    assert network.unmodelled == ()


def test_a_rule_between_two_new_groups_names_both(read):
    deps = {
        "securityGroupId": [urn(GROUP, "ticker")],
        "referencedSecurityGroupId": [urn(GROUP, "client")],
    }
    network = read(
        *FRESH,
        create(
            INGRESS,
            "ticks",
            deps,
            securityGroupId=UNKNOWN,
            referencedSecurityGroupId=UNKNOWN,
            ipProtocol="tcp",
            fromPort=5556,
            toPort=5557,
        ),
    )
    (rule,) = network.security_group["sg-ticker"].rules
    assert rule.peer == GroupPeer("sg-client")
    assert (rule.protocol, rule.ports) == (6, PortRange(5556, 5557))
    assert network.security_group["sg-client"].rules == ()


def test_what_aws_makes_with_a_new_vpc_is_adopted_by_the_default_resources(read):
    network = read(
        *FRESH,
        create("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "d", IN_MAIN, vpcId=UNKNOWN),
        create(
            "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
            "d",
            {"defaultNetworkAclId": [urn(VPC, "main")]},
            defaultNetworkAclId=UNKNOWN,
        ),
        create(
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
            "d",
            {"defaultRouteTableId": [urn(VPC, "main")]},
            defaultRouteTableId=UNKNOWN,
            routes=[],
        ),
    )
    (acl,), (table,) = network.nacls, network.route_tables
    assert (acl.default, acl.entries) == (True, ())
    assert table.main
    assert {each.name for each in network.security_groups} == {
        "ticker-1f",
        "client-1f",
        "default",
    }
    assert all(each.rules == () for each in network.security_groups)


def test_an_id_may_come_by_way_of_another_resource(read):
    by_subnet = {"vpcId": [urn(SUBNET, "feed")]}
    network = read(MAIN, FEED, create(GROUP, "by", by_subnet, vpcId=UNKNOWN, name="by"))
    assert network.security_group["sg-by"].vpc == network.vpcs[0].id


def test_an_interface_may_hold_several_new_groups_beside_a_known_one(read):
    step = interface("both", ["ticker", "client"], privateIps=["10.0.0.10"])
    step["newState"]["inputs"]["securityGroups"].insert(0, "sg-default")
    step["newState"]["propertyDependencies"]["securityGroups"].append(urn(VPC, "main"))
    network = read(STANDING[0], *FRESH[1:], step)
    assert set(network.interfaces[0].security_groups) == {"sg-default", "sg-ticker", "sg-client"}


def test_two_new_resources_of_one_name_get_two_ids(read):
    other = copy.deepcopy(TICKER)
    other["urn"] = other["newState"]["urn"] = f"urn:pulumi:dev::p::a:b:C${GROUP}::ticker"
    network = read(*FRESH, other)
    assert len({each.id for each in network.security_groups if each.name == "ticker-1f"}) == 2


# What cannot be told


def test_a_subnet_that_may_be_either_leaves_both_in_doubt_and_no_other(read):
    either = {
        "routeTableId": [urn(TABLE, "feed")],
        "subnetId": [urn(SUBNET, "feed"), urn(SUBNET, "risk")],
    }
    network = read(
        *FRESH,
        create(SUBNET, "third", IN_MAIN, vpcId=UNKNOWN, cidrBlock="10.0.2.0/24"),
        create(TABLE, "feed", IN_MAIN, vpcId=UNKNOWN),
        create(TABLE_ASSOCIATION, "e", either, routeTableId=UNKNOWN, subnetId=UNKNOWN),
    )
    assert scopes(network) == {"subnet-feed", "subnet-risk", "rtb-feed"}


@pytest.mark.parametrize("beside", [[], [urn(GROUP, "ticker")]])
def test_an_id_from_something_that_is_not_understood_may_be_any(read, beside):
    foreign = {"securityGroupId": [*beside, "urn:pulumi:dev::p::aws:eks/cluster:Cluster::k"]}
    network = read(
        *FRESH,
        create(
            INGRESS, "in", foreign, securityGroupId=UNKNOWN, ipProtocol="-1", cidrIpv4="0.0.0.0/0"
        ),
    )
    assert scopes(network) == set()
    doubted = {
        each.id for each in network.security_groups for rule in each.rules if not rule.certain
    }
    assert doubted == {"sg-ticker", "sg-client", "sg-main-default"}


@pytest.mark.parametrize("hidden", [UNKNOWN, "[secret]", f"{UNKNOWN}/32"])
@pytest.mark.parametrize(("key", "widest"), [("cidrIpv4", "0.0.0.0/0"), ("cidrIpv6", "::/0")])
def test_a_peer_that_is_not_known_leaves_its_rule_in_doubt_only(read, hidden, key, widest):
    deps = {"securityGroupId": [urn(GROUP, "ticker")]}
    network = read(
        *FRESH,
        create(INGRESS, "in", deps, securityGroupId=UNKNOWN, ipProtocol="50", **{key: hidden}),
    )
    (rule,) = (each for each in network.security_group["sg-ticker"].rules if not each.certain)
    assert (rule.protocol, str(rule.peer)) == (50, widest)
    assert scopes(network) == set()
    assert UNKNOWN not in repr(network)


@pytest.mark.parametrize(("key", "widest"), [("cidrBlock", "0.0.0.0/0"), ("ipv6CidrBlock", "::/0")])
def test_a_block_that_is_not_known_leaves_its_entry_in_doubt_in_one_family(read, key, widest):
    deps = {"networkAclId": [urn(ACL, "web")]}
    said = {"ruleNumber": 10, "egress": False, "protocol": "6", "ruleAction": "deny"}
    ports = {"fromPort": 1, "toPort": 2}
    network = read(
        *FRESH,
        create(ACL, "web", {"vpcId": [urn(VPC, "main")]}, vpcId=UNKNOWN),
        create(ACL_RULE, "in", deps, networkAclId=UNKNOWN, **said, **ports, **{key: UNKNOWN}),
    )
    (entry,) = network.nacl["acl-web"].entries
    assert (str(entry.cidr), entry.certain, scopes(network)) == (widest, False, set())


def test_groups_that_are_not_known_leave_in_doubt_what_they_might_allow_or_mean(read):
    step = interface("x", ["ticker", "client"], privateIps=["10.0.0.10"])
    step["newState"]["inputs"]["securityGroups"] = UNKNOWN
    network = read(*FRESH, step)
    assert [each.id for each in network.interfaces] == ["eni-x"]
    assert scopes(network) == {"eni-x/other-groups"}
    assert network.interfaces[0].security_groups == ("eni-x/other-groups",)
    said = {each.scope: each.why for each in network.unmodelled}
    assert said["eni-x/groups"] == "of its groups at least one is not known yet"


def test_one_group_that_a_whole_list_was_made_from_is_that_list(read):
    step = interface("x", ["ticker"], privateIps=["10.0.0.10"])
    step["newState"]["inputs"]["securityGroups"] = UNKNOWN
    assert read(*FRESH, step).interfaces[0].security_groups == ("sg-ticker",)


def test_rules_inside_a_group_resolve_where_one_group_alone_is_meant(read):
    block = {"protocol": "tcp", "fromPort": 1, "toPort": 2, "securityGroups": [UNKNOWN]}
    one, both = ({"ingress": [urn(GROUP, each) for each in names]} for names in ("c", "ct"))
    c, t = (create(GROUP, name, IN_MAIN, vpcId=UNKNOWN, name=name) for name in "ct")
    clear = create(GROUP, "g", {**IN_MAIN, **one}, vpcId=UNKNOWN, name="g", ingress=[block])
    network = read(MAIN, c, t, clear)
    assert [each.peer for each in network.security_group["sg-g"].rules] == [GroupPeer("sg-c")]
    open_ = create(GROUP, "g", {**IN_MAIN, **both}, vpcId=UNKNOWN, name="g", ingress=[block, block])
    network = read(MAIN, c, t, open_)
    assert scopes(network) == set()
    assert {each.says() for each in network.security_group["sg-g"].rules} == {
        "tcp 1-2 from 0.0.0.0/0 (in doubt)",
        "tcp 1-2 from ::/0 (in doubt)",
    }


def test_what_is_read_only_during_the_update_is_said(read):
    step = create(VPC, "got")
    step["op"] = "read"
    step["newState"] |= {"external": True, "id": UNKNOWN}
    network = read(*FRESH, step)
    assert [each.id for each in network.vpcs] == ["vpc-main"]
    assert "only during the update" in network.unmodelled[0].why


# What AWS chooses


def test_an_address_that_aws_chooses_is_stood_for_by_a_free_one(read):
    network = read(*FRESH, interface("x", ["ticker"]), interface("y", ["client"]))
    x, y = network.interfaces
    assert {x.address, y.address} == {IPv4Address("10.0.0.254"), IPv4Address("10.0.0.253")}
    assert scopes(network) == set()
    assert {each.why.partition(";")[0] for each in network.unmodelled} == {
        "AWS is yet to choose its address"
    }


def test_an_address_that_is_none_is_refused_with_the_reason(read):
    with pytest.raises(InputError, match="privateIps"):
        read(interface("eni-new", ["sg-a"], privateIps=[{"no": "address"}]))


def test_an_interface_is_in_doubt_where_a_rule_tells_addresses_of_its_subnet_apart(read):
    deps = {"securityGroupId": [urn(GROUP, "client")]}
    rule = {"ipProtocol": "-1", "cidrIpv4": "10.0.0.128/25"}
    apart = create(EGRESS, "half", deps, securityGroupId=UNKNOWN, **rule)
    network = read(*FRESH, apart, interface("x", ["ticker"]))
    assert scopes(network) == {"eni-x"}
    assert "10.0.0.128/25" in network.unmodelled[-1].why


def test_an_interface_without_groups_holds_the_default_one_of_its_vpc(read):
    new = create(
        INTERFACE,
        "x",
        {"subnetId": [urn(SUBNET, "feed")]},
        subnetId=UNKNOWN,
        privateIps=["10.0.0.9"],
    )
    assert read(*FRESH, new).interfaces[0].security_groups == ("sg-main-default",)
    known = create(INTERFACE, "x", subnetId="subnet-1", privateIps=["10.0.0.9"])
    assert read(*STANDING, known).interfaces[0].security_groups == ("sg-default",)


def test_a_new_instance_has_the_public_address_that_its_subnet_gives(read):
    deps = {"subnetId": [urn(SUBNET, "feed")], "vpcSecurityGroupIds": [urn(GROUP, "ticker")]}
    new = {"subnetId": UNKNOWN, "vpcSecurityGroupIds": [UNKNOWN], "privateIp": "10.0.0.10"}
    public = copy.deepcopy(FEED)
    public["newState"]["inputs"]["mapPublicIpOnLaunch"] = True
    (private,) = read(MAIN, FEED, TICKER, create(INSTANCE, "x", deps, **new)).interfaces
    (given,) = read(MAIN, public, TICKER, create(INSTANCE, "x", deps, **new)).interfaces
    declined = create(INSTANCE, "x", deps, **new, associatePublicIpAddress=False)
    (refused,) = read(MAIN, public, TICKER, declined).interfaces
    assert given.public_address is not None
    assert private.public_address is refused.public_address is None


def test_a_new_elastic_address_reaches_the_interface_it_is_for(read):
    network = read(
        *FRESH,
        interface("x", ["ticker"], privateIps=["10.0.0.10"]),
        create(EIP, "x", {"networkInterface": [urn(INTERFACE, "x")]}, networkInterface=UNKNOWN),
    )
    assert network.interfaces[0].public_address is not None
    assert scopes(network) == set()


def test_a_new_elastic_address_whose_interface_is_not_known_leaves_each_in_doubt(read):
    both = {"networkInterface": [urn(INTERFACE, "x"), urn(INTERFACE, "y")]}
    network = read(
        *FRESH,
        interface("x", ["ticker"], privateIps=["10.0.0.10"]),
        interface("y", ["ticker"], privateIps=["10.0.0.11"]),
        create(EIP, "e", both, networkInterface=UNKNOWN),
    )
    assert scopes(network) == {"eni-x", "eni-y"}


def test_ipv6_addresses_that_aws_chooses_are_said_and_leave_ipv4_as_it_is(read):
    vpc, subnet = copy.deepcopy(MAIN), copy.deepcopy(FEED)
    vpc["newState"]["inputs"]["assignGeneratedIpv6CidrBlock"] = True
    subnet["newState"]["inputs"] |= {"ipv6CidrBlock": UNKNOWN, "assignIpv6AddressOnCreation": True}
    network = read(vpc, subnet, TICKER, interface("x", ["ticker"], privateIps=["10.0.0.10"]))
    assert [each.id for each in network.interfaces] == ["eni-x"]
    said = {each.id for each in network.unmodelled if "IPv6" in each.why}
    assert said == {"vpc-main/ipv6", "subnet-feed/ipv6", "eni-x/ipv6"}
    assert scopes(network) == set()


def ipv6_alone(**more):
    return create(
        SUBNET,
        "six",
        {"vpcId": [urn(VPC, "main")]},
        vpcId=UNKNOWN,
        availabilityZone="eu-west-1a",
        ipv6Native=True,
        assignIpv6AddressOnCreation=True,
        **more,
    )


def in_six(name, **more):
    deps = {"subnetId": [urn(SUBNET, "six")], "securityGroups": [urn(GROUP, "ticker")]}
    return create(INTERFACE, name, deps, subnetId=UNKNOWN, securityGroups=[UNKNOWN], **more)


def test_in_a_subnet_of_ipv6_alone_one_address_stands_for_that_which_aws_chooses(read):
    vpc = copy.deepcopy(MAIN)
    vpc["newState"]["inputs"]["ipv6CidrBlock"] = "2001:db8::/56"
    six = ipv6_alone(ipv6CidrBlock="2001:db8:0:1::/64")
    network = read(vpc, six, TICKER, in_six("x"), in_six("y", ipv6Addresses=["2001:db8:0:1::7"]))
    assert [str(each) for each in network.subnet["subnet-six"].cidrs] == ["2001:db8:0:1::/64"]
    chosen, named = network.interface["eni-x"], network.interface["eni-y"]
    assert chosen.address in network.subnet["subnet-six"].cidr
    assert [str(each) for each in named.addresses] == ["2001:db8:0:1::7"]
    (said,) = network.unmodelled
    assert (said.id, said.scope) == ("eni-x/address", "eni-x/address")


def test_a_subnet_of_ipv6_alone_whose_block_aws_chooses_is_named_and_so_are_its_hosts(read):
    network = read(MAIN, ipv6_alone(ipv6CidrBlock=UNKNOWN), TICKER, in_six("x"))
    assert "subnet-six" not in network.subnet
    assert {"subnet-six", "eni-x"} <= {each.id for each in network.unmodelled}


# What stands already


def test_what_stays_the_same_is_read_from_its_old_state(read):
    network = read(*STANDING, RULE)
    assert network.vpcs[0].id == "vpc-1"
    assert [each.id for each in network.security_group["sg-1"].rules] == ["sgr-1"]
    assert network.unmodelled == ()


def test_an_update_has_the_old_id_and_the_new_inputs(read):
    network = read(*STANDING, changed(RULE, "update", cidrIpv4="10.0.9.0/24"))
    (rule,) = network.security_group["sg-1"].rules
    assert rule.id == "sgr-1"
    assert isinstance(rule.peer, CidrPeer)
    assert str(rule.peer.cidr) == "10.0.9.0/24"


def test_an_update_may_refer_to_something_new(read):
    deps = {"referencedSecurityGroupId": [urn(GROUP, "client")]}
    other = {"cidrIpv4": None, "referencedSecurityGroupId": UNKNOWN}
    new = create(GROUP, "client", vpcId="vpc-1", name="client")
    network = read(*STANDING, new, changed(RULE, "update", deps, **other))
    assert [each.peer for each in network.security_group["sg-1"].rules] == [GroupPeer("sg-client")]


def test_an_update_of_tags_keeps_the_default_ones(read):
    old = same(
        SUBNET,
        "risk",
        "subnet-2",
        {"tagsAll": {"team": "net", "Name": "risk", "bulkhead:segment": "old"}},
        vpcId="vpc-1",
        cidrBlock="10.0.1.0/24",
        tags={"Name": "risk", "bulkhead:segment": "old"},
    )
    renamed = {"Name": "hazard"}
    network = read(*STANDING, changed(old, "update", tags=renamed))
    assert network.subnet["subnet-2"].name == "hazard"
    assert network.subnet["subnet-2"].segment is None


def test_what_is_deleted_is_gone(read):
    assert read(*STANDING, delete(RULE)).security_group["sg-1"].rules == ()


def test_what_is_deleted_but_retained_stays_in_aws(read):
    network = read(*STANDING, delete(RULE, retainOnDelete=True))
    assert [each.id for each in network.security_group["sg-1"].rules] == ["sgr-1"]


@pytest.mark.parametrize("shown", [("replace",), ("create-replacement", "replace")])
def test_a_replaced_resource_has_a_new_id_and_its_dependents_follow(read, shown):
    group = STANDING[2]
    steps = [changed(group, op, description="new") for op in shown]
    deps = {"securityGroupId": [group["urn"]]}
    moved = changed(RULE, "update", deps, securityGroupId=UNKNOWN)
    gone = [delete(group, "delete-replaced")] if len(shown) > 1 else []
    network = read(*STANDING[:2], *steps, moved, *gone)
    (ticker,) = (each for each in network.security_groups if each.name == "ticker")
    assert ticker.id == "sg-ticker"
    assert [each.id for each in ticker.rules] == ["sgr-1"]
    assert "sg-1" not in network.security_group


def test_the_rest_of_an_earlier_replacement_goes_and_its_successor_stays(read):
    network = read(*STANDING, delete(STANDING[2], delete=True))
    assert "sg-1" in network.security_group


def test_a_refresh_before_the_preview_changes_nothing_of_what_is_said(read):
    refreshed = [{**copy.deepcopy(each), "op": "refresh"} for each in (*STANDING, RULE)]
    assert read(*refreshed, *STANDING, RULE) == read(*STANDING, RULE)


def test_a_refresh_that_no_update_follows_is_refused(read):
    """It shows a rule that somebody opened by hand as if nothing had happened."""
    refreshed = [{**copy.deepcopy(each), "op": "refresh"} for each in (*STANDING, RULE)]
    with pytest.raises(InputError, match="it is the preview of a refresh"):
        read(*refreshed)


def test_the_echo_of_a_rule_that_this_update_deletes_is_no_undeclared_rule(read):
    echoed = [{"protocol": "tcp", "fromPort": 5556, "toPort": 5556, "cidrBlocks": ["10.0.0.0/24"]}]
    group = same(GROUP, "ticker", "sg-1", {"ingress": echoed}, vpcId="vpc-1", name="ticker")
    network = read(*STANDING[:2], group, delete(RULE))
    assert network.unmodelled == ()
    assert network.security_group["sg-1"].rules == ()
    (rule,) = read(*STANDING[:2], group).security_group["sg-1"].rules
    assert not rule.certain


# The words of a stack


def test_region_and_default_tags_come_from_the_configuration(read):
    config = {"aws:region": "sa-east-1", "aws:defaultTags": '{"tags":{"bulkhead:topology":"t"}}'}
    network = read(*FRESH, config=config)
    assert [(each.region, each.topology) for each in network.vpcs] == [("sa-east-1", "t")]
    assert network == read(*FRESH, config=config, topology="t")


def test_an_explicit_provider_has_its_own_region_and_tags(read):
    explicit = "urn:pulumi:dev::p::pulumi:providers:aws::mine"
    inputs = {"region": "us-east-2", "defaultTags": '{"tags":{"bulkhead:topology":"t"}}'}
    provider = create("pulumi:providers:aws", "mine", **inputs)
    provider["newState"].pop("provider")
    vpc = copy.deepcopy(MAIN)
    vpc["newState"]["provider"] = f"{explicit}::{UNKNOWN}"
    network = read(provider, vpc)
    assert [(each.region, each.topology) for each in network.vpcs] == [("us-east-2", "t")]


def test_a_topology_that_is_not_in_it_is_named(read):
    with pytest.raises(TopologyNotFoundError, match="other"):
        read(*FRESH, topology="other")


def test_no_secret_gets_into_a_network(read):
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    group = copy.deepcopy(TICKER)
    group["newState"]["inputs"]["tags"] = {"Name": secret | {"value": "swordfish"}}
    subnet = copy.deepcopy(FEED)
    subnet["newState"]["inputs"]["tags"] = {"Name": "[secret]"}
    network = read(MAIN, subnet, group)
    assert "swordfish" not in repr(network)
    assert "[secret]" not in repr(network)
    assert "plainly" not in repr(network)


# What is refused


def refusal(read, *steps: dict[str, Any], **more: Any) -> str:
    with pytest.raises(InputError) as refused:
        read(*steps, **more)
    return str(refused.value)


def test_a_preview_without_what_stays_is_refused_with_the_command_that_shows_it(read):
    said = refusal(read, *STANDING[:2], changeSummary={"same": 7})
    assert "4 that stay as they are" in said
    assert "pulumi preview --json --show-sames" in said


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"diagnostics": [{"severity": "error", "urn": MAIN["urn"], "message": "no"}]}, "failed"),
        ({"changeSummary": None}, "cut off"),
        ({"changeSummary": {"create": 9}}, "4 that would be created"),
        ({"changeSummary": {"create": "x"}}, "create"),
        ({"resourcePlans": {}}, "update plan"),
        ({"preludeEvent": {}}, "event log"),
    ],
)
def test_what_does_not_show_everything_is_refused_by_name(read, more, word):
    assert word in refusal(read, *FRESH, **more)


def test_an_error_message_of_the_engine_is_not_repeated(read):
    errors = [{"severity": "error", "message": "key swordfish is wrong"}]
    assert "swordfish" not in refusal(read, *FRESH, diagnostics=errors)


def test_all_that_is_wrong_is_said_at_once(read):
    bad = create(SUBNET, "bad", vpcId=7)
    odd = create(SUBNET, "odd") | {"op": "conjure"}
    del bad["newState"]["type"]
    said = refusal(read, MAIN, bad, odd)
    assert "type" in said
    assert "'conjure'" in said


def test_a_value_that_aws_would_refuse_is_named(read):
    said = refusal(read, MAIN, create(SUBNET, "bad", IN_MAIN, vpcId=UNKNOWN, cidrBlock="10.0.0/8"))
    assert "10.0.0/8" in said
    assert "mend what the program declares" in said


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '"x"', "[" * 100_000, "1" * 5000, "\x00"])
def test_a_file_that_is_no_preview_is_refused(tmp_path, text):
    path = tmp_path / "preview.json"
    path.write_text(text)
    with pytest.raises(InputError):
        preview(path)


def test_a_preview_is_told_from_other_documents():
    assert is_preview(document(*FRESH))
    assert is_preview({"changeSummary": {"same": 1}, "duration": 1})
    assert is_preview({"manifest": {}, "resourcePlans": {}})
    for other in ({"version": 3, "deployment": {}}, {"Vpcs": []}, {}, [], None, "x", {"steps": 3}):
        assert not is_preview(other)


# Whatever else comes

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["", UNKNOWN, "[secret]", "10.0.0.0/24", "vpc-1", "x" * 99]),
    st.lists(st.sampled_from([UNKNOWN, 3, None, {}]), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", UNKNOWN]), st.none(), max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            found.extend(places(each, (*path, key)))
    return found


WHOLE = document(
    *FRESH,
    interface("x", ["ticker", "client"]),
    create(EIP, "e", {"networkInterface": [urn(INTERFACE, "x")]}, networkInterface=UNKNOWN),
    *STANDING,
    changed(RULE, "update", {"securityGroupId": [urn(GROUP, "ticker")]}, securityGroupId=UNKNOWN),
    delete(same(SUBNET, "old", "subnet-9", vpcId="vpc-1", cidrBlock="10.0.9.0/24")),
)
PLACES = places(WHOLE)


@examples(5, ONE_FOLDER)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_a_hostile_preview_is_read_or_refused_and_never_more(tmp_path, changes):
    hostile = copy.deepcopy(WHOLE)
    for path, odd in changes:
        at: Any = hostile
        try:
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = odd
        except (LookupError, TypeError):
            continue
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(hostile))
    with suppress(InputError, ObserveError):
        preview(path)


CONTROL = "aws:ec2/vpcEncryptionControl:VpcEncryptionControl"


def test_what_a_vpc_is_to_encrypt_is_read_before_it_is_made_and_as_it_is_changed(read):
    said = {"mode": "enforce", "natGatewayExclusion": "enable"}
    made = create(CONTROL, "control", IN_MAIN, vpcId=UNKNOWN, **said)
    (vpc,) = read(*FRESH, made).vpcs
    assert (vpc.encryption.enforced, vpc.encryption.excluded) == (True, ("nat-gateway",))
    (bare,) = read(*FRESH).vpcs
    assert bare.encryption is None
    standing = same(
        CONTROL, "control", "vpcec-1", {"state": "available"}, vpcId="vpc-1", mode="monitor"
    )
    (watched,) = read(*STANDING, standing).vpcs
    assert str(watched.encryption) == "monitor"
    (enforced,) = read(*STANDING, changed(standing, "update", mode="enforce")).vpcs
    assert str(enforced.encryption) == "enforce"
    (gone,) = read(*STANDING, delete(standing)).vpcs
    assert gone.encryption is None


OPTION = "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions"
EXCLUSION = "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion"


def test_what_is_to_be_blocked_and_excluded_is_read_before_it_is_made(read):
    option = create(OPTION, "mode", internetGatewayBlockMode="block-bidirectional")
    excluded = create(
        EXCLUSION,
        "exclusion",
        IN_MAIN,
        vpcId=UNKNOWN,
        internetGatewayExclusionMode="allow-egress",
    )
    (vpc,) = read(*FRESH, option, excluded).vpcs
    block = vpc.access_block
    assert (block.mode, block.excluded) == ("block-bidirectional", "allow-egress")
    (bare,) = read(*FRESH).vpcs
    assert bare.access_block is None
    standing = same(OPTION, "mode", "eu-west-1", internetGatewayBlockMode="block-ingress")
    (blocked,) = read(*STANDING, standing).vpcs
    assert blocked.access_block.mode == "block-ingress"
    (gone,) = read(*STANDING, delete(standing)).vpcs
    assert gone.access_block is None
