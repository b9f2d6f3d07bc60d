"""Exactly least privilege: what is missing, what is extra, which layer went soft."""

from dataclasses import replace

import pytest

from bulkhead.explain import Layer
from bulkhead.judge import Finding, FindingKind, Judgement, ResidueKind, judge
from bulkhead.network import Declaration, Expectation, Listener, PortRange, Unmodelled, Verdict
from bulkhead.prove import prove
from tests.support.estate import Estate, flow
from tests.support.fleet import fleet
from tests.support.shop import shop, with_entry, with_routes, with_rule, without_entry, without_rule

EXTRA, LAYER, MISSING = FindingKind.EXTRA, FindingKind.LAYER, FindingKind.MISSING
UNDETERMINED, EXPECTATION = FindingKind.UNDETERMINED, FindingKind.EXPECTATION


def judged(network, flows, expectations=()):
    declared = Declaration(topology="shop", flows=tuple(flows), expectations=tuple(expectations))
    return judge(prove(network), declared)


def findings(network, flows=None):
    return judged(network, shop()[1] if flows is None else flows).findings


def subjects(found, kind):
    return {(each.source, each.destination) for each in found if each.kind is kind}


def test_a_network_that_is_exactly_its_flows_has_no_finding():
    network, flows = shop()
    judgement = judged(network, flows)
    assert judgement.findings == ()
    assert judgement.ok
    assert judgement.flows == 2


@pytest.mark.parametrize("kind", FindingKind)
def test_whatever_is_found_is_a_no(kind):
    found = Finding(kind=kind, message="something", why="because")
    assert not Judgement(topology="shop", flows=1, findings=(found,), residue=()).ok


def test_a_finding_names_the_one_group_that_holds_the_rule():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("base", "out all 0.0.0.0/0")
    estate.group("open", "in tcp 22 0.0.0.0/0")
    estate.host("one", "a", "10.0.1.10", "base", "open")
    estate.host("other", "a", "10.0.1.11", "base", "open")
    named = {
        (each.source, each.destination): [rule.component for rule in each.rules]
        for each in findings(estate.build(), ())
    }
    assert named["one", "other"] == ["base", "open"]


def test_reply_ports_are_counted_as_residue_and_not_as_findings():
    found = judged(*shop()).residue
    assert [(each.source, each.destination, len(each)) for each in found] == [
        ("subnets behind acl-back", "subnets behind acl-front", 28232),
        ("subnets behind acl-front", "plant", 64512),
    ]


def test_a_flow_to_a_site_leaves_the_site_open_to_any_host_of_the_segment():
    network, flows = shop()
    listener = Listener(
        owner="plant", socket="in", type="PULL", protocol=6, ports=PortRange(700, 700)
    )
    network = with_rule(network, "sg-web", "out tcp 700 192.168.10.0/24")
    network = with_entry(network, "acl-front", "out 120 allow tcp 700 192.168.10.0/24")
    network = with_entry(network, "acl-front", "in 120 allow tcp 32768-60999 192.168.10.0/24")
    judgement = judged(network, [*flows, flow("web", listener)])
    assert judgement.ok
    assert [
        (each.source, each.destination, str(each.ports))
        for each in judgement.residue
        if each.kind is ResidueKind.ANY_HOST
    ] == [("any host in front", "plant", "700")]
    assert judged(network, flows).residue == judged(*shop()).residue, "then it is a finding"
    assert ("subnets behind acl-front", "plant") in subjects(findings(network), LAYER)


def test_a_fleet_of_a_thousand_services_is_judged_without_a_finding():
    estate, flows = fleet(1000)
    judgement = judged(estate.build(), flows)
    assert judgement.ok
    assert judgement.flows == 4000


# Missing


def test_a_removed_group_rule_breaks_the_flow_and_is_named():
    (found,) = findings(without_rule(shop()[0], "sg-store", "sg-store-0"))
    assert (found.kind, found.verdict) == (MISSING, Verdict.DENIED)
    assert (found.source, found.destination) == ("web.out", "store.orders")
    assert "security group ingress of sg-store blocks" in found.message


def test_a_removed_reply_entry_leaves_the_flow_half_open_with_the_ports_that_are_lost():
    network = without_entry(shop()[0], "acl-back", "out 200 allow tcp 32768-60999 10.0.1.0/24")
    (found,) = findings(network)
    assert (found.kind, found.verdict) == (MISSING, Verdict.HALF_OPEN)
    assert "client ports 32768-60999" in found.message
    assert "NACL egress of acl-back blocks" in found.message


def test_all_layers_that_block_a_flow_are_named():
    network = without_rule(shop()[0], "sg-store", "sg-store-0")
    network = without_entry(network, "acl-back", "in 100 allow tcp 5556 10.0.1.0/24")
    (found,) = findings(network)
    assert str(Layer.ACL_INGRESS) in found.message
    assert str(Layer.GROUP_INGRESS) in found.message
    assert len(found.codes) == 2


def test_a_flow_that_only_some_replicas_have_is_missing_for_the_others():
    network = with_entry(shop()[0], "acl-back", "in 50 deny tcp 5556 10.0.1.128/25")
    (found,) = findings(network)
    assert "for 2 of 4 pairs" in found.message


def test_a_lost_route_breaks_the_flow_of_a_site():
    (found,) = findings(with_routes(shop()[0], "vpn", ()))
    assert (found.kind, found.verdict) == (MISSING, Verdict.HALF_OPEN)
    assert "NO_ROUTE_TO_DESTINATION" in found.codes


def test_a_flow_whose_end_has_no_address_is_missing():
    listener = Listener(
        owner="store", socket="orders", type="PUB", protocol=6, ports=PortRange(5556, 5556)
    )
    network, flows = shop()
    (found,) = findings(network, [*flows, flow("ghost", listener)])
    assert "ghost has no address" in found.message


def test_a_flow_through_something_unknown_is_undetermined_and_says_why():
    network = replace(
        shop()[0],
        unmodelled=(Unmodelled(kind="entry", id="7", scope="acl-back", why="cannot be read"),),
    )
    found = [each for each in findings(network) if each.kind is MISSING]
    assert [each.verdict for each in found] == [Verdict.UNDETERMINED]
    assert "cannot be read" in found[0].message


# Extra, and layers: one edit, exactly the predicted findings


def test_a_port_open_in_both_layers_is_extra_and_named_by_its_rules():
    network = with_rule(shop()[0], "sg-store", "in tcp 22 sg-web")
    network = with_rule(network, "sg-web", "out tcp 22 sg-store")
    network = with_entry(network, "acl-front", "out 110 allow tcp 22 10.0.2.0/24")
    network = with_entry(network, "acl-back", "in 110 allow tcp 22 10.0.1.0/24")
    found = findings(network)
    (extra,) = [each for each in found if each.kind is EXTRA]
    assert (extra.source, extra.destination) == ("web", "store")
    assert extra.ports == (PortRange(22, 22),)
    assert {rule.component for rule in extra.rules} >= {"sg-web", "acl-front", "acl-back"}
    assert subjects(found, LAYER) == {
        ("subnets behind acl-front", "subnets behind acl-back"),
        ("web", "sg-store"),
    }


def test_a_wide_ingress_rule_is_found_though_the_nacl_still_holds():
    found = findings(with_rule(shop()[0], "sg-store", "in tcp 22 sg-web"))
    (only,) = found
    assert (only.kind, only.source, only.destination) == (LAYER, "sg-web", "store")
    assert only.message.startswith("security group ingress of store (sg-store) alone admits sg-web")


def test_a_wide_egress_rule_is_found_though_nobody_listens():
    found = findings(with_rule(shop()[0], "sg-store", "out tcp 443 0.0.0.0/0"))
    assert subjects(found, LAYER) == {("store", "0.0.0.0/0")}
    # Inside its own subnet no NACL holds it back.
    assert subjects(found, EXTRA) == {("store", "any host in back")}


def test_a_rule_is_found_though_part_of_its_ports_is_open_today_and_reported_already():
    network = with_rule(shop()[0], "sg-store", "in tcp 22-23 sg-web")
    network = with_rule(network, "sg-web", "out tcp 22-23 sg-store")
    network = with_entry(network, "acl-front", "out 110 allow tcp 22 10.0.2.0/24")
    network = with_entry(network, "acl-back", "in 110 allow tcp 22 10.0.1.0/24")
    found = findings(network)
    assert [each.ports for each in found if each.kind is EXTRA] == [(PortRange(22, 22),)]
    assert ("sg-web", "store") in subjects(found, LAYER)


def test_a_port_range_around_a_declared_port_is_found_without_the_port_itself():
    (found,) = findings(with_rule(shop()[0], "sg-store", "in tcp 5550-5560 sg-web"))
    assert found.ports == (PortRange(5550, 5555), PortRange(5557, 5560))


def test_a_rule_for_a_group_that_nobody_holds_yet_is_found():
    (found,) = findings(with_rule(shop()[0], "sg-store", "in tcp 5556 sg-nobody"))
    assert (found.kind, found.source) == (LAYER, "sg-nobody")


def test_a_rule_for_a_group_that_others_hold_beside_the_client_is_found():
    network = with_rule(shop()[0], "sg-store", "in tcp 5556 sg-shared")
    shared = replace(network.security_group["sg-idle"], id="sg-shared", name="sg-shared")
    network = replace(
        network,
        security_groups=(*network.security_groups, shared),
        interfaces=tuple(
            replace(each, security_groups=(*each.security_groups, "sg-shared"))
            if each.service in {"web", "idle"}
            else each
            for each in network.interfaces
        ),
    )
    assert ("sg-shared", "store") in subjects(findings(network), LAYER)


def test_a_host_that_may_speak_to_itself_reaches_nobody():
    network = with_rule(shop()[0], "sg-idle", "in tcp 9 sg-idle")
    network = with_rule(network, "sg-idle", "out tcp 9 sg-idle")
    found = findings(network)
    assert subjects(found, EXTRA) == set()
    assert subjects(found, LAYER) == {("idle", "sg-idle"), ("sg-idle", "idle")}


def test_a_rule_for_the_address_of_a_declared_client_is_no_finding():
    assert findings(with_rule(shop()[0], "sg-store", "in tcp 5556 10.0.1.10/32")) == ()


def test_a_rule_for_the_clients_whole_subnet_admits_any_host_started_there():
    found = findings(with_rule(shop()[0], "sg-store", "in tcp 5556 10.0.1.0/25"))
    assert subjects(found, EXTRA) == {("any host in front", "store.orders")}


def test_a_wide_nacl_is_found_though_the_groups_still_hold():
    network = with_entry(shop()[0], "acl-back", "in 110 allow tcp 80 10.0.1.0/24")
    network = with_entry(network, "acl-front", "out 110 allow tcp 80 10.0.2.0/24")
    (found,) = findings(network)
    assert found.kind is LAYER
    assert found.message == (
        "NACLs alone let subnets behind acl-front reach subnets behind acl-back on tcp 80; "
        "nobody declared it"
    )
    assert [rule.component for rule in found.rules] == ["acl-front", "vpn", "acl-back"]


def test_one_side_of_a_nacl_pair_alone_opens_nothing():
    assert findings(with_entry(shop()[0], "acl-back", "in 110 allow tcp 80 10.0.1.0/24")) == ()


def test_traffic_between_the_subnets_of_one_segment_needs_a_declared_flow_too():
    network = with_entry(shop()[0], "acl-back", "in 110 allow all 10.0.2.0/24")
    network = with_entry(network, "acl-back", "out 110 allow all 10.0.2.0/24")
    (found,) = findings(network)
    assert (found.kind, found.protocol) == (LAYER, None)
    assert found.source == found.destination == "subnets behind acl-back"


def test_everything_open_is_one_finding_and_not_one_per_protocol():
    network = with_rule(shop()[0], "sg-idle", "in all sg-store")
    network = with_rule(network, "sg-store", "out all sg-idle")
    extra = [each for each in findings(network) if each.kind is EXTRA]
    assert [(each.source, each.destination, each.protocol) for each in extra] == [
        ("store", "idle", None)
    ]


def test_a_service_that_may_send_to_the_internet_is_extra():
    estate = Estate()
    estate.table("out", "0.0.0.0/0 igw")
    estate.igw()
    estate.subnet("a", "10.0.1.0/24", table="out", segment="front")
    estate.group("g", "out tcp 443 0.0.0.0/0")
    estate.host("web-0", "a", "10.0.1.10", "g", service="web", public="203.0.113.9")
    found = judged(estate.build(), ()).findings
    assert ("web", "internet") in subjects(found, EXTRA)


def test_what_may_be_open_and_nobody_declared_is_undetermined():
    network = replace(
        shop()[0], unmodelled=(Unmodelled(kind="rule", id="7", scope="sg-idle", why="odd"),)
    )
    found = [each for each in findings(network) if each.kind is UNDETERMINED]
    assert ("store", "idle") not in subjects(found, UNDETERMINED)  # store may not send there
    assert ("any host in back", "idle") in subjects(found, UNDETERMINED)


def test_an_interface_that_may_forward_for_others_is_undetermined():
    network = shop()[0]
    network = replace(
        network,
        interfaces=tuple(
            replace(each, source_dest_check=each.name != "idle-0") for each in network.interfaces
        ),
    )
    (found,) = findings(network)
    assert (found.kind, found.source) == (UNDETERMINED, "idle")


# Expectations


def expect(client, accept, network=None):
    base, flows = shop()
    server = flows[0].server
    wanted = Expectation(client=client, server=server, accept=accept, file="shop.yaml", line=12)
    return judged(network or base, flows, [wanted]).findings


@pytest.mark.parametrize(
    ("client", "accept"), [("web", True), ("idle", False), ("plant", False), ("internet", False)]
)
def test_a_test_of_the_topology_that_holds_says_nothing(client, accept):
    assert expect(client, accept) == ()


@pytest.mark.parametrize(("client", "accept"), [("web", False), ("idle", True), ("plant", True)])
def test_a_test_of_the_topology_that_fails_names_its_line(client, accept):
    (found,) = expect(client, accept)
    assert (found.kind, found.file, found.line) == (EXPECTATION, "shop.yaml", 12)


def test_a_test_about_somebody_who_is_not_there_fails():
    (found,) = expect("ghost", False)
    assert found.kind is EXPECTATION


# What stands in one layer, and in no plan


def test_what_no_plan_has_is_part_of_the_judgement_wherever_there_is_a_plan():
    planned, flows = shop()
    observed = with_entry(planned, "acl-back", "in 110 allow tcp 80 10.0.1.0/24")
    declared = Declaration(topology="shop", flows=tuple(flows))
    assert judge(prove(observed), declared).ok, "the other end of it is closed"
    judgement = judge(prove(observed), replace(declared, planned=planned))
    (found,) = judgement.findings
    assert (found.kind, judgement.ok) == (FindingKind.UNPLANNED, False)
    assert found.message == (
        "network ACL acl-back holds an entry that no plan has: "
        "ingress 110: allow tcp 80 from 10.0.1.0/24"
    )
    assert judge(prove(planned), replace(declared, planned=planned)).ok


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        (FindingKind.EXPECTATION, "1 expectation failed", "2 expectations failed"),
        (FindingKind.LAYER, "1 layer weakened", "2 layers weakened"),
        (FindingKind.MISSING, "1 missing", "2 missing"),
        (FindingKind.UNPLANNED, "1 not planned", "2 not planned"),
    ],
)
def test_findings_are_counted_in_words(kind, one, two):
    assert (kind.counted(1), kind.counted(2)) == (one, two)
