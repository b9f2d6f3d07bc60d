"""How long an interface remembers a connection that is silent."""

from ipaddress import IPv4Address

import pytest

from bulkhead.network import ICMP, TCP, UDP, IdleTimeouts, Interface
from bulkhead.network.idle import remembers, usual_tcp


def of(instance_type=None, **idle):
    return Interface(
        id="eni",
        name="eni",
        subnet="subnet",
        address=IPv4Address("10.0.1.10"),
        security_groups=("sg",),
        instance_type=instance_type,
        idle=IdleTimeouts(**idle),
    )


@pytest.mark.parametrize(
    ("instance_type", "seconds"),
    [
        ("c8i.large", 350),
        ("m8gn.metal-48xl", 350),
        ("m9g.medium", 350),
        ("r8i-flex.2xlarge", 350),
        ("p6-b200.48xlarge", 350),
        ("p6e-gb200.36xlarge", 432_000),
        ("m8g.large", 432_000),
        ("c5.metal", 432_000),
        ("t2.micro", 432_000),
        ("u-6tb1.metal", 432_000),
    ],
)
def test_tcp_is_remembered_as_long_as_the_nitro_version_of_the_type_does(instance_type, seconds):
    assert remembers(of(instance_type), TCP).seconds == seconds
    assert usual_tcp(of(instance_type)) == seconds


@pytest.mark.parametrize("instance_type", [None, "c99x.large", "", "nonsense"])
def test_of_a_type_that_is_not_known_the_shorter_is_taken_and_both_are_said(instance_type):
    found = remembers(of(instance_type), TCP)
    assert found.seconds == 350
    assert "not known" in found.why and "432000" in found.why
    assert (instance_type or "which instance type") in found.why


@pytest.mark.parametrize("instance_type", [None, "c8i.large", "c5.large"])
def test_what_somebody_set_counts_whatever_the_type(instance_type):
    set_to = of(instance_type, tcp_established=7200, udp=45, udp_stream=90)
    assert remembers(set_to, TCP).seconds == 7200
    assert remembers(set_to, TCP).why == ""
    assert remembers(set_to, UDP).seconds == 90
    assert remembers(set_to, UDP, stream=False).seconds == 45


def test_udp_and_all_else_do_not_depend_on_the_type():
    for each in (of(), of("c8i.large"), of("c5.large")):
        seconds = remembers(each, UDP), remembers(each, UDP, stream=False), remembers(each, ICMP)
        assert [found.seconds for found in seconds] == [180, 30, 600]
