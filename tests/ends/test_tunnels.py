"""A VPN connection, its customer gateway and their names are ends."""

import pytest

from bulkhead.ends import resolve
from tests.support.estate import Estate


def behind(*cidrs):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.vgw()
    estate.site("plant", *cidrs)
    return estate.build()


@pytest.mark.parametrize("word", ["vpn-plant", "cgw-plant", "plant"])
def test_what_leads_to_a_site_stands_for_it(word):
    (end,) = resolve(behind("192.168.10.0/24"), word)
    assert (end.kind, end.id) == ("site", "plant")


@pytest.mark.parametrize("word", ["vpn-plant", "cgw-plant"])
def test_a_connection_of_which_no_address_is_known_stands_for_all_that_may_be_behind_it(word):
    assert {end.kind for end in resolve(behind(), word)} == {"elsewhere", "internet"}
