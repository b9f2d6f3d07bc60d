"""Idle time-outs, quarantine, secrecy: what an open flow depends on beside its rules."""

from dataclasses import replace

import pytest

from bulkhead.ends import resolve
from bulkhead.explain import explain
from bulkhead.explain.conditions import conditions
from bulkhead.network import EncryptionMode, Listener, PortRange, Tunnel, VpcEncryption
from tests.support.estate import ANYWHERE, Estate


def of(estate, source, destination, port=5556, protocol=6):
    return of_network(estate.build(), source, destination, port, protocol)


def of_network(network, source, destination, port=5556, protocol=6):
    (one, *_), (other, *_) = resolve(network, source), resolve(network, destination)
    return conditions(network, explain(network, one, other, protocol, port))


def pair(server=("in tcp 5556 client",), idle=None, types=("c5.large", "c5.large")):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24")
    estate.group("client", "out tcp 5556 server", "out udp * server")
    estate.group("server", *server)
    estate.host("c", "a", "10.0.1.10", "client", runs_on=types[0])
    estate.host("s", "b", "10.0.2.10", "server", runs_on=types[1], idle=idle)
    return estate


def test_a_denied_flow_has_no_conditions():
    assert of(pair(), "c", "s", port=1) is None


def test_a_tracked_flow_lives_as_long_as_the_first_group_remembers_it():
    survival = of(pair(), "c", "s").survival
    assert survival.seconds == 432_000
    assert survival.survives(431_999)
    assert not survival.survives(432_000)
    set_lower = of(pair(idle={"tcp_established": 600}), "c", "s").survival
    assert set_lower.seconds == 600
    assert "ZMQ_HEARTBEAT_IVL below 300000 ms" in set_lower.advice


@pytest.mark.parametrize("types", [("c8i.large", "c5.large"), ("c5.large", "c8i.large")])
def test_of_two_ends_the_one_on_nitro_v6_forgets_first(types):
    found = of(pair(types=types), "c", "s")
    assert found.survival.seconds == 350
    assert "ZMQ_HEARTBEAT_IVL below 175000 ms" in found.survival.advice
    said = [each.why for each in found.cut.quarantines]
    assert sum("350 s (c8i.large is built on Nitro v6)" in each for each in said) == 1
    assert sum("432000 s" in each for each in said) == 1


def test_where_the_type_is_not_known_the_shorter_counts_and_both_are_said():
    found = of(pair(types=(None, "c5.large")), "c", "s")
    assert found.survival.seconds == 350
    assert "not known which instance type: 432000 s" in found.survival.first.why
    assert "not known which instance type: 432000 s" in found.cut.quarantines[0].why


def behind(arn, *seconds):
    """A client, a load balancer that forgets after so many seconds, and a server behind it."""
    estate = pair(server=["in tcp * 0.0.0.0/0", "out tcp * 0.0.0.0/0"])
    estate.host("lb", "b", "10.0.2.20", "server", kind="load-balancer")
    ports = (5556, 5557)[: len(seconds)]
    estate.balancer(arn, ["lb"], *(f"tcp {port} -> s:{port + 10}" for port in ports))
    estate.group("any", "out tcp * 0.0.0.0/0")
    estate.host("k", "a", "10.0.1.11", "any", runs_on="c5.large")
    network = estate.build()
    (balancer,) = network.load_balancers
    listeners = zip(balancer.listeners, seconds, strict=True)
    set_to = tuple(replace(each, tcp_idle=one) for each, one in listeners)
    return replace(network, load_balancers=(replace(balancer, listeners=set_to),))


KINDS = pytest.mark.parametrize(
    ("arn", "smallest", "tells"),
    [
        ("arn:loadbalancer/net/lb/1", 60, "elbv2 describe-listener-attributes"),
        ("arn:loadbalancer/app/lb/1", 1, "elbv2 describe-load-balancer-attributes"),
        ("classic", 1, "elb describe-load-balancer-attributes"),
    ],
)


@KINDS
def test_a_load_balancer_that_does_not_say_when_it_forgets_may_forget_soonest(arn, smallest, tells):
    found = of_network(behind(arn, None), "k", "lb").survival
    assert found.first.where == "load balancer lb"
    assert found.seconds == smallest
    assert "not known" in found.first.why and tells in found.first.why
    assert f"ZMQ_HEARTBEAT_IVL below {smallest * 500} ms" in found.advice


@KINDS
@pytest.mark.parametrize("seconds", [61, 2000])
def test_a_load_balancer_forgets_as_its_listener_says(arn, smallest, tells, seconds):
    timeouts = of_network(behind(arn, seconds, 70), "k", "lb").survival.timeouts
    (own,) = [each for each in timeouts if each.where == "load balancer lb"]
    assert (own.seconds, own.why) == (seconds, "")


def test_what_a_load_balancer_passes_on_is_forgotten_as_the_listener_says_that_passes_it():
    network = behind("arn:loadbalancer/net/lb/1", 61, 62)
    assert of_network(network, "lb", "s", 5566).survival.seconds == 61
    assert of_network(network, "lb", "s", 5567).survival.seconds == 62
    assert of_network(network, "lb", "s", 22).survival.seconds == 61


@pytest.mark.parametrize(("kind", "helps"), [("net", True), ("app", False)])
def test_no_keepalive_is_advised_where_only_data_counts(kind, helps):
    advice = of_network(behind(f"arn:loadbalancer/{kind}/lb/1", 60), "k", "lb").survival.advice
    assert ("ZMQ_TCP_KEEPALIVE_IDLE below 30 s" in advice) is helps
    assert ("ZMQ_TCP_KEEPALIVE does not help: load balancer lb" in advice) is not helps


def test_udp_is_forgotten_after_thirty_seconds():
    assert of(pair(server=["in udp 5556 client"]), "c", "s", protocol=17).survival.seconds == 30


def untracked():
    estate = pair()
    estate.group("world", *ANYWHERE)
    estate.host("u", "a", "10.0.1.20", "world")
    estate.host("v", "b", "10.0.2.20", "world")
    return estate


def test_a_flow_that_rules_let_everybody_have_both_ways_is_not_tracked():
    found = of(untracked(), "u", "v")
    assert found.survival.seconds is None
    assert found.survival.survives(10**9)
    assert [(each.end, each.at_once) for each in found.cut.quarantines] == [
        ("u", True),
        ("v", True),
    ]


def test_rules_for_everybody_one_way_only_leave_a_flow_tracked():
    estate = pair(server=["in tcp 5556 0.0.0.0/0"])
    assert of(estate, "any host in a", "s").survival.seconds == 432_000


def test_icmp_is_always_tracked():
    assert of(untracked(), "u", "v", protocol=1, port=8 * 256).survival.seconds == 600


def test_quarantine_does_not_cut_a_tracked_flow_at_once_but_a_nacl_does():
    found = of(pair(), "c", "s")
    assert [(each.end, each.at_once) for each in found.cut.quarantines] == [
        ("c", False),
        ("s", False),
    ]
    assert found.cut.nacls == ("open",)


def test_within_a_subnet_no_nacl_can_cut_it():
    estate = pair()
    estate.host("s2", "a", "10.0.1.30", "server")
    assert of(estate, "c", "s2").cut.nacls == ()


def behind_nat():
    estate = Estate()
    estate.table("out", "0.0.0.0/0 nat")
    estate.table("edge", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.subnet("pub", "10.0.2.0/24", table="edge")
    estate.igw()
    estate.nat("nat", "pub", "10.0.2.5", public="203.0.113.9")
    estate.group("world", *ANYWHERE)
    estate.host("h", "a", "10.0.1.10", "world")
    return estate


def test_a_nat_gateway_forgets_after_350_seconds_and_makes_the_flow_tracked():
    found = of(behind_nat(), "h", "internet")
    assert found.survival.seconds == 350
    assert "below 175 s" in found.survival.advice
    assert [each.at_once for each in found.cut.quarantines] == [False]


def test_nothing_encrypts_what_crosses_the_internet():
    secrecy = of(behind_nat(), "h", "internet").secrecy
    assert not secrecy.encrypted
    assert [each.where for each in secrecy.stretches] == ["the internet"]


def inspected():
    estate = Estate()
    estate.table("through", "10.0.2.0/24 fwe")
    estate.table("back", "10.0.1.0/24 fwe")
    estate.subnet("a", "10.0.1.0/24", table="through")
    estate.subnet("b", "10.0.2.0/24", table="back")
    estate.subnet("inspect", "10.0.9.0/28")
    estate.firewall("fw", {"fwe": "inspect"})
    return estate.build()


@pytest.mark.parametrize(
    ("changes", "seconds"), [({}, 350), ({"tcp_idle": 60}, 60), ({"tcp_idle": 6000}, 6000)]
)
def test_a_firewall_forgets_as_its_policy_sets_else_after_350_seconds(changes, seconds):
    network = inspected()
    network = replace(network, firewalls=(replace(network.firewalls[0], **changes),))
    found = of_network(network, "a", "b")
    assert [(each.where, each.seconds) for each in found.survival.timeouts] == [
        ("Network Firewall fw", seconds)
    ]


def test_what_the_interface_of_a_function_opens_is_always_tracked():
    network = untracked().build()
    functions = [replace(each, function=each.id == "u") for each in network.interfaces]
    found = of_network(replace(network, interfaces=tuple(functions)), "u", "v")
    assert [each.at_once for each in found.cut.quarantines] == [False, False]


@pytest.mark.parametrize(
    ("service", "tracked"), [("com.amazonaws.eu-west-1.dynamodb", True), ("s3", False)]
)
def test_through_an_endpoint_of_dynamodb_all_is_tracked(service, tracked):
    estate = Estate()
    estate.vpce(service=service)
    estate.table("out", "52.94.0.0/22 vpce")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.group("world", *ANYWHERE)
    estate.host("h", "a", "10.0.1.10", "world", runs_on="c5.large")
    found = of(estate, "h", "52.94.0.1", port=443)
    assert [each.at_once for each in found.cut.quarantines] == [not tracked]


def tunnel(**options):
    estate = Estate()
    estate.table("out", "192.168.0.0/16 vgw")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.vgw()
    estate.site("plant", "192.168.1.0/24", tunnels=[Tunnel(**options)])
    return of(estate, "a", "plant").secrecy


def test_a_tunnel_encrypts_and_says_with_what():
    secrecy = tunnel(phase2_encryption=("AES256-GCM-16",))
    assert secrecy.encrypted
    inside, over = secrecy.stretches
    assert (over.where, over.why) == ("VPN connection vpn-plant", "IPsec, AES256-GCM-16")
    assert (inside.untrusted, inside.encrypted) == (False, None)
    assert "any algorithm" in tunnel().stretches[1].why


def test_peering_between_regions_is_encrypted_by_aws_and_within_one_crosses_nothing():
    def peered(region):
        estate = Estate("one", "10.0.0.0/16")
        estate.vpc("two", "10.1.0.0/16", region=region)
        estate.table("here", "10.1.0.0/16 pcx")
        estate.table("there", "10.0.0.0/16 pcx", vpc="two")
        estate.subnet("a", "10.0.1.0/24", table="here")
        estate.subnet("b", "10.1.1.0/24", table="there", vpc="two")
        estate.pcx("pcx", "one", "two")
        return of(estate, "a", "b").secrecy

    (between,) = peered("us-east-1").stretches
    assert (between.where, between.encrypted) == ("between eu-west-1 and us-east-1", True)
    assert peered("eu-west-1").stretches == ()


def test_between_public_addresses_of_two_vpcs_nothing_is_encrypted():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("b", "10.1.0.0/16 2a05:d018:2::/56")
    for name, vpc in (("igw", "vpc"), ("igw-b", "b")):
        estate.igw(name, vpc)
        estate.table(f"table-{name}", f"::/0 {name}", vpc=vpc)
    estate.subnet("a", "2a05:d018:1:1::/64", table="table-igw")
    estate.subnet("b-1", "2a05:d018:2:1::/64", table="table-igw-b", vpc="b")
    estate.group("any", *ANYWHERE)
    estate.host("a1", "a", "2a05:d018:1:1::a", "any")
    estate.host("b1", "b-1", "2a05:d018:2:1::b", "any")
    assert [each.where for each in of(estate, "a1", "b1").secrecy.stretches if each.untrusted] == [
        "public addresses of two VPCs"
    ]


@pytest.mark.parametrize(
    ("waiting", "port", "protocol", "advised"),
    [
        ("bound:s", 5556, 6, "ZMQ_HEARTBEAT_IVL below"),
        ("dish", 5556, 17, "something every 15 s"),
        ("ssh", 5556, 6, "something every 216000 s, or use TCP keepalive"),
        ("", 0, 47, "something every 300 s"),
    ],
)
def test_only_what_may_be_zeromq_is_advised_an_option_of_it(waiting, port, protocol, advised):
    network = pair(server=("in tcp 5556 client", "in udp 5556 client", "in 47 client")).build()
    name = {"bound:s": "PUB", "ssh": "TCP", "dish": "DISH"}.get(waiting)
    if name:
        listener = Listener(
            owner="s", socket="it", type=name, protocol=protocol, ports=PortRange(5556, 5556)
        )
        network = replace(
            network,
            listeners=(listener,),
            interfaces=tuple(
                replace(each, service="s") if each.name == "s" else each
                for each in network.interfaces
            ),
        )
    found = of_network(network, "c", "s", port, protocol)
    if found is not None:
        assert advised in found.survival.advice
        assert ("ZMQ" in found.survival.advice) is (name == "PUB")


def encrypting(mode, *, excluded=(), settled=True):
    network = pair().build()
    control = VpcEncryption(mode=EncryptionMode(mode), excluded=excluded, settled=settled)
    return replace(network, vpcs=tuple(replace(each, encryption=control) for each in network.vpcs))


@pytest.mark.parametrize(
    ("network", "encrypted"),
    [
        (encrypting("enforce"), True),
        (encrypting("enforce", excluded=("nat-gateway",)), True),
        (encrypting("enforce", settled=False), None),
        (encrypting("monitor"), None),
    ],
)
def test_what_the_vpc_makes_its_hosts_encrypt_is_told_where_aws_is_done_with_it(network, encrypted):
    (stretch,) = of_network(network, "c", "s").secrecy.stretches
    assert (stretch.where.startswith("inside VPC"), stretch.encrypted) == (True, encrypted)
    assert "encryption control" in stretch.why


def test_a_vpc_that_was_not_observed_or_has_no_control_is_not_told_of():
    for network in (pair().build(), encrypting("off")):
        assert of_network(network, "c", "s").secrecy.stretches == ()


def test_what_is_excluded_or_may_be_is_not_said_to_be_encrypted():
    network = encrypting("enforce", excluded=("lambda",))
    functions = tuple(
        replace(each, function=True) if each.id == "c" or each.name == "c" else each
        for each in network.interfaces
    )
    (stretch,) = of_network(replace(network, interfaces=functions), "c", "s").secrecy.stretches
    assert stretch.encrypted is None
