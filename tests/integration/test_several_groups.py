"""A service that comes to need more rules than a group holds: AWS counts them as the plan did."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.integration.conftest import Checkout
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

PORTS = [f"tcp://*:{6000 + 2 * each}" for each in range(12)]


def hub(clients: int) -> dict[str, Any]:
    """A rule for each port of each client: of five as many as a group holds."""
    ask = {"ask": {"type": "REQ", "connect": "hub.ask"}}
    return {
        **HEAD,
        "name": "trading",
        "zones": 1,
        "flow-logs": {"to": "none", "why": "a test"},
        "segments": {"data": {"purpose": "-"}, "web": {"purpose": "-"}},
        "services": {
            "hub": {"segment": "data", "sockets": {"ask": {"type": "REP", "bind": PORTS}}},
            **{f"web{each}": {"segment": "web", "sockets": ask} for each in range(clients)},
        },
    }


def rules(checkout: Checkout) -> dict[str, str]:
    """By id the group that each rule is in."""
    pages = checkout.ec2.get_paginator("describe_security_group_rules").paginate()
    return {
        each["SecurityGroupRuleId"]: each["GroupId"]
        for page in pages
        for each in page["SecurityGroupRules"]
    }


def test_it_gets_a_second_group_in_place_no_rule_moves_and_the_account_is_as_declared(
    checkout: Checkout,
) -> None:
    checkout.topology.with_suffix(".lock.json").unlink()
    standing: dict[str, str] = {}
    for clients, groups in ((5, 1), (6, 2)):
        checkout.topology.write_text(yaml.safe_dump(hub(clients), sort_keys=False))
        ran = checkout.stack("up")
        assert ran.code == 0, ran.said
        now = rules(checkout)
        assert standing.items() <= now.items()
        standing = now
        hubs = checkout.tagged("describe_network_interfaces", "NetworkInterfaces", Name="hub-1")
        assert len(hubs["Groups"]) == groups
    judged = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert judged.code == 0, judged.said
    assert "AS DECLARED" in judged.said


def test_a_hub_comes_to_name_a_group_that_its_clients_share_and_the_account_is_as_declared(
    checkout: Checkout,
) -> None:
    """From three full groups on: a fourth takes the place of one, and nobody is shut out."""
    checkout.topology.with_suffix(".lock.json").unlink()
    for clients, held in ((9, 1), (10, 2), (10, 2)):
        document = hub(clients)
        document["services"]["hub"]["sockets"]["ask"]["bind"] = PORTS[:1]
        document["quotas"] = {"rules-per-group": 3, "groups-per-interface": 3}
        checkout.topology.write_text(yaml.safe_dump(document, sort_keys=False))
        ran = checkout.stack("up")
        assert ran.code == 0, ran.said
        newest = f"web{clients - 1}-1"
        client = checkout.tagged("describe_network_interfaces", "NetworkInterfaces", Name=newest)
        assert len(client["Groups"]) == held
    assert checkout.stack("preview", "--expect-no-changes").code == 0
    judged = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert judged.code == 0, judged.said
    assert "AS DECLARED" in judged.said
