"""Rules that do nothing are found, and what is found can go without changing one cell."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.compare import compare
from bulkhead.lint import IDLE, Smell, SmellKind, lint
from bulkhead.network import Network
from bulkhead.plan import plan
from bulkhead.report.lint import by
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.fleet import fleet
from tests.support.messy import networks
from tests.support.shop import shop, with_entry, with_routes, with_rule, without_entry
from tests.support.topologies import documents, topology_from
from tests.support.wide import wide_networks

REPLY = "out 200 allow tcp 32768-60999 10.0.1.0/24"


TOLD = "icmp:3/4 192.168.10.0/24"


def tidy() -> Network:
    """The shop without the NACLs that its builder leaves lying about, and told of large packets."""
    network = with_entry(shop()[0], "acl-front", f"in 300 allow {TOLD}")
    used = {subnet.nacl for subnet in network.subnets}
    return replace(network, nacls=tuple(each for each in network.nacls if each.id in used))


def island(*entries: str) -> Network:
    """Two subnets of a VPC that nothing joins to the rest of the world."""
    estate = Estate()
    estate.acl("acl", "in 100 allow tcp 80 10.0.1.0/24", *entries)
    estate.acl("other", "out 100 allow tcp 80 10.0.0.0/24")
    estate.subnet("a", "10.0.0.0/24", acl="acl")
    estate.subnet("b", "10.0.1.0/24", acl="other")
    network = estate.build()
    used = {subnet.nacl for subnet in network.subnets}
    return replace(network, nacls=tuple(each for each in network.nacls if each.id in used))


def faults(network: Network) -> list[Smell]:
    return [smell for smell in lint(network) if smell.fault]


def only(network: Network, kind: SmellKind) -> Smell:
    (found,) = [each for each in faults(network) if each.kind is kind]
    return found


def without(network: Network, smells: list[Smell]) -> Network:
    """The network without the rules that the smells name."""
    named = {(smell.component, rule) for smell in smells for rule in smell.rules}

    def left(component, rules):
        return tuple(rule for rule in rules if (component, rule) not in named)

    return replace(
        network,
        security_groups=tuple(
            replace(each, rules=left(each.id, each.rules)) for each in network.security_groups
        ),
        nacls=tuple(replace(each, entries=left(each.id, each.entries)) for each in network.nacls),
        route_tables=tuple(
            replace(each, routes=left(each.id, each.routes)) for each in network.route_tables
        ),
    )


def test_a_network_as_planned_has_no_fault_and_its_residue_is_counted():
    found = lint(tidy())
    assert [each for each in found if each.fault] == []
    assert {each.kind for each in found} == {SmellKind.RESIDUE}
    counts = {each.why.partition(" ports")[0] for each in found}
    assert counts == {"28,232", "64,512"}, "of Linux, and of whoever is at a site"


@examples(1 / 2)
@given(document=documents())
def test_no_planned_topology_has_a_fault(document, tmp_path_factory):
    planned = plan(topology_from(tmp_path_factory.mktemp("lint"), document))
    assert faults(planned.network) == []


@examples()
@given(network=networks())
def test_everything_that_lint_calls_idle_can_go_at_once_and_no_cell_changes(network):
    idle = [each for each in lint(network) if each.kind in IDLE]
    assert compare(network, without(network, idle)).changes == ()


@examples()
@given(network=wide_networks())
def test_it_holds_behind_gateways_of_every_kind_too(network):
    idle = [each for each in lint(network) if each.kind in IDLE]
    assert compare(network, without(network, idle)).changes == ()


@examples(1 / 4)
@given(network=networks(), data=st.data())
def test_any_part_of_it_can_go_alone_and_no_cell_changes(network, data):
    idle = [each for each in lint(network) if each.kind in IDLE]
    if idle:
        several = data.draw(st.lists(st.sampled_from(idle), min_size=1, unique=True))
        assert compare(network, without(network, several)).changes == ()


blocks = st.sampled_from(("10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "10.0.1.0/25", "0.0.0.0/0"))
targets = st.sampled_from(("igw", "vgw", "local", "@there", "@there"))
marks = st.sampled_from(("", "", "propagated", "blackhole", "list"))
written_routes = st.tuples(blocks, targets, marks).map(" ".join)


def two_subnets(*routes: str) -> Network:
    """Hosts here and there in one VPC with a site; `routes` are those of here."""
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    estate.table("t", *routes)
    estate.subnet("a", "10.0.0.0/24", table="t")
    estate.subnet("b", "10.0.1.0/24")
    estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("here", "a", "10.0.0.10", "open", public="203.0.113.1")
    estate.host("there", "b", "10.0.1.10", "open")
    return estate.build()


@examples(1)
@given(routes=st.lists(written_routes, max_size=6, unique=True), data=st.data())
@example(routes=["10.0.0.0/16 @there blackhole"], data=None)
@example(routes=["10.0.0.0/16 @there blackhole", "10.0.0.0/16 @there"], data=None)
@example(routes=["10.0.1.0/24 local blackhole"], data=None)
def test_any_idle_route_can_go_alone_and_no_cell_changes(routes, data):
    network = two_subnets(*routes)
    idle = [each for each in lint(network) if each.kind is SmellKind.UNREACHABLE]
    if idle and data is not None:
        idle = data.draw(st.lists(st.sampled_from(idle), min_size=1, unique=True))
    assert compare(network, without(network, idle)).changes == ()


# NACLs


def test_an_entry_after_one_that_decides_the_same_packets_is_shadowed():
    found = only(with_entry(tidy(), "acl-back", "in 150 deny tcp 5556 10.0.1.0/25"), SHADOWED)
    assert found.component == "acl-back"
    assert by(found) == ["ingress 100: allow tcp 5556 from 10.0.1.0/24"]
    assert "some say allow" in found.why
    assert "lower number" in found.remedy


def test_an_entry_is_shadowed_by_several_that_cover_it_only_together():
    network = with_entry(tidy(), "acl-back", "in 10 allow tcp 1-99 10.0.1.0/25")
    network = with_entry(network, "acl-back", "in 11 allow tcp 1-50 10.0.1.128/25")
    network = with_entry(network, "acl-back", "in 12 allow tcp 51-99 10.0.1.128/26")
    network = with_entry(network, "acl-back", "in 13 allow tcp 40-60 10.0.1.0/25")
    wider = with_entry(network, "acl-back", "in 20 allow tcp 20-60 10.0.1.0/24")
    assert not [s for s in faults(wider) if s.rule.startswith("ingress 20:")]
    covered = with_entry(network, "acl-back", "in 20 allow tcp 20-60 10.0.1.0/25")
    assert {s.rule.split(":")[0] for s in faults(covered) if s.kind is SHADOWED} == {
        "ingress 13",
        "ingress 20",
    }


def test_an_entry_that_later_ones_make_needless_is_redundant():
    network = with_entry(tidy(), "acl-back", "in 50 allow tcp 5556 10.0.1.128/25")
    assert only(network, SmellKind.REDUNDANT).rule == (
        "ingress 50: allow tcp 5556 from 10.0.1.128/25"
    )


def test_an_allow_is_needed_that_shadows_a_deny_of_what_later_entries_let_pass():
    network = with_entry(tidy(), "acl-back", "in 10 allow tcp 5556 10.0.1.0/25")
    network = with_entry(network, "acl-back", "in 20 deny tcp 5556 10.0.1.0/25")
    found = {s.rule.split(":")[0]: s.kind for s in faults(network) if s.component == "acl-back"}
    assert found == {"ingress 20": SHADOWED}


def test_an_allow_before_a_deny_of_the_same_is_needed():
    network = with_entry(tidy(), "acl-back", "in 120 deny tcp * 10.0.1.0/24")
    assert faults(network) == []


def test_an_entry_for_addresses_that_no_route_leads_to_is_unused():
    found = only(island("in 10 allow tcp 22 10.99.0.0/16"), UNUSED)
    assert "no route connects" in found.why


def test_an_entry_is_used_where_a_tunnel_ends_since_anybody_may_be_behind_it():
    network = with_entry(tidy(), "acl-back", "in 10 allow tcp 22 10.99.0.0/16")
    assert [each for each in lint(network) if each.kind in IDLE] == []


def test_an_entry_for_every_address_is_wide_open():
    found = only(with_entry(tidy(), "acl-back", "in 300 allow tcp 22 0.0.0.0/0"), SmellKind.WIDE)
    assert "security groups hold alone" in found.why


def test_a_nacl_without_subnets_is_named():
    named = {s.component for s in faults(shop()[0]) if s.kind is SmellKind.UNATTACHED}
    assert named == {"open", "closed"}


def test_a_reply_that_a_nacl_drops_is_half_open_by_construction():
    found = only(without_entry(tidy(), "acl-back", REPLY), SmellKind.REPLY_BLOCKED)
    assert found.component == "acl-back"
    assert "tcp 5556 from subnets behind acl-front to subnets behind acl-back" in found.why
    assert "client ports 32768-60999" in found.why


def test_a_reply_for_some_client_ports_only_is_named_with_those_that_are_lost():
    network = without_entry(tidy(), "acl-back", REPLY)
    network = with_entry(network, "acl-back", "out 200 allow tcp 32768-49999 10.0.1.0/24")
    assert "client ports 50000-60999" in only(network, SmellKind.REPLY_BLOCKED).why


# Security groups


def test_a_rule_inside_a_wider_one_of_its_group_is_redundant():
    found = only(with_rule(tidy(), "sg-store", "in tcp 5550-5560 sg-web"), SmellKind.REDUNDANT)
    assert found.rule == "sg-store-0: tcp 5556 from sg-web"
    assert by(found) == ["sg-store-new: tcp 5550-5560 from sg-web"]


def test_a_rule_for_a_group_is_redundant_beside_one_for_all_addresses_of_its_vpc():
    narrow = with_rule(tidy(), "sg-store", "in tcp 5556 10.0.1.0/24")
    assert faults(narrow) == []
    wide = with_rule(tidy(), "sg-store", "in tcp 5556 10.0.0.0/16")
    assert only(wide, SmellKind.REDUNDANT).rule == "sg-store-0: tcp 5556 from sg-web"


def test_a_rule_is_redundant_if_every_interface_gets_it_from_another_group_too():
    def network(*also):
        estate = Estate()
        estate.subnet("a", "10.0.1.0/24")
        estate.group("base", "in tcp 80 web", "out tcp 80 web")
        estate.group("web", "in tcp 80 web", "out tcp 80 web")
        estate.host("one", "a", "10.0.1.10", "web", "base")
        estate.host("two", "a", "10.0.1.11", "web", *also)
        return estate.build()

    redundant = {s.component for s in faults(network("base")) if s.kind is SmellKind.REDUNDANT}
    assert redundant == {"base"}
    found = {s.component for s in faults(network()) if s.kind is SmellKind.REDUNDANT}
    assert found == {"base"}, "web cannot go: `two` has it from nowhere else"


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("in tcp 22 sg-idle", "security group egress of sg-idle"),
        ("in tcp 22 sg-web", "NACL egress of acl-front"),
        ("in tcp 22 10.77.0.0/16", "nothing here has an address in 10.77.0.0/16"),
        ("in tcp 22 192.168.10.0/24", "NACL ingress of acl-back"),
    ],
)
def test_a_rule_that_another_layer_always_blocks_is_unused_and_says_which(rule, why):
    assert why in only(with_rule(tidy(), "sg-store", rule), UNUSED).why


def test_a_rule_for_a_group_that_nobody_holds_is_unused():
    network = tidy()
    spare = replace(network.security_group["sg-idle"], id="sg-spare", name="sg-spare")
    network = replace(network, security_groups=(*network.security_groups, spare))
    network = with_rule(network, "sg-store", "in tcp 22 sg-spare")
    assert "no interface holds sg-spare" in only(network, UNUSED).why
    assert "rules of other groups refer to it" in only(network, SmellKind.UNATTACHED).why


def test_a_reference_to_a_group_that_is_gone_is_stale():
    found = only(with_rule(tidy(), "sg-store", "in tcp 22 sg-gone"), SmellKind.STALE)
    assert found.rule == "sg-store-new: tcp 22 from sg-gone"


# Routes


@pytest.mark.parametrize(
    ("routes", "why"),
    [
        (["10.0.2.0/24 vgw propagated"], "propagated routes never count"),
        (["10.0.0.0/16 vgw"], "the VPC's own block goes to local"),
        (["192.168.10.0/24 vgw propagated"], "is for the same block and comes first"),
        (["192.168.10.0/25 vgw", "192.168.10.128/25 vgw"], "more specific routes cover all of it"),
    ],
)
def test_a_route_that_never_wins_is_unreachable_and_says_why(routes, why):
    estate = Estate()
    estate.table("t", "192.168.10.0/24 vgw", *routes)
    network = with_routes(tidy(), "vpn", estate.build().route_table["t"].routes)
    (found,) = lint(network).of(SmellKind.UNREACHABLE)
    assert why in found.why
    propagated = found.rules[0].propagated
    assert found.fault is not propagated, "nobody can take out of a table what nobody wrote there"
    assert found.remedy.startswith("nothing" if propagated else "remove it")


@pytest.mark.parametrize("hole", ["10.0.0.0/16 @there blackhole", "10.0.1.0/24 local blackhole"])
def test_a_blackhole_of_the_vpcs_own_addresses_swallows_packets_and_is_not_idle(hole):
    network = two_subnets(hole)
    assert only(network, SmellKind.BLACKHOLE).rule.startswith(hole.split()[0])
    assert compare(network, two_subnets()).changes


def test_a_route_whose_target_is_gone_is_a_blackhole():
    estate = Estate()
    estate.table("t", "192.168.10.0/24 vgw", "172.16.0.0/12 pcx-1 blackhole")
    network = with_routes(tidy(), "vpn", estate.build().route_table["t"].routes)
    assert only(network, SmellKind.BLACKHOLE).rule.startswith("172.16.0.0/12")


def test_what_is_in_doubt_is_not_called_idle():
    network = with_entry(tidy(), "acl-back", "in 150 deny tcp 5556 10.0.1.0/25")
    estate = Estate()
    estate.unmodelled("acl-back")
    doubtful = replace(network, unmodelled=estate.build().unmodelled)
    assert [s for s in faults(doubtful) if s.component == "acl-back" and s.kind in IDLE] == []


def test_a_fleet_of_a_thousand_services_has_no_idle_rule():
    network = fleet(1000)[0].build()
    assert [each for each in lint(network) if each.kind in IDLE] == []


SHADOWED, UNUSED = SmellKind.SHADOWED, SmellKind.UNUSED


def test_the_default_group_is_known_by_what_it_is_and_not_by_its_name():
    network = tidy()
    own = network.security_group["sg-idle"]
    closed = replace(own, id="sg-own", name="closed", default=True, rules=())
    named = replace(own, id="sg-named", name="default", rules=())
    groups = (*network.security_groups, closed, named)
    found = faults(replace(network, security_groups=groups))
    assert [each.component for each in found if each.kind is SmellKind.UNATTACHED] == ["sg-named"]


def test_the_rules_of_a_neighbour_are_for_its_owner_to_mend():
    network = tidy()
    (vpc,) = network.vpcs
    beside = replace(vpc, id="vpc-2", name="vpc-2", neighbour=True)
    idle = replace(network.security_group["sg-idle"], id="sg-2", vpc="vpc-2")
    network = replace(network, vpcs=(vpc, beside), security_groups=(*network.security_groups, idle))
    assert faults(network) == []


def doubted(*rules, entries=("in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")):
    """A client and a server whose group has these rules, and whose subnet's NACL these entries."""
    made = Estate()
    made.acl("acl-b", *entries)
    made.subnet("a", "10.0.1.0/24")
    made.subnet("b", "10.0.2.0/24", acl="acl-b")
    made.group("client", "out all 10.0.0.0/16")
    made.group("server", *rules)
    made.host("x", "a", "10.0.1.10", "client")
    made.host("s", "b", "10.0.2.10", "server")
    return made.build()


@pytest.mark.parametrize("idle", SmellKind)
def test_no_rule_in_doubt_is_advised_to_go_nor_one_that_only_it_would_make_needless(idle):
    network = doubted(
        *("in tcp 5 client", "in tcp 1-9 10.0.0.0/16 ?", "in tcp 7 10.9.0.0/16 ?"),
        entries=(
            *("in 10 allow tcp 5 10.0.1.0/24 ?", "in 20 allow tcp 1-9 10.0.1.0/24"),
            *("in 15 deny tcp 1-9 10.0.0.0/8 ?", "in 30 allow tcp 1 10.0.1.0/24"),
            *("in 40 allow all 172.16.0.0/12 ?", "out 100 allow all 10.0.0.0/16"),
        ),
    )
    told = lint(network).of(idle)
    assert not any(
        getattr(rule, "certain", True) is False for smell in told for rule in smell.rules
    )
    assert not [smell for smell in told if smell.kind in IDLE and "in tcp 5" in smell.rule]


def test_a_route_that_may_be_there_is_no_reason_to_remove_another():
    network = shop()[0]
    table = next(each for each in network.route_tables if each.routes)
    settled = next(each for each in table.routes if not each.propagated)
    perhaps = replace(settled, certain=False)
    found = lint(
        replace(
            network,
            route_tables=tuple(
                replace(each, routes=(*each.routes, perhaps)) if each is table else each
                for each in network.route_tables
            ),
        )
    )
    assert not [each for each in found if {settled, perhaps} & set(each.rules)]


def test_the_table_of_a_regional_nat_gateway_is_in_use_and_judged_as_any_other():
    estate = Estate()
    estate.igw()
    estate.table("private", "0.0.0.0/0 nat")
    estate.table("own", "0.0.0.0/0 igw", "10.7.0.0/16 igw blackhole")
    estate.table("nobodys", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="private")
    estate.regional("nat", "own", ("eu-west-1a 203.0.113.9",))
    found = lint(estate.build())
    unattached = [each.component for each in found if each.kind is SmellKind.UNATTACHED]
    assert "nobodys" in unattached
    assert "own" not in unattached
    assert [each.component for each in found if each.kind is SmellKind.BLACKHOLE] == ["own"]
