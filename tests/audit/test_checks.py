"""What each check says: a case that complies, each way not to, and what cannot be told."""

from dataclasses import replace

import pytest

from bulkhead.audit import ALL_CHECKS, ALL_CONTROLS, Check, Checked, Evidence, Outcome, audit
from bulkhead.audit.checks.acls import ACLS
from bulkhead.audit.checks.groups import ADMIN_IPV4, ADMIN_IPV6, DEFAULT_CLOSED, DEFAULT_UNUSED
from bulkhead.audit.checks.logs import FLOW_LOGS
from bulkhead.network import Network, Unmodelled
from bulkhead.network.inventory import KINDS, FlowLog, Inventory, Listed, NotRead
from tests.support.estate import Estate
from tests.support.town import town


def asked(check, *rules, **config):
    """What a check says of one group, held by a host that the internet can reach."""
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24", acl="open")
    estate.group("web", *rules)
    estate.host("h1", "a", "10.0.1.10", "web")
    (found,) = check(Evidence(network=estate.build()), **config)
    return found


class TestPortsForTheWorld:
    @pytest.mark.parametrize(
        "rule",
        [
            "in tcp 22 0.0.0.0/0",
            "in udp 3389 0.0.0.0/0",
            "in tcp 20-25 0.0.0.0/0",
            "in all 0.0.0.0/0",
        ],
    )
    def test_a_rule_for_everybody_fails_however_it_names_the_port(self, rule):
        found = asked(ADMIN_IPV4, rule)
        assert found.outcome is Outcome.FAIL
        assert [ref.component for ref in found.rules] == ["web"]
        assert "remove" in found.remedy

    def test_two_halves_of_the_world_are_the_world(self):
        found = asked(ADMIN_IPV4, "in tcp 22 0.0.0.0/1", "in tcp 22 128.0.0.0/1")
        assert found.outcome is Outcome.FAIL
        assert len(found.rules) == 2

    @pytest.mark.parametrize(
        "rule", ["in tcp 443 0.0.0.0/0", "in tcp 22 198.51.100.0/24", "out tcp 22 0.0.0.0/0"]
    )
    def test_what_is_not_for_everybody_or_not_there_passes(self, rule):
        assert asked(ADMIN_IPV4, rule).outcome is Outcome.PASS

    def test_a_rule_that_may_be_for_everybody_is_no_pass(self):
        assert asked(ADMIN_IPV4, "in tcp 22 0.0.0.0/0 ?").outcome is Outcome.NOT_DECIDED

    def test_each_family_is_a_question_of_its_own(self):
        assert asked(ADMIN_IPV4, "in tcp 22 ::/0").outcome is Outcome.PASS
        assert asked(ADMIN_IPV6, "in tcp 22 ::/0").outcome is Outcome.FAIL

    def test_the_ports_can_be_others(self):
        assert asked(ADMIN_IPV4, "in tcp 5900 0.0.0.0/0", ports=(5900,)).outcome is Outcome.FAIL

    def test_a_setting_that_it_does_not_have_is_refused(self):
        with pytest.raises(TypeError, match="group-admin-ports-ipv4 has no setting port"):
            asked(ADMIN_IPV4, port=22)


@pytest.mark.parametrize(
    "entries",
    [
        ("in 100 allow tcp 22 0.0.0.0/0 ?",),
        ("in 90 deny tcp 22 0.0.0.0/0 ?", "in 100 allow tcp 22 0.0.0.0/0"),
    ],
)
def test_an_entry_of_a_network_acl_that_is_in_doubt_is_neither_a_pass_nor_a_failure(entries):
    estate = Estate()
    estate.acl("guard", *entries)
    found = {each.resource: each.outcome for each in ACLS[0](Evidence(network=estate.build()))}
    assert found["guard"] is Outcome.NOT_DECIDED


class TestDefaultGroup:
    def default(self, *rules, **more):
        estate = Estate()
        estate.group("default", *rules)
        network = estate.build()
        groups = tuple(replace(each, default=True) for each in network.security_groups)
        network = replace(network, security_groups=groups, **more)
        return DEFAULT_CLOSED(Evidence(network=network))

    def test_without_a_rule_it_passes(self):
        (found,) = self.default()
        assert found.outcome is Outcome.PASS

    def test_each_rule_that_it_has_is_named(self):
        (found,) = self.default("in all default", "out all 0.0.0.0/0")
        assert found.outcome is Outcome.FAIL
        assert len(found.rules) == 2

    def test_every_vpc_has_one_and_where_it_was_not_shown_that_is_no_pass(self):
        for check in (DEFAULT_CLOSED, DEFAULT_UNUSED):
            (found,) = check(Evidence(network=Estate().build()))
            assert (found.resource, found.outcome) == ("vpc", Outcome.NOT_DECIDED)

    def test_groups_that_were_not_all_observed_are_no_pass(self):
        passed, open_ = self.default(unobserved=("security_groups",))
        assert (passed.outcome, open_.outcome) == (Outcome.PASS, Outcome.NOT_DECIDED)


class TestFlowLogs:
    def vpc(self, *logs, unread=()):
        network = Estate().build()
        listed = Listed(tuple(logs), unread)
        return FLOW_LOGS(Evidence(network=network, inventory=Inventory(flow_logs=listed)))

    def log(self, **how):
        return FlowLog(**{"id": "fl-1", "resource": "vpc", "traffic": "REJECT", **how})

    def test_a_log_of_what_is_rejected_passes(self):
        (found,) = self.vpc(self.log())
        assert found.outcome is Outcome.PASS

    @pytest.mark.parametrize("how", [{"traffic": "ACCEPT"}, {"active": False}, {"resource": "x"}])
    def test_any_other_log_is_none(self, how):
        (found,) = self.vpc(self.log(**how))
        assert found.outcome is Outcome.FAIL

    def test_nothing_is_absent_that_nobody_read(self):
        unread = NotRead(why="denied", region="eu-west-1", call="ec2:DescribeFlowLogs")
        (found,) = self.vpc(unread=(unread,))
        assert found.outcome is Outcome.NOT_DECIDED
        assert found.message == "not read: flow logs in eu-west-1: denied"
        assert found.evidence == ("ec2:DescribeFlowLogs would tell",)

    def test_an_inventory_that_nobody_filled_decides_nothing(self):
        (found,) = FLOW_LOGS(Evidence(network=Estate().build()))
        assert found.outcome is Outcome.NOT_DECIDED


def test_a_check_may_say_nothing_where_there_is_nothing_of_the_kind():
    def nothing(_):
        return iter(())

    check = Check(id="x", title="", severity="low", risk="", remedy="", run=nothing)
    assert check(Evidence(network=Estate().build())) == ()
    assert Checked(resource="r", name="r", outcome=Outcome.PASS, message="").rules == ()


@pytest.fixture(scope="module")
def everything():
    """A network with a bit of everything."""
    return Evidence(network=town().build())


@pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.id)
class TestEveryCheck:
    def test_says_what_to_do_about_each_failure_and_passes_nothing_by_silence(
        self, check, everything
    ):
        for each in check(everything):
            assert each.message
            assert each.remedy if each.outcome is Outcome.FAIL else not each.remedy

    def test_has_the_words_that_a_policy_needs(self, check, everything):
        assert check.title and check.risk.endswith(".") and check.remedy.endswith(".")

    def test_does_not_pass_where_nothing_at_all_was_observed(self, check, everything):
        fields = [each for each in check.about if each not in KINDS]
        nothing = Evidence(network=Network(unobserved=tuple(fields)))
        assert all(each.outcome is Outcome.NOT_DECIDED for each in check(nothing))


def test_checks_are_called_apart():
    assert len({each.id for each in ALL_CHECKS}) == len(ALL_CHECKS)


def test_a_region_that_answered_nothing_leaves_open_what_is_there():
    closed = Unmodelled(kind="region", id="us-east-1", scope="us-east-1", why="denied")
    network = replace(Estate().build(), unmodelled=(closed,))
    found = [each for each in DEFAULT_CLOSED(Evidence(network=network)) if not each.resource]
    assert {each.message for each in found} == {"nothing of us-east-1 was read: denied"}
    asked = DEFAULT_CLOSED(Evidence(network=network, narrowed=True))
    assert all(each.resource for each in asked)


def tidy():
    """Something of everything that a check is about, as controls want it."""
    estate = Estate()
    estate.igw()
    estate.vgw()
    estate.table("t", "192.168.0.0/16 vgw")
    estate.acl("guard", "in 100 allow tcp 443 10.0.0.0/16", "out 100 allow tcp 443 10.0.0.0/16")
    estate.subnet("a", "10.0.1.0/24", acl="guard", table="t")
    estate.group("web", "in tcp 443 10.0.0.0/16")
    estate.host("h1", "a", "10.0.1.10", "web", instance="i-1")
    estate.site("plant", "192.168.0.0/16")
    network = estate.build()
    groups = (
        *network.security_groups,
        replace(network.security_groups[0], id="sg-d", name="default", rules=(), default=True),
    )
    subnets = tuple(replace(each, public_on_launch=False) for each in network.subnets)
    acls = tuple(each for each in network.nacls if each.id == "guard")
    return replace(network, security_groups=groups, subnets=subnets, nacls=acls)


READ = Inventory(**{kind: Listed((), ()) for kind in KINDS})


@pytest.mark.parametrize(
    "kind", sorted({kind for check in ALL_CHECKS for kind in check.about} - {"vpcs"})
)
def test_a_control_passes_only_while_all_that_it_is_about_was_read(kind):
    network = tidy()
    known = audit(Evidence(network=network, inventory=READ, stands=True), ALL_CONTROLS)
    if kind in KINDS:
        inventory = replace(READ, **{kind: Listed((), (NotRead(why="denied"),))})
        less = Evidence(network=network, inventory=inventory, stands=True)
    else:
        unobserved = replace(network, unobserved=(kind,))
        less = Evidence(network=unobserved, inventory=READ, stands=True)
    about = {check.id for check in ALL_CHECKS if kind in check.about}
    for before, after in zip(known.assessed, audit(less, ALL_CONTROLS).assessed, strict=True):
        if after.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            assert before.outcome is after.outcome
            assert not about & set(after.control.checks) or kind in SEEN_OTHERWISE


SEEN_OTHERWISE = {"firewall_options", "transit_options"}
"""Kinds of which the network itself says that there is none."""
