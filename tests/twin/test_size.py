"""A network that a twin cannot do in its time is known before any of it is built."""

from collections import Counter

import pytest

from bulkhead.twin import MOST, too_large
from bulkhead.twin.layout import lay_out
from bulkhead.twin.trials import trials
from tests.support.drills import host, pair


def two_vpcs():
    """A pair of hosts with a socket, and beside them a VPC with one host that has a port open."""
    net = pair()
    net.vpc("other", "10.1.0.0/16")
    net.subnet("far", "10.1.0.0/24", vpc="other")
    net.group("open", "in tcp 443 0.0.0.0/0", vpc="other")
    host(net, "lone", "far", "10.1.0.10", "open")
    return net


def tried(network):
    return len(trials(lay_out(network), ()).every)


def test_what_a_drill_would_try_is_counted_as_the_drill_tries_it():
    network = two_vpcs().build()
    number = tried(network)
    assert too_large(network, most=number) is None
    assert too_large(network, most=number - 1) is not None


def test_what_is_too_large_says_how_large_it_is_and_which_vpcs_alone_are_not():
    network = two_vpcs().build()
    found = too_large(network, most=tried(network) - 1)
    ends = Counter(each.host.vpc for each in trials(lay_out(network), ()).doors)
    assert (found.hosts, found.ports) == (len(lay_out(network).hosts), ends.total())
    assert found.alone.keys() == {"vpc", "other"}
    assert max(found.alone.values()) < tried(network)


def test_a_vpc_that_is_joined_to_others_is_as_large_as_all_of_them():
    net = two_vpcs()
    net.pcx("pcx", "vpc", "other")
    network = net.build()
    assert too_large(network, most=tried(network) - 1).alone == {}


def test_no_vpc_is_small_enough_where_each_is_too_large():
    assert too_large(two_vpcs().build(), most=1).alone == {}


@pytest.mark.parametrize("network", [pair().build(), two_vpcs().build()])
def test_what_people_drill_by_hand_is_far_from_too_large(network):
    assert tried(network) * 1000 < MOST
    assert too_large(network) is None
