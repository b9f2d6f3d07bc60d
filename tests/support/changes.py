"""Changes of a topology at random: what people do to one, a piece at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.support.topologies import documents

KINDS = (
    "nothing",
    "another service",
    "a service less",
    "another port",
    "a socket less",
    "a connection less",
    "isolate",
    "join",
    "move",
    "rename",
    "another zone",
    "more copies",
    "fewer copies",
    "other client ports",
    "quarantine",
    "release",
)


@st.composite
def changes(draw: st.DrawFn, most: int = 3, services: int = 5) -> tuple[dict[str, Any], ...]:
    """A topology, and the same after one to `most` changes."""
    before = draw(documents(max_services=services))
    if draw(st.booleans()):
        _cut_off(draw, before)
    after = deepcopy(before)
    for _ in range(draw(st.integers(1, most))):
        _change(draw, after, draw(st.sampled_from(KINDS)))
    for name in {*after.get("quarantine", ())} - {*after["services"]}:
        after["quarantine"].remove(name)
    if not after.get("quarantine"):
        after.pop("quarantine", None)
    return before, after


def _change(draw: st.DrawFn, document: dict[str, Any], kind: str) -> None:
    services, segments = document["services"], document["segments"]
    name = draw(st.sampled_from(sorted(services)))
    service = services[name]
    segment = segments[draw(st.sampled_from(sorted(segments)))]
    sockets = service["sockets"]
    match kind:
        case "another service":
            other = f"new{len(services)}"
            port = draw(st.integers(5000, 5099))
            services[other] = {
                "segment": draw(st.sampled_from(sorted(segments))),
                "replicas": draw(st.integers(1, 3)),
                "sockets": {"in0": {"type": "PULL", "bind": f"tcp://*:{port}"}},
            }
            sockets[f"to-{other}"] = {"type": "PUSH", "connect": f"{other}.in0"}
        case "a service less" if len(services) > 1:
            del services[name]
            _disconnect(document, f"{name}.")
        case "another port":
            for socket in sockets.values():
                if str(socket.get("bind", "")).startswith("tcp://*:50"):
                    socket["bind"] = f"tcp://*:{draw(st.integers(5200, 5299))}"
                    break
        case "a socket less" if len(sockets) > 1:
            socket = draw(st.sampled_from(sorted(sockets)))
            del sockets[socket]
            _disconnect(document, f"{name}.{socket}")
        case "a connection less":
            for socket, said in sockets.items():
                if "connect" in said and "bind" not in said and len(sockets) > 1:
                    del sockets[socket]
                    break
        case "isolate" | "join":
            segment["isolation"] = "service" if kind == "isolate" else "segment"
        case "move" if "interfaces" not in service:
            service["segment"] = draw(st.sampled_from(sorted(segments)))
        case "rename" if "was" not in service and not name.startswith("re"):
            _rename(document, name, f"re{name}")
        case "another zone":
            document["zones"] = min(document["zones"] + 1, 3)
        case "more copies":
            service["replicas"] = service.get("replicas", 1) + 1
        case "fewer copies":
            service["replicas"] = max(service.get("replicas", 1) - 1, 1)
        case "other client ports":
            service["client-ports"] = draw(st.sampled_from(("any", "linux", "windows")))
        case "quarantine":
            _cut_off(draw, document)
        case "release":
            document.pop("quarantine", None)


def _cut_off(draw: st.DrawFn, document: dict[str, Any]) -> None:
    name = draw(st.sampled_from(sorted(document["services"])))
    document["quarantine"] = sorted({*document.get("quarantine", ()), name})


def _rename(document: dict[str, Any], old: str, new: str) -> None:
    services = document["services"]
    document["services"] = {(new if name == old else name): said for name, said in services.items()}
    document["services"][new]["was"] = old
    cut_off = document.get("quarantine", ())
    if cut_off:
        document["quarantine"] = [new if each == old else each for each in cut_off]
    for said in _sockets(document):
        if str(said.get("connect", "")).startswith(f"{old}."):
            said["connect"] = new + said["connect"].removeprefix(old)


def _disconnect(document: dict[str, Any], reference: str) -> None:
    """Nobody connects to what is gone; who has nothing left waits at home."""
    for kind in ("services", "sites"):
        for owner in document.get(kind, {}).values():
            owner["sockets"] = {
                name: said
                for name, said in owner.get("sockets", {}).items()
                if not _leads_to(said, reference)
            } or {"idle": {"type": "PAIR", "bind": "inproc://idle"}}
    sites = document.get("sites", {})
    for name in [name for name, said in sites.items() if "idle" in said["sockets"]]:
        del sites[name]
    if not sites:
        document.pop("sites", None)
        for said in _sockets(document):
            if str(said.get("connect", "")).startswith("venue."):
                said.pop("connect")
                said["bind"] = "inproc://nobody"


def _leads_to(socket: dict[str, Any], reference: str) -> bool:
    to = str(socket.get("connect", ""))
    return to == reference or (reference.endswith(".") and to.startswith(reference))


def _sockets(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        socket
        for kind in ("services", "sites")
        for owner in document.get(kind, {}).values()
        for socket in owner.get("sockets", {}).values()
    ]
