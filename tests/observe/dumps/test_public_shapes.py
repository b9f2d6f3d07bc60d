"""Shapes of dumps that other people's collectors write, and what they leave unsaid."""

from __future__ import annotations

import copy
import json

import pytest

from bulkhead.ends import resolve_among
from bulkhead.network import TargetKind, Verdict
from bulkhead.observe.dumps.dump import dump
from bulkhead.problems import InputError
from bulkhead.prove import prove


def only(things):
    (thing,) = things
    return thing


def by_bgp(account, connection="vpn-1"):
    found = account.thing("VpnConnections", connection)
    found["Options"]["StaticRoutesOnly"] = False
    found["Routes"] = []
    return found


def scopes(network):
    return {each.scope for each in network.unmodelled}


@pytest.fixture
def dumped(account, tmp_path):
    """The account as a dump, with more answers beside."""

    def read(**more):
        for key, records in (account.document | more).items():
            (tmp_path / f"{key}.json").write_text(json.dumps({key: records}))
        return dump(tmp_path)

    return read


def test_the_listeners_of_each_balancer_may_be_kept_as_they_were_answered(dumped):
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/front/1"
    group = balancer.replace("loadbalancer/net/front", "targetgroup/front")
    listener = {
        "ListenerArn": balancer.replace("loadbalancer", "listener") + "/2",
        "LoadBalancerArn": balancer,
        "Port": 8443,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    network = dumped(
        LoadBalancers=[
            {
                "LoadBalancerArn": balancer,
                "LoadBalancerName": "front",
                "VpcId": "vpc-1",
                "Type": "network",
                "State": {"Code": "active"},
            }
        ],
        LoadBalancerListeners=[{"LoadBalancerArn": balancer, "Listeners": [listener]}],
        TargetGroups=[
            {
                "TargetGroupArn": group,
                "TargetGroupName": "front",
                "Protocol": "TCP",
                "Port": 8443,
                "VpcId": "vpc-1",
                "TargetType": "instance",
                "LoadBalancerArns": [balancer],
            }
        ],
        LoadBalancerTargetHealth=[{"TargetGroupArn": group, "TargetHealthDescriptions": []}],
    )
    assert [each.port for each in only(network.load_balancers).listeners] == [8443]


@pytest.mark.parametrize(
    ("key", "name", "kind"),
    [
        ("InternetGateways", "InternetGatewayId", TargetKind.INTERNET_GATEWAY),
        ("VpnGateways", "VpnGatewayId", TargetKind.VPN_GATEWAY),
    ],
)
def test_a_gateway_that_is_listed_is_known_without_the_prefix_of_its_id(account, key, name, kind):
    gateway = account.document[key][0]
    gateway[name] = "renamed:7"
    account.route(DestinationCidrBlock="10.9.0.0/16", GatewayId="renamed:7")
    route = account.observe().route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (kind, "renamed:7")


def propagates(account, block, gateway="vgw-1"):
    route = {
        "DestinationCidrBlock": block,
        "GatewayId": gateway,
        "Origin": "EnableVgwRoutePropagation",
        "State": "active",
    }
    account.thing("RouteTables", "rtb-main")["Routes"].append(route)
    return route


def test_a_vpn_gateway_that_propagates_what_no_connection_announced_is_left_open(account, gaps):
    propagates(account, "172.20.0.0/16")
    network = account.observe()
    assert "172.20.0.0/16" in only(gaps(network, "vgw-1")).why
    assert [str(each) for each in only(network.vpn_connections).routes] == ["192.168.10.0/24"]


@pytest.mark.parametrize("state", [None, "deleted"])
@pytest.mark.parametrize("origin", ["EnableVgwRoutePropagation", "CreateRoute"])
def test_a_vpn_gateway_without_any_connection_to_which_a_route_leads_is_left_open(
    account, gaps, origin, state
):
    if state is None:
        account.document["VpnConnections"] = []
    else:
        account.thing("VpnConnections", "vpn-1")["State"] = state
    account.thing("RouteTables", "rtb-main")["Routes"][1]["Origin"] = origin
    assert "192.168.10.0/24" in only(gaps(account.observe(), "vgw-1")).why


def test_a_vpn_gateway_without_any_connection_to_which_nothing_leads_is_not(account):
    account.document["VpnConnections"] = []
    account.thing("RouteTables", "rtb-main")["Routes"][1]["State"] = "blackhole"
    assert "vgw-1" not in scopes(account.observe())


def test_a_static_route_beyond_what_its_gateways_connection_announces_is_no_doubt(account):
    account.route(DestinationCidrBlock="172.20.0.0/16", GatewayId="vgw-1", Origin="CreateRoute")
    assert "vgw-1" not in scopes(account.observe())


def test_what_one_bgp_connection_may_have_announced_is_taken_to_be_its(account):
    by_bgp(account)
    propagates(account, "172.20.0.0/16")
    network = account.observe()
    blocks = [str(each) for each in only(network.vpn_connections).routes]
    assert blocks == ["172.20.0.0/16", "192.168.10.0/24"]
    assert "vgw-1" not in scopes(network)


def test_packets_by_direct_connect_are_undetermined_both_ways(account):
    """Not denied: something is behind the gateway that EC2 does not show."""
    account.document["VpnConnections"] = []
    account.rule(CidrIpv4="192.168.10.0/24")
    account.rule(SecurityGroupRuleId="sgr-8", CidrIpv4="192.168.10.0/24", IsEgress=True)
    reach = prove(account.observe())
    (host,) = resolve_among(reach.network, reach.endpoints, "10.20.1.10")
    (far,) = resolve_among(reach.network, reach.endpoints, "192.168.10.7")
    for one, other in ((host, far), (far, host)):
        assert reach.verdict(one, other, 6, 1) is Verdict.UNDETERMINED


def test_a_vpn_gateway_with_a_connection_that_says_its_routes_is_not(account):
    assert "vgw-1" not in scopes(account.observe())


def test_a_vpn_gateway_whose_learned_routes_are_not_shown_is_left_open(account):
    by_bgp(account)
    account.thing("RouteTables", "rtb-main")["Routes"] = []
    assert "vpn-1/announced" in scopes(account.observe())


def test_two_bgp_connections_of_one_site_are_two_ways_to_it(account):
    second = {**copy.deepcopy(by_bgp(account)), "VpnConnectionId": "vpn-2"}
    account.document["VpnConnections"].append(second)
    network = account.observe()
    assert len({each.site for each in network.vpn_connections}) == 1
    assert not {"vpn-1", "vpn-2", "vgw-1"} & scopes(network)


def test_which_of_two_sites_announced_a_prefix_by_bgp_is_left_open(account):
    second = copy.deepcopy(by_bgp(account))
    second.update(VpnConnectionId="vpn-2", CustomerGatewayId="cgw-2", Tags=[])
    account.document["VpnConnections"].append(second)
    account.rule(SecurityGroupRuleId="sgr-8", CidrIpv4="0.0.0.0/0", IsEgress=True)
    reach = prove(account.observe())
    (host,) = resolve_among(reach.network, reach.endpoints, "10.20.1.10")
    verdicts = {
        reach.verdict(host, each, 6, 1)
        for each in resolve_among(reach.network, reach.endpoints, "192.168.10.7")
    }
    assert Verdict.ALLOWED not in verdicts
    assert Verdict.UNDETERMINED in verdicts


def side(vpc, owner, cidr, **more):
    blocks = {"CidrBlock": cidr, "CidrBlockSet": [{"CidrBlock": cidr}]}
    return {"VpcId": vpc, "OwnerId": owner, "Region": "eu-west-1", **blocks, **more}


def two_accounts_see_a_peering(account, folder, accepter_cidr="10.60.0.0/16"):
    """Each tells the options of its own side; the second may say another block of the accepter."""
    options = {"PeeringOptions": {"AllowDnsResolutionFromRemoteVpc": True}}
    here, there = ("vpc-1", "123456789012", "10.20.0.0/16"), ("vpc-9", "210987654321")
    sides = [
        (side(*here, **options), side(*there, "10.60.0.0/16")),
        (side(*here), side(*there, accepter_cidr, **options)),
    ]
    for owner, (requester, accepter) in zip((here[1], there[1]), sides, strict=True):
        answers = account.document if owner == here[1] else {}
        peering = {
            "VpcPeeringConnectionId": "pcx-1",
            "Status": {"Code": "active"},
            "RequesterVpcInfo": requester,
            "AccepterVpcInfo": accepter,
        }
        place = folder / "accounts" / owner / "eu-west-1"
        place.mkdir(parents=True)
        for key, records in (answers | {"VpcPeeringConnections": [peering]}).items():
            (place / f"{key}.json").write_text(json.dumps({key: records}))
    return folder


def test_two_accounts_may_each_tell_the_options_of_their_own_side_of_a_peering(account, tmp_path):
    network = dump(two_accounts_see_a_peering(account, tmp_path))
    assert only(network.peerings).active


def test_two_accounts_may_not_differ_in_the_blocks_of_a_peering(account, tmp_path):
    folder = two_accounts_see_a_peering(account, tmp_path, accepter_cidr="10.61.0.0/16")
    with pytest.raises(InputError, match="pcx-1"):
        dump(folder)
