"""However damaged a description is: a reason, or a Network whose references are closed."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.network import Network
from tests.support.examples import ONE_FOLDER, examples

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["vpc-1", "sg-ticker", "10.0.0.0/8", "tcp", "-1", "2001:db8::/32", "::%1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    return [path, *(found for key, each in pairs for found in places(each, (*path, key)))]


def damaged(document: Any, damage: list[tuple[tuple[Any, ...], Any]]) -> Any:
    document = copy.deepcopy(document)
    for path, junk in damage:
        holder = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            if junk == "remove":
                del holder[path[-1]]
            else:
                holder[path[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue
    return document


@pytest.fixture
def everything(account) -> dict[str, Any]:
    """The account with one of each thing that its description can hold."""
    arn = "arn:aws:network-firewall:eu-west-1:1"
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/50dc"
    targets = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/ticker/73e2"
    account.thing("NetworkInterfaces", "eni-1").update(
        Ipv6Addresses=[{"Ipv6Address": "2001:db8::10"}],
        Ipv6Prefixes=[{"Ipv6Prefix": "2001:db8:0:0:1::/80"}],
        Ipv4Prefixes=[{"Ipv4Prefix": "10.20.0.32/28"}],
        Attachment={"InstanceId": "i-1", "DeviceIndex": 0},
        ConnectionTrackingConfiguration={"UdpTimeout": 45},
    )
    account.thing("Vpcs", "vpc-1")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/56"}
    ]
    account.thing("Subnets", "subnet-a")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/64"}
    ]
    for each in account.thing("NetworkAcls", "acl-feed")["Associations"]:
        each["NetworkAclAssociationId"] = "aclassoc-1"
    account.route(DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1")
    account.route(DestinationPrefixListId="pl-1", GatewayId="vpce-s3")
    account.route(DestinationCidrBlock="10.9.0.0/16", GatewayId="vpce-f")
    return {
        **account.document,
        "Reservations": [
            {"ReservationId": "r-1", "Instances": [{"InstanceId": "i-1", "Tags": []}]}
        ],
        "PrefixLists": [{"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.9.0.0/16"}]}],
        "NatGateways": [
            {
                "NatGatewayId": "nat-1",
                "VpcId": "vpc-1",
                "SubnetId": "subnet-a",
                "NatGatewayAddresses": [{"PrivateIp": "10.20.0.20", "PublicIp": "198.51.100.2"}],
            }
        ],
        "EgressOnlyInternetGateways": [
            {"EgressOnlyInternetGatewayId": "eigw-1", "Attachments": [{"VpcId": "vpc-1"}]}
        ],
        "VpcPeeringConnections": [
            {
                "VpcPeeringConnectionId": "pcx-1",
                "Status": {"Code": "active"},
                "RequesterVpcInfo": {"VpcId": "vpc-1", "Region": "eu-west-1"},
                "AccepterVpcInfo": {
                    "VpcId": "vpc-9",
                    "CidrBlockSet": [{"CidrBlock": "10.90.0.0/16"}],
                    "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8:9::/56"}],
                },
            }
        ],
        "TransitGateways": [
            {"TransitGatewayId": "tgw-1", "TransitGatewayArn": "arn:aws:ec2:x", "Options": {}}
        ],
        "TransitGatewayAttachments": [
            {
                "TransitGatewayAttachmentId": name,
                "TransitGatewayId": "tgw-1",
                "ResourceType": kind,
                "ResourceId": resource,
                "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"},
            }
            for name, kind, resource in (
                ("tgw-attach-1", "vpc", "vpc-1"),
                ("tgw-attach-2", "peering", "tgw-2"),
                ("tgw-attach-3", "connect", "x"),
            )
        ],
        "TransitGatewayVpcAttachments": [
            {
                "TransitGatewayAttachmentId": "tgw-attach-1",
                "TransitGatewayId": "tgw-1",
                "VpcId": "vpc-1",
                "SubnetIds": ["subnet-a"],
                "Options": {"ApplianceModeSupport": "enable"},
            }
        ],
        "TransitGatewayPeeringAttachments": [
            {
                "TransitGatewayAttachmentId": "tgw-attach-2",
                "RequesterTgwInfo": {"TransitGatewayId": "tgw-1", "Region": "eu-west-1"},
                "AccepterTgwInfo": {"TransitGatewayId": "tgw-2", "Region": "us-east-1"},
            }
        ],
        "TransitGatewayRouteTables": [
            {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}
        ],
        "TransitGatewayRoutes": [
            {
                "TransitGatewayRouteTableId": "tgw-rtb-1",
                "Routes": [
                    {
                        "DestinationCidrBlock": "10.20.0.0/16",
                        "Type": "static",
                        "State": "active",
                        "TransitGatewayAttachments": [
                            {"TransitGatewayAttachmentId": "tgw-attach-1"}
                        ],
                    }
                ],
            }
        ],
        "TransitGatewayPropagations": [
            {
                "TransitGatewayRouteTableId": "tgw-rtb-1",
                "TransitGatewayRouteTablePropagations": [
                    {"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceType": "vpc"}
                ],
            }
        ],
        "VpcEndpoints": [
            {"VpcEndpointId": "vpce-s3", "VpcEndpointType": "Gateway", "VpcId": "vpc-1"},
            {"VpcEndpointId": "vpce-f", "VpcEndpointType": "GatewayLoadBalancer"},
        ],
        "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress"},
        "VpcBlockPublicAccessExclusions": [
            {
                "ExclusionId": "vpcbpa-1",
                "ResourceArn": "arn:aws:ec2:eu-west-1:1:vpc/vpc-1",
                "InternetGatewayExclusionMode": "allow-bidirectional",
                "State": "create-complete",
            }
        ],
        "Firewalls": [
            {
                "Firewall": {
                    "FirewallArn": f"{arn}:firewall/edge",
                    "VpcId": "vpc-1",
                    "FirewallPolicyArn": f"{arn}:firewall-policy/p",
                },
                "FirewallStatus": {
                    "SyncStates": {
                        "a": {"Attachment": {"SubnetId": "subnet-a", "EndpointId": "vpce-f"}}
                    }
                },
            }
        ],
        "FirewallPolicies": [
            {
                "FirewallPolicyResponse": {"FirewallPolicyArn": f"{arn}:firewall-policy/p"},
                "FirewallPolicy": {
                    "StatelessDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessRuleGroupReferences": [
                        {"ResourceArn": f"{arn}:stateless-rulegroup/first", "Priority": 1}
                    ],
                    "StatefulRuleGroupReferences": [
                        {"ResourceArn": f"{arn}:stateful-rulegroup/feed", "Priority": 1}
                    ],
                    "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
                    "StatefulDefaultActions": ["aws:drop_strict"],
                },
            }
        ],
        "RuleGroups": [
            {
                "RuleGroupResponse": {"RuleGroupArn": f"{arn}:stateless-rulegroup/first"},
                "RuleGroup": {
                    "RulesSource": {
                        "StatelessRulesAndCustomActions": {
                            "StatelessRules": [
                                {
                                    "Priority": 1,
                                    "RuleDefinition": {
                                        "Actions": ["aws:pass"],
                                        "MatchAttributes": {
                                            "Sources": [{"AddressDefinition": "10.0.0.0/8"}],
                                            "Protocols": [6],
                                            "SourcePorts": [{"FromPort": 1, "ToPort": 2}],
                                        },
                                    },
                                }
                            ]
                        }
                    }
                },
            },
            {
                "RuleGroupResponse": {"RuleGroupArn": f"{arn}:stateful-rulegroup/feed"},
                "RuleGroup": {
                    "RuleVariables": {"IPSets": {"FEED": {"Definition": ["10.1.0.0/16"]}}},
                    "RulesSource": {
                        "StatefulRules": [
                            {
                                "Action": "PASS",
                                "Header": {
                                    "Protocol": "TCP",
                                    "Source": "$FEED",
                                    "SourcePort": "ANY",
                                    "Direction": "FORWARD",
                                    "Destination": "[10.1.0.0/16,10.2.0.0/16]",
                                    "DestinationPort": "1:1024",
                                },
                                "RuleOptions": [{"Keyword": "sid", "Settings": ["1"]}],
                            }
                        ]
                    },
                },
            },
        ],
        "LoadBalancers": [{"LoadBalancerArn": balancer, "VpcId": "vpc-1"}],
        "Listeners": [
            {
                "ListenerArn": f"{balancer}/l",
                "LoadBalancerArn": balancer,
                "Port": 443,
                "Protocol": "TCP",
                "DefaultActions": [
                    {"TargetGroupArn": targets, "ForwardConfig": {"TargetGroups": []}}
                ],
            }
        ],
        "Rules": [{"RuleArn": f"{balancer}/l/r", "Actions": [{"TargetGroupArn": targets}]}],
        "TargetGroups": [{"TargetGroupArn": targets, "VpcId": "vpc-1", "Port": 80}],
        "TargetHealth": [
            {
                "TargetGroupArn": targets,
                "TargetHealthDescriptions": [{"Target": {"Id": "i-1", "Port": 80}}],
            }
        ],
        "TargetGroupAttributes": [
            {"TargetGroupArn": targets, "Attributes": [{"Key": "k", "Value": "v"}]}
        ],
    }


def test_one_of_everything_is_taken_in(everything):
    network = observe.from_answers(everything, region="eu-west-1")
    filled = {each.name for each in fields(Network) if getattr(network, each.name)}
    # Of peers a topology alone has names: what AWS shows of them is their addresses.
    # What lists hold is asked by a plan that was made of it.
    of_no_account = {"unobserved", "beside", "peers", "prefix_lists"}
    assert filled == {each.name for each in fields(Network)} - of_no_account
    assert {each.kind for each in network.unmodelled} == {"vpc"}


@examples(5, ONE_FOLDER)
@given(data=st.data(), strict=st.booleans())
def test_no_description_however_damaged_is_answered_with_anything_but_a_reason(
    everything, data, strict
):
    paths = [path for path in places(everything) if path]
    damage = data.draw(
        st.lists(st.tuples(st.sampled_from(paths), JUNK | st.just("remove")), max_size=3)
    )
    document = damaged(everything, damage)
    topology = data.draw(st.sampled_from((None, "trading")))
    try:
        network = observe.from_answers(
            document, region="eu-west-1", strict=strict, topology=topology
        )
    except observe.MalformedDescriptionError as refused:
        assert refused.faults
        return
    except observe.TopologyNotFoundError:
        assert topology
        return
    assert all(each.vpc in network.vpc for each in network.subnets)
    assert all(each.subnet in network.subnet for each in network.interfaces)
    assert all(each.nacl in network.nacl for each in network.subnets)
    assert all(each.route_table in network.route_table for each in network.subnets)
    assert all(
        held in network.security_group
        for each in network.interfaces
        for held in each.security_groups
    )
    named = {"services", "sites", "listeners", "unmodelled", "unobserved", "associations"}
    named |= {"unlisted", "prefix_lists"}
    kinds = [each.name for each in fields(Network) if each.name not in named]
    there = {each.id for kind in kinds for each in getattr(network, kind)}
    there |= {endpoint for each in network.firewalls for endpoint, _ in each.endpoints}
    assert all(each.scope == each.id or each.scope in there for each in network.unmodelled)
    for kind in set(kinds) - {"transit_attachments"}:
        ids = [each.id for each in getattr(network, kind)]
        assert len(ids) == len(set(ids)), kind
