"""What the policy pack adds to a preview: every question that an engine asks of it, answered.

The pack is a process of its own, started and asked as the engine does it: over gRPC, twice of each
resource, and once of all. Beside it stands a pack of one policy that says nothing, asked the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as rpc
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerStub

from bench.clock import CHECKOUT, of_children

PACK = Path(__file__).resolve().parent.parent / "policy"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK = "urn:pulumi:dev::fleet"
PROVIDER = f"{STACK}::pulumi:providers:aws::default"
PER_SERVICE = 4
"""A group, its rule, its neighbour's rule, and an interface."""
PUBLIC = 10
"""One service of so many has a public address, and a port for everybody."""


def preview(resources: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Type, name and inputs of a fleet in which each service asks the next, yet to be made.

    A value that is a tuple is the id of the resource of that URN.
    """
    vpc = _urn("aws:ec2/vpc:Vpc", "main")
    yield "aws:ec2/vpc:Vpc", "main", {"cidrBlock": "10.0.0.0/8"}
    services = resources // PER_SERVICE
    gateway, table = (
        _urn("aws:ec2/internetGateway:InternetGateway", "way-out"),
        _urn("aws:ec2/routeTable:RouteTable", "table"),
    )
    yield "aws:ec2/internetGateway:InternetGateway", "way-out", {"vpcId": (vpc,)}
    way_out = {"cidrBlock": "0.0.0.0/0", "gatewayId": (gateway,)}
    yield "aws:ec2/routeTable:RouteTable", "table", {"vpcId": (vpc,), "routes": [way_out]}
    for number in range(0, services, 100):
        tied = {
            "subnetId": (_urn("aws:ec2/subnet:Subnet", f"place-{number // 100}"),),
            "routeTableId": (table,),
        }
        kind = "aws:ec2/routeTableAssociation:RouteTableAssociation"
        yield kind, f"place-{number // 100}", tied
        block = {"vpcId": (vpc,), "cidrBlock": f"10.{number // 100}.0.0/16"}
        yield "aws:ec2/subnet:Subnet", f"place-{number // 100}", block
    group = "aws:ec2/securityGroup:SecurityGroup"
    for number in range(services):
        own, next_ = ((_urn(group, f"service-{each % services}"),) for each in (number, number + 1))
        port = {"ipProtocol": "tcp", "fromPort": 5556, "toPort": 5556}
        yield group, f"service-{number}", {"vpcId": (vpc,), "name": f"service-{number}"}
        for way, one, other in (("Ingress", next_, own), ("Egress", own, next_)):
            rule = f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule"
            peer = {"securityGroupId": one, "referencedSecurityGroupId": other}
            yield rule, f"{way}-{number}", {**port, **peer}
        subnet = _urn("aws:ec2/subnet:Subnet", f"place-{number // 100}")
        host = {"subnetId": (subnet,), "securityGroups": [own]}
        interface = "aws:ec2/networkInterface:NetworkInterface"
        yield interface, f"host-{number}", host
        if number % PUBLIC == 0:
            held = (_urn(interface, f"host-{number}"),)
            yield "aws:ec2/eip:Eip", f"public-{number}", {"networkInterface": held}
            world = {
                **port,
                "fromPort": 443,
                "toPort": 443,
                "securityGroupId": own,
                "cidrIpv4": "0.0.0.0/0",
            }
            rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
            yield rule, f"public-{number}", world


def asked(resources: int, pack: Path = PACK) -> float:
    """Milliseconds of a processor that a pack takes for one preview, from its start to its end."""
    single, every = _requests(resources)
    before = of_children()
    started = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(pack)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{CHECKOUT}:{PACK}"},
    )
    with started:
        try:
            port = int(next(iter(started.stdout or ())))
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                _ask(AnalyzerStub(channel), single, every)
        finally:
            started.terminate()
    return of_children() - before


def empty(folder: Path) -> Path:
    """A pack that pulumi-policy serves, of one policy that says nothing."""
    (folder / "__main__.py").write_text(
        "from pulumi_policy import PolicyPack, StackValidationPolicy\n"
        "def validate(args, report): pass\n"
        "nothing = StackValidationPolicy('nothing', 'It says nothing.', validate)\n"
        "PolicyPack('empty', policies=[nothing])\n"
    )
    return folder


def _ask(pack: AnalyzerStub, single: list[Any], every: Any) -> None:
    """In the engine's order: what it is, each resource, all of them."""
    pack.GetAnalyzerInfo(empty_pb2.Empty())
    for each in single:
        with suppress(grpc.RpcError):  # the engine goes on where a pack remedies nothing
            pack.Remediate(each)
        pack.Analyze(each)
    pack.AnalyzeStack(every)


def _requests(resources: int) -> tuple[list[Any], Any]:
    """What the engine sends: a request of each resource, and one of all."""
    single, every = [], []
    provider = rpc.AnalyzerProviderResource(
        urn=PROVIDER, properties=_struct({"region": "eu-west-1"})
    )
    for token, name, inputs in preview(resources):
        told = {
            "type": token,
            "urn": _urn(token, name),
            "name": name,
            "properties": _struct(_shown(inputs)),
            "provider": provider,
        }
        single.append(rpc.AnalyzeRequest(**told))
        depends = {key: urns for key, value in inputs.items() if (urns := list(_urns(value)))}
        every.append(
            rpc.AnalyzerResource(
                propertyDependencies={
                    key: rpc.AnalyzerPropertyDependencies(urns=urns)
                    for key, urns in depends.items()
                },
                **told,
            )
        )
    return single, rpc.AnalyzeStackRequest(resources=every)


def _urn(token: str, name: str) -> str:
    return f"{STACK}::{token}::{name}"


def _shown(value: Any) -> Any:
    match value:
        case tuple():
            return UNKNOWN
        case Mapping():
            return {key: _shown(each) for key, each in value.items()}
        case list():
            return [_shown(each) for each in value]
        case _:
            return value


def _urns(value: Any) -> Iterator[str]:
    match value:
        case tuple():
            yield from value
        case list():
            for each in value:
                yield from _urns(each)
        case Mapping():
            for each in value.values():
                yield from _urns(each)


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())
