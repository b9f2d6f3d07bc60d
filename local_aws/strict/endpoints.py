"""VPC endpoints: gateways with their routes, interfaces with their addresses and groups."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, VPCEndPoint
from moto.ec2.utils import add_tag_specification, create_dns_entries, random_vpc_ep_id

from local_aws.strict.managed_interfaces import managed_interface
from local_aws.strict.rules import Request, Result, answers, refusal, refuses

GATEWAY_SERVICES: Final = ("s3", "dynamodb")
"""https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""
INTERFACE_ONLY: Final = ("SubnetIds", "SecurityGroupIds", "AddSubnetIds", "AddSecurityGroupIds")
KINDS: Final = ("Gateway", "Interface")
_ENDPOINT: Any = VPCEndPoint  # whose methods for CloudFormation are missing


@answers("CreateVpcEndpoint")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"""
    params, cloud = request.params, request.cloud
    vpc = cloud.get_vpc(params["VpcId"])
    kind = params.get("VpcEndpointType") or "Gateway"
    if kind not in KINDS:
        raise refusal(
            "UnsupportedOperation",
            f"The local AWS has no {kind} endpoints, only {' and '.join(KINDS)} ones.",
        )
    service = str(params.get("ServiceName") or "")
    check_service(cloud, service, kind)
    check_policy(params.get("PolicyDocument"))
    if kind == "Gateway" and any(params.get(key) for key in INTERFACE_ONLY):
        raise refusal("InvalidParameter", "A gateway endpoint takes route tables only.")
    if kind == "Interface" and params.get("RouteTableIds"):
        raise refusal("InvalidParameter", "An interface endpoint takes no route tables.")
    name = random_vpc_ep_id()
    endpoint = _ENDPOINT(
        cloud,
        name,
        vpc.id,
        service,
        kind,
        params.get("PolicyDocument"),
        [],
        [],
        [],
        [],
        client_token=params.get("ClientToken"),
        tags=add_tag_specification(params.get("TagSpecifications") or []),
        private_dns_enabled=False,
    )
    endpoint.ip_address_type = "ipv4"
    endpoint.requester_managed = False
    if kind == "Gateway":
        endpoint.destination_prefix_list_id = prefix_list_of(cloud, service)
        add_tables(cloud, endpoint, params.get("RouteTableIds") or [])
    else:
        default = cloud.get_default_security_group(vpc.id).id
        add_groups(cloud, endpoint, params.get("SecurityGroupIds") or [default])
        private = params.get("PrivateDnsEnabled")
        name_privately(cloud, endpoint, True if private is None else bool(private))
        add_subnets(cloud, endpoint, params.get("SubnetIds") or [], addresses_said(params))
        endpoint.dns_entries = [create_dns_entries(service_host(service), name)]
    cloud.vpc_end_points[name] = endpoint
    told = copy.copy(endpoint)
    told.state = "pending" if kind == "Interface" else "available"
    return {"VpcEndpoint": told, "ClientToken": params.get("ClientToken")}


def service_host(service: str) -> str:
    """com.amazonaws.eu-west-1.sqs is answered for by sqs.eu-west-1.vpce.amazonaws.com."""
    *_, region, name = service.split(".", 3)
    return f"{name}.{region}.vpce.amazonaws.com"


def check_service(cloud: Any, service: str, kind: str) -> None:
    prefix = f"com.amazonaws.{cloud.region_name}."
    name = service.removeprefix(prefix) if service.startswith(prefix) else ""
    offered = {*AWS_ENDPOINT_SERVICES, *GATEWAY_SERVICES}
    own = {each.service_name for each in getattr(cloud, "configurations", {}).values()}
    if name not in offered and not (service in own and kind == "Interface"):
        raise refusal("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    if kind == "Gateway" and name not in GATEWAY_SERVICES:
        raise refusal(
            "InvalidParameter",
            f"Endpoint type (Gateway) does not match available service types for {service}.",
        )


def check_policy(policy: Any) -> None:
    if policy is None:
        return
    try:
        json.loads(policy)
    except ValueError:
        raise refusal("MalformedPolicyDocument", "The policy document is no JSON.") from None


def prefix_list_of(cloud: Any, service: str) -> str:
    for held in cloud.managed_prefix_lists.values():
        if held.prefix_list_name == service:
            return str(held.id)
    raise refusal("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")


def add_tables(cloud: Any, endpoint: Any, tables: list[str]) -> None:
    for name in tables:
        table = cloud.get_route_table(name)
        if table.vpc_id != endpoint.vpc_id:
            raise refusal(
                "InvalidParameter",
                f"Route table {name} and VPC {endpoint.vpc_id} belong to different networks",
            )
        held = [
            route.destination_prefix_list
            for route in table.routes
            if route.destination_prefix_list is not None
        ]
        if endpoint.destination_prefix_list_id in {each.id for each in held}:
            raise refusal(
                "RouteAlreadyExists",
                f"route table {name} already has a route with destination-prefix-list-id"
                f" {endpoint.destination_prefix_list_id}",
            )
    known = cloud.vpc_end_points.setdefault(endpoint.id, endpoint)
    for name in tables:
        cloud.create_route(
            name,
            None,
            gateway_id=known.id,
            destination_prefix_list_id=endpoint.destination_prefix_list_id,
        )
        endpoint.route_table_ids.append(name)


def remove_tables(cloud: Any, endpoint: Any, tables: list[str]) -> None:
    for name in [name for name in tables if name in endpoint.route_table_ids]:
        endpoint.route_table_ids.remove(name)
        table = cloud.route_tables.get(name)
        for key, route in list(table._routes.items()) if table else []:
            if route.gateway_id == endpoint.id:
                del table._routes[key]


def add_groups(cloud: Any, endpoint: Any, groups: list[str]) -> None:
    for name in groups:
        group = cloud.get_security_group_from_id(name)
        if group is None:
            raise refusal("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
        if group.vpc_id != endpoint.vpc_id:
            raise refusal(
                "InvalidParameter",
                "You have specified two resources that belong to different networks.",
            )
    endpoint.security_group_ids += [
        name for name in groups if name not in endpoint.security_group_ids
    ]


def addresses_said(params: Mapping[str, Any]) -> dict[str, str]:
    """By subnet, the address that an endpoint is to have there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetConfiguration.html
    """
    return {
        each["SubnetId"]: each["Ipv4"]
        for each in params.get("SubnetConfigurations") or []
        if each.get("Ipv4")
    }


def add_subnets(
    cloud: Any, endpoint: Any, subnets: list[str], addresses: Mapping[str, str]
) -> None:
    zones = {cloud.get_subnet(name).availability_zone for name in endpoint.subnet_ids}
    for name in subnets:
        subnet = cloud.get_subnet(name)
        if subnet.vpc_id != endpoint.vpc_id:
            raise refusal(
                "InvalidParameter",
                "You have specified two resources that belong to different networks.",
            )
        if subnet.availability_zone in zones:
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
            raise refusal(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {name}",
            )
        zones.add(subnet.availability_zone)
    for name in subnets:
        eni = managed_interface(
            cloud,
            cloud.get_subnet(name),
            "vpc_endpoint",
            f"VPC Endpoint Interface {endpoint.id}",
            endpoint.security_group_ids,
            addresses.get(name),
        )
        endpoint.subnet_ids.append(name)
        endpoint.network_interface_ids.append(eni.id)


def remove_subnets(cloud: Any, endpoint: Any, subnets: list[str]) -> None:
    endpoint.subnet_ids = [name for name in endpoint.subnet_ids if name not in subnets]
    for name in list(endpoint.network_interface_ids):
        if cloud.enis[name].subnet.id in subnets:
            endpoint.network_interface_ids.remove(name)
            del cloud.enis[name]


def name_privately(cloud: Any, endpoint: Any, private: bool) -> None:
    vpc = cloud.get_vpc(endpoint.vpc_id)
    if private and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise refusal(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC"
            f" attributes set to true for {vpc.id}",
        )
    for other in cloud.vpc_end_points.values() if private else ():
        alike = (other.vpc_id, other.service_name) == (vpc.id, endpoint.service_name)
        if alike and other.id != endpoint.id and other.private_dns_enabled:
            raise refusal(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS"
                f" domain for {endpoint.service_name} in the VPC {vpc.id}",
            )
    endpoint.private_dns_enabled = private


@answers("ModifyVpcEndpoint")
def modify(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html"""
    params, cloud = request.params, request.cloud
    endpoint = cloud.get_vpc_end_point(params["VpcEndpointId"])
    if endpoint.vpc_endpoint_type == "Gateway" and any(params.get(key) for key in INTERFACE_ONLY):
        raise refusal("InvalidParameter", "A gateway endpoint takes route tables only.")
    if endpoint.vpc_endpoint_type == "Interface" and params.get("AddRouteTableIds"):
        raise refusal("InvalidParameter", "An interface endpoint takes no route tables.")
    if params.get("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    if params.get("PolicyDocument"):
        check_policy(params["PolicyDocument"])
        endpoint.policy_document = params["PolicyDocument"]
    if params.get("PrivateDnsEnabled") is not None:
        name_privately(cloud, endpoint, bool(params["PrivateDnsEnabled"]))
    remove_tables(cloud, endpoint, params.get("RemoveRouteTableIds") or [])
    add_tables(cloud, endpoint, params.get("AddRouteTableIds") or [])
    add_groups(cloud, endpoint, params.get("AddSecurityGroupIds") or [])
    removed = params.get("RemoveSecurityGroupIds") or []
    endpoint.security_group_ids = [
        name for name in endpoint.security_group_ids if name not in removed
    ]
    addresses = addresses_said(params)
    moved = [
        cloud.enis[name].subnet.id
        for name in endpoint.network_interface_ids
        if cloud.enis[name].private_ip_address
        != addresses.get(cloud.enis[name].subnet.id, cloud.enis[name].private_ip_address)
    ]
    remove_subnets(cloud, endpoint, [*(params.get("RemoveSubnetIds") or []), *moved])
    add_subnets(cloud, endpoint, [*(params.get("AddSubnetIds") or []), *moved], addresses)
    for name in endpoint.network_interface_ids:
        cloud.enis[name]._group_set = [
            cloud.get_security_group_from_id(each) for each in endpoint.security_group_ids
        ]
    return {"Return": True}


@answers("DeleteVpcEndpoints")
def delete(request: Request) -> Result:
    """What is not there is not refused but listed:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html"""
    cloud = request.cloud
    unsuccessful = []
    for name in request.params.get("VpcEndpointIds") or []:
        endpoint = cloud.vpc_end_points.get(name)
        if endpoint is None:
            error = {
                "Code": "InvalidVpcEndpointId.NotFound",
                "Message": f"The Vpc Endpoint Id '{name}' does not exist",
            }
            unsuccessful.append({"ResourceId": name, "Error": error})
            continue
        remove_tables(cloud, endpoint, list(endpoint.route_table_ids))
        remove_subnets(cloud, endpoint, list(endpoint.subnet_ids))
        del cloud.vpc_end_points[name]
        cloud.tags.pop(name, None)
    return {"Unsuccessful": unsuccessful}


@refuses("DeleteRoute")
def a_route_of_an_endpoint_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""
    name, wanted = request.params["RouteTableId"], request.params.get("DestinationPrefixListId")
    for route in request.cloud.get_route_table(name).routes:
        held = route.destination_prefix_list
        of_endpoint = str(route.gateway_id).startswith("vpce-")
        if wanted and held is not None and held.id == wanted and of_endpoint:
            raise refusal(
                "InvalidParameterValue",
                f"cannot remove VPC endpoint route {wanted} in route table {name}",
            )
