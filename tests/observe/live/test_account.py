"""A live account, answered by moto's server over HTTP as an AWS endpoint would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from bulkhead import observe
from bulkhead.network import CidrPeer, GroupPeer, TargetKind
from bulkhead.observe.describe.described import described as real

pytestmark = pytest.mark.slow

REGION = "eu-west-1"


@pytest.fixture(scope="module", autouse=True)
def _an_empty_account(emptied: Callable[[], None]) -> None:
    emptied()


def tagged(kind: str, **named: str) -> list[dict[str, Any]]:
    tags = [{"Key": key.replace("__", ":"), "Value": value} for key, value in named.items()]
    return [{"ResourceType": kind, "Tags": tags}]


@pytest.fixture
def built(session: boto3.Session) -> Iterator[dict[str, str]]:
    """A topology 'trading' in one VPC, made with ordinary API calls; undone at the end."""
    ec2 = session.client("ec2", region_name=REGION)
    vpc = ec2.create_vpc(
        CidrBlock="10.20.0.0/16",
        TagSpecifications=tagged("vpc", Name="trading", bulkhead__topology="trading"),
    )["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(
        VpcId=vpc,
        CidrBlock="10.20.0.0/24",
        AvailabilityZone="eu-west-1a",
        TagSpecifications=tagged("subnet", bulkhead__segment="feed"),
    )["Subnet"]["SubnetId"]
    groups = {
        name: ec2.create_security_group(
            GroupName=name,
            Description=name,
            VpcId=vpc,
            TagSpecifications=tagged(
                "security-group", bulkhead__service=name, bulkhead__socket__ticks="PUB tcp 5556"
            ),
        )["GroupId"]
        for name in ("ticker", "strategy")
    }
    ec2.authorize_security_group_ingress(
        GroupId=groups["ticker"],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 5556,
                "ToPort": 5556,
                "UserIdGroupPairs": [{"GroupId": groups["strategy"]}],
            }
        ],
    )
    interface = ec2.create_network_interface(
        SubnetId=subnet, Groups=[groups["ticker"]], PrivateIpAddress="10.20.0.10"
    )["NetworkInterface"]["NetworkInterfaceId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=100,
        Protocol="6",
        RuleAction="allow",
        Egress=False,
        CidrBlock="10.20.0.0/16",
        PortRange={"From": 5556, "To": 5556},
    )
    yield {
        "vpc": vpc,
        "subnet": subnet,
        "interface": interface,
        "gateway": gateway,
        "table": table,
        "acl": acl,
        **groups,
    }
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=table)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_network_acl(NetworkAclId=acl)
    ec2.delete_subnet(SubnetId=subnet)
    for group in (groups["ticker"], groups["strategy"]):
        ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)


def answer(session: boto3.Session, operation: str, code: str, status: int = 403) -> None:
    """Let one operation answer with an error, as IAM or a foreign endpoint does."""

    def refuse(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        http = AWSResponse("", status, {}, None)
        return http, {
            "Error": {"Code": code, "Message": "You are not authorized to perform this operation."},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }

    session.events.register(f"before-call.ec2.{operation}", refuse)


def test_what_was_built_through_the_api_is_observed(session, built):
    network = observe.account(REGION, session=session, topology="trading")
    assert [each.name for each in network.vpcs] == ["trading"]
    (subnet,) = network.subnets
    assert (subnet.segment, subnet.zone) == ("feed", "eu-west-1a")
    assert subnet.route_table == built["table"]
    assert network.nacl[subnet.nacl].default
    assert [each.number for each in network.nacl[built["acl"]].entries] == [100]
    (interface,) = network.interfaces
    assert (interface.service, str(interface.address)) == ("ticker", "10.20.0.10")
    peers = {str(rule.peer) for rule in network.security_group[built["ticker"]].rules}
    assert peers == {str(GroupPeer(built["strategy"])), "0.0.0.0/0"}
    assert all(rule.id.startswith("sgr-") for rule in network.security_group[built["ticker"]].rules)
    (route,) = network.route_table[built["table"]].routes
    assert (route.target, route.target_id) == (TargetKind.INTERNET_GATEWAY, built["gateway"])
    assert {each.name for each in network.listeners} == {"ticker.ticks", "strategy.ticks"}
    assert network.unmodelled == ()


def test_without_a_topology_the_default_vpc_is_there_too(session, built):
    network = observe.account(REGION, session=session)
    blocks = {str(block) for each in network.vpcs for block in each.cidrs}
    assert blocks == {"10.20.0.0/16", "172.31.0.0/16"}


def test_a_prefix_list_is_asked_for_its_entries(session, built):
    ec2 = session.client("ec2", region_name=REGION)
    listed = ec2.create_managed_prefix_list(
        PrefixListName="branches",
        MaxEntries=20,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "10.1.0.0/16"}, {"Cidr": "10.2.0.0/16"}],
    )["PrefixList"]["PrefixListId"]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 2,
        "PrefixListIds": [{"PrefixListId": listed}],
    }
    ec2.authorize_security_group_ingress(GroupId=built["strategy"], IpPermissions=[permission])
    network = observe.account(REGION, session=session, topology="trading")
    group = network.security_group[built["strategy"]]
    peers = {rule.peer for rule in group.rules}
    assert {str(each) for each in peers if isinstance(each, CidrPeer)} >= {
        "10.1.0.0/16",
        "10.2.0.0/16",
    }
    assert [(each.weight, each.family) for each in group.lists] == [(20, 4)]
    answer(session, "DescribeManagedPrefixLists", "UnauthorizedOperation")
    unsized = observe.account(REGION, session=session, topology="trading")
    assert unsized == network, "no packet depends on it"
    assert [each.weight for each in unsized.security_group[built["strategy"]].lists] == [None]


def test_an_unknown_topology_names_those_of_the_account_and_region(session, built):
    with pytest.raises(observe.TopologyNotFoundError) as refused:
        observe.account(REGION, session=session, topology="tradign")
    assert "123456789012" in str(refused.value)
    assert "trading" in refused.value.found


def test_an_empty_region_says_so_when_asked_for_a_topology(session):
    with pytest.raises(observe.TopologyNotFoundError, match="found there: none"):
        observe.account("eu-north-1", session=session, topology="trading")


@pytest.mark.parametrize(
    ("operation", "scope"),
    [("DescribeInternetGateways", "gateway"), ("DescribeVpnConnections", None)],
)
def test_a_denied_call_names_its_permission_and_what_is_lost(session, built, operation, scope):
    answer(session, operation, "UnauthorizedOperation")
    network = observe.account(REGION, session=session, topology="trading")
    (gap,) = network.unmodelled
    assert gap.id == f"ec2:{operation}"
    assert gap.why.startswith(f"ec2:{operation} is denied, so it is not known w")
    assert gap.scope == (built[scope] if scope else f"ec2:{operation}")


def test_a_denied_look_at_public_access_leaves_the_way_to_the_internet_open(session, built):
    answer(session, "DescribeVpcBlockPublicAccessOptions", "UnauthorizedOperation")
    (gap,) = observe.account(REGION, session=session, topology="trading").unmodelled
    assert (gap.id, gap.scope) == ("ec2:DescribeVpcBlockPublicAccessOptions", built["gateway"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("UnauthorizedOperation", "ec2:GetManagedPrefixListEntries is denied"),
        ("InvalidPrefixListID.NotFound", "are not known"),
    ],
)
def test_a_prefix_list_that_cannot_be_opened_leaves_its_rule_in_doubt(session, built, code, said):
    ec2 = session.client("ec2", region_name=REGION)
    listed = ec2.create_managed_prefix_list(
        PrefixListName="branches", MaxEntries=1, AddressFamily="IPv4"
    )["PrefixList"]["PrefixListId"]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 2,
        "PrefixListIds": [{"PrefixListId": listed}],
    }
    ec2.authorize_security_group_ingress(GroupId=built["strategy"], IpPermissions=[permission])
    answer(session, "GetManagedPrefixListEntries", code)
    network = observe.account(REGION, session=session, topology="trading")
    (gap,) = network.unmodelled
    assert said in gap.why
    rules = network.security_group[built["strategy"]].rules
    assert {str(each.peer) for each in rules if not each.certain} == {"0.0.0.0/0", "::/0"}


def test_a_call_that_an_endpoint_does_not_know_is_like_a_denied_one(session, built):
    answer(session, "DescribeVpnConnections", "InvalidAction", 400)
    network = observe.account(REGION, session=session, topology="trading")
    assert "does not implement DescribeVpnConnections" in network.unmodelled[0].why


def test_without_the_call_for_rules_the_groups_themselves_are_read(session, built):
    answer(session, "DescribeSecurityGroupRules", "UnauthorizedOperation")
    network = observe.account(REGION, session=session, topology="trading")
    peers = {str(rule.peer) for rule in network.security_group[built["ticker"]].rules}
    assert peers == {built["strategy"], "0.0.0.0/0"}
    assert network.unmodelled == ()


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeVpcs",
        "DescribeSubnets",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeNetworkAcls",
        "DescribeRouteTables",
    ],
)
def test_a_denied_essential_call_stops_with_the_permission_to_grant(session, operation):
    answer(session, operation, "UnauthorizedOperation")
    with pytest.raises(observe.ObserveError, match=rf"ec2:{operation} is denied.*docs/observe"):
        observe.account(REGION, session=session)


def test_throttling_that_does_not_end_is_an_error_and_not_a_gap(session):
    answer(session, "DescribeVpnConnections", "RequestLimitExceeded", 503)
    with pytest.raises(observe.ObserveError, match="RequestLimitExceeded"):
        observe.account(REGION, session=session)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<DescribeVpcPeeringConnectionsResponse><vpcPeeringConn", 200),
        (b"<Response><Errors><Error><Code>Inter", 500),
        (b"\xff\xfe", 200),
    ],
)
def test_half_an_answer_is_an_error_and_not_a_call_that_is_not_implemented(session, body, status):
    class Raw:
        def stream(self, *_: Any, **__: Any) -> Any:
            yield body

        def release_conn(self) -> None:
            pass

    def send(**_: Any) -> AWSResponse:
        return AWSResponse("", status, {"content-type": "text/xml"}, Raw())

    session.events.register("before-send.ec2.DescribeVpcPeeringConnections", send)
    with pytest.raises(observe.ObserveError, match=r"DescribeVpcPeeringConnections .*try again"):
        observe.account(REGION, session=session)


def test_expired_credentials_are_said_in_one_line(session):
    answer(session, "DescribeVpcs", "RequestExpired", 400)
    with pytest.raises(observe.ObserveError, match="renew them") as refused:
        observe.account(REGION, session=session)
    assert "\n" not in str(refused.value)


def test_missing_credentials_are_said_in_one_line(session, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(observe.ObserveError, match=r"no usable AWS credentials.*AWS_PROFILE"):
        observe.account(REGION)


def test_a_missing_region_is_said_in_one_line(session):
    with pytest.raises(observe.ObserveError, match="no region is set"):
        observe.account(session=session)


def test_a_missing_profile_is_said_in_one_line(session, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(observe.ObserveError, match="nobody"):
        observe.account(REGION)


def test_an_endpoint_that_cannot_be_reached_is_said_in_one_line(session, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(observe.ObserveError, match=r"cannot be reached.*AWS_ENDPOINT_URL"):
        observe.account(REGION)


def test_only_reading_calls_are_made(session, built):
    asked: set[str] = set()

    def note(event_name: str, **_: Any) -> None:
        asked.add(f"ec2:{event_name.rsplit('.', 1)[-1]}")

    session.events.register("before-call.ec2.*", note)
    observe.account(REGION, session=session)
    assert asked <= set(observe.PERMISSIONS)
    assert len(asked) >= 20


def test_secrets_of_a_vpn_are_dropped_before_anything_reads_them(session, built, monkeypatch):
    ec2 = session.client("ec2", region_name=REGION)
    remote = ec2.create_customer_gateway(BgpAsn=65010, PublicIp="203.0.113.10", Type="ipsec.1")
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=built["vpc"])
    ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=remote["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=gateway,
    )
    documents = []
    monkeypatch.setattr(
        "bulkhead.observe.describe.convert.described",
        lambda document, *rest, **how: documents.append(document) or real(document, *rest, **how),
    )
    network = observe.account(REGION, session=session)
    assert len(network.vpn_connections) == 1
    text = repr(documents)
    assert "vpn-" in text
    assert "CustomerGatewayConfiguration" not in text
    assert "pre_shared_key" not in text
    ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=built["vpc"])
