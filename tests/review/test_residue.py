"""The residue is compared where a topology says what replies are for, and else said not to be."""

from dataclasses import replace

import pytest

from bulkhead.review import Version, review
from tests.support.shop import with_entry

WIDER = "in 7 allow udp 1024-65535 10.20.0.0/16"


def plain(version):
    """The same network, of a source that declares nothing."""
    return Version(label="dump", network=version.network)


def without_names(version):
    network = version.network
    hosts = tuple(replace(each, service=None) for each in network.interfaces)
    groups = tuple(replace(each, service=None) for each in network.security_groups)
    bare = replace(network, services=(), interfaces=hosts, security_groups=groups, sites=())
    bare = replace(bare, listeners=(), vpn_connections=())
    nacl = bare.nacls[-1].id
    return Version(label="dump", network=with_entry(bare, nacl, WIDER))


@pytest.fixture
def grown(edited):
    """A topology, and one of which two services talk the other way, too."""
    return edited(
        (
            "orders: { type: REP,",
            "log: { type: PUSH, connect: web.log }\n      orders: { type: REP,",
        ),
        (
            "feed: { type: PULL,",
            'log: { type: PULL, bind: "tcp://*:5561" }\n      feed: { type: PULL,',
        ),
    )


def test_from_what_stands_to_a_topology_the_residue_is_that_of_its_flows_on_both_sides(grown):
    base, head = grown
    (step,) = review(plain(base), head).residue
    assert step == review(base, head).residue[0]
    assert review(plain(base), base).residue == ()


@pytest.mark.parametrize("planned_first", [True, False])
def test_a_network_that_names_nothing_of_the_topology_is_not_compared_and_said_so(
    edited, planned_first
):
    base, _ = edited()
    other = without_names(base)
    told = review(base, other) if planned_first else review(other, base)
    assert told.residue == ()
    assert told.residue_untold.startswith(
        "not compared: dump names no service or site of which shop declares a flow"
    )


def test_where_neither_is_a_topology_it_is_said_that_other_nacls_were_not_compared(edited):
    base, _ = edited()
    nacl = base.network.nacls[-1].id
    wider = Version(label="later", network=with_entry(base.network, nacl, WIDER))
    told = review(plain(base), wider)
    assert (told.residue, told.residue_untold[:38]) == (
        (),
        "not compared: neither side is a topolo",
    )
    assert review(plain(base), plain(base)).residue_untold == ""
