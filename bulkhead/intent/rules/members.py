"""Services whose copies come and go, and the interfaces with them: what cannot be said of such.

An autoscaling group, ECS, EKS and Lambda make the interfaces, at any free address of the subnets
that they are given; no copy has a number or an address that anybody knows before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.written import WrittenService, WrittenTopology
from bulkhead.intent.written.interface import NoInterfaces
from bulkhead.intent.written.service import OF_HOSTS
from bulkhead.intent.wrong import alternatives, quoted

_OF_FUNCTIONS: Final = ("tcp", "ws", "wss", "udp")
"""Transports of a network over which a function sends
(docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html; aws.amazon.com/lambda/faqs: "outbound
network connections only TCP/IP and UDP/IP sockets are supported")."""


def judge_members(
    written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain
) -> None:
    """Nothing is said of them that needs an interface of ours, a number, or a host."""
    clusters: dict[str, str] = {}
    for name, service in (written.services or {}).items():
        if service is not None and service.comes_and_goes:
            _judge_service(name, service, complain)
        if service is not None and service.cluster:
            _judge_cluster(name, service, clusters.setdefault(service.cluster, name), complain)
    for end in ends_of(owners):
        if end.owner.comes_and_goes:
            _judge_socket(end, complain)


def _judge_service(name: str, service: WrittenService, complain: Complain) -> None:
    path = ("services", name)
    if service.interfaces and not isinstance(service.interfaces, NoInterfaces):
        what = (
            f"service {name} runs on {service.runs_on}, which makes its interfaces, and names some"
        )
        complain((*path, "interfaces"), what, "write interfaces: none, or remove runs-on:")
    for key in OF_HOSTS if service.is_function else ():
        if key.replace("-", "_") in service.model_fields_set:
            what = f"service {name} runs on lambda, and {key}: is of hosts"
            complain((*path, key), what, "remove it: functions ask from any of 1024-65535")


def _judge_cluster(name: str, service: WrittenService, first: str, complain: Complain) -> None:
    """A control plane is of one cluster, and EKS runs it."""
    path = ("services", name, "cluster")
    if service.runs_on != "eks":
        what = f"service {name} is the control plane of cluster {service.cluster}, and does not run"
        complain(path, f"{what} on eks", "write runs-on: eks, or remove cluster:")
    if first != name:
        what = f"service {name} is the control plane of cluster {service.cluster}, and so is "
        complain(path, f"{what}{first}", "name another cluster, or remove one of the two")


def _judge_socket(end: End, complain: Complain) -> None:
    for index, endpoint in enumerate(end.bind):
        path = (*end.path, "bind", index)
        if endpoint.each_copy:
            what = f"{end.reference} binds a port of each copy, and the copies of {end.owner.noun} "
            what += "come and go: none has a number"
            complain(path, what, "bind one port, the same for all")
        elif end.owner.is_function and endpoint.on_network:
            # aws.amazon.com/lambda/faqs: "inbound network connections are blocked by AWS Lambda"
            what = (
                f"{end.reference} binds {quoted(endpoint.text)} in a function of Lambda: AWS lets "
            )
            what += "nobody in there"
            complain(path, what, "let it connect, and bind the other end")


def judge_functions(wires: Iterable[Wire], complain: Complain) -> None:
    """Of each client that is a function: AWS carries what it sends."""
    told: set[str] = set()
    for wire in wires:
        client = wire.client
        if not (client.owner.is_function and wire.endpoints) or client.reference in told:
            continue
        if wire.transport not in _OF_FUNCTIONS:
            told.add(client.reference)
            what = f"{client.reference} connects over {wire.transport} from a function of Lambda, "
            what += "which sends TCP and UDP alone"
            complain(wire.path, what, f"use {alternatives(_OF_FUNCTIONS)}")
