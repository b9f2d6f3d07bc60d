"""What services need of AWS, and by which endpoints of the VPC they get it.

S3 and DynamoDB are reached by a route (`gateway_endpoints`). For all others interfaces of AWS stand
in a segment of their own: an endpoint is planned as a service of that segment, with a group of its
own and one interface in each zone, so that everything that is true of services is true of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.intent import Segment, Service, Topology
from bulkhead.network import TCP, Flow, Listener
from bulkhead.network.aws_services import HTTPS, STAND_INS, called

SEGMENT: Final = "AWS"
"""Where interfaces of endpoints are: a name that no segment of a topology can have."""

_BY_INTERFACE: Final[Mapping[str, Mapping[str, str]]] = {
    "ssm": {"ssm": "ssm", "ssmmessages": "ssmmessages", "ec2messages": "ec2messages"},
    "ecr": {"ecr-api": "ecr.api", "ecr-dkr": "ecr.dkr"},
    "logs": {"logs": "logs"},
    "secretsmanager": {"secretsmanager": "secretsmanager"},
    "sts": {"sts": "sts"},
    "ec2": {"ec2": "ec2"},
    "eks": {"eks": "eks", "eks-auth": "eks-auth"},
}
"""What each takes: what we call an endpoint, and what AWS does
(docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html,
docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html,
docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html)."""
_TOO: Final = {"ecr": ("s3",), "eks": ("ec2", "ecr", "s3", "sts")}
"""Layers of images come from S3, says the same page of ECR. Nodes of EKS make interfaces of pods by
EC2, and pull images that EKS gives
(docs.aws.amazon.com/eks/latest/userguide/private-clusters.html)."""
_HOSTS: Final = {"ecr-api": "api.ecr", "ecr-dkr": "*.dkr.ecr"}
"""What DNS calls them, where that is not as we do."""
_WHY: Final = "a service of AWS that its hosts call"
_BY_GATEWAY: Final = {called(name): name for name in STAND_INS}
_ENDPOINTS: Final = {
    f"{SEGMENT} {name}": (name, known_as)
    for several in _BY_INTERFACE.values()
    for name, known_as in several.items()
}


def calls_of(topology: Topology) -> Iterator[tuple[str, str]]:
    """Each service that needs something of AWS, and what that is called: ('ticker', 'AWS s3')."""
    for service in topology.services.values():
        for name in called_by(service):
            yield service.name, name


def called_by(service: Service) -> Iterator[str]:
    """What one of them needs."""
    needs = [too for need in service.needs for too in (need, *_TOO.get(need, ()))]
    for need in dict.fromkeys(needs):
        for name in _BY_INTERFACE.get(need, (need,)):
            yield f"{SEGMENT} {name}"


def calling(client: str, name: str) -> Flow:
    """The flow of a service to a service of AWS."""
    server = answering(name)
    return Flow(
        client=client,
        client_socket="",
        client_type=server.type,
        server=server,
        why=_WHY,
        mechanism="TLS",
        encrypted=True,
    )


def answering(name: str) -> Listener:
    """Where a service of AWS answers, by HTTPS."""
    return Listener(owner=name, socket="", type="TCP", protocol=TCP, ports=HTTPS)


def with_endpoints(topology: Topology) -> Topology:
    """The topology with a service for each interface endpoint that somebody needs.

    Itself, where nobody needs one.
    """
    needed = {name for _, name in calls_of(topology)}
    missing = [name for name in _ENDPOINTS if name in needed and name not in topology.services]
    if not missing:
        return topology
    # Interface endpoints have IPv4 alone where nobody asks for more
    # (docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
    segment = Segment(name=SEGMENT, purpose="the way to services of AWS", ipv6=False)
    endpoints = {
        name: Service(
            name=name,
            segment=SEGMENT,
            replicas=len(topology.zones),
            fewest=len(topology.zones),
            client_ports="any",  # it opens nothing, and AWS says nothing of it
            sockets={},
            purpose=f"the way to {name}",
        )
        for name in missing
    }
    return topology.but(
        segments={**topology.segments, SEGMENT: segment},
        services={**topology.services, **endpoints},
    )


def is_of_aws(name: str) -> bool:
    """Whether it is what we call a service of AWS, however that is reached."""
    return name in _BY_GATEWAY or name in _ENDPOINTS


def is_endpoint(service: str) -> bool:
    """Whether a service of a plan is an interface endpoint of AWS."""
    return service in _ENDPOINTS


def endpoint_of(service: str, region: str) -> str:
    """What AWS calls that: 'com.amazonaws.eu-west-1.ecr.api'."""
    china = "cn." if region.startswith("cn-") else ""
    return f"{china}com.amazonaws.{region}.{_ENDPOINTS[service][1]}"


def host_of(name: str, region: str) -> str | None:
    """What 'AWS s3' is called in DNS; None for the name of anybody else.

    (docs.aws.amazon.com/general/latest/gr/rande.html)
    """
    if name in _BY_GATEWAY:
        host = _BY_GATEWAY[name]
    elif name in _ENDPOINTS:
        host = _HOSTS.get(_ENDPOINTS[name][0], _ENDPOINTS[name][0])
    else:
        return None
    return f"{host}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
