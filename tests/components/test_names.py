"""What the engine knows things by: a name that moves replaces what runs."""

from __future__ import annotations

import runpy
from pathlib import Path

import pulumi
import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.support.topologies import HEAD, topology_from

PROGRAM = Path(__file__).resolve().parents[2] / "infra" / "__main__.py"
DEPLOYED = Path(__file__).parent / "urns"


@pytest.mark.parametrize("topology", ["locust", "trading"])
def test_what_stands_is_known_by_the_names_that_it_was_deployed_with(record, topology):
    """Another name is another resource: the engine would replace what carries traffic.

    A service or socket that is added here adds its lines to the file.
    """
    recording = record(lambda: run_infra(f"topologies/{topology}.yaml"))
    (fabric, *resources) = recording.resources
    assert (fabric.type, fabric.name) == ("bulkhead:network:Fabric", "bulkhead")
    before = {each.name: (each.aliases or (each.name,))[0] for each in recording.components[1:]}

    def called_before(each):
        """As the engine has it: of what is in a component by that one's alias."""
        parent = each.parent.split("::")[-1]
        own = before[each.name] if not each.custom else None
        return own or before[parent] + each.name.removeprefix(parent)

    known = sorted(f"{each.type}::{called_before(each)}" for each in resources)
    assert known == (DEPLOYED / f"{topology}.txt").read_text().splitlines()


def test_what_was_called_otherwise_before_is_known_by_that_too(record, tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    document = with_names("web", "front")
    document["services"]["front"]["was"] = "face"
    path = topology_from(tmp_path, document).file
    components = {each.name: each for each in record(lambda: run_infra(path)).components}
    assert components["bulkhead-front"].aliases == ("front", "face")


def run_infra(topology):
    pulumi.runtime.set_all_config({"bulkhead:topology": topology})
    runpy.run_path(str(PROGRAM))


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
    assert segments == {f"shop-{name}", "shop-back"}
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


def test_interfaces_that_are_called_like_rules_have_rules_of_their_own(record, tmp_path):
    """A service and an interface of another that would be called alike, were a dot but a dash."""
    several = {"interfaces": {"eth0": {}, "ingress-tcp-1": {"segment": "right"}}}
    sockets = {"in": {"type": "PULL", "bind": "tcp://ingress-tcp-1:1"}}
    client = {"push": {"type": "PUSH", "connect": ["a.in", "a-ingress-tcp-1.in"]}}
    sender = {"segment": "left", "sockets": client}
    document = {
        **HEAD,
        "segments": {"left": {"purpose": "one"}, "right": {"purpose": "other"}},
        "services": {
            "a": {"segment": "left", **several, "sockets": sockets},
            "a-ingress-tcp-1": pulls(1),
            "sg-a": sender,
            "b": sender,
            "a-ingress-tcp-1-sg-b": pulls(2),
            "b-ingress-tcp-1-sg-b": sender,
        },
    }
    recording = record(lambda: build(plan(topology_from(tmp_path, document))))
    urns = [each.urn for each in recording.resources]
    assert len(set(urns)) == len(urns)
    names = {each.name for each in recording.components if each.type.endswith(":Service")}
    assert {"shop-a", "shop-a..ingress-tcp-1", "shop-a-ingress-tcp-1"} <= names


def pulls(port):
    return {
        "segment": "left",
        "sockets": {"in": {"type": "PULL", "bind": f"tcp://*:{port}"}},
    }
