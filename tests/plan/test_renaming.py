"""`was: old-name`: what is called otherwise stays where it is."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.test_planner import planned

SHOP = {
    "name": "shop",
    "region": "eu-west-1",
    "cidr": "10.20.0.0/16",
    "zones": 2,
    "segments": {
        "web": {"purpose": "faces people"},
        "db": {"purpose": "keeps what is kept", "isolation": "service"},
    },
    "sites": {
        "office": {"cidrs": ["192.168.10.0/24"], "gateway": {"address": "203.0.113.10"}},
        "bank": {
            "cidrs": ["192.168.20.0/24"],
            "gateway": {"address": "203.0.113.20"},
            "sockets": {"ask": {"type": "REQ", "connect": "store.answer"}},
        },
    },
    "services": {
        "front": {
            "segment": "web",
            "replicas": 3,
            "sockets": {"ask": {"type": "REQ", "connect": "store.answer"}},
        },
        "books": {"segment": "db", "sockets": {}},
        "store": {
            "segment": "db",
            "sockets": {"answer": {"type": "REP", "bind": "tcp://*:5556"}},
        },
    },
}
NAMES = [("segments", "web"), ("segments", "db"), ("sites", "bank")] + [
    ("services", name) for name in SHOP["services"]
]


def called(document, kind, old, new):
    """The same, with one thing called otherwise, wherever it is spoken of."""
    changed = deepcopy(document)
    changed[kind] = {new if name == old else name: of for name, of in changed[kind].items()}
    changed[kind][new]["was"] = old
    for service in changed["services"].values():
        if kind == "segments" and service["segment"] == old:
            service["segment"] = new
    if kind == "services":
        for owner in (*changed["services"].values(), *changed["sites"].values()):
            for socket in owner.get("sockets", {}).values():
                if "connect" in socket:
                    socket["connect"] = socket["connect"].replace(f"{old}.", f"{new}.")
    return changed


def places(plan):
    """All that is where it is: prefixes, addresses, numbers, tunnels."""
    network = plan.network
    return (
        sorted(str(each.cidr) for each in network.subnets),
        sorted(str(each.address) for each in network.interfaces),
        sorted(str(entry) for acl in network.nacls for entry in acl.entries),
        sorted(
            str(tunnel.inside_cidr) for each in network.vpn_connections for tunnel in each.tunnels
        ),
    )


@given(st.lists(st.sampled_from(NAMES), unique=True))
def test_whatever_is_renamed_stays_where_it_is(renamed):
    document = deepcopy(SHOP)
    before = planned(document)
    for kind, name in renamed:
        document = called(document, kind, name, f"new-{name}")
    after = planned(document, before.lock)
    assert places(after) == places(before)
    again = planned(document, after.lock)
    assert again == after


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_once_it_is_built_the_line_may_go(kind, name):
    document = called(SHOP, kind, name, "other")
    after = planned(document, planned(SHOP).lock)
    del document[kind]["other"]["was"]
    assert places(planned(document, after.lock)) == places(after)


def test_components_know_what_they_were_called():
    document = called(called(SHOP, "segments", "db", "data"), "services", "store", "depot")
    assert planned(document, planned(SHOP).lock).former == {
        ("segment", "data.books"): ("db.books",),
        ("segment", "data.depot"): ("data.store", "db.depot", "db.store"),
        ("service", "depot"): ("store",),
    }
