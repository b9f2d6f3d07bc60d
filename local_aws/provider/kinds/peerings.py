"""aws.ec2.VpcPeeringConnection, and its accepter on the other side, in one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, arguments_of, tag_list, tags_of
from local_aws.provider.waiting import settled
from local_aws.wire import Properties

CONNECTION = (
    Property("autoAccept"),
    Property("peerOwnerId", "PeerOwnerId", replaces=True, computed=True),
    Property("peerRegion", "PeerRegion", replaces=True, computed=True),
    Property("peerVpcId", "PeerVpcId", required=True, replaces=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
)
UNDER_WAY = ("initiating-request", "provisioning")
OVER = ("deleted", "deleting", "expired", "failed", "rejected")
"""https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"""
DNS = "it has no names of other VPCs: leave allowRemoteVpcDnsResolution away"


def code(shown: Answer) -> str:
    return str(shown["Status"]["Code"])


def find_connection(aws: Aws, name: str) -> Answer | None:
    shown = aws.one(
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        VpcPeeringConnectionIds=[name],
    )
    return None if shown is None or code(shown) in OVER else shown


def create_connection(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """One whose blocks overlap is made all the same, and fails."""
    arguments = arguments_of(CONNECTION, inputs)
    if tags:
        arguments["TagSpecifications"] = [
            {"ResourceType": "vpc-peering-connection", "Tags": tag_list(tags)}
        ]
    answer = aws.call("create_vpc_peering_connection", **arguments)
    name = str(answer["VpcPeeringConnection"]["VpcPeeringConnectionId"])

    def look() -> Answer | None:
        return find_connection(aws, name)

    if settled(look, f"the request for {name}", UNDER_WAY, code) is None:
        raise Refused("", f"{name} failed: the blocks of the two VPCs overlap")
    return name


def accept(aws: Aws, name: str, old: State, new: Properties) -> None:
    shown = find_connection(aws, name)
    if new.get("autoAccept") and shown is not None and code(shown) == "pending-acceptance":
        aws.call("accept_vpc_peering_connection", VpcPeeringConnectionId=name)
        settled(lambda: find_connection(aws, name), f"acceptance of {name}", UNDER_WAY, code)


def read_connection(aws: Aws, name: str, state: State) -> State | None:
    shown = find_connection(aws, name)
    if shown is None:
        return None
    peer = shown["AccepterVpcInfo"]
    return {
        "peerOwnerId": peer.shown("OwnerId"),
        "peerRegion": peer.shown("Region"),
        "peerVpcId": peer["VpcId"],
        "vpcId": shown["RequesterVpcInfo"]["VpcId"],
        "acceptStatus": code(shown),
        "tags": tags_of(shown),
        # Who accepted it is not shown: of what is imported, whether somebody did.
        **({} if state else {"autoAccept": code(shown) == "active"}),
    }


def delete_connection(aws: Aws, name: str, state: State) -> None:
    if find_connection(aws, name) is not None:
        aws.gone("delete_vpc_peering_connection", VpcPeeringConnectionId=name)


def accepted_where_it_may_be(inputs: Properties) -> Mapping[str, str]:
    if inputs.get("autoAccept") and inputs.get("peerRegion"):
        return {"autoAccept": "in another Region an aws.ec2.VpcPeeringConnectionAccepter accepts"}
    return {}


ACCEPTER = (
    Property("autoAccept"),
    Property("vpcPeeringConnectionId", required=True, replaces=True),
)


def take_up(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["vpcPeeringConnectionId"])
    if find_connection(aws, name) is None:
        raise Refused("InvalidVpcPeeringConnectionID.NotFound", f"there is no {name}")
    accept(aws, name, {}, inputs)
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def read_accepter(aws: Aws, name: str, state: State) -> State | None:
    live = read_connection(aws, name, state)
    if live is None:
        return None
    shown: dict[str, Any] = {**live, "vpcPeeringConnectionId": name}
    # Seen from here the peer is the one that asked.
    return {**shown, "vpcId": live["peerVpcId"], "peerVpcId": live["vpcId"]}


KINDS = (
    Kind(
        token="aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        properties=CONNECTION,
        outputs=("acceptStatus",),
        create=create_connection,
        after_create=lambda aws, name, inputs: accept(aws, name, {}, inputs),
        read=read_connection,
        update=accept,
        delete=delete_connection,
        problems=accepted_where_it_may_be,
        unsettled={"autoAccept": ("acceptStatus",)},
        refused={"accepter": DNS, "requester": DNS},
    ),
    Kind(
        token="aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        properties=ACCEPTER,
        outputs=("acceptStatus", "peerOwnerId", "peerRegion", "peerVpcId", "vpcId"),
        create=take_up,
        read=read_accepter,
        update=accept,
        delete=lambda aws, name, state: None,  # it ends with its connection
        made=False,
        unsettled={"autoAccept": ("acceptStatus",)},
        refused={"accepter": DNS, "requester": DNS},
    ),
)
