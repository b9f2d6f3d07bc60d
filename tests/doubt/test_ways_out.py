"""The other opinions on what crosses the internet: by NAT gateways of each zone, by IPv6."""

import pytest

from bulkhead.doubt import doubt
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.plan.test_peers import document
from tests.support.topologies import topology_from


@pytest.mark.parametrize("nat", ["regional", "zonal"])
def test_all_opinions_agree_on_the_ways_to_peers_of_both_families(tmp_path, nat):
    both = document(nat=nat, ipv6="amazon")
    both["peers"]["venue"]["addresses"].append("2001:db8:77::/64")
    both["peers"]["clients"]["addresses"] = ["203.0.113.0/28", "2001:db8:99::7/128"]
    network = plan(topology_from(tmp_path, both)).network
    doubts = doubt(network, prove(network), packets=300)
    assert doubts.ok, [str(each) for each in doubts.opinions]
