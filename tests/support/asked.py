"""What an account with a bit of everything answers, call by call, and as bytes on the wire."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from botocore.awsrequest import AWSResponse
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from bulkhead.observe.calls import CALLS
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_answers
from tests.support.town import town

ARN = "arn:aws:elasticloadbalancing:eu-west-1:1"
Answers = dict[str, dict[str, Any]]


def answers() -> Answers:
    """By operation, what an account with a bit of everything answers."""
    told = as_answers(with_aws_ids(town().build()))
    plain = {call.operation: {call.key: told.get(call.key, [])} for call in CALLS}
    balancer, group = f"{ARN}:loadbalancer/app/front/1", f"{ARN}:targetgroup/web/1"
    interface = {"InterfaceType": "network_load_balancer", "Description": "ELB app/front/1"}
    told["NetworkInterfaces"][0].update(interface)
    told["RouteTables"][0]["Routes"].append(
        {"DestinationCidrBlock": "10.99.0.0/16", "GatewayId": "vpce-0123456789abcdef0"}
    )
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    listeners = {f"{ARN}:listener/app/front/1/2": "HTTP", f"{ARN}:listener/net/front/1/3": "TCP"}
    names = [
        {"ListenerArn": arn, "LoadBalancerArn": balancer, "Port": 80, "Protocol": protocol}
        for arn, protocol in listeners.items()
    ]
    rule = {"RuleArn": f"{ARN}:listener-rule/app/front/1/2/3", "Actions": forward}
    (firewall,) = told["Firewalls"][:1]
    return {
        **plain,
        "DescribeRegions": {"Regions": [{"RegionName": "eu-west-1"}]},
        "DescribeVpcBlockPublicAccessOptions": {
            "VpcBlockPublicAccessOptions": told["VpcBlockPublicAccessOptions"]
        },
        "GetManagedPrefixListEntries": {"Entries": [{"Cidr": "10.9.0.0/16"}]},
        "DescribeManagedPrefixLists": {"PrefixLists": []},
        "SearchTransitGatewayRoutes": told["TransitGatewayRoutes"][0],
        "GetTransitGatewayRouteTablePropagations": {"TransitGatewayRouteTablePropagations": []},
        "GetTransitGatewayRouteTableAssociations": {"Associations": []},
        "DescribeLoadBalancers": {"LoadBalancers": [{"LoadBalancerArn": balancer}]},
        "DescribeTargetGroups": {"TargetGroups": [{"TargetGroupArn": group}]},
        "DescribeListeners": {"Listeners": [{**each, "DefaultActions": forward} for each in names]},
        "DescribeRules": {"Rules": [rule]},
        "DescribeTargetHealth": {"TargetHealthDescriptions": [{"Target": {"Id": "10.0.0.1"}}]},
        "DescribeTargetGroupAttributes": {"Attributes": []},
        "DescribeListenerAttributes": {"Attributes": []},
        "DescribeLoadBalancerAttributes": {"Attributes": []},
        "ListFirewalls": {"Firewalls": [{"FirewallArn": firewall["Firewall"]["FirewallArn"]}]},
        "DescribeFirewall": firewall,
        "DescribeFirewallPolicy": told["FirewallPolicies"][0],
        "DescribeRuleGroup": told["RuleGroups"][0],
    }


def on_the_wire(model: OperationModel, answer: Any) -> AWSResponse:
    """The answer as AWS sends it, also what no model of botocore has."""
    protocol, shape = model.service_model.resolved_protocol, model.output_shape
    if protocol == "json":
        return _response(json.dumps(answer, default=_text).encode())
    root = Element(f"{model.name}Response", xmlns="http://aws.invalid/doc/2016-11-15/")
    start = root
    if wrapper := shape.serialization.get("resultWrapper"):
        start = SubElement(root, wrapper)
        SubElement(SubElement(root, "ResponseMetadata"), "RequestId").text = "r-1"
    else:
        SubElement(root, "requestId").text = "r-1"
    _write(start, shape, answer, item="item" if protocol == "ec2" else "member")
    return _response(tostring(root))


def _response(body: bytes) -> AWSResponse:
    class Raw:
        def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
            yield body

        def release_conn(self) -> None:
            pass

    return AWSResponse("", 200, {}, Raw())


def _write(node: Element, shape: Shape | None, value: Any, *, item: str) -> None:
    if isinstance(value, dict) and isinstance(shape, MapShape):
        for name, each in value.items():
            entry = SubElement(node, "entry")
            SubElement(entry, "key").text = name
            _write(SubElement(entry, "value"), shape.value, each, item=item)
    elif isinstance(value, dict):
        members = shape.members if isinstance(shape, StructureShape) else {}
        for name, each in value.items():
            inner = members.get(name)
            tag = inner.serialization.get("name", name) if inner else _new_name(name, each, item)
            _write(SubElement(node, tag), inner, each, item=item)
    elif isinstance(value, list):
        inner = shape.member if isinstance(shape, ListShape) else None
        for each in value:
            _write(SubElement(node, item), inner, each, item=item)
    elif value is not None:
        node.text = _text(value)


def _new_name(name: str, value: Any, item: str) -> str:
    """EC2 writes a list of VpcPlanes as <vpcPlaneSet>."""
    if item == "member":
        return name
    found = name[0].lower() + name[1:]
    return f"{found.removesuffix('s')}Set" if isinstance(value, list) else found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)
