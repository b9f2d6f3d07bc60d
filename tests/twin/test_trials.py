"""Which hosts a twin has, which ports it tries, and what it refuses to build."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from bulkhead.network import ANY_PROTOCOL, TCP, Direction, Listener, PortRange
from bulkhead.twin import PartyKind, TwinError
from bulkhead.twin.layout import lay_out
from bulkhead.twin.trials import trials, undeclared_ports
from tests.support.drills import asks, host, listen, pair, sketched
from tests.support.estate import Estate, flow


def opened(*rules: str, used: tuple[int, ...] = ()) -> tuple[int, ...]:
    net = pair(server=[f"in {each}" for each in rules]).build()
    return undeclared_ports(
        net, ["server"], Direction.INGRESS, [PortRange(each, each) for each in used]
    )


def test_an_opening_is_tried_at_its_first_middle_and_last_port():
    assert opened("tcp 5000-5010 10.0.0.0/8") == (5000, 5005, 5010)
    assert opened("tcp 443 10.0.0.0/8") == (443,)


def test_ports_that_a_listener_uses_are_not_tried_twice():
    assert opened("tcp 5000-5003 10.0.0.0/8", used=(5000, 5003)) == (5001, 5002)
    assert opened("tcp 5000 10.0.0.0/8", used=(5000,)) == ()


def test_where_everything_is_open_two_telling_ports_are_tried():
    assert opened("all 10.0.0.0/8") == (22, 65000)
    assert opened("tcp 0-65535 10.0.0.0/8") == (22, 65000)


def test_other_protocols_open_no_tcp_port():
    assert opened("udp 53 10.0.0.0/8", "icmp 0.0.0.0/0") == ()


@pytest.mark.parametrize(("last", "tried"), [(5099, 3), (5002, 1), (5001, 1)])
def test_sockets_that_draw_from_one_range_are_each_tried_at_ports_of_their_own(last, tried):
    net = pair()
    names = ("shell", "beat") if last == 5001 else ("shell", "beat", "news")
    for each in names:
        net.listener("server", each, PortRange(5000, last))
    doors = [each for each in trials(lay_out(net.build()), []).doors if each.listener]
    ports = {
        name: [
            each.port
            for each in doors
            if each.listener.socket == name and each.host.name == "server"
        ]
        for name in names
    }
    every = [port for several in ports.values() for port in several]
    assert len(every) == len(set(every))
    assert all(len(several) >= tried for several in ports.values())


def test_every_source_meets_every_listener_on_every_replica():
    net = pair()
    host(net, "server-2", "left", "10.0.1.20", "server", service="server")
    tried = trials(lay_out(net.build()), []).every
    into = {(each.source.name, each.door.host.name) for each in tried if each.door.listener}
    assert into == {
        (source, target)
        for source in (
            "client",
            "server",
            "server-2",
            "stranger@left",
            "stranger@right",
            "internet",
        )
        for target in ("server", "server-2")
        if source != target
    }


def test_a_declared_flow_is_tried_as_declared_and_not_a_second_time():
    net = pair()
    tried = trials(lay_out(net.build()), [asks(net)])
    ours = [
        each
        for each in tried.every
        if (each.source.name, each.door.host.name, each.door.port) == ("client", "server", 5555)
    ]
    assert [each.flow is not None for each in ours] == [True]


def test_a_flow_without_an_interface_is_noted():
    net = pair()
    notes = trials(lay_out(net.build()), [asks(net, "ghost")]).notes
    assert any("was not measured: ghost has no interface" in note for note in notes)


def test_a_stranger_takes_the_last_free_address_of_its_subnet():
    net = sketched()
    net.subnet("left", "10.0.1.0/28")
    host(net, "client", "left", "10.0.1.14")
    strangers = lay_out(net.build()).of_kind(PartyKind.STRANGER)
    assert [(each.name, each.addresses) for each in strangers] == [
        ("stranger@left", (IPv4Address("10.0.1.13"),))
    ]


def test_a_full_subnet_has_no_stranger_and_says_so():
    net = sketched()
    net.subnet("left", "10.0.1.0/28")
    for last in range(4, 15):
        host(net, f"host-{last}", "left", f"10.0.1.{last}")
    layout = lay_out(net.build())
    assert layout.of_kind(PartyKind.STRANGER) == ()
    assert "subnet left is full: no stranger fits in it, so none is measured" in layout.notes


def test_the_internet_lives_where_no_rule_looks():
    net = pair(server=["in tcp 443 198.51.100.0/24"])
    assert lay_out(net.build()).internet.party.address == IPv4Address("203.0.113.77")


def test_everything_that_cannot_be_built_is_named_at_once():
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    host(net, "one", "left", "10.0.1.10", "missing")
    host(net, "two", "left", "10.0.1.10")
    host(net, "lost", "nowhere", "10.0.2.10")
    host(net, "outside", "left", "10.7.7.7")
    with pytest.raises(TwinError) as refusal:
        lay_out(net.build())
    for part in (
        "interface one has security group missing, which is missing",
        "interfaces one and two both have 10.0.1.10",
        "interface lost is in subnet nowhere, which is missing",
        "interface outside has 10.7.7.7, outside 10.0.1.0/24",
    ):
        assert part in str(refusal.value)


def test_a_name_that_two_hosts_share_asks_for_an_id():
    net = pair()
    net.vpc("other", "10.1.0.0/16")
    net.subnet("far", "10.1.0.0/24", vpc="other")
    host(net, "eni-2", "far", "10.1.0.10")
    network = net.build()
    *others, second = network.interfaces
    layout = lay_out(replace(network, interfaces=(*others, replace(second, name="client"))))
    with pytest.raises(TwinError, match="'client' is the name of 2 hosts; use an id"):
        layout.find("client")
    assert layout.find("eni-2").addresses == (IPv4Address("10.1.0.10"),)


def with_a_socket_at(*addresses: str, cidr: str = "192.168.10.0/24") -> Estate:
    """A site with a socket (PULL 7000) at each of these addresses, and a client of it."""
    net = sketched()
    net.table("inner", "192.168.0.0/16 vgw")
    net.subnet("inner", "10.0.1.0/24", table="inner")
    host(net, "client", "inner", "10.0.1.10")
    net.vgw()
    net.site("office", cidr)
    for each in addresses:
        listen(net, "office", "PULL", 7000, address=each)
    return net


def at_the_site(net: Estate) -> list[str]:
    return [str(each.party.address) for each in lay_out(net.build()).of_kind(PartyKind.SITE)]


def test_a_site_has_a_host_where_a_socket_waits_and_one_beside_it():
    assert at_the_site(with_a_socket_at("192.168.10.7")) == ["192.168.10.10", "192.168.10.7"]
    assert at_the_site(with_a_socket_at("192.168.10.10")) == ["192.168.10.1", "192.168.10.10"]
    taken = with_a_socket_at("192.168.10.7", cidr="192.168.10.7/32")
    assert at_the_site(taken) == ["192.168.10.7"]


def test_a_site_has_a_host_in_each_network_where_a_socket_waits_and_beside_what_lies_in_it():
    net = with_a_socket_at("192.168.10.0/25", "192.168.10.10", "192.168.10.64/26")
    assert at_the_site(net) == [
        *("192.168.10.128", "192.168.10.1", "192.168.10.10", "192.168.10.74"),
    ]
    assert at_the_site(with_a_socket_at("192.168.10.0/25", "192.168.10.128/25")) == [
        *("192.168.10.10", "192.168.10.138"),
    ]


def test_a_socket_in_a_network_is_tried_there_and_its_port_beside_it():
    net = with_a_socket_at("192.168.10.64/26")
    (listener,) = net.parts["listeners"]
    found = trials(lay_out(net.build()), [flow("client", listener, kind="PUSH")])
    into = {
        str(each.address): (each.door.listener, each.flow is not None)
        for each in found.every
        if (each.source.name, each.door.host.name, each.door.port) == ("client", "office", 7000)
    }
    assert into == {"192.168.10.74": (listener, True), "192.168.10.10": (None, False)}


def test_a_socket_at_one_address_is_tried_there_and_its_port_beside_it():
    net = with_a_socket_at("192.168.10.7")
    (listener,) = net.parts["listeners"]
    found = trials(lay_out(net.build()), [flow("client", listener, kind="PUSH")])
    ours = ("client", "office", 7000)
    into = {
        str(each.address): (each.door.listener, each.flow is not None)
        for each in found.every
        if (each.source.name, each.door.host.name, each.door.port) == ours
    }
    assert into == {"192.168.10.7": (listener, True), "192.168.10.10": (None, False)}


def test_the_port_is_tried_beside_it_however_many_ports_the_network_names():
    net = with_a_socket_at("192.168.10.7")
    for port in range(1000, 1020):
        listen(net, "client", "PUB", port)
    doors = trials(lay_out(net.build()), []).doors
    beside = {each.port for each in doors if str(each.host.party.address) == "192.168.10.10"}
    assert 7000 in beside


def ports_at(net: Estate, name: str) -> dict[int, bool]:
    """At a host: each port where something waits, and whether a declared socket does."""
    doors = trials(lay_out(net.build()), []).doors
    return {each.port: bool(each.listener) for each in doors if each.host.name == name}


def test_of_a_range_the_first_the_middle_and_the_last_port_are_tried_and_those_beside_it():
    net = pair(client=["out tcp 1-65535 10.0.0.0/8"])
    listen(net, "server", "ROUTER", "51000-51999")
    assert ports_at(net, "server") == {
        **{5555: True, 51000: True, 51499: True, 51999: True},
        **{50999: False, 52000: False},
    }


def test_what_is_beside_a_range_is_not_tried_twice_where_another_socket_waits():
    net = pair()
    for kind, ports in (("PUB", "1-9"), ("REP", "10-11"), ("PULL", "65000-65535")):
        listen(net, "server", kind, ports)
    assert ports_at(net, "server") == {
        5555: True,
        **dict.fromkeys((1, 5, 9, 10, 11, 65000, 65267, 65535), True),
        **dict.fromkeys((12, 64999), False),
    }


def test_an_opening_around_a_range_is_tried_beside_the_range():
    assert opened_beside("tcp 50000-52000", "51000-51999") == (
        *(50000, 50499, 50998),
        *(50999, 52000),
    )


def opened_beside(rule: str, ports: str) -> tuple[int, ...]:
    net = pair(server=[f"in {rule} 10.0.0.0/8"])
    listen(net, "server", "ROUTER", ports)
    return tuple(port for port, socket in sorted(ports_at(net, "server").items()) if not socket)


def test_a_flow_to_a_range_is_tried_at_each_port_that_is_bound():
    net = pair()
    waiting = listen(net, "server", "ROUTER", "51000-51999")
    tried = trials(lay_out(net.build()), [flow("client", waiting, kind="DEALER")]).every
    assert [each.door.port for each in tried if each.flow] == [51000, 51499, 51999]


@pytest.mark.parametrize(
    ("protocol", "said"),
    [("udp", "udp 51000-51999"), ("113", "protocol 113"), ("icmp:8", "icmp type 8")],
)
def test_a_socket_of_another_protocol_is_left_to_the_proof_by_name(protocol, said):
    net = pair()
    waiting = listen(net, "server", "DISH", "51000-51999", protocol)
    found = trials(lay_out(net.build()), [flow("client", waiting, kind="RADIO")])
    assert {each.port for each in found.doors} == {5555}
    assert found.notes == (f"not measured: server.dish ({said}), for the twin speaks tcp alone",)


def test_each_host_of_a_site_has_a_name_of_its_own():
    layout = lay_out(with_a_socket_at("192.168.10.7").build())
    with pytest.raises(TwinError, match="'office' is the name of 2 hosts"):
        layout.find("office")
    assert layout.find("office@192.168.10.7").addresses == (IPv4Address("192.168.10.7"),)


def test_ports_that_a_test_asks_about_are_tried_by_everybody_at_whom_it_means():
    net = pair()
    about = [
        Listener(owner=owner, socket="", type="", protocol=protocol, ports=PortRange(*ports))
        for owner, protocol, ports in (
            ("server", TCP, (22, 22)),
            ("server", TCP, (5555, 5555)),
            ("client", TCP, (1, 1024)),
            ("any host in left", TCP, (23, 23)),
            ("internet", ANY_PROTOCOL, (0, 65535)),
            ("server", 17, (53, 53)),
        )
    ]
    layout = lay_out(
        replace(
            net.build(),
            subnets=tuple(replace(each, segment=each.name) for each in net.build().subnets),
        )
    )
    before, found = trials(layout, []), trials(layout, [], about)
    doors = [*found.doors]
    for each in before.doors:
        doors.remove(each)
    assert [(each.host.name, each.port) for each in doors] == [
        ("server", 22),
        *(("client", port) for port in (1, 513, 1024)),
        ("stranger@left", 23),
        *(("internet", port) for port in (22, 65000)),
    ]
    assert {each.source.name for each in found.every if each.door == doors[0]} == {
        "client",
        "stranger@left",
        "stranger@right",
        "internet",
    }
    assert [*found.notes][-3:] == [
        "client (tcp 1-1024): tcp 1, 513, 1024 are tried; all of it is proved",
        "internet (all traffic): tcp 22, 65000 are tried; all of it is proved",
        "not measured: server (udp 53), for the twin speaks tcp alone",
    ]
