"""What IPv6 reaches, and by which way."""

from bulkhead.ends import EndpointKind
from bulkhead.explain import explain
from bulkhead.network import TCP, Verdict
from bulkhead.prove import prove
from tests.support.estate import ANYWHERE, Estate, endpoint

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def ask(network, source, destination, port=443):
    """The verdict of one cell, by the proof and by the walk of its packet."""
    reach = prove(network)
    ends = endpoint(reach, source), endpoint(reach, destination)
    proved = reach.verdict(*ends, TCP, port)
    assert explain(network, *ends, TCP, port).verdict is proved
    return proved


# Subnets with IPv6 alone


def ipv6_alone():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.subnet("six", "2a05:d018:1:1::/64")
    estate.subnet("both", "10.0.2.0/24 2a05:d018:1:2::/64")
    estate.group("any", *ANYWHERE)
    estate.host("h6", "six", "2a05:d018:1:1::a", "any")
    estate.host("hb", "both", "10.0.2.10 2a05:d018:1:2::b", "any")
    return estate.build()


def test_a_host_with_ipv6_alone_is_an_end_by_its_name():
    assert ask(ipv6_alone(), "h6", "hb (2a05:d018:1:2::b)") is A
    assert ask(ipv6_alone(), "hb (2a05:d018:1:2::b)", "h6") is A


def test_in_a_subnet_with_ipv6_alone_nobody_has_an_ipv4_address():
    inside = [each for each in prove(ipv6_alone()).endpoints if each.subnet == "six"]
    assert {each.version for each in inside} == {6}
    assert EndpointKind.STRANGER in {each.kind for each in inside}
