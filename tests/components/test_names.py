"""What the engine knows things by: a name that moves replaces what runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulkhead.plan import plan
from bulkhead.plan.files import locked_plan
from infra.build import build
from tests.support.topologies import HEAD, topology_from

TOPOLOGIES = Path(__file__).resolve().parents[2] / "topologies"
DEPLOYED = Path(__file__).parent / "urns"


@pytest.mark.parametrize("topology", ["locust", "trading"])
def test_what_stands_keeps_the_names_that_it_was_deployed_with(record, topology):
    """Another name is another resource: the engine would replace what carries traffic.

    A service or socket that is added here adds its lines to the file.
    """
    recording = record(lambda: build(locked_plan(TOPOLOGIES / f"{topology}.yaml")))
    deployed = (DEPLOYED / f"{topology}.txt").read_text().splitlines()
    assert sorted(each.urn for each in recording.resources) == deployed


def with_names(segment: str, service: str) -> dict:
    """Names that AWS, or a plan, also has for something of its own."""
    return {
        **HEAD,
        "segments": {segment: {"purpose": "front"}, "back": {"purpose": "back"}},
        "services": {
            service: {
                "segment": segment,
                "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
            },
            "db": {
                "segment": "back",
                "sockets": {"ask": {"type": "REP", "bind": "tcp://*:6000"}},
            },
        },
    }


@pytest.mark.parametrize("name", ["default", "main", "all", "shop", "vpc", "sg", "acl", "db"])
def test_a_name_that_the_vpc_has_too_is_built_like_any_other(record, tmp_path, name):
    service = "front" if name == "db" else name
    made = plan(topology_from(tmp_path, with_names(name, service)))
    recording = record(lambda: build(made))
    urns = [each.urn for each in recording.resources]
    assert len(set(urns)) == len(urns)
    segments = {each.name for each in recording.components if each.type.endswith(":Segment")}
    assert segments == {name, "back"}
    for kind in ("DefaultNetworkAcl", "DefaultSecurityGroup", "DefaultRouteTable"):
        assert len(recording.of(kind)) == 1


def test_services_that_are_called_like_rules_have_rules_of_their_own(record, tmp_path):
    client = {"push": {"type": "PUSH", "connect": "a.in"}}
    like_a_rule = {"push": {"type": "PUSH", "connect": "a-ingress-tcp-5000-sg-q.in"}}
    made = plan(
        topology_from(
            tmp_path,
            {
                **HEAD,
                "segments": {"left": {"purpose": "all of them"}},
                "services": {
                    "a": pulls(5000),
                    "q-ingress-tcp-1-sg-z": {"segment": "left", "sockets": client},
                    "a-ingress-tcp-5000-sg-q": pulls(1),
                    "z": {"segment": "left", "sockets": like_a_rule},
                },
            },
        )
    )
    recording = record(lambda: build(made))
    urns = [each.urn for each in recording.resources]
    assert len(set(urns)) == len(urns)


def pulls(port):
    return {
        "segment": "left",
        "sockets": {"in": {"type": "PULL", "bind": f"tcp://*:{port}"}},
    }
