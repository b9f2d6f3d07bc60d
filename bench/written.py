"""A fleet as somebody writes it: a topology of any size, an edit, and a repository of both."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench.fleets import SEGMENT, Member
from bulkhead.intent.load import topology_of
from bulkhead.network.quotas import DEFAULTS
from bulkhead.plan import Plan, plan
from bulkhead.plan.files import locked_plan, save_lock
from bulkhead.review import Version

_HEAD = "name: fleet\nregion: eu-west-1\ncidr: 10.0.0.0/16\nzones: 1\n"
_MOST_SEGMENTS = 64
_GIT = ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.org")


def fleet(services: int) -> str:
    """The topology of `fleets.build`: four flows a service, 25 services to a segment."""
    segments = range(-(-services // SEGMENT))
    parts = [f"  s{each}: {{ purpose: part {each} }}\n" for each in segments]
    members = [_service(Member(number, services)) for number in range(services)]
    return f"{_HEAD}segments:\n{''.join(parts)}services:\n{''.join(members)}"


def _service(member: Member) -> str:
    sockets = "".join(
        f"      out{number}: {{ type: PUSH, connect: {each.name}.in }}\n"
        for number, each in enumerate(member.servers)
    )
    return (
        f"  {member.name}:\n    segment: s{member.segment}\n    sockets:\n"
        f'      in: {{ type: PULL, bind: "tcp://*:5556" }}\n{sockets}'
    )


def wide(services: int) -> str:
    """One socket that ten others connect to, of every service: ten flows a service. Of very many
    more are in a segment, for a /16 has room for 64, and the account may have more groups."""
    inside = max(SEGMENT, -(-services // _MOST_SEGMENTS))
    parts = [f"  s{each}: {{ purpose: part {each} }}\n" for each in range(-(-services // inside))]
    members = "".join(
        f"  svc{number}:\n    segment: s{number // inside}\n    sockets:\n"
        f'      in: {{ type: PULL, bind: "tcp://*:5556" }}\n'
        f"      out: {{ type: PUSH, connect: [{_ten_others(number, services)}] }}\n"
        for number in range(services)
    )
    more = services >= DEFAULTS.groups_per_region
    quotas = f"quotas: {{ groups-per-region: {services + 1} }}\n" if more else ""
    return f"{_HEAD}{quotas}segments:\n{''.join(parts)}services:\n{members}"


def _ten_others(number: int, services: int) -> str:
    return ", ".join(f"svc{(number + step) % services}.in" for step in range(1, 11))


def edited(text: str) -> str:
    """Another port of one socket, and one replica more of another service."""
    other_port = text.replace("*:5556", "*:5557", 1)
    return other_port.replace("  svc9:\n", "  svc9:\n    replicas: 2\n", 1)


def planned(services: int) -> tuple[Plan, Plan]:
    """The fleet, and its edit with the lock that the fleet left."""
    text = fleet(services)
    before = plan(topology_of("fleet.yaml", text.encode()))
    return before, plan(topology_of("fleet.yaml", edited(text).encode()), before.lock)


def version(label: str, found: Plan) -> Version:
    """One side of a review."""
    return Version(
        label=label,
        network=found.network,
        origins=found.origins,
        declaration=found.declaration,
        words=found.words,
    )


def repository(services: int, folder: Path) -> Path:
    """The topology in a repository of git: its HEAD is the edit, HEAD~1 the fleet."""
    folder.mkdir()
    file = folder / "fleet.yaml"
    _git(folder, "init", "-q")
    for text in (fleet(services), edited(fleet(services))):
        file.write_text(text)
        save_lock(file, locked_plan(file))
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", "as written")
    return file


def _git(folder: Path, *words: str) -> None:
    subprocess.run([*_GIT, *words], cwd=folder, check=True, capture_output=True)
