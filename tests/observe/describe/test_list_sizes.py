"""How many entries a prefix list may have is read beside its entries, for quotas alone."""

import pytest

from bulkhead.audit.check import Evidence, Outcome
from bulkhead.audit.checks.quotas import HEADROOM
from bulkhead.network import Declaration, Direction
from bulkhead.network.fingerprint import fingerprint
from bulkhead.network.quotas import Quotas, Taken, routes_taken, rules_taken
from bulkhead.review import FailOn, Version, failing, review

ENTRIES = {"Entries": [{"Cidr": "10.1.0.0/16"}, {"Cidr": "10.2.0.0/16"}]}


@pytest.fixture
def listed(account):
    """The account with a list in a rule and a route, of which more is said or not."""

    def observed(**said):
        account.document["PrefixLists"] = [{"PrefixListId": "pl-1", **said}]
        return account.observe()

    account.rule(PrefixListId="pl-1")
    account.route(DestinationPrefixListId="pl-1", TransitGatewayId="tgw-1")
    return observed


def taken(network):
    group = network.security_group["sg-strategy"]
    tables = [routes_taken(each) for each in network.route_tables if each.lists]
    return rules_taken(group, Direction.INGRESS, 4), tables


def test_a_list_counts_in_rules_and_routes_for_the_most_entries_it_may_have(listed):
    one, many = (listed(**ENTRIES, AddressFamily="IPv4", MaxEntries=most) for most in (2, 40))
    (rules, (routes,)), (more_rules, (more_routes,)) = taken(one), taken(many)
    assert more_rules.count - rules.count == more_routes.count - routes.count == 38
    assert not more_rules.at_least
    assert fingerprint(one) == fingerprint(many), "no packet fares otherwise"
    assert one == many


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (ENTRIES, 2),
        ({"AddressFamily": "IPv4", "MaxEntries": "many"}, 1),
        ({"AddressFamily": "IPv4"}, 1),
    ],
)
def test_where_nobody_says_how_many_the_count_is_at_least_what_is_known(listed, said, counts):
    base, _ = taken(listed(**{**ENTRIES, "AddressFamily": "IPv4", "MaxEntries": 2}))
    rules, (routes,) = taken(listed(**said))
    assert rules == Taken(base.count - 2 + counts, at_least=True)
    assert routes.at_least


def test_an_audit_leaves_open_what_it_cannot_count_and_fails_what_it_can(listed):
    def outcome(**said):
        network = listed(**ENTRIES, AddressFamily="IPv4", **said)
        found = HEADROOM.run(Evidence(network=network), **HEADROOM.config)
        return next(each for each in found if each.resource == "sg-strategy")

    assert outcome(MaxEntries=10).outcome is Outcome.PASS
    assert outcome(MaxEntries=90).outcome is Outcome.FAIL
    unsure = outcome()
    assert unsure.outcome is Outcome.NOT_DECIDED
    assert "at least" in unsure.message


def test_an_audit_counts_against_what_the_topology_says_of_the_account(listed):
    def outcome(has, **set_to):
        declared = Declaration(topology="shop", quotas=Quotas(rules_per_group=has))
        evidence = Evidence(
            network=listed(**ENTRIES, AddressFamily="IPv4", MaxEntries=90), declaration=declared
        )
        found = HEADROOM.run(evidence, **{**HEADROOM.config, **set_to})
        return next(each for each in found if each.resource == "sg-strategy")

    assert outcome(60).outcome is Outcome.FAIL
    assert "rules-per-group under quotas" in outcome(60).remedy
    assert "in shop.yaml" in outcome(60, topology="shop.yaml").remedy
    assert outcome(200).outcome is Outcome.PASS
    assert outcome(200, rules=80).outcome is Outcome.FAIL


def test_a_review_tells_of_a_list_that_grows_or_can_no_longer_be_counted(listed):
    def version(**said):
        return Version(label="dump", network=listed(**ENTRIES, AddressFamily="IPv4", **said))

    told = [str(each) for each in review(version(MaxEntries=10), version(MaxEntries=59)).headroom]
    assert any("ingress rules of a security group" in each and "of 60" in each for each in told)
    unsure = review(version(MaxEntries=10), version())
    told = [str(each) for each in unsure.headroom]
    assert any("-> at least" in each and "routes of a route table" in each for each in told)
    assert failing(unsure, [FailOn.QUOTA]) == (FailOn.QUOTA,), "what is not known is no pass"
