"""Every preset is one that anybody could have written, and a network of it is as declared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulkhead.intent.presets import Preset, PresetRole, preset_called, preset_names
from bulkhead.intent.presets.catalogue import role_called
from bulkhead.intent.presets.others import ALSO_CALLED, SAY_THEMSELVES, SPEAK_OTHERWISE
from bulkhead.intent.presets.page import listing, page
from bulkhead.intent.sockets import SocketType
from bulkhead.judge import judge
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support.topologies import HEAD, topology_from

ROOT = Path(__file__).resolve().parents[3]
EVERY = [preset_called(name) for name in preset_names()]
ROLES = [role for preset in EVERY for role in preset.roles.values()]

each_preset = pytest.mark.parametrize("preset", EVERY, ids=lambda each: each.name)
each_role = pytest.mark.parametrize("role", ROLES, ids=lambda each: each.reference)


@each_preset
def test_a_topology_that_plays_all_its_roles_is_built_as_declared(
    preset: Preset, tmp_path: Path
) -> None:
    def played(role: PresetRole) -> dict[str, object]:
        meets_itself = any(
            role.name == other for each in role.sockets for other, _ in role.meets(each)
        )
        return {
            "segment": role.name,
            "use": role.reference,
            "replicas": 2 if meets_itself else 1,
        }

    segments = {role: {"purpose": "one role"} for role in preset.roles}
    services = {name: played(role) for name, role in preset.roles.items()}
    topology = topology_from(tmp_path, {**HEAD, "segments": segments, "services": services})
    wired = {(each.client, each.client_socket.name) for each in topology.connections}
    assert wired == {
        (role.name, socket)
        for role in preset.roles.values()
        for socket in role.sockets
        if role.meets(socket)
    }
    planned = plan(topology)
    assert judge(prove(planned.network), planned.declaration).ok


@each_role
def test_whoever_speaks_zmtp_says_how_it_is_secured(role: PresetRole) -> None:
    """Else a default of the topology would claim CURVE for an application that has none."""
    for name, socket in role.sockets.items():
        kind = SocketType(socket["type"])
        assert socket["why"], name
        assert ("mechanism" in socket) or not kind.speaks_zmtp, name


@each_role
def test_whom_a_role_meets_is_there_and_waits(role: PresetRole) -> None:
    preset = preset_called(role.preset)
    for socket in role.sockets:
        for other, there in role.meets(socket):
            assert "bind" in preset.roles[other].sockets[there]


@each_preset
def test_what_a_preset_says_can_be_traced(preset: Preset) -> None:
    assert re.match(r"https://\S+$", preset.source)
    assert preset.version
    assert preset.seen
    assert len(preset.roles) > 1, "then its name alone would be ambiguous in another way"


def test_a_preset_is_of_no_name_that_is_said_to_have_none() -> None:
    assert not {*SPEAK_OTHERWISE, *SAY_THEMSELVES} & {*preset_names()}


def test_the_page_is_what_the_presets_say() -> None:
    """Write it anew with `make schema`."""
    assert (ROOT / "docs" / "presets.md").read_text() == page()


def test_the_list_names_every_role() -> None:
    for role in ROLES:
        assert re.search(rf"\b{role.name}\b", listing())
        assert role_called(role.reference) == role


def test_what_is_called_otherwise_leads_to_a_preset_that_there_is() -> None:
    assert {*ALSO_CALLED.values()} <= {*preset_names()}
    assert not {*ALSO_CALLED} & {*preset_names(), *SPEAK_OTHERWISE, *SAY_THEMSELVES}
