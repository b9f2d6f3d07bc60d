"""What a reviewer reads of a change: each kind of edit, whole."""

import sys
from dataclasses import replace

import pytest

from bulkhead.compare import ChangeKind
from bulkhead.judge import FindingKind
from bulkhead.network import DUMP_FILE, Declaration, Unlisted, Unmodelled, Verdict
from bulkhead.network.quotas import Quotas
from bulkhead.review import DEFAULT, FailOn, Interruption, Version, failing, review
from tests.review.conftest import SHOP
from tests.support.estate import Estate
from tests.support.shop import shop, with_entry, with_rule, without_entry
from tests.support.town import town

EXTRA = "in tcp 5600 10.20.0.0/16"
REPLY = "out 200 allow tcp 32768-60999 10.0.1.0/24"


def found(network):
    """What stands in an account, as a dump shows it: it declares nothing."""
    return Version(label="dump", network=network)


def lines(origins):
    return {each.line for each in origins}


def test_a_version_reviewed_against_itself_says_nothing(edited):
    base, head = edited()
    told = review(base, head)
    assert told.nothing
    assert told.verdict == "No flow changes."
    assert failing(told, tuple(FailOn)) == ()


def test_a_socket_that_connects_opens_a_flow_and_its_line_is_named(edited):
    base, head = edited(
        (
            "orders: { type: REP,",
            "log: { type: PUSH, connect: web.log }\n      orders: { type: REP,",
        ),
        (
            "feed: { type: PULL,",
            'log: { type: PULL, bind: "tcp://*:5561" }\n      feed: { type: PULL,',
        ),
    )
    told = review(base, head)
    (flow,) = told.flows
    assert told.verdict == "Opens 1 flow: store reaches web.log tcp 5561."
    assert (flow.kind, flow.origin.line, flow.undeclared) == (ChangeKind.OPENED, 26, False)
    assert lines(flow.origins) == {26}
    assert failing(told) == ()
    assert failing(told, [FailOn.OPENED]) == (FailOn.OPENED,)
    assert told.declared.flows_added[0][1] == flow.origin


def test_what_an_untrusted_site_reaches_comes_first_and_fails_the_review(edited):
    base, head = edited(
        (
            "push: { type: PUSH, connect: web.feed }",
            "push: { type: PUSH, connect: [web.feed, store.in] }",
        ),
        (
            "orders: { type: REP,",
            'in: { type: PULL, bind: "tcp://*:5570" }\n      orders: { type: REP,',
        ),
        ("feed: { type: PULL,", "a: { type: PUSH, connect: store.in }\n      feed: { type: PULL,"),
    )
    told = review(base, head)
    assert told.flows[0] in told.untrusted
    assert told.verdict.startswith("Opens 2 flows: plant reaches store.in tcp 5570")
    assert FailOn.FROM_UNTRUSTED in failing(told)
    assert FailOn.FROM_INTERNET not in failing(told, tuple(FailOn))


@pytest.mark.parametrize("before", ["trusted", "untrusted"])
def test_a_site_counts_as_trusted_where_both_sides_say_so(edited, before):
    base, head = edited(
        ("connect: web.feed }", "connect: [web.feed, store.in] }"),
        (
            "orders: { type: REP,",
            'in: { type: PULL, bind: "tcp://*:5570" }\n      orders: { type: REP,',
        ),
        (f"trust: {before}", "trust: trusted"),
        ("tests:\n  - from: plant\n    deny: [store]\n", ""),
        base=SHOP.replace("trust: untrusted", f"trust: {before}"),
    )
    told = review(base, head)
    if before == "trusted":
        assert (told.untrusted, failing(told), told.declared.trust) == ((), (), ())
    else:
        assert failing(told) == (FailOn.FROM_UNTRUSTED,)
        (step,) = told.declared.trust
        assert (step.site, step.before, step.after) == ("plant", False, True)
        assert step.origin == head.origins.named("plant")
        assert told.verdict.endswith("; site plant is now trusted.")


def test_other_addresses_of_a_site_are_others_who_get_in(edited):
    base, head = edited(("192.168.10.0/24", "192.168.11.0/24"))
    told = review(base, head)
    assert {each.kind: each.reached for each in told.flows} == {
        ChangeKind.OPENED: True,
        ChangeKind.CLOSED: False,
    }
    assert failing(told) == (FailOn.FROM_UNTRUSTED,)
    assert told.appeared == ("site plant (192.168.11.0/24)",)
    assert told.vanished == ("site plant (192.168.10.0/24)",)
    assert str(told.untrusted[0].reasons[0].cause) == "plant (192.168.11.0/24) is new"


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        (("plant", "works"), "site plant is called works now, and the engine makes another"),
        (("eu-west-1", "eu-central-1"), "Region eu-west-1 is now eu-central-1"),
        (("trust: untrusted", "routing: bgp"), "routing static is now bgp"),
    ],
)
def test_a_site_that_gets_another_connection_loses_both_tunnels(edited, edits, why):
    told = review(*edited(edits))
    (tunnels,) = (each for each in told.replacements if each.kind == "VPN connection")
    assert (tunnels.name, tunnels.why, tunnels.loud) == ("plant", why, True)
    assert "both tunnels of plant go down at once" in told.verdict


def test_another_number_of_awss_side_is_nothing_that_one_update_can_do(edited):
    base = SHOP.replace("trust: untrusted", "routing: bgp")
    told = review(*edited(("zones: 2", "zones: 2\namazon-asn: 64520"), base=base))
    (tunnels,) = (each for each in told.replacements if each.loud)
    assert tunnels.why == "the ASN of AWS's side 64512 is now 64520"
    assert tunnels.means.startswith("NOT IN ONE UPDATE")


def test_fewer_hosts_keep_their_flow_to_the_one_address_of_a_site(edited):
    at = SHOP.replace(
        "push: { type: PUSH,",
        'bell: { type: PULL, bind: "tcp://192.168.10.7:6001" }\n      push: { type: PUSH,',
    ).replace(
        "feed: { type: PULL,",
        "ring: { type: PUSH, connect: plant.bell }\n      feed: { type: PULL,",
    )
    told = review(*edited(("replicas: 2", "replicas: 1"), base=at))
    assert told.flows == ()
    assert "plant.bell" in {each.change.socket for each in told.scaled}
    assert told.verdict.startswith("No flow changes; ")


def test_the_verdict_says_where_only_a_part_fares_otherwise(edited):
    more = review(*edited(("[192.168.10.0/24]", "[192.168.10.0/24, 192.168.11.0/24]")))
    less = review(
        *edited(
            ("[192.168.10.0/24, 192.168.11.0/24]", "[192.168.10.0/24]"),
            base=SHOP.replace("[192.168.10.0/24]", "[192.168.10.0/24, 192.168.11.0/24]"),
        )
    )
    extent = "web.feed tcp 5560 (2 of 4 pairs; others"
    assert more.verdict == f"Opens 1 flow: plant reaches {extent} did before)."
    assert less.verdict == f"Closes 1 flow: plant no longer reaches {extent} still do)."


def test_a_reply_entry_that_is_lacking_opens_nothing(edited):
    """What nobody declared is no less open where its replies return, too."""
    base, head = edited(("*:5556", "*:5557"))
    back = next(each for each in head.network.nacls if each.name == "back")
    kept = tuple(each for each in back.entries if str(each.direction) == "ingress")
    nacls = tuple(
        replace(each, entries=kept) if each is back else each for each in head.network.nacls
    )
    told = review(base, found(replace(head.network, nacls=nacls)))
    opening = [
        each.message
        for each in told.findings
        if FindingKind.EXTRA in {effect.kind for effect in each.effects}
    ]
    assert opening
    assert not [each for each in opening if "lacks an entry: egress" in each]


def test_a_site_without_a_name_is_known_by_its_networks(edited):
    """It is called as the gateway of its device, and a new device has another."""
    base, _ = edited()
    sides = [found(_nameless(base.network, gateway)) for gateway in ("cgw-1", "cgw-2")]
    told = review(*sides)
    assert (told.flows, told.past_groups, told.appeared, told.vanished) == ((), (), (), ())


def _nameless(network, gateway):
    (site,), (connection,), (device,) = (
        network.sites,
        network.vpn_connections,
        network.customer_gateways,
    )
    return replace(
        network,
        sites=(replace(site, name=gateway),),
        customer_gateways=(replace(device, id=gateway),),
        vpn_connections=(replace(connection, site=gateway, customer_gateway=gateway),),
        listeners=tuple(each for each in network.listeners if each.owner != site.name),
    )


def test_a_topology_that_is_called_otherwise_is_made_anew(edited):
    base, _ = edited()
    head, _ = edited(base=SHOP.replace("name: shop", "name: store"))
    (vpc,) = (each for each in review(base, head).replacements if each.kind == "VPC")
    assert vpc.why == "shop is called store now: the engine makes another"


def test_a_reply_entry_removed_by_hand_half_breaks_the_flow():
    network, _ = shop()
    told = review(found(network), found(without_entry(network, "acl-back", REPLY)))
    (flow,) = told.flows
    assert flow.kind is ChangeKind.HALF_BROKEN
    assert told.verdict == ("Breaks 1 flow: replies from store.orders tcp 5556 to web are lost.")
    assert failing(told) == (FailOn.HALF_BROKEN,)
    assert flow.origins == ()


def test_a_port_opened_by_hand_to_a_planned_network_leads_with_the_difference(edited):
    base, _ = edited()
    network = with_rule(base.network, "sg/store", "in tcp 5556 192.168.10.0/24")
    told = review(base, found(network))
    (finding,) = told.findings
    assert finding.kind is FindingKind.UNPLANNED or finding.kind is FindingKind.DIFFERS
    assert finding.mend
    assert FailOn.POLICY in failing(told)


def test_a_service_renamed_is_told_as_that_and_its_connections_are_cut(edited):
    base, head = edited(("store", "vault"))
    told = review(base, head)
    assert told.verdict == (
        "Opens 1 flow and closes 1: web reaches vault.orders tcp 5556; store is renamed."
    )
    (service,) = told.replacements
    assert (service.name, service.interrupts) == ("store", Interruption.CONNECTIONS)
    assert "vault" in service.why
    assert told.counts == {ChangeKind.OPENED: 1, ChangeKind.CLOSED: 1}
    assert (told.appeared, told.vanished) == (("vault-1",), ("store-1",))


def test_another_zone_changes_no_flow_between_hosts(edited):
    base, head = edited(("zones: 2", "zones: 3"))
    told = review(base, head)
    assert told.verdict == "No flow changes."
    assert {(each.kind, each.scaled) for each in told.past_groups} == {(ChangeKind.OPENED, True)}
    assert failing(told, tuple(FailOn)) == ()


def test_one_more_replica_opens_nothing_that_its_service_did_not_have(edited):
    base, head = edited(("replicas: 2", "replicas: 3"))
    told = review(base, head)
    assert told.appeared == ("web-3",)
    assert told.flows == ()
    assert {(each.change.source.name, each.change.to) for each in told.scaled} == {
        ("plant", "web.feed"),
        ("web", "store.orders"),
    }
    assert {line.line for each in told.scaled for line in each.origins} == {16}
    assert failing(told) == ()
    back = review(head, base)
    assert (back.flows, len(back.scaled), back.vanished) == ((), 2, ("web-3",))


def test_a_segment_moved_replaces_interfaces(edited):
    base, head = edited(("segment: back", "segment: front"))
    told = review(base, head)
    (interface,) = [each for each in told.replacements if each.kind == "interface"]
    assert interface.interrupts is Interruption.CONNECTIONS
    assert interface.origin.line == 22
    assert FailOn.INTERRUPTS in failing(told, tuple(FailOn))
    assert FailOn.INTERRUPTS not in DEFAULT


def test_another_gateway_takes_both_tunnels_down_and_is_loud(edited):
    base, head = edited(("203.0.113.10", "203.0.113.11"))
    told = review(base, head)
    (tunnels,) = told.replacements
    assert tunnels.loud
    assert "203.0.113.10 is now 203.0.113.11" in tunnels.why
    assert told.verdict == "No flow changes; both tunnels of plant go down at once."


@pytest.mark.parametrize(
    ("which", "interrupts"), [((0,), Interruption.ONE_TUNNEL), ((0, 1), Interruption.BOTH_TUNNELS)]
)
def test_other_options_of_one_tunnel_or_of_both(edited, which, interrupts):
    base, head = edited()
    (vpn,) = head.network.vpn_connections
    tunnels = tuple(
        replace(each, phase1_lifetime=3_600) if number in which else each
        for number, each in enumerate(vpn.tunnels)
    )
    network = replace(head.network, vpn_connections=(replace(vpn, tunnels=tunnels),))
    (told,) = review(base, replace(head, network=network)).replacements
    assert told.interrupts is interrupts


def test_a_test_of_the_topology_that_fails_now_is_policy(edited):
    base, head = edited(("deny: [store]", "deny: [store, web.feed]"))
    told = review(base, head)
    assert [each.line for each in told.findings] == [27]
    assert failing(told) == (FailOn.POLICY,)


def test_a_test_that_failed_before_is_counted_and_fails_nothing(edited):
    base, head = edited(
        ("purpose: keeps them", "purpose: keeps all orders"),
        base=SHOP.replace("deny: [store]", "deny: [store, web.feed]"),
    )
    told = review(base, head)
    assert (told.findings, told.declared.still_failing) == ((), 1)
    (step,) = told.declared.words
    assert str(step) == "purpose of segment back: keeps them -> keeps all orders"


def test_what_only_head_leaves_open_cannot_be_told():
    network, _ = shop()
    unknown = Unmodelled(kind="route table", id="rtb-9", scope="rtb-9", why="nobody showed it")
    told = review(found(network), found(replace(network, unmodelled=(unknown,))))
    assert [str(each) for each in told.untold] == ["route table rtb-9: nobody showed it"]
    other = found(replace(network, unmodelled=(unknown,)))
    assert review(other, other).nothing
    passed_over = replace(unknown, kind=DUMP_FILE)
    assert review(found(network), found(replace(network, unmodelled=(passed_over,)))).nothing


def test_what_runs_interfaces_that_head_does_not_list_cannot_be_told():
    network, _ = shop()
    balancer = Unlisted(kind="aws.lb.LoadBalancer", name="front", why="a state lists none of them")
    told = review(found(network), found(replace(network, unlisted=(balancer,))))
    assert [each.name for each in told.untold] == ["front"]


def test_both_ends_renamed_at_once_are_told_apart_by_what_they_do(edited):
    base, head = edited(("store", "vault"), ("web", "portal"))
    told = review(base, head)
    assert {each.name for each in told.replacements if each.renamed} == {"store", "web"}


def test_a_service_that_also_does_something_else_is_not_taken_for_a_renamed_one(edited):
    base, head = edited(("store", "vault"), ("5556", "5557"))
    assert not any(each.renamed for each in review(base, head).replacements)


def test_a_socket_on_another_port_is_written_where_it_binds(edited):
    base, head = edited(("5556", "5557"))
    told = review(base, head)
    assert {each.origin.line for each in told.flows} == {25}


def test_a_port_that_nobody_declared_beside_one_that_somebody_did_is_undeclared(edited):
    base, head = edited()
    wide = with_rule(base.network, "sg/store", "in tcp 5550-5560 10.20.0.0/16")
    wide = with_rule(wide, "sg/web", "out tcp 5550-5560 10.20.0.0/16")
    acl = next(each.id for each in wide.nacls if each.name == "back")
    front = next(each.id for each in wide.nacls if each.name == "front")
    for nacl, way in ((acl, "in"), (front, "out")):
        wide = with_entry(wide, nacl, f"{way} 7 allow tcp 5550-5560 10.20.0.0/16")
    told = review(base, replace(head, network=wide))
    assert {(each.change.source.name, each.undeclared) for each in told.flows} == {
        ("web", True),
        ("any host in back, front", True),
    }
    assert failing(told, [FailOn.UNDECLARED]) == (FailOn.UNDECLARED,)


def test_a_quota_is_told_where_the_change_takes_more_and_little_is_left():
    network, _ = shop()
    full = network
    for number in range(50):
        full = with_rule(full, "sg-store", f"in tcp {6000 + number} sg-web", name=str(number))
    (quota,) = review(found(network), found(full)).headroom
    assert (quota.of, quota.before, quota.after, quota.limit) == ("sg-store", 1, 51, 60)
    assert not quota.over
    assert review(found(full), found(network)).headroom == ()
    raised = Declaration(topology="shop", quotas=Quotas(rules_per_group=120))
    assert not review(found(network), replace(found(full), declaration=raised)).headroom
    kept = replace(raised, quotas=Quotas(rules_per_group=50))
    (quota,) = review(replace(found(network), declaration=kept), found(full)).headroom
    assert (quota.limit, quota.over) == (50, True)


def test_what_is_told_by_place_is_undeclared_only_where_nobody_asks_for_its_ports(
    edited, monkeypatch
):
    monkeypatch.setattr(sys.modules["bulkhead.compare.compare"], "MOST_PAIRS", 0)
    base, head = edited(("*:5556", "*:5557"))
    told = review(base, head)
    assert told.by_place
    assert {(each.kind, each.undeclared) for each in told.flows} == {
        (ChangeKind.OPENED, False),
        (ChangeKind.CLOSED, False),
    }
    assert failing(told, [FailOn.UNDECLARED]) == ()
    other = with_rule(with_rule(base.network, "sg/store", EXTRA), "sg/web", f"out{EXTRA[2:]}")
    acl, front = (
        next(each.id for each in base.network.nacls if each.name == name)
        for name in ("back", "front")
    )
    for nacl, way in ((acl, "in"), (acl, "out"), (front, "in"), (front, "out")):
        other = with_entry(other, nacl, f"{way} 7 allow tcp 1024-65535 10.20.0.0/16")
    told = review(base, Version(label="dump", network=other))
    assert told.by_place
    assert {each.undeclared for each in told.flows if each.kind is ChangeKind.OPENED} == {True}
    assert failing(told, [FailOn.UNDECLARED]) == (FailOn.UNDECLARED,)


def test_the_residue_is_told_where_it_grows(edited):
    base, head = edited(
        (
            "orders: { type: REP,",
            "log: { type: PUSH, connect: web.log }\n      orders: { type: REP,",
        ),
        (
            "feed: { type: PULL,",
            'log: { type: PULL, bind: "tcp://*:5561" }\n      feed: { type: PULL,',
        ),
    )
    (step,) = review(base, head).residue
    assert (step.source, step.destination) == ("subnets behind front", "subnets behind back")
    assert step.grown == 28_232


def test_a_test_taken_out_is_told(edited):
    base, head = edited(("tests:\n  - from: plant\n    deny: [store]\n", ""))
    told = review(base, head)
    (test,) = told.declared.tests_dropped
    assert (test.client, test.server.name, test.accept) == ("plant", "store.orders", False)
    assert told.verdict == "No flow changes."
    assert not told.nothing


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (("10.20.0.0/16", "10.30.0.0/16"), "VPC shop and all in it is replaced, which interrupts."),
        (("segment: back", "segment: front"), "interface store-1 is replaced, which interrupts."),
        (
            ("segment: front", "segment: back"),
            "interfaces web-1, web-2 are replaced, which interrupts.",
        ),
    ],
)
def test_the_verdict_names_what_is_replaced(edited, edit, says):
    told = review(*edited(edit))
    assert told.verdict.endswith(says)
    assert [each.loud for each in told.replacements] == ["VPC" in says]


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        ("", "\n    client-ports: 40000-50000", True),
        ("\n    client-ports: 40000-50000", "", False),
        ("", "\n    client-ports: any", False),
    ],
)
def test_whose_client_ports_are_fewer_loses_what_is_open_from_the_others(
    edited, before, after, cut
):
    base, _ = edited(("segment: front", f"segment: front{before}"))
    _, head = edited(("segment: front", f"segment: front{after}"))
    told = [each for each in review(base, head).replacements if each.kind == "client ports of"]
    assert [each.name for each in told] == ["web"] * cut
    assert [each.interrupts for each in told] == [Interruption.CONNECTIONS] * cut
    assert all("NACL" in each.means and each.origin for each in told)


def test_of_untrusted_places_the_internet_comes_first_and_what_is_sure_before_what_may_be():
    network = town().build()
    wide = with_rule(network, "sg-store", "in all 0.0.0.0/0")
    told = review(found(network), found(with_entry(wide, "acl-store", "in 1 allow all 0.0.0.0/0")))
    assert "the internet reaches" in told.verdict
    ranks = [
        (each.change.after is Verdict.UNDETERMINED, each.change.source.name != "internet")
        for each in told.flows
        if each in told.untrusted
    ]
    assert len(set(ranks)) > 1
    assert ranks == sorted(ranks)


def test_a_rule_for_a_whole_network_is_a_flow_where_no_host_shows_it():
    network, _ = shop()
    base = replace(
        network, interfaces=tuple(each for each in network.interfaces if each.service == "store")
    )
    head = with_rule(base, "sg-store", "in tcp 5556-5557 10.0.1.0/24")
    told = review(
        found(base), found(with_entry(head, "acl-back", "in 7 allow tcp 5557 10.0.1.0/24"))
    )
    (flow,) = told.flows
    assert (flow.change.source.name, flow.change.destination.name) == ("any host in front", "store")
    assert failing(told, [FailOn.OPENED]) == (FailOn.OPENED,)


def test_a_subnet_that_could_be_reached_from_outside_is_told_first_and_is_a_weaker_layer():
    def public(*subnets):
        estate = Estate()
        estate.igw()
        estate.table("out", "0.0.0.0/0 igw")
        for number, name in enumerate(subnets):
            estate.subnet(name, f"10.0.{number}.0/24", table="out")
        return found(estate.build())

    told = review(public("one"), public("one", "other"))
    assert "the internet could reach any host in other" in told.verdict
    assert [each.past_groups for each in told.untrusted] == [True]
    asked = (FailOn.FROM_UNTRUSTED, FailOn.FROM_INTERNET, FailOn.WEAKENED)
    assert failing(told, asked) == (FailOn.WEAKENED,)


def test_what_is_gone_is_written_in_base_and_what_is_new_in_head(edited):
    base, head = edited(("      orders: { type: REQ, connect: store.orders }\n", ""))
    for one, other, kind in ((base, head, "gone"), (head, base, "new")):
        (flow,) = review(one, other).flows
        assert {str(each.cause.kind) for each in flow.reasons} == {kind}
        files = {each.file.rpartition("/")[2] for each in flow.origins}
        assert (files, lines(flow.origins)) == ({"base.yaml"}, {21})
