"""A VPN connection, its gateways, attachments of transit gateways and their names are ends."""

from dataclasses import replace

import pytest

from bulkhead.ends import resolve
from bulkhead.network import Unmodelled
from tests.support.estate import Estate


def behind(*cidrs):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.vgw()
    estate.site("plant", *cidrs)
    return estate.build()


@pytest.mark.parametrize("word", ["vpn-plant", "cgw-plant", "vgw", "plant"])
def test_what_leads_to_a_site_stands_for_it(word):
    (end,) = resolve(behind("192.168.10.0/24"), word)
    assert (end.kind, end.id) == ("site", "plant")


@pytest.mark.parametrize("word", ["vpn-plant", "cgw-plant", "vgw"])
def test_a_connection_of_which_no_address_is_known_stands_for_all_that_may_be_behind_it(word):
    assert {end.kind for end in resolve(behind(), word)} == {"elsewhere", "internet"}


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("att-vpc", {"stranger"}),
        ("att-plant", {"site"}),
        ("att-direct", {"elsewhere", "internet"}),
        ("7b2c4f8a", {"elsewhere", "internet"}),
    ],
)
def test_an_attachment_stands_for_what_is_attached(word, kinds):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.tgw()
    estate.site("plant", "192.168.10.0/24", gateway="")
    estate.attach("att-vpc", "vpc", "a")
    estate.attach("att-plant", "vpn-plant", kind="vpn")
    estate.attach("att-direct", "7b2c4f8a", kind="other")
    assert {end.kind for end in resolve(estate.build(), word)} == kinds


def test_a_connection_that_serves_nothing_here_is_refused_with_the_reason():
    why = "its gateway vgw-2 is attached to no VPC that was observed"
    gone = Unmodelled(kind="vpn-connection", id="vpn-9", scope="vpn-9", why=why)
    with pytest.raises(LookupError, match=why):
        resolve(replace(behind(), unmodelled=(gone,)), "vpn-9")
