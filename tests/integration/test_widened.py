"""A NACL whose exact entries do not fit, built: told, measured, and changed at its quota."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Checkout
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

BETWEEN = 6001
"""A port that a stranger listens on in the twin, because somebody of the segment uses it there; at
no time declared from the other segment, and between two that are."""


def crowded(ports: int) -> str:
    """A service with so many ports, none beside another, which one of another segment uses all: as
    many exact entries at both ends, and 19 fit. One gap is smaller than all others."""
    binds = ["tcp://*:6000", *(f"tcp://*:{6002 + 3 * each}" for each in range(ports - 1))]
    document: dict[str, Any] = {
        **HEAD,
        "name": "trading",
        "zones": 1,
        "nacl-overflow": "widen",
        "path-mtu-discovery": False,
        "flow-logs": {"to": "none", "why": "a test"},
        "segments": {"data": {"purpose": "-"}, "web": {"purpose": "-"}},
        "services": {
            "db": {"segment": "data", "sockets": {"ask": {"type": "REP", "bind": binds}}},
            "cache": {
                "segment": "data",
                "sockets": {"in": {"type": "PULL", "bind": f"tcp://*:{BETWEEN}"}},
            },
            "loader": {
                "segment": "data",
                "sockets": {"out": {"type": "PUSH", "connect": "cache.in"}},
            },
            "front": {
                "segment": "web",
                "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
            },
        },
    }
    return yaml.safe_dump(document, sort_keys=False)


def acls(checkout: Checkout) -> dict[str, dict[str, Any]]:
    """By name those that are not the VPC's own."""
    shown = checkout.ec2.describe_network_acls(Filters=[{"Name": "default", "Values": ["false"]}])
    return {
        next(tag["Value"] for tag in each["Tags"] if tag["Key"] == "Name"): each
        for each in shown["NetworkAcls"]
    }


def fuller(acl: dict[str, Any]) -> int:
    """Entries of the fuller direction, AWS's own among them: 20 is the quota."""
    return max(Counter(each["Egress"] for each in acl["Entries"]).values())


def test_it_is_built_as_told_and_another_takes_its_place_where_it_has_no_room(
    checkout: Checkout,
) -> None:
    checkout.topology.with_suffix(".lock.json").unlink()
    for ports, turn in ((20, ""), (21, ".2"), (20, ".3")):
        checkout.topology.write_text(crowded(ports))
        ran = checkout.stack("up")  # AWS refuses an entry too many at any moment
        assert ran.code == 0, ran.said
        held = {name: fuller(each) for name, each in acls(checkout).items()}
        assert held == {f"data{turn}": 20, f"web{turn}": 20}
    assert checkout.stack("preview", "--expect-no-changes").code == 0
    _is_told_and_measured(checkout)
    _what_somebody_adds_is_found(checkout)


def _is_told_and_measured(checkout: Checkout) -> None:
    drilled = checkout.bulkhead("drill", "aws", "--for", checkout.topology, "--json")
    assert drilled.code == 0, drilled.said
    answer = json.loads(drilled.out)
    assert answer["check"]["verdict"] == "as declared"
    assert answer["disagreements"] == []
    wide = [each for each in answer["check"]["residue"] if each["kind"] == "widened"]
    assert [each["ports"] for each in wide] == [[BETWEEN, BETWEEN]]
    measured = {
        (each["from"]["kind"], each["to"]["kind"], each["measured"])
        for each in answer["measurements"]
        if each["port"] == BETWEEN
        and each["from"]["name"] in ("front-1", "stranger@web-eu-west-1a")
    }
    assert ("stranger", "stranger", "allowed") in measured
    assert {each for each in measured if each[2] == "allowed"} == {
        ("stranger", "stranger", "allowed")
    }


def _what_somebody_adds_is_found(checkout: Checkout) -> None:
    acl = acls(checkout)["data.3"]
    wider = next(
        each for each in acl["Entries"] if not each["Egress"] and each["RuleAction"] == "allow"
    )
    checkout.ec2.replace_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        **{**wider, "PortRange": {"From": 22, "To": 22}},
    )
    judged = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert judged.code == 1, judged.said
    assert "data.3" in judged.said
    assert "22" in judged.said
