"""A field or a value that nobody here knows decides nothing, and is named."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.ends import EndpointKind
from bulkhead.network import Verdict
from bulkhead.observe.describe.security_groups import folded_rules
from bulkhead.observe.known import in_item, is_certain
from bulkhead.observe.record import Record
from bulkhead.prove import prove
from bulkhead.report.unmodelled import unjudged
from tests.support.aws_ids import as_aws_shows
from tests.support.dumps import as_answers
from tests.support.estate import ANYWHERE, Estate
from tests.support.examples import examples
from tests.support.extremes import extremes
from tests.support.messy import networks
from tests.support.novelties import EMPTY, everything, novelty
from tests.support.refused import without_refused
from tests.support.verdicts import differing, verdicts
from tests.support.wide import wide_networks


def read(answers):
    return observe.from_answers(answers, region="eu-west-1", strict=False)


def judged(network):
    """Its ends, the protocols that it tells apart, and its verdicts but those that deny.

    Addresses of the internet that a site has as well are asked about as those of the site: an
    end of the internet is another one where a site has them.
    """
    reach = prove(network)
    sites = {each.ranges for each in reach.endpoints if each.kind is EndpointKind.SITE}
    ends = {
        (each.name, " ".join(f"{first}-{last}" for first, last in each.ranges)): each.ranges
        in sites
        for each in reach.endpoints
    }
    return ends, set(reach.protocols), verdicts(network)


def contradictions(one, other):
    """Where two say different things for sure, of ends and protocols that both have."""
    (ends, protocols, said), (others, spoken, told) = one, other
    both = {each for each in ends.keys() & others.keys() if ends[each] == others[each]}
    cells = {
        each
        for each in said.keys() | told.keys()
        if {each[:2], each[2:4]} <= both and each[4] in protocols & spoken
    }
    denied = [(0, 65535, "denied")]
    return [
        each
        for each in differing(
            {cell: said.get(cell, denied) for cell in cells},
            {cell: told.get(cell, denied) for cell in cells},
        )
        if "undetermined" not in each.rpartition(": ")[2]
    ]


def chance(seed):
    return Random(seed)  # noqa: S311 - it picks what is tried


SEEDS = st.integers(0, 2**32 - 1)
NETWORKS = (networks(known=True) | wide_networks(known=True)).filter(without_refused)


@examples(1 / 2, shrink=False)
@given(SEEDS, NETWORKS)
def test_whatever_aws_adds_to_a_thing_no_verdict_is_decided_that_the_thing_could_change(
    seed, network
):
    answers = everything(as_aws_shows(network))
    check(answers, read(answers), chance(seed))


def check(answers, whole, by_chance):
    """One thing that nobody here knows, in these answers that say `whole`."""
    new = novelty(answers, by_chance)
    seen = read(new.answers)
    assert any(new.path in each.id for each in seen.unmodelled), new
    others = extremes(whole, new.key, new.id) if new.without is None else [read(new.without)]
    found = judged(seen)
    for other in (whole, *others):
        assert contradictions(found, judged(other)) == [], (new.key, new.id, new.path)


@examples(1 / 4, shrink=False)
@given(SEEDS, NETWORKS)
def test_a_field_that_says_nothing_changes_nothing(seed, network):
    answers = everything(as_aws_shows(network))
    assert read(novelty(answers, chance(seed), EMPTY).answers) == read(answers)


@pytest.fixture
def answers():
    """A host with a public address, one without, and a third in a subnet of its own."""
    estate = Estate()
    estate.table("out", "10.0.0.0/16 local", "0.0.0.0/0 igw")
    for name in ("a", "b"):
        estate.subnet(name, f"10.0.{1 + (name == 'b')}.0/24", acl="open", table="out")
    estate.group("open", *ANYWHERE)
    estate.group("web", "in tcp 443 10.0.0.0/16", "in tcp 80 10.0.0.0/16", "out all 0.0.0.0/0")
    estate.host("one", "a", "10.0.1.10", "open", public="198.51.100.1")
    estate.host("two", "a", "10.0.1.11", "open")
    estate.host("three", "b", "10.0.2.10", "web")
    estate.igw()
    return as_answers(as_aws_shows(estate.build()))


def only(things):
    (thing,) = things
    return thing


def verdict(found, source, destination, port=443):
    reach = prove(found)
    ends = {each.name.partition(" (")[0]: each for each in reach.endpoints}
    return reach.verdict(ends[source], ends[destination], 6, port)


def said(found):
    return {(each.id, each.scope) for each in found.unmodelled}


AUTOMATED = {
    "Vpcs": ("NetworkFirewallAssociations", [{"FirewallArn": "arn:1", "FirewallMode": "enforce"}]),
    "Subnets": ("NetworkFirewallConnectivityType", "flexible"),
}


@pytest.mark.parametrize("key", AUTOMATED)
def test_an_automated_firewall_decides_the_ways_to_the_internet_and_no_other(answers, key):
    field, value = AUTOMATED[key]
    answers[key][0][field] = value
    found = read(answers)
    assert {(each.scope, each.id) for each in found.unmodelled} == {
        (found.unmodelled[0].id, found.unmodelled[0].id)
    }
    assert "Automated Internet Firewall" in found.unmodelled[0].why
    assert verdict(found, "two", "internet") is Verdict.UNDETERMINED
    assert verdict(found, "internet", "one") is Verdict.UNDETERMINED
    assert verdict(found, "one", "two") is Verdict.ALLOWED
    assert verdict(found, "one", "three", 22) is Verdict.DENIED


def test_a_subnet_that_the_automated_firewall_leaves_alone_is_not_mentioned(answers):
    answers["Subnets"][0]["NetworkFirewallConnectivityType"] = "exclude"
    assert read(answers).unmodelled == ()


@pytest.mark.parametrize("says", ["VPC", "subnet", "route"])
@pytest.mark.parametrize("treated", ["exclude", "az-unsupported"])
def test_a_subnet_that_the_automated_firewall_leaves_alone_is_decided_and_the_others_are_not(
    answers, says, treated
):
    web = only(each for each in answers["SecurityGroups"] if each["GroupName"] == "web")
    three = only(e for e in answers["NetworkInterfaces"] if e["NetworkInterfaceId"] == "eni-three")
    three["Groups"] = [
        {"GroupId": each["GroupId"]}
        for each in answers["SecurityGroups"]
        if each["GroupName"] == "open"
    ]
    assert web["GroupId"] not in str(three["Groups"])
    three["Association"] = {"PublicIp": "198.51.100.3"}
    three["PrivateIpAddresses"][0]["Association"] = three["Association"]
    b = only(each for each in answers["Subnets"] if each["SubnetId"] == "subnet-b")
    a = only(each for each in answers["Subnets"] if each["SubnetId"] == "subnet-a")
    b["NetworkFirewallConnectivityType"] = treated
    if says == "VPC":
        answers["Vpcs"][0]["NetworkFirewallAssociations"] = [{"FirewallArn": "arn:1"}]
    elif says == "subnet":
        a["NetworkFirewallConnectivityType"] = "bidirectional"
    else:
        out = only(each for each in answers["RouteTables"] if each["RouteTableId"] == "rtb-out")
        out["Routes"][-1]["IgwFirewall"] = "enabled"
    found = read(answers)
    assert verdict(found, "three", "internet") is Verdict.ALLOWED
    assert verdict(found, "internet", "three") is Verdict.ALLOWED
    assert verdict(found, "one", "internet") is Verdict.UNDETERMINED
    assert verdict(found, "two", "internet") is Verdict.UNDETERMINED
    assert verdict(found, "internet", "one") is Verdict.UNDETERMINED
    assert verdict(found, "internet", "two") is Verdict.DENIED
    assert verdict(found, "one", "two") is Verdict.ALLOWED


def test_what_a_tunnel_may_carry_out_of_its_vpc_is_undetermined_and_nothing_else(
    answers,
):
    tunnel = {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Tunnel", "VpcId": "vpc-vpc"}
    answers["VpcEndpoints"] = [{**tunnel, "State": "available"}]
    found = read(answers)
    assert verdict(found, "two", "internet") is Verdict.UNDETERMINED
    assert verdict(found, "one", "two") is Verdict.ALLOWED
    assert verdict(found, "one", "three", 22) is Verdict.DENIED


GENEVE = ("out udp 6081 10.0.2.0/24", "out tcp 22 10.0.0.0/16")


@pytest.mark.parametrize(
    ("rules", "said"),
    [(GENEVE, Verdict.UNDETERMINED), (GENEVE[1:], Verdict.DENIED)],
    ids=["GENEVE", "ssh"],
)
def test_whom_a_group_lets_send_geneve_to_a_tunnel_may_reach_whatever_is_outside(rules, said):
    estate = Estate()
    estate.acl("shut", "out 100 allow all 10.0.0.0/16", "in 100 allow all 0.0.0.0/0")
    estate.table("out", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", acl="shut", table="out")
    estate.group("sending", *rules)
    estate.host("one", "a", "10.0.1.10", "sending", public="198.51.100.1")
    estate.host("two", "a", "10.0.1.11", "sending")
    estate.igw()
    answers = as_answers(as_aws_shows(estate.build()))
    assert verdict(read(answers), "one", "internet") is Verdict.DENIED
    tunnel = {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Tunnel", "VpcId": "vpc-vpc"}
    answers["VpcEndpoints"] = [{**tunnel, "State": "available"}]
    assert verdict(read(answers), "one", "internet") is said
    assert verdict(read(answers), "one", "two") is Verdict.DENIED
    assert verdict(read(answers), "internet", "one") is Verdict.DENIED
    answers["VpcEndpoints"][0]["State"] = "rejected"
    assert verdict(read(answers), "one", "internet") is Verdict.DENIED


@pytest.fixture
def neighbours():
    """The VPC of an endpoint, one that is peered with it, one beside both, and a site."""
    estate = Estate()
    estate.vpc("near", "10.1.0.0/16")
    estate.vpc("far", "10.2.0.0/16")
    estate.table("home", "10.1.0.0/16 pcx", "192.168.0.0/16 vgw")
    estate.table("back", "10.0.0.0/16 pcx", vpc="near")
    estate.table("lone", vpc="near")
    estate.table("nowhere", vpc="far")
    estate.subnet("a", "10.0.1.0/24", acl="open", table="home")
    estate.subnet("b", "10.1.1.0/24", acl="open", table="back", vpc="near")
    estate.subnet("c", "10.1.2.0/24", acl="open", table="lone", vpc="near")
    estate.subnet("d", "10.2.1.0/24", acl="open", table="nowhere", vpc="far")
    estate.group("end", "in udp 6081 10.0.0.0/8", "in udp 6081 192.168.0.0/16")
    estate.group("geneve", "out udp 6081 10.0.0.0/16", vpc="near")
    estate.group("mute", "out tcp 22 10.0.0.0/8", vpc="near")
    estate.group("open", *ANYWHERE, vpc="far")
    estate.host("end", "a", "10.0.1.10", "end", kind="endpoint")
    estate.host("sends", "b", "10.1.1.10", "geneve")
    estate.host("mute", "b", "10.1.1.11", "mute")
    estate.host("lone", "c", "10.1.2.10", "geneve")
    estate.host("beyond", "d", "10.2.1.10", "open")
    estate.host("apart", "d", "10.2.1.11", "open")
    estate.pcx("pcx", "vpc", "near")
    estate.vgw()
    estate.site("plant", "192.168.0.0/16")
    answers = as_answers(as_aws_shows(estate.build()))
    answers["VpcEndpoints"] = [
        {
            "VpcEndpointId": "vpce-1",
            "VpcEndpointType": "Tunnel",
            "VpcId": "vpc-vpc",
            "State": "available",
            "NetworkInterfaceIds": ["eni-end"],
        }
    ]
    return answers


def test_who_is_peered_with_the_vpc_of_a_tunnel_or_at_a_site_may_use_it_too(neighbours):
    found = read(neighbours)
    assert verdict(found, "sends", "beyond") is Verdict.UNDETERMINED
    assert verdict(found, "plant", "beyond") is Verdict.UNDETERMINED
    assert verdict(found, "mute", "beyond") is Verdict.DENIED
    assert verdict(found, "lone", "beyond") is Verdict.DENIED
    assert verdict(found, "apart", "sends") is Verdict.DENIED
    neighbours["VpcEndpoints"][0]["State"] = "rejected"
    assert verdict(read(neighbours), "sends", "beyond") is Verdict.DENIED
    assert verdict(read(neighbours), "plant", "beyond") is Verdict.DENIED


def test_nobody_outside_uses_a_tunnel_whose_groups_take_geneve_from_its_own_vpc_alone(neighbours):
    for key in ("SecurityGroupRules", "SecurityGroups"):
        text = json.dumps(neighbours[key])
        text = text.replace("10.0.0.0/8", "10.0.0.0/16").replace("192.168.0.0/16", "10.0.3.0/24")
        neighbours[key] = json.loads(text)
    found = read(neighbours)
    assert verdict(found, "sends", "beyond") is Verdict.DENIED
    assert verdict(found, "plant", "beyond") is Verdict.DENIED


@pytest.mark.parametrize("kind", ["Resource", "ServiceNetwork"])
def test_what_goes_to_an_endpoint_of_vpc_lattice_is_decided_by_the_groups_of_its_interface(
    answers, kind
):
    interface = next(
        each for each in answers["NetworkInterfaces"] if each["NetworkInterfaceId"] == "eni-three"
    )
    interface["InterfaceType"] = "vpc_endpoint"
    answers["VpcEndpoints"] = [
        {
            "VpcEndpointId": "vpce-1",
            "VpcEndpointType": kind,
            "VpcId": "vpc-vpc",
            "State": "available",
            "NetworkInterfaceIds": ["eni-three"],
        }
    ]
    found = read(answers)
    assert verdict(found, "one", "three", 443) is Verdict.ALLOWED
    assert verdict(found, "one", "three", 22) is Verdict.DENIED
    assert any("VPC Lattice" in each.why for each in found.unmodelled)


def test_a_new_field_of_a_rule_leaves_that_rule_in_doubt_and_no_other(answers):
    rule = only(each for each in answers["SecurityGroupRules"] if each.get("FromPort") == 443)
    rule["Schedule"] = {"From": "08:00"}
    found = read(answers)
    assert said(found) == {(only(found.unmodelled).id,) * 2}
    assert "Schedule" in only(found.unmodelled).id
    assert verdict(found, "one", "three", 443) is Verdict.UNDETERMINED
    assert verdict(found, "one", "three", 80) is Verdict.ALLOWED
    assert verdict(found, "one", "three", 22) is Verdict.DENIED


@pytest.mark.parametrize("both", [True, False])
def test_the_same_where_the_group_itself_lists_its_rules(answers, both):
    if not both:
        del answers["SecurityGroupRules"]
    web = only(each for each in answers["SecurityGroups"] if each["GroupName"] == "web")
    permission = only(each for each in web["IpPermissions"] if each["FromPort"] == 443)
    permission["IpRanges"][0]["Schedule"] = "weekdays"
    found = read(answers)
    assert verdict(found, "one", "three", 443) is Verdict.UNDETERMINED
    assert verdict(found, "one", "three", 80) is Verdict.ALLOWED


def test_a_new_field_of_a_route_leaves_what_takes_that_route_in_doubt(answers):
    table = only(each for each in answers["RouteTables"] if each["RouteTableId"] == "rtb-out")
    only(each for each in table["Routes"] if each["DestinationCidrBlock"] == "0.0.0.0/0")[
        "Weight"
    ] = 7
    found = read(answers)
    assert verdict(found, "one", "internet") is Verdict.UNDETERMINED
    assert verdict(found, "one", "three") is Verdict.ALLOWED


def test_a_new_field_of_the_local_route_leaves_its_whole_table_in_doubt(answers):
    table = only(each for each in answers["RouteTables"] if each["RouteTableId"] == "rtb-out")
    next(each for each in table["Routes"] if each.get("GatewayId") == "local")["Weight"] = 7
    found = read(answers)
    assert {each.scope for each in found.unmodelled} == {"rtb-out"}
    assert verdict(found, "one", "three") is Verdict.UNDETERMINED


def test_who_may_be_behind_a_tunnel_is_a_site_where_a_route_says_so_and_else_the_internet():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.tgw()
    estate.table("lone")
    estate.subnet("f", "10.0.1.0/24 2a05:d018:1:1::/64", table="lone")
    estate.attach("att", "vpc", "f", table="spoke")
    estate.vpn("vpn-plant", "plant", "192.168.0.0/16", gateway="", version=6)
    estate.attach("att-plant", "vpn-plant", kind="vpn", table="hub")
    estate.tgw_table("hub", "2a05:d018:1::/56 att")
    estate.tgw_table("spoke", "::/0 att-plant")
    answers = as_answers(as_aws_shows(estate.build()))
    whole, stranger = read(answers), "any host in f (2a05:d018:1:1::/64)"
    (route,) = (
        each
        for table in answers["TransitGatewayRoutes"]
        for each in table["Routes"]
        if each["DestinationCidrBlock"] == "::/0"
    )
    route["Type"] = "brand-new"
    seen = read(answers)
    assert from_internet(seen, stranger) is Verdict.HALF_OPEN
    assert from_internet(whole, stranger) is Verdict.DENIED
    assert contradictions(judged(seen), judged(whole)) == []


def from_internet(network, called):
    reach = prove(network)
    ends = {each.name: each for each in reach.endpoints}
    return reach.verdict(ends["internet (IPv6)"], ends[called], 6, 443)


def test_a_peering_that_waits_may_carry_packets_where_a_field_of_it_is_new():
    estate = Estate()
    estate.vpc("other", "10.1.0.0/16")
    estate.group("open", *ANYWHERE)
    estate.group("far", *ANYWHERE, vpc="other")
    estate.table("out", "10.1.0.0/16 pcx")
    estate.table("back", "10.0.0.0/16 pcx", vpc="other")
    estate.subnet("a", "10.0.1.0/24", acl="open", table="out")
    estate.subnet("b", "10.1.1.0/24", acl="open", table="back", vpc="other")
    estate.host("one", "a", "10.0.1.10", "open")
    estate.host("two", "b", "10.1.1.10", "far")
    estate.pcx("pcx", "vpc", "other", active=False)
    answers = as_answers(as_aws_shows(estate.build()))
    assert verdict(read(answers), "one", "two") is Verdict.DENIED
    only(answers["VpcPeeringConnections"])["Preview"] = "instant"
    assert verdict(read(answers), "one", "two") is Verdict.UNDETERMINED


def test_what_is_new_of_block_public_access_may_block_elsewhere(answers):
    options = {"InternetGatewayBlockMode": "block-bidirectional", "State": "update-complete"}
    answers["VpcBlockPublicAccessOptions"] = options
    assert verdict(read(answers), "internet", "one") is Verdict.DENIED
    options["Scope"] = "some"
    assert verdict(read(answers), "internet", "one") is Verdict.UNDETERMINED
    assert verdict(read(answers), "one", "two") is Verdict.ALLOWED


def test_one_reason_is_one_line_however_many_things_have_it(answers):
    for each in answers["NetworkInterfaces"]:
        each["Plane"] = each["NetworkInterfaceId"]
    found = only(unjudged(read(answers)))
    assert len(found.things) == len(answers["NetworkInterfaces"])
    assert "NetworkInterfaces.Plane" in found.why


def test_an_answer_of_which_nobody_has_heard_is_named_and_a_terminal_obeys_no_field(answers):
    found = read({**answers, "VpcTeleporters": [{"TeleporterId": "vtp-1"}]})
    assert said(found) == {("VpcTeleporters", "VpcTeleporters")}
    answers["Vpcs"][0]["\x1b[2J"] = "\x1b]0;x"
    assert not any("\x1b" in each.id for each in read(answers).unmodelled)


def test_whatever_a_known_item_may_hold_is_no_surprise():
    pair = {
        **{"GroupId": "sg-1", "UserId": "123456789012", "GroupName": "web", "VpcId": "vpc-1"},
        **{"PeeringStatus": "active", "VpcPeeringConnectionId": "pcx-1", "Description": "x"},
    }
    permission = {"IpProtocol": "-1", "UserIdGroupPairs": [pair], "IpRanges": []}
    group = Record("sg-2", {"GroupId": "sg-2", "IpPermissions": [permission]})
    assert all(is_certain("SecurityGroupRules", "", each) for each in folded_rules(group, "sg-2"))
    assert list(in_item("SecurityGroups", group.values)) == []
