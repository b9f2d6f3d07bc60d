"""Changes of a topology at random: what people do to one, a piece at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.support.topologies import come_and_go, documents, may_come_and_go

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
    "rename a segment",
    "a segment more",
    "a site less",
    "another network of the site",
    "come and go",
    "stay",
    "plain flows",
    "IPv6",
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
    before = draw(documents(max_services=services, coming=True))
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
        case "move" if not isinstance(service.get("interfaces"), dict):
            service["segment"] = draw(st.sampled_from(sorted(segments)))
        case "rename" if "was" not in service and not name.startswith("re"):
            _rename(document, name, f"re{name}")
        case "rename a segment" if "was" not in segment:
            _rename_segment(document, segment)
        case "a segment more":
            segments[f"new{len(segments)}"] = {"purpose": "new"}
            if not isinstance(service.get("interfaces"), dict):
                service["segment"] = f"new{len(segments) - 1}"
        case "a site less":
            _disconnect(document, "venue.")
            _without_site(document)
        case "another network of the site" if "sites" in document:
            site = document["sites"]["venue"]
            site["cidrs"] = sorted({*site["cidrs"], "192.168.77.0/24"})
        case "come and go" if may_come_and_go(service):
            come_and_go(draw, document, name)
        case "stay" if {"runs-on", "interfaces"} & {*service} and _comes_and_goes(service):
            service["replicas"] = int(str(service["replicas"]).partition("..")[0])
            service.pop("runs-on", None)
            service.pop("interfaces", None)
        case "plain flows":
            _change_plain_flows(document, draw(st.sampled_from(("tcp 22", "udp 53", "icmp", ""))))
        case "IPv6" if "ipv6" not in document:
            document["ipv6"] = "amazon"
        case "another zone":
            document["zones"] = min(document["zones"] + 1, 3)
        case "more copies" | "fewer copies":
            more = 1 if kind == "more copies" else -1
            fewest, dots, most = str(service.get("replicas", 1)).partition("..")
            service["replicas"] = (
                f"{fewest}..{max(int(most) + more, int(fewest))}"
                if dots
                else max(int(fewest) + more, 1)
            )
        case "other client ports" if service.get("runs-on") != "lambda":
            service["client-ports"] = draw(st.sampled_from(("any", "linux", "windows")))
        case "quarantine":
            _cut_off(draw, document)
        case "release":
            document.pop("quarantine", None)


_OWNERS = ("services", "sites", "peers")


def _comes_and_goes(service: dict[str, Any]) -> bool:
    return "runs-on" in service or service.get("interfaces") == "none"


def _rename_segment(document: dict[str, Any], segment: dict[str, Any]) -> None:
    segments = document["segments"]
    (old,) = (name for name, said in segments.items() if said is segment)
    new = f"re{old}"
    if new in segments:
        return
    document["segments"] = {(new if name == old else name): said for name, said in segments.items()}
    segment["was"] = old
    for service in document["services"].values():
        interfaces = service.get("interfaces")
        several = interfaces.values() if isinstance(interfaces, dict) else ()
        for place in (service, *several):
            if place.get("segment") == old:
                place["segment"] = new


def _without_site(document: dict[str, Any]) -> None:
    document.pop("sites", None)
    for service in document["services"].values():
        for socket in service["sockets"].values():
            if str(socket.get("connect", "")).startswith("venue."):
                socket.pop("connect")
                socket["bind"] = "inproc://nobody"


def _change_plain_flows(document: dict[str, Any], traffic: str) -> None:
    for flow in document.get("flows", ()):
        flow["traffic"] = traffic or flow["traffic"]
    if not traffic:
        document.pop("flows", None)


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
    for flow in document.get("flows", ()):
        flow.update({end: new for end in ("from", "to") if flow[end] == old})
    for said in _sockets(document):
        if str(said.get("connect", "")).startswith(f"{old}."):
            said["connect"] = new + said["connect"].removeprefix(old)


def _disconnect(document: dict[str, Any], reference: str) -> None:
    """Nobody connects to what is gone; who has nothing left waits at home."""
    for kind in _OWNERS:
        for owner in document.get(kind, {}).values():
            owner["sockets"] = {
                name: said
                for name, said in owner.get("sockets", {}).items()
                if not _leads_to(said, reference)
            } or {"idle": {"type": "PAIR", "bind": "inproc://idle"}}
    for kind in ("sites", "peers"):
        owners = document.get(kind, {})
        for name in [name for name, said in owners.items() if "idle" in said["sockets"]]:
            del owners[name]
        if not owners:
            document.pop(kind, None)
    if "sites" not in document:
        _without_site(document)
    gone = reference.partition(".")[0]
    if reference.endswith(".") and any(
        gone in (flow["from"], flow["to"]) for flow in document.get("flows", ())
    ):
        del document["flows"]


def _leads_to(socket: dict[str, Any], reference: str) -> bool:
    to = str(socket.get("connect", ""))
    return to == reference or (reference.endswith(".") and to.startswith(reference))


def _sockets(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        socket
        for kind in _OWNERS
        for owner in document.get(kind, {}).values()
        for socket in owner.get("sockets", {}).values()
    ]
