"""A table of edits, each with exactly the resources that it may touch: nothing else moves.

What each edit touches is in a file of `edits/`: a line that comes or goes there is a change to what
stands at people's, and the changelog says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from bulkhead.components.fabric import build
from bulkhead.intent.load import topology_of
from bulkhead.plan import Lock, Plan, plan
from tests.components.conftest import Recording
from tests.support.topologies import HEAD
from tests.support.touched import ZONE_IDS, touched

Document = dict[str, Any]
LIST = "pl-0123456789abcdef0"


def peer(port: int) -> Document:
    sockets = {"in": {"type": "PULL", "bind": f"tcp://*:{port}", "mechanism": "CURVE"}}
    return {"owner": "the venue", "sockets": sockets}


def out(to: str) -> Document:
    exposure = {"why": "orders go out", "owner": "desk"}
    return {"type": "PUSH", "connect": to, "mechanism": "CURVE", "exposure": exposure}


BEFORE: Document = {
    **HEAD,
    "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
    "services": {
        "ticker": {
            "segment": "feed",
            "sockets": {"ticks": {"type": "PUB", "bind": "tcp://*:5556"}},
        },
        "reader": {
            "segment": "desk",
            "sockets": {"ticks": {"type": "SUB", "connect": "ticker.ticks"}},
        },
        "router": {"segment": "desk", "sockets": {"out": out("venue.in")}},
        "bastion": {"segment": "desk"},
    },
    "peers": {"venue": {**peer(6001), "prefix-list": LIST}},
    "flows": [
        {"name": "login", "from": "bastion", "to": "ticker", "traffic": "tcp 22", "why": "care"}
    ],
}
HELD, OTHER = ("198.51.100.0/28",), ("203.0.113.0/28",)


def lists(*cidrs: str) -> Mapping[str, tuple[Any, ...]]:
    return {LIST: tuple(map(ip_network, cidrs))}


NEW = Lock(topology="shop", first=True, lists=lists(*HELD))


def planned(document: Document, lock: Lock) -> Plan:
    return plan(
        topology_of("topology.yaml", yaml.safe_dump(document, sort_keys=False).encode()), lock
    )


def made(record: Callable[..., Recording], found: Plan) -> Recording:
    return record(lambda: build(found))


Edit = Callable[[Document], None]
EXPECTED = Path(__file__).parent / "edits"


def nothing(document: Document) -> None:
    """As it is."""


def another_port(document: Document) -> None:
    document["services"]["ticker"]["sockets"]["ticks"]["bind"] = "tcp://*:5557"


def a_socket_more(document: Document) -> None:
    services = document["services"]
    services["ticker"]["sockets"]["more"] = {"type": "PUB", "bind": "tcp://*:5600"}
    services["reader"]["sockets"]["more"] = {"type": "SUB", "connect": "ticker.more"}


def a_service_more(document: Document) -> None:
    document["services"]["spare"] = {"segment": "desk"}


def a_service_less(document: Document) -> None:
    del document["services"]["bastion"], document["flows"]


def a_copy_more(document: Document) -> None:
    document["services"]["reader"]["replicas"] = 2


def a_service_renamed(document: Document) -> None:
    services = document["services"]
    services["feeder"] = {**services.pop("ticker"), "was": "ticker"}
    services["reader"]["sockets"]["ticks"]["connect"] = "feeder.ticks"
    document["flows"][0]["to"] = "feeder"


def a_segment_renamed(document: Document) -> None:
    document["segments"]["prices"] = {**document["segments"].pop("feed"), "was": "feed"}
    document["services"]["ticker"]["segment"] = "prices"


def a_segment_isolated(document: Document) -> None:
    document["segments"]["feed"]["isolation"] = "service"


def a_purpose_said(document: Document) -> None:
    document["services"]["reader"]["purpose"] = "shows prices"


def a_zone_more(document: Document) -> None:
    document["zones"] = 3


def zones_by_id(document: Document) -> None:
    document["zones"] = {id_: {"was": name} for name, id_ in ZONE_IDS.items()}


def zonal_nat(document: Document) -> None:
    document["nat"] = "zonal"


def a_smaller_mtu(document: Document) -> None:
    document["services"]["reader"]["mtu"] = 1500


def no_path_mtu_discovery(document: Document) -> None:
    document["path-mtu-discovery"] = False


def quarantine(document: Document) -> None:
    document["quarantine"] = [{"service": "ticker", "responder": "bastion"}]


def other_retention(document: Document) -> None:
    document["flow-logs"] = {"retention": 90}


def a_service_of_aws(document: Document) -> None:
    document["services"]["reader"]["needs"] = ["s3"]


def a_smaller_quota_of_rules(document: Document) -> None:
    document["quotas"] = {"rules-per-group": 1}


def dual_stack(document: Document) -> None:
    document["ipv6"] = "amazon"


def a_peer_of_ipv6(document: Document) -> None:
    document["peers"]["six"] = {**peer(6002), "addresses": ["2001:db8:77::/64"]}
    document["services"]["router"]["sockets"]["six"] = out("six.in")


def a_full_acl(document: Document) -> None:
    del document["peers"], document["services"]["router"]
    document["quotas"] = {"entries-per-acl": 3}


def widened(document: Document) -> None:
    document["nacl-overflow"] = "widen"
    a_socket_more(document)


EDITS: Mapping[str, tuple[Edit, Edit]] = {
    **{
        each.__name__.replace("_", "-"): (nothing, each)
        for each in (
            nothing,
            another_port,
            a_socket_more,
            a_service_more,
            a_service_less,
            a_copy_more,
            a_service_renamed,
            a_segment_renamed,
            a_segment_isolated,
            a_purpose_said,
            a_zone_more,
            zones_by_id,
            zonal_nat,
            a_smaller_mtu,
            no_path_mtu_discovery,
            quarantine,
            other_retention,
            a_service_of_aws,
            a_smaller_quota_of_rules,
            dual_stack,
        )
    },
    "egress-only-for-a-peer": (dual_stack, a_peer_of_ipv6),
    "a-full-acl-widened": (a_full_acl, widened),
}
"""What was there before, and what is written then, beside what there was."""


def edited(*edits: Edit) -> Document:
    document = deepcopy(BEFORE)
    for each in edits:
        each(document)
    return document


def expected(name: str) -> set[str]:
    return {*(EXPECTED / f"{name}.txt").read_text().splitlines()}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_touches_exactly_what_it_has_to(record, name):
    base, edit = EDITS[name]
    before = planned(edited(base), NEW)
    after = planned(edited(base, edit), before.lock)
    assert touched(made(record, before).resources, made(record, after)) == expected(name)


LISTED = {"a-network-more-in-a-list": (*HELD, "203.0.113.0/28"), "another-in-a-list": OTHER}


@pytest.mark.parametrize("name", LISTED)
def test_what_a_prefix_list_comes_to_mean_touches_what_names_it_alone(record, name):
    before = planned(BEFORE, NEW)
    after = planned(BEFORE, replace(before.lock, lists=lists(*LISTED[name])))
    assert touched(made(record, before).resources, made(record, after)) == expected(name)


def test_every_file_is_of_an_edit():
    assert {each.stem for each in EXPECTED.iterdir()} == {*EDITS, *LISTED}
