"""What crosses to untrusted places is asked of the proof, host by host."""

import pytest

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.network import Declaration
from tests.support.estate import Estate

CHECKS = {each.id: each for each in ALL_CHECKS}
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.NOT_DECIDED


def public(*rules, groups=("web",)):
    """A host with a public address behind an internet gateway; a group `web` with some rules."""
    estate = Estate()
    estate.igw()
    estate.table("t", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="t")
    estate.group("web", *rules)
    estate.host("h1", "a", "10.0.1.10", *groups, public="203.0.113.9", service="web")
    return estate


def asked(check, estate, **config):
    network = estate.build()
    return [
        (each.resource, each.outcome) for each in CHECKS[check](Evidence(network=network), **config)
    ]


EVERYTHING, WEB, PING = "in all 0.0.0.0/0", "in tcp 443 0.0.0.0/0", "in icmp:8 0.0.0.0/0"
CIFS, INSIDE = "in tcp 445 0.0.0.0/0", "in all 10.0.0.0/8"


@pytest.mark.parametrize(
    ("check", "bad", "good"),
    [
        ("crossings-controlled", EVERYTHING, WEB),
        ("cifs-from-untrusted", CIFS, WEB),
        ("not-discovered", PING, WEB),
        ("not-on-the-internet", WEB, INSIDE),
    ],
)
def test_a_host_that_is_reached_so_fails_and_where_none_is_that_is_proved(check, bad, good):
    assert asked(check, public(bad)) == [("h1", FAIL)]
    assert asked(check, public(good)) == [("", PASS)]


def test_a_rule_that_may_be_for_everybody_leaves_it_open():
    assert asked("cifs-from-untrusted", public(f"{CIFS} ?")) == [("h1", OPEN)]


def test_what_is_surely_open_and_what_may_be_are_everything_together():
    assert asked("crossings-controlled", public(WEB, f"{EVERYTHING} ?")) == [("h1", OPEN)]


def test_a_site_that_nobody_trusts_is_an_untrusted_place():
    estate = Estate()
    estate.vgw()
    estate.table("t", "192.168.0.0/16 vgw")
    estate.subnet("a", "10.0.1.0/24", table="t")
    estate.group("web", "in tcp 445 192.168.0.0/16")
    estate.host("h1", "a", "10.0.1.10", "web")
    estate.site("plant", "192.168.0.0/16")
    assert asked("cifs-from-untrusted", estate) == [("h1", FAIL)]


class TestStores:
    def test_without_a_name_any_host_may_be_one(self):
        assert asked("stores-not-reached", public(WEB)) == [("", OPEN)]
        assert asked("stores-not-reached", public(INSIDE)) == [("", PASS)]

    def test_one_that_is_named_is_reached_or_not(self):
        config = {"services": ("web",)}
        estate = public(WEB)
        network = estate.build()
        from_config = CHECKS["stores-not-reached"](Evidence(network=network), **config)
        assert FAIL in {each.outcome for each in from_config}


def test_what_is_publicly_reachable_stands_apart_from_what_is_not():
    estate = public(WEB)
    assert asked("public-hosts-apart", estate) == [("a", PASS)]
    estate.group("closed")
    estate.host("h2", "a", "10.0.1.11", "closed")
    assert asked("public-hosts-apart", estate) == [("a", FAIL)]


class TestWaysOut:
    def points(self, network, planned=None):
        declaration = Declaration(topology="t", planned=planned) if planned else None
        evidence = Evidence(network=network, declaration=declaration)
        return [(each.resource, each.outcome) for each in CHECKS["access-points-planned"](evidence)]

    def test_without_a_plan_nobody_knows_which_are_needed(self):
        assert self.points(public().build()) == [("", OPEN)]
        assert self.points(Estate().build()) == [("", PASS)]

    def test_one_that_no_plan_has_fails(self):
        there = public().build()
        assert self.points(there, planned=there) == [("igw", PASS)]
        assert self.points(there, planned=Estate().build()) == [("igw", FAIL)]
