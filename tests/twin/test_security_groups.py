"""What the twin's security groups let through, measured."""

from collections.abc import Sequence

import pytest

from tests.support.drills import Cell, allowed, asks, host, listen, pair, run, sketched
from tests.support.estate import Estate

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("namespaces")]

CLIENT = ("client", "server", 5555)
STRANGERS = {("stranger@left", "server", 5555), ("stranger@right", "server", 5555)}


def into_server(net: Estate) -> set[Cell]:
    return {cell for cell in allowed(run(net)) if cell[1] == "server"}


def test_without_rules_nobody_connects():
    assert into_server(pair()) == set()


def test_a_connection_needs_the_clients_egress_and_the_servers_ingress():
    egress, ingress = ["out tcp 5555 0.0.0.0/0"], ["in tcp 5555 0.0.0.0/0"]
    assert CLIENT in into_server(pair(client=egress, server=ingress))
    assert CLIENT not in into_server(pair(server=ingress))
    assert CLIENT not in into_server(pair(client=egress))


def test_replies_pass_though_the_server_may_not_send():
    """The server's group has no egress rule; the message comes back all the same."""
    net = pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])
    result = run(net, [asks(net)])
    (declared,) = [each for each in result.measurements if each.flow]
    assert declared.allowed
    assert declared.evidence == "HANDSHAKE_SUCCEEDED + message there and back"


def test_a_reference_means_the_members_of_the_group_and_nobody_else():
    net = pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])
    host(net, "other", "left", "10.0.1.11")
    assert into_server(net) == {CLIENT}


def test_a_block_of_addresses_means_whoever_is_in_it():
    net = pair(client=["out tcp 5555 10.0.2.10/32"], server=["in tcp 5555 10.0.1.0/24"])
    assert into_server(net) == {CLIENT, ("stranger@left", "server", 5555)}


def test_a_rule_for_another_port_or_protocol_does_not_help():
    other = ["in udp 5555 0.0.0.0/0", "in tcp 5554 0.0.0.0/0", "in icmp 0.0.0.0/0"]
    opened = into_server(pair(client=["out all 0.0.0.0/0"], server=other))
    assert not {cell for cell in opened if cell[2] == 5555}


def test_the_rules_of_all_groups_of_an_interface_add_up():
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    net.group("client", "out all 0.0.0.0/0")
    net.group("bare")
    net.group("more", "in tcp 5555 client")
    host(net, "client", "left", "10.0.1.10", "client")
    host(net, "server", "left", "10.0.1.20", "bare", "more")
    listen(net, "server", "REP", 5555)
    assert into_server(net) == {CLIENT}


def test_members_of_one_group_need_a_rule_to_talk_to_each_other():
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    net.group("closed", "in tcp 5555 closed", "out tcp 5555 closed")
    net.group("bare", "in tcp 5555 10.0.1.99/32", "out tcp 5555 0.0.0.0/0")
    for number, group in enumerate(["closed", "closed", "bare", "bare"]):
        host(net, f"{group}-{number}", "left", f"10.0.1.{10 + number}", group, service=group)
    listen(net, "closed", "ROUTER", 5555)
    listen(net, "bare", "ROUTER", 5555)
    between = {cell for cell in allowed(run(net)) if "stranger" not in str(cell)}
    assert between == {("closed-0", "closed-1", 5555), ("closed-1", "closed-0", 5555)}


def test_inside_a_subnet_the_groups_still_decide():
    assert into_server(pair(client=["out all 0.0.0.0/0"], same_subnet=True)) == set()
    open_to_client = pair(
        client=["out tcp 5555 server"], server=["in tcp 5555 client"], same_subnet=True
    )
    assert into_server(open_to_client) == {CLIENT}


def test_every_address_of_an_interface_is_tried_and_belongs_to_the_group():
    net = pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])
    host(net, "wide", "right", "10.0.2.30", "server", more=["10.0.2.31"])
    listen(net, "wide", "PULL", 5555)
    tried = [
        each
        for each in run(net).measurements
        if (each.source.name, each.target.name) == ("client", "wide")
    ]
    assert [(str(each.target.address), each.allowed) for each in tried] == [
        ("10.0.2.30", True),
        ("10.0.2.31", True),
    ]


def test_an_opening_that_no_listener_uses_shows():
    net = pair(client=["out all 0.0.0.0/0"], server=["in tcp 5555 client", "in tcp 22 0.0.0.0/0"])
    assert {cell for cell in into_server(net) if cell[2] == 22} == {
        ("client", "server", 22),
        ("stranger@left", "server", 22),
        ("stranger@right", "server", 22),
    }


def test_a_way_out_to_a_block_shows_at_the_stranger_there():
    net = pair(client=["out tcp 6000 10.0.2.0/24"])
    to_strangers = {cell for cell in allowed(run(net)) if cell[0] == "client"}
    assert to_strangers == {("client", "stranger@right", 6000)}


def test_counters_say_which_rule_decided():
    net = pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])
    counters = run(net).counters
    assert counters["client client-0"] >= 1
    assert counters["server server-0"] >= 1
    assert counters["server ingress: no security group rule"] >= 2


def balanced(*groups: str, listeners: Sequence[str]) -> Estate:
    """A client, and a load balancer in another subnet with these groups and listeners."""
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    net.subnet("right", "10.0.2.0/24")
    host(net, "client", "left", "10.0.1.10")
    net.host("front", "right", "10.0.2.10", *groups, kind="load-balancer")
    net.balancer("lb", ["front"], *listeners)
    return net


@pytest.mark.parametrize("groups", [("open",), ()], ids=["with groups", "without groups"])
def test_a_load_balancer_takes_in_what_a_listener_takes_and_nothing_else(groups):
    net = balanced(*groups, listeners=["tcp 5555", "udp 5556"])
    net.group("asked", "in tcp 5554-5556 0.0.0.0/0", "out all 0.0.0.0/0")
    host(net, "beside", "right", "10.0.2.20", "asked")
    cells = {port for one, other, port in allowed(run(net)) if (one, other) == ("client", "front")}
    assert cells == {5555}


def test_a_load_balancer_that_listens_to_nothing_takes_nothing_in():
    assert not {cell for cell in allowed(run(balanced("open", listeners=[]))) if cell[1] == "front"}


def test_a_listener_behind_a_closed_group_takes_nothing_in():
    net = balanced("shut", listeners=["tcp 5555"])
    net.group("shut", "out all 0.0.0.0/0")
    assert ("client", "front", 5555) not in allowed(run(net))


def test_a_load_balancer_hears_the_replies_to_what_it_asks():
    net = balanced("open", listeners=["tcp 5555"])
    assert ("front", "client", 22) in allowed(run(net))
