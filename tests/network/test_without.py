"""Rules are taken out where they are held, and nothing else changes."""

from bulkhead.network.without import without
from tests.support.town import town


def test_each_rule_of_whatever_kind_can_be_taken_out_alone():
    network = town().build()
    held = [
        *((each.id, rule) for each in network.security_groups for rule in each.rules),
        *((each.id, entry) for each in network.nacls for entry in each.entries),
        *((each.id, route) for each in network.route_tables for route in each.routes),
        *((each.id, route) for each in network.transit_route_tables for route in each.routes),
        *((each.id, rule) for each in network.firewalls for rule in each.stateless),
        *((each.id, rule) for each in network.firewalls for rule in each.stateful),
    ]
    kinds = ("security_groups", "nacls", "route_tables", "transit_route_tables", "firewalls")
    for id_, rule in held:
        fewer = without(network, [(id_, rule)])
        assert fewer != network
        for kind in kinds:
            for was, now in zip(getattr(network, kind), getattr(fewer, kind), strict=True):
                assert was is now or was.id == id_
    assert without(network, []) == network


def test_the_same_rule_held_elsewhere_stays():
    network = town().build()
    (entry, *_) = network.nacl["acl-web"].entries
    assert without(network, [("acl-store", entry)]) == network
