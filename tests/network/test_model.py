"""What a Network tells of its own parts."""

from dataclasses import replace

from tests.support.estate import Estate


def test_connections_lead_to_a_site_by_either_end_naming_the_other_or_stand_for_themselves():
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    estate.site("depot", "192.168.20.0/24")
    network = estate.build()
    first, second = network.vpn_connections
    assert network.connections_to("plant") == (first,)
    nameless = replace(first, site=None)
    one = replace(network, vpn_connections=(nameless, second))
    assert one.connections_to("plant") == (nameless,)
    unclaimed = replace(one, sites=network.sites[1:])
    assert unclaimed.connections_to("plant") == ()
    assert unclaimed.connections_to(first.id) == (nameless,)
