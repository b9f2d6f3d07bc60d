"""Every part of the prover is broken once, on purpose: z3 and the BDDs must each notice."""

from dataclasses import replace
from functools import cache

import pytest

from bulkhead.doubt import doubt
from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3, opinion
from bulkhead.network import PortRange
from bulkhead.prove import prove
from tests.support.faults import fault
from tests.support.town import town

pytestmark = pytest.mark.slow

FAULTS = {
    "an address range that nobody holds is left out": (
        "ends.inside",
        "union(map(number, kept_by_aws(cidr)))",
        "union(map(number, (*kept_by_aws(cidr), cidr[4])))",
    ),
    "an address that AWS keeps for itself is given to somebody": (
        "ends.inside",
        "union(map(number, kept_by_aws(cidr)))",
        "union(map(number, kept_by_aws(cidr) - {cidr[3]}))",
    ),
    "prefixes of NACL entries do not cut the classes": (
        "ends.cuts",
        "yield from (entry.cidr for entry in nacl.entries)",
        "yield from ()",
    ),
    "the address of a NAT gateway is taken for a free one": (
        "ends.inside",
        "occupied[nat.subnet].update(map(number, nat.addresses))",
        "pass",
    ),
    "a prefix loses its last address": (
        "ends.prefixes",
        "ranges.append((free, last_address(home)))",
        "ranges.append((free, max(free, last_address(home) - 1)))",
    ),
    "holders of a group are looked for by the wrong name": (
        "prove.sets.layers.groups",
        "        return 0\n    return survey.holding.get(rule.peer.group, 0)",
        "        return 0\n    return survey.everyone",
    ),
    "references count however the packet comes": (
        "prove.sets.layers.groups",
        "if translated is not None or not referenced:",
        "if translated is not None:",
    ),
    "egress rules for groups are not read": (
        "prove.sets.layers.groups",
        "rules = self._survey.egress_to_group.get(group, ())",
        "rules: tuple[tuple[str, GroupRule], ...] = ()",
    ),
    "a NACL stands within a subnet too": (
        "prove.sets.layers.acls",
        "return change(steps, lambda bits: bits | neighbours)",
        "return steps",
    ),
    "deny entries of a NACL allow": (
        "prove.sets.layers.acls",
        "entry.action is Action.ALLOW,",
        "True,",
    ),
    "a NACL is read from its end": (
        "prove.sets.by_port",
        "for ports, allow, bits in entries:",
        "for ports, allow, bits in reversed(entries):",
    ),
    "a range of ports loses its first": (
        "prove.sets.by_port",
        "if port in ports:\n                bits |= more",
        "if port in ports and port != ports.first:\n                bits |= more",
    ),
    "a reply counts if it returns to the first client port": (
        "prove.sets.by_port",
        "if ports.first < first <= ports.last:",
        "if ports.first < first < ports.first:",
    ),
    "propagated routes do not count": (
        "prove.sets.routing",
        "if route.certain and is_asked(route, blocks):",
        "if route.certain and is_asked(route, blocks) and not route.propagated:",
    ),
    "the shortest prefix wins": (
        "prove.sets.routing",
        "for prefix in self._tree.chain(home):\n            if prefix in routes",
        "for prefix in reversed(self._tree.chain(home)):\n            if prefix in routes",
    ),
    "blackholes are not seen": (
        "prove.sets.ways.leave",
        "if isinstance(choice, Unrouted) or choice.blackhole:",
        "if isinstance(choice, Unrouted):",
    ),
    "an internet gateway needs no public address": (
        "prove.sets.ways.exits",
        "if not packet.public or not carriers.routing.is_in(here.vpc, packet.source):",
        "if not carriers.routing.is_in(here.vpc, packet.source):",
    ),
    "whoever is asked from the internet needs no public address": (
        "prove.sets.ways.leave",
        "if closed or not target.public or carriers",
        "if closed or carriers",
    ),
    "public access that is blocked is open": (
        "prove.sets.ways.exits",
        "if packet.reply or (here.public_access.lets_out and not packet.nat):",
        "if True:",
    ),
    "a NAT gateway keeps the address of the sender": (
        "prove.sets.ways.nat",
        "source=carriers.tree.home(address),",
        "source=packet.source,",
    ),
    "replies to a NAT gateway come to ports of clients": (
        "prove.sets.replies",
        "throughout(passing, NAT_PORTS)",
        "throughout(passing, PortRange(32768, 60999))",
    ),
    "an egress-only gateway lets the internet in": (
        "prove.sets.ways.exits",
        "if here.public_access is PublicAccess.BLOCKED or not ours or packet.reply:",
        "if here.public_access is PublicAccess.BLOCKED or not ours:",
    ),
    "a gateway endpoint carries every protocol": (
        "prove.sets.reading",
        "if packet.exit is Exit.GATEWAY_ENDPOINT and protocol != TCP:",
        "if False:",
    ),
    "a peering that is not active carries packets": (
        "prove.sets.ways.leave",
        "if not peering.active or far is None or",
        "if far is None or",
    ),
    "groups are referred to over a transit gateway both ways": (
        "prove.sets.ways.transit",
        "return packet.limited(GroupReferences.INGRESS if allowed else GroupReferences.NONE)",
        "return packet",
    ),
    "no NACL stands where a packet enters a transit gateway": (
        "prove.sets.ways.transit",
        "packet = packet.meets(entrances[0].nacl, Direction.INGRESS, packet.source)",
        "pass",
    ),
    "a VPN gateway forwards what no connection knows": (
        "prove.sets.ways.exits",
        "if target.kind is not EndpointKind.SITE or target.id not in sites:",
        "if target.kind is not EndpointKind.SITE:",
    ),
    "firewall rules are not asked": (
        "prove.sets.ways.firewall",
        "packet = replace(packet.through(id_), checks=(*packet.checks, check))",
        "packet = packet.through(id_)",
    ),
    "strict order of firewall rules is not kept": (
        "prove.sets.layers.firewalls",
        "if firewall.action_order:",
        "if not firewall.action_order:",
    ),
    "icmp rules cover every message": (
        "prove.sets.rules",
        "ported = has_ports(protocol) or has_types(protocol)",
        "ported = has_ports(protocol)",
    ),
    "a rule for all protocols is one for none": (
        "prove.sets.rules",
        "return rule.protocol in (ANY_PROTOCOL, protocol)",
        "return rule.protocol == protocol",
    ),
    "endpoints open connections": (
        "prove.sets.requests",
        "survey.everyone & ~survey.mute",
        "survey.everyone",
    ),
    "half of the cells are not told": (
        "prove.reach",
        "for source in bits_of(may & ~self.same_host(index)):",
        "for source in list(bits_of(may & ~self.same_host(index)))[::2]:",
    ),
    "half-open is called undetermined": (
        "prove.reach",
        "lambda does, back: does & ~back",
        "lambda does, back: does & 0",
    ),
    "a protocol that rules name has no cells": (
        "prove.sets.protocols",
        "named.update(rule.protocol for rule in group.rules)",
        "pass",
    ),
    "the client ports that are lost are told wrongly": (
        "prove.reach",
        "lost=self.lost(sender, receiver, protocol) if half else (),",
        "lost=self.lost(sender, receiver, protocol)[1:] if half else (),",
    ),
}


HIDDEN_BY_TUNNELS = "whoever is asked from the internet needs no public address"
"""Whoever is behind a tunnel may send as anybody, so its request arrives all the same."""


@pytest.fixture(scope="module")
def network():
    return town().build()


@pytest.fixture(scope="module", autouse=True)
def _one_network_in_formulas():
    """The faults are in the prover: what z3 is told of the network is the same under each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opinion, "round_trip", cache(opinion.round_trip))
        yield


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_prover_is_noticed_by_z3_and_by_the_bdds(network, name):
    if name == HIDDEN_BY_TUNNELS:
        down = tuple(replace(each, available=False) for each in network.vpn_connections)
        network = replace(network, vpn_connections=down)
    with fault(*FAULTS[name]):
        noticed = _noticed(network, prove(network))
    assert noticed == {"z3", "BDD"}, name


def _noticed(network, reach):
    """Who contradicts anything that is claimed; who has found one thing is not asked on."""
    claimed = list(claims_of(reach))
    return {
        name
        for name, ask in (("z3", ask_z3), ("BDD", ask_bdds))
        if any(ask(network, claims, limit=1).contradictions for claims in claimed)
    }


def test_without_a_fault_nothing_is_noticed(network):
    assert _noticed(network, prove(network)) == set()


DOUBTS = {
    "what is in doubt is taken for open": (
        "prove.reach",
        "else Relation(worlds, unknown_passes=True)",
        "else self.surely",
    ),
    "a NACL in doubt is read as it stands": (
        "prove.sets.unknowns",
        "nacls=frozenset((scopes & set(network.nacl)) | (used_nacls - set(network.nacl))),",
        "nacls=frozenset(used_nacls - set(network.nacl)),",
    ),
    "a gateway in doubt is read as it stands": (
        "prove.sets.unknowns",
        "gateways=frozenset(scopes & things),",
        "gateways=frozenset(),",
    ),
    "an entry about nothing that is here is passed over": (
        "prove.sets.unknowns",
        "everything=any(each.scope not in known and each.scope != each.id for each in unmodelled),",
        "everything=False,",
    ),
}


SCOPES = ("acl-web", "acl-store", "pcx", "nowhere")


@pytest.mark.parametrize(("name", "scope"), list(zip(DOUBTS, SCOPES, strict=True)))
def test_a_fault_about_what_is_unknown_is_noticed(name, scope):
    made = town()
    made.unmodelled(scope)
    network = made.build()
    assert _noticed(network, prove(network)) == set()
    with fault(*DOUBTS[name]):
        assert _noticed(network, prove(network)) == {"z3", "BDD"}, name


def test_a_fault_in_what_ports_share_is_noticed(network, monkeypatch):
    """The ranges of the network itself: the opinions compare plain numbers."""
    monkeypatch.setattr(
        PortRange, "__contains__", lambda self, port: self.first <= port < self.last
    )
    assert _noticed(network, prove(network)) == {"z3", "BDD"}


def test_single_packets_notice_it_too(network):
    with fault(*FAULTS["deny entries of a NACL allow"]):
        doubts = doubt(network, prove(network), limit=1)
    assert {each.opinion for each in doubts.contradictions} == {"z3", "BDD", "packets"}


def test_a_proof_of_another_network_is_noticed(network):
    other = replace(network, nat_gateways=())
    assert _noticed(network, prove(other)) == {"z3", "BDD"}
