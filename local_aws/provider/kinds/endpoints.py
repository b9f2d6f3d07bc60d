"""aws.ec2.VpcEndpoint, gateway and interface, and what adds to one that stands."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.documents import policy
from local_aws.provider.refusals import Refused
from local_aws.provider.table import (
    Kind,
    Property,
    State,
    arguments_of,
    tag_list,
    tags_of,
    unordered,
)
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties


def by_subnet(value: Any) -> Any:
    """Where an endpoint is, in whatever order it is said."""
    if not isinstance(value, list):
        return value
    return sorted((str(each.get("subnetId")), str(each.get("ipv4"))) for each in value)


ENDPOINT = (
    Property("autoAccept"),
    Property("ipAddressType", "IpAddressType", computed=True),
    Property("policy", "PolicyDocument", computed=True, canonical=policy),
    Property("privateDnsEnabled", computed=True),
    Property("routeTableIds", "RouteTableIds", computed=True, canonical=unordered),
    Property("securityGroupIds", "SecurityGroupIds", computed=True, canonical=unordered),
    Property("serviceName", "ServiceName", required=True, replaces=True),
    Property("subnetConfigurations", computed=True, canonical=by_subnet),
    Property("subnetIds", "SubnetIds", computed=True, canonical=unordered),
    Property("vpcEndpointType", "VpcEndpointType", default="Gateway", replaces=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
)
LISTS = {
    "routeTableIds": "RouteTableIds",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
}


def find_endpoint(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_vpc_endpoints", "VpcEndpoints", VpcEndpointIds=[name])


def interface(inputs: Mapping[str, Any]) -> bool:
    return bool(inputs.get("vpcEndpointType", "Gateway") == "Interface")


def create_endpoint(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments = arguments_of(ENDPOINT, inputs)
    if interface(inputs):  # AWS would say yes where nothing is said, and Terraform says no
        arguments["PrivateDnsEnabled"] = inputs.get("privateDnsEnabled", False)
        arguments |= addresses(inputs)
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "vpc-endpoint", "Tags": tag_list(tags)}]
    answer = aws.call("create_vpc_endpoint", **arguments)
    return str(answer["VpcEndpoint"]["VpcEndpointId"])


def addresses(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """At which addresses an endpoint is to be, as the call takes it."""
    said = inputs.get("subnetConfigurations") or ()
    configurations = [{"SubnetId": each["subnetId"], "Ipv4": each["ipv4"]} for each in said]
    return {"SubnetConfigurations": configurations} if configurations else {}


def await_endpoint(aws: Aws, name: str, inputs: Properties) -> None:
    shown = settled(lambda: find_endpoint(aws, name), f"the creation of {name}")
    if shown is not None and shown["State"].lower() in ("failed", "rejected", "expired"):
        raise Refused("", f"{name} is {shown['State']}")


def interfaces_of(aws: Aws, names: list[str]) -> list[Answer]:
    """Without a name AWS would show those of everybody."""
    if not names:
        return []
    return aws.listed("describe_network_interfaces", "NetworkInterfaces", NetworkInterfaceIds=names)


def read_endpoint(aws: Aws, name: str, state: State) -> State | None:
    shown = find_endpoint(aws, name)
    if shown is None:
        return None
    gateway = shown["VpcEndpointType"] == "Gateway"
    live: State = {
        "ipAddressType": shown.get("IpAddressType") or "",
        "policy": shown.get("PolicyDocument") or "",
        "privateDnsEnabled": shown.shown("PrivateDnsEnabled"),
        "routeTableIds": list(shown.get("RouteTableIds", ())),
        "securityGroupIds": [each["GroupId"] for each in shown.get("Groups", ())],
        "serviceName": shown["ServiceName"],
        "subnetIds": list(shown.get("SubnetIds", ())),
        "vpcEndpointType": shown["VpcEndpointType"],
        "vpcId": shown["VpcId"],
        "arn": aws.arn("vpc-endpoint", name),
        "cidrBlocks": [],
        "dnsEntries": [
            {"dnsName": each["DnsName"], "hostedZoneId": each["HostedZoneId"]}
            for each in listed(shown, "DnsEntries")
        ],
        "networkInterfaceIds": list(shown.get("NetworkInterfaceIds", ())),
        "ownerId": shown.get("OwnerId"),
        "requesterManaged": bool(shown.get("RequesterManaged", False)),
        "state": shown["State"],
        "tags": tags_of(shown),
    }
    if not gateway:
        live["subnetConfigurations"] = [
            {"subnetId": each["SubnetId"], "ipv4": each["PrivateIpAddress"]}
            for each in interfaces_of(aws, live["networkInterfaceIds"])
        ]
    if gateway:
        prefixes = aws.one(
            "describe_prefix_lists",
            "PrefixLists",
            Filters=filters(prefix_list_name=shown["ServiceName"]),
        )
        if prefixes is not None:
            live["prefixListId"] = prefixes["PrefixListId"]
            live["cidrBlocks"] = list(prefixes.get("Cidrs", ()))
    return live


def change_endpoint(aws: Aws, name: str, old: State, new: Properties) -> None:
    """What the program does not say stays as it is, whoever made it so."""
    change: dict[str, Any] = {}
    for prop, member in LISTS.items():
        if new.get(prop) is None or isinstance(old.get(prop), NotShown):
            continue
        held, wanted = set(old.get(prop) or ()), set(new[prop])
        change[f"Add{member}"] = sorted(wanted - held)
        change[f"Remove{member}"] = sorted(held - wanted)
    if new.get("policy") and policy(new["policy"]) != policy(old.get("policy")):
        change["PolicyDocument"] = new["policy"]
    if new.get("privateDnsEnabled") not in (None, old.get("privateDnsEnabled")):
        change["PrivateDnsEnabled"] = new["privateDnsEnabled"]
    change = {key: value for key, value in change.items() if value != []}
    if by_subnet(new.get("subnetConfigurations")) != by_subnet(old.get("subnetConfigurations")):
        change |= addresses(new)
    if change:
        aws.call("modify_vpc_endpoint", VpcEndpointId=name, **change)
        settled(lambda: find_endpoint(aws, name), f"the change of {name}")


def delete_endpoint(aws: Aws, name: str, state: State) -> None:
    answer = aws.call("delete_vpc_endpoints", VpcEndpointIds=[name])
    for failed in listed(answer, "Unsuccessful"):
        said = failed["Error"]
        refused = Refused(str(said.get("Code", "")), str(said.get("Message", "")))
        if not refused.not_found:
            raise refused
    gone(lambda: find_endpoint(aws, name), name)


def as_its_type_has_it(inputs: Properties) -> Mapping[str, str]:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"""
    kind = inputs.get("vpcEndpointType", "Gateway")
    if kind not in ("Gateway", "Interface"):
        return {"vpcEndpointType": f"the local AWS has no {kind} endpoints: Gateway or Interface"}
    wrong = ("routeTableIds",) if interface(inputs) else ("subnetIds", "securityGroupIds")
    found = {
        name: f"an endpoint of type {kind} takes no {name}" for name in wrong if inputs.get(name)
    }
    if not interface(inputs) and inputs.get("privateDnsEnabled"):
        found["privateDnsEnabled"] = "an endpoint of type Gateway has no names of its own"
    return found


def added_kind(token: str, prop: str, member: str) -> Kind:
    """A route table or subnet of an endpoint, as a resource of its own."""
    properties = (
        Property(prop, required=True, replaces=True),
        Property("vpcEndpointId", required=True, replaces=True),
    )

    def name_of(inputs: Properties) -> str:
        """Terraform's: the endpoint, and a checksum of what was added."""
        return f"a-{inputs['vpcEndpointId']}{zlib.crc32(str(inputs[prop]).encode())}"

    def has(aws: Aws, state: State) -> bool:
        shown = find_endpoint(aws, str(state["vpcEndpointId"]))
        return shown is not None and state[prop] in shown.get(f"{member}s", ())

    def add(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        change: dict[str, Any] = {f"Add{member}s": [inputs[prop]]}
        aws.call("modify_vpc_endpoint", VpcEndpointId=inputs["vpcEndpointId"], **change)
        return name_of(inputs)

    def read(aws: Aws, name: str, state: State) -> State | None:
        if not state and "/" in name:  # an import names endpoint/what was added
            endpoint, _, other = name.partition("/")
            state = {"vpcEndpointId": endpoint, prop: other}
        if not state:
            raise Refused("", f"import it by <endpoint>/<{prop}>")
        if not has(aws, state):
            return None
        return {"vpcEndpointId": state["vpcEndpointId"], prop: state[prop]}

    def remove(aws: Aws, name: str, state: State) -> None:
        if has(aws, state):
            change: dict[str, Any] = {f"Remove{member}s": [state[prop]]}
            aws.gone("modify_vpc_endpoint", VpcEndpointId=state["vpcEndpointId"], **change)

    return Kind(
        token=token,
        properties=properties,
        outputs=(),
        create=add,
        read=read,
        delete=remove,
        find=lambda aws, inputs: name_of(inputs),
        taggable=False,
    )


KINDS = (
    Kind(
        token="aws:ec2/vpcEndpoint:VpcEndpoint",
        properties=ENDPOINT,
        outputs=(
            "arn",
            "cidrBlocks",
            "dnsEntries",
            "networkInterfaceIds",
            "ownerId",
            "prefixListId",
            "requesterManaged",
            "state",
        ),
        create=create_endpoint,
        once=True,
        after_create=await_endpoint,
        read=read_endpoint,
        update=change_endpoint,
        delete=delete_endpoint,
        problems=as_its_type_has_it,
        unsettled={"subnetIds": ("networkInterfaceIds",)},
        refused={
            "dnsOptions": "its endpoints have AWS's own",
            "resourceConfigurationArn": "it has no VPC Lattice",
            "serviceNetworkArn": "it has no VPC Lattice",
            "serviceRegion": "its endpoints lead to services of their own Region",
        },
    ),
    added_kind(
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "routeTableId",
        "RouteTableId",
    ),
    added_kind(
        "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
        "subnetId",
        "SubnetId",
    ),
)
