"""The device of a site as a kernel has it: what its rules let through, by which interface."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from ipaddress import IPv4Address, IPv4Network
from itertools import count

import pytest

from bulkhead.onsite import nftables as rules_of_device
from bulkhead.onsite import nftables_of_host, onsite
from bulkhead.plan import plan
from bulkhead.twin import nftables
from bulkhead.twin.kernel import Namespace, set_here
from bulkhead.twin.links import wait_until_ready
from bulkhead.twin.rtnetlink import Rtnetlink
from tests.onsite.test_onsite import PLANT
from tests.support.topologies import topology_from

pytestmark = pytest.mark.integration

BLOOMBERG, FLOOR = "192.168.10.5", "192.168.11.70"
GATEWAY, NOBODY = "10.20.0.4", "10.20.0.99"
DENIED = 0.4
"""Seconds in which a packet that passes has long arrived: all of it is in one kernel."""


class Bench:
    """A host of the site, its device, and the VPC: by both tunnels, and past them by `wan`."""

    def __init__(self) -> None:
        self.site = Namespace("site")
        self.device = Namespace("device")
        self.vpc = Namespace("vpc")
        self._indexes = count(10)
        self.lan = self._cable(self.site, "eth0")
        self.by = {name: self._cable(self.vpc, name) for name in ("aws1", "aws2", "wan")}
        for each in (self.site, self.device, self.vpc):
            with each, Rtnetlink() as netlink:
                netlink.link_up(1)
        self._addresses(self.site, self.lan[1], "192.168.10.0/23", BLOOMBERG, FLOOR)
        self._addresses(self.device, self.lan[0], "192.168.10.0/23", "192.168.10.1")
        for number, (here, there) in enumerate(self.by.values()):
            self._addresses(self.device, here, f"169.254.{number}.0/24", f"169.254.{number}.2")
            self._addresses(self.vpc, there, f"169.254.{number}.0/24", f"169.254.{number}.1")
        self._addresses(self.vpc, 1, "10.20.0.4/32", GATEWAY, NOBODY)
        with self.device:
            set_here("ipv4/ip_forward", 1)
            for name in ("all", *self.by):
                set_here(f"ipv4/conf/{name}/rp_filter", 2)
        with self.vpc:
            for name in ("all", *self.by):
                set_here(f"ipv4/conf/{name}/rp_filter", 0)
        self._route(self.site, "0.0.0.0/0", self.lan[1], "192.168.10.1")
        for each in (self.site, self.device, self.vpc):
            with each:
                wait_until_ready()

    def _cable(self, to: Namespace, name: str) -> tuple[int, int]:
        here, there = next(self._indexes), next(self._indexes)
        with self.device, Rtnetlink() as netlink:
            netlink.veth(
                here,
                "lan" if name == "eth0" else name,
                peer_namespace=to.fd,
                peer_index=there,
                peer_name=name,
            )
        with to, Rtnetlink() as netlink:
            netlink.link_up(there)
        return here, there

    def _addresses(self, at: Namespace, link: int, network: str, *own: str) -> None:
        with at, Rtnetlink() as netlink:
            for each in own:
                netlink.address(link, IPv4Address(each), IPv4Network(network).prefixlen)

    def _route(self, at: Namespace, to: str, link: int, via: str) -> None:
        with at, Rtnetlink() as netlink:
            netlink.route(IPv4Network(to), index=link, via=IPv4Address(via))

    def lead(self, out: str, back: str) -> None:
        """Packets for the VPC leave the device by one link; what it answers comes by another."""
        numbers = {name: number for number, name in enumerate(self.by)}
        self._route(self.device, "10.20.0.0/16", self.by[out][0], f"169.254.{numbers[out]}.1")
        self._route(self.vpc, "192.168.10.0/23", self.by[back][1], f"169.254.{numbers[back]}.2")

    def arrives(self, source: str, target: str, port: int) -> bool:
        """Whether a connection comes about, from an address of one side to one of the other."""
        ends = (self.site, self.vpc) if source.startswith("192.") else (self.vpc, self.site)
        with ends[1]:
            waiting = socket.create_server((target, port))
        with closing(waiting):
            with ends[0]:
                asking = socket.socket()
            with closing(asking):
                asking.bind((source, 0))
                asking.settimeout(DENIED)
                try:
                    asking.connect((target, port))
                except TimeoutError:
                    return False
                return True

    def dropped(self, why: str) -> int:
        """How many packets a rule of the device has dropped."""
        with self.device:
            return dict(nftables.counted())[why]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    topology = topology_from(tmp_path_factory.mktemp("device"), PLANT)
    return onsite(topology, plan(topology), "exchange")


@pytest.fixture
def bench(namespaces, exchange) -> Iterator[Bench]:
    made = Bench()
    with made.device:
        nftables.run(rules_of_device(exchange))
    return made


def test_what_is_declared_passes_and_each_thing_beside_it_does_not(bench):
    bench.lead("aws1", "aws1")
    assert bench.arrives(BLOOMBERG, GATEWAY, 5560)
    assert bench.arrives(GATEWAY, FLOOR, 6001)
    assert bench.arrives(GATEWAY, FLOOR, 6003)
    before = bench.dropped("undeclared, to the VPC")
    assert not bench.arrives(FLOOR, GATEWAY, 5560), "another host of the site"
    assert not bench.arrives(BLOOMBERG, GATEWAY, 5561), "the port beside it"
    assert not bench.arrives(BLOOMBERG, NOBODY, 5560), "another host of the VPC"
    assert bench.dropped("undeclared, to the VPC") >= before + 3
    before = bench.dropped("undeclared, from the VPC")
    assert not bench.arrives(GATEWAY, BLOOMBERG, 6001), "another host of the site"
    assert not bench.arrives(GATEWAY, FLOOR, 6004), "the port beside it"
    assert not bench.arrives(NOBODY, FLOOR, 6001), "another host of the VPC"
    assert bench.dropped("undeclared, from the VPC") >= before + 3


def test_a_reply_may_come_by_the_other_tunnel(bench):
    bench.lead("aws1", "aws2")
    assert bench.arrives(BLOOMBERG, GATEWAY, 5560)
    assert bench.arrives(GATEWAY, FLOOR, 6002)


def test_while_no_tunnel_is_up_nothing_goes_to_the_vpc_by_the_internet(bench):
    bench.lead("wan", "wan")
    assert not bench.arrives(BLOOMBERG, GATEWAY, 5560)
    assert bench.dropped("past the tunnels, to the VPC") > 0
    assert not bench.arrives(GATEWAY, FLOOR, 6001), "nor from it: that is somebody else"
    assert bench.dropped("past the tunnels, from the VPC") > 0


def test_a_host_holds_back_by_itself_what_its_device_would_let_through(namespaces, exchange):
    bench = Bench()
    bench.lead("aws1", "aws1")
    floor = next(each for each in exchange.hosts if each.name == "floor")
    assert bench.arrives(GATEWAY, FLOOR, 6004), "without rules"
    with bench.site:
        nftables.run(nftables_of_host(exchange, floor))
    assert bench.arrives(GATEWAY, FLOOR, 6001)
    assert not bench.arrives(GATEWAY, FLOOR, 6004)
    assert not bench.arrives(NOBODY, FLOOR, 6001)
    assert not bench.arrives(FLOOR, GATEWAY, 5560)


def test_rules_that_are_loaded_again_replace_themselves(bench, exchange):
    with bench.device:
        once = nftables.run("list ruleset")
        nftables.run(rules_of_device(exchange))
        again = nftables.run("list ruleset")
    assert once.count("ct state new") == again.count("ct state new") == len(exchange.passages)
