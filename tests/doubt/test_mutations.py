"""Every kind of edit flips exactly the cells that both opinions predict, and what one expects."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3
from bulkhead.network import Action, PortRange, PublicAccess, Route, TargetKind, Verdict
from bulkhead.prove import prove
from tests.support.estate import entry, rule
from tests.support.town import town

pytestmark = pytest.mark.slow

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


@pytest.fixture(scope="module")
def before():
    return town().build()


def edited(network, kind, id_, **changes):
    """The network with one thing of a kind changed; a value may be made from the old one."""

    def change(thing):
        made = {
            name: value(getattr(thing, name)) if callable(value) else value
            for name, value in changes.items()
        }
        return replace(thing, **made)

    things = getattr(network, kind)
    assert sum(each.id == id_ for each in things) == 1
    return replace(
        network, **{kind: tuple(change(each) if each.id == id_ else each for each in things)}
    )


def without(network, kind, id_):
    things = getattr(network, kind)
    left = tuple(each for each in things if each.id != id_)
    assert len(left) == len(things) - 1
    return replace(network, **{kind: left})


def group(id_, edit):
    return lambda network: edited(network, "security_groups", id_, rules=edit)


def acl(id_, edit):
    return lambda network: edited(network, "nacls", id_, entries=edit)


def table(id_, edit):
    return lambda network: edited(network, "route_tables", id_, routes=edit)


def plus(thing):
    return lambda several: (*several, thing)


def minus(text):
    def less(several):
        left = tuple(each for each in several if text not in str(each))
        assert len(left) == len(several) - 1, text
        return left

    return less


def each_with(text, **changes):
    def change(several):
        assert sum(text in str(each) for each in several) == 1, text
        return tuple(replace(each, **changes) if text in str(each) else each for each in several)

    return change


def to(cidr, target, id_, **more):
    return Route(destination=IPv4Network(cidr), target=target, target_id=id_, **more)


EDITS = {
    "a group rule is added": (
        group("sg-store", plus(rule("new", "in tcp 22 sg-web"))),
        group("sg-web", plus(rule("new", "out tcp 22 sg-store"))),
        {("web-0", "store-0", 22): (D, H), ("web-0", "store-0", 23): (D, D)},
    ),
    "a group rule is removed": (
        group("sg-store", minus("tcp 5556-5557")),
        None,
        {("web-0", "store-0", 5556): (H, D), ("peer-0", "store-0", 5556): (D, D)},
    ),
    "a group rule is widened": (
        group("sg-store", each_with("tcp 5556-5557", ports=PortRange(5555, 5557))),
        group("sg-web", each_with("tcp 5556-5557", ports=PortRange(5555, 5557))),
        {("web-0", "store-0", 5555): (D, H), ("web-0", "store-0", 5556): (H, H)},
    ),
    "a group rule is narrowed": (
        group("sg-web", each_with("tcp 5556-5557", ports=PortRange(5557, 5557))),
        None,
        {("web-0", "store-0", 5556): (H, D), ("web-0", "store-0", 5557): (D, D)},
    ),
    "the peer of a group rule is another": (
        group("sg-store", each_with("tcp 5556-5557", peer=rule("x", "in all sg-peer").peer)),
        None,
        {("web-0", "store-0", 5556): (H, D), ("peer-0", "store-0", 5556): (D, A)},
    ),
    "an entry gets another number": (
        acl("acl-store", each_with("ingress 200", number=400)),
        None,
        {("web-0", "store-0", 5557): (D, H), ("web-0", "store-0", 5556): (H, H)},
    ),
    "an entry denies instead": (
        acl("acl-store", each_with("ingress 300", action=Action.DENY)),
        None,
        {("web-0", "store-0", 5556): (H, D), ("peer-0", "store-0", 5556): (D, D)},
    ),
    "an entry for replies is widened": (
        acl("acl-store", each_with("egress 100", ports=PortRange(32768, 60999))),
        None,
        {("web-0", "store-0", 5556): (H, A), ("web-0", "store-0", 5557): (D, D)},
    ),
    "an entry is for another prefix": (
        acl("acl-store", each_with("ingress 200", cidr=IPv4Network("10.0.1.128/25"))),
        None,
        {("web-0", "store-0", 5557): (D, H), ("any host in dark", "store-0", 5557): (D, D)},
    ),
    "an entry is added": (
        acl("acl-store", plus(entry("in 10 deny tcp 5556 10.0.1.10/32"))),
        None,
        {("web-0", "store-0", 5556): (H, D), ("web-0 (10.0.1.11)", "store-0", 5556): (H, H)},
    ),
    "an entry is removed": (
        acl("acl-store", minus("ingress 200")),
        None,
        {("web-0", "store-0", 5557): (D, H)},
    ),
    "a route is added": (
        table("table-store", plus(to("10.2.1.0/24", TargetKind.TRANSIT_GATEWAY, "tgw"))),
        None,
        {("store-0", "spoke-0", 443): (A, D)},
    ),
    "a route is removed": (
        table("table-web", minus("10.2.0.0/16")),
        None,
        {("web-0", "spoke-0", 443): (A, D), ("store-0", "spoke-0", 443): (A, D)},
    ),
    "a route is a blackhole": (
        table("table-peer", each_with("10.0.0.0/16", blackhole=True)),
        None,
        {("store-0", "peer-0", 443): (A, H), ("peer-0", "store-0", 5556): (D, D)},
    ),
    "an internet gateway is gone": (
        lambda network: without(network, "internet_gateways", "igw"),
        None,
        {("web-0", "internet", 443): (A, U), ("internet", "web-0", 443): (A, U)},
    ),
    "an egress-only gateway is another VPC's": (
        lambda network: edited(network, "egress_only_gateways", "eigw", vpc="peer"),
        None,
        {("web-0 (2a05:d018:1:1::10)", "internet (IPv6)", 443): (A, D)},
    ),
    "a NAT gateway has no public address": (
        lambda network: edited(network, "nat_gateways", "nat", public_address=None),
        None,
        {("store-0", "internet", 443): (A, D), ("store-0", "spoke-0", 443): (A, A)},
    ),
    "a NAT gateway is not available": (
        lambda network: edited(network, "nat_gateways", "nat", available=False),
        None,
        {("store-0", "internet", 443): (A, D), ("store-0", "spoke-0", 443): (A, D)},
    ),
    "a peering is not active": (
        lambda network: edited(network, "peerings", "pcx", active=False),
        None,
        {("store-0", "peer-0", 443): (A, D), ("peer-0", "store-0", 5556): (D, D)},
    ),
    "a peering is gone": (
        lambda network: without(network, "peerings", "pcx"),
        None,
        {("store-0", "peer-0", 443): (A, U)},
    ),
    "a transit gateway knows no references": (
        lambda network: edited(network, "transit_gateways", "tgw", references=False),
        None,
        {("web-0", "spoke-0", 443): (A, D), ("store-0", "spoke-0", 443): (A, A)},
    ),
    "an attachment has no table": (
        lambda network: edited(network, "transit_attachments", "att-vpc", table=None),
        None,
        {("web-0", "spoke-0", 443): (A, D)},
    ),
    "a firewall rule is removed": (
        lambda network: edited(network, "firewalls", "fw", stateful=minus("fw-0")),
        None,
        {
            ("any host in store", "internet (203.0.113.128/25)", 443): (D, U),
            ("any host in store", "internet (203.0.113.0/24)", 443): (U, U),
        },
    ),
    "a subnet is closed to the internet": (
        lambda network: edited(network, "subnets", "web", public_access=PublicAccess.BLOCKED),
        None,
        # Somebody behind the tunnel may still send as anybody, and gets no reply.
        {("internet", "web-0", 443): (A, H)},
    ),
    "a connection is down": (
        lambda network: edited(network, "vpn_connections", "vpn-plant", available=False),
        None,
        {("store-0", "plant (192.168.0.0/17)", 443): (A, D)},
    ),
    "an interface holds another group": (
        lambda network: edited(network, "interfaces", "store-0", security_groups=("sg-peer",)),
        None,
        {("web-0", "store-0", 5556): (H, D)},
    ),
}


def _flips(one, other):
    """Where the verdict of two proofs with the same classes differs: (from, to) and protocol."""
    return {
        (str(source), str(target), cell.protocol, cell.ports.first)
        for source in one.endpoints
        for target in one.endpoints
        if one.same_host(one.index(source)) != one.same_host(one.index(target))
        for proof in (one, other)
        for cell in proof.between(source, target)
        if one.verdict(source, target, cell.protocol, cell.ports.first)
        != other.verdict(source, target, cell.protocol, cell.ports.first)
    }


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_flips_exactly_the_cells_that_the_opinions_predict(before, name):
    first, second, expected = EDITS[name]
    base = second(before) if second else before
    after = first(base)
    one, other = prove(base, cuts=(after,)), prove(after, cuts=(base,))
    assert one.endpoints == other.endpoints
    # Both proofs are what both opinions say of every packet, so what flips between them
    # is what flips between the opinions.
    claimed = list(claims_of(other))
    assert not _contradiction(ask_bdds, base, claims_of(one))
    assert not _contradiction(ask_bdds, after, claimed)
    assert not _contradiction(ask_z3, after, claimed)
    flips = _flips(one, other)
    assert flips
    named = {each.name: each for each in one.endpoints}
    for (source, target, port), verdicts in expected.items():
        ends = named[source], named[target]
        assert (one.verdict(*ends, 6, port), other.verdict(*ends, 6, port)) == verdicts
        if verdicts[0] is not verdicts[1]:
            assert any(flip[:3] == (source, target, 6) for flip in flips)


@pytest.fixture(scope="module")
def claimed_before(before):
    return list(claims_of(prove(before)))


@pytest.mark.parametrize("name", EDITS)
def test_the_proof_before_an_edit_is_no_proof_after_it(before, claimed_before, name):
    first, second, _ = EDITS[name]
    base = second(before) if second else before
    claimed = claims_of(prove(base)) if second else claimed_before
    assert _contradiction(ask_bdds, first(base), claimed)


def _contradiction(ask, network, claimed):
    """The first thing that an opinion has against the claims; None if there is none."""
    found = (each for claims in claimed for each in ask(network, claims, limit=1).contradictions)
    return next(found, None)
