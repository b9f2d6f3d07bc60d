"""Every component honours what a Pulumi program says of it, and hands it on to all it makes."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from types import SimpleNamespace

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceTransformationResult

import bulkhead.components
from bulkhead.components import (
    Balancer,
    Fabric,
    FlowLogs,
    GatewayEndpoint,
    InterfaceEndpoint,
    Nat,
    Peering,
    PrivateNames,
    PublicAccessOptions,
    Segment,
    Service,
    SharedGroup,
    Site,
    TunnelAlarms,
    Vpc,
)
from bulkhead.components.base import Component
from bulkhead.network import (
    AccessBlock,
    AccessMode,
    BalancedPort,
    Interface,
    LoadBalancer,
    NatGateway,
    PeeredVpc,
    SecurityGroup,
    TunnelMonitoring,
)
from bulkhead.network import GatewayEndpoint as PlannedEndpoint
from bulkhead.network import Peering as PlannedPeering
from bulkhead.network.dns import NameRecord, PrivateZone
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from


def vpc(shop, opts):
    return Vpc("net", shop.network.vpcs[0], shop.network.vpn_gateways[0], opts)


def segment(shop, opts):
    network = shop.network
    acl = next(each for each in network.nacls if each.name == "data.db")
    (table,) = [each for each in network.route_tables if each.name == "data.db"]
    return Segment(
        "back",
        "shop",
        subnets=[each for each in network.subnets if each.nacl == acl.id],
        acl=acl,
        route_table=table,
        vpc_id="vpc-1",
        gateway_ids={network.vpn_gateways[0].id: "vgw-1"},
        opts=opts,
    )


def service(shop, opts):
    network = shop.network
    made = Service(
        "desk",
        "shop",
        group=next(each for each in network.security_groups if each.service == "front"),
        interfaces=network.interfaces_of("front"),
        listeners=[each for each in network.listeners if each.owner == "front"],
        vpc_id="vpc-1",
        subnet_ids={each.id: f"subnet-{each.id}" for each in network.subnets},
        opts=opts,
    )
    made.open({each.id: f"sg-{each.name}" for each in network.security_groups})
    return made


def site(shop, opts):
    network = shop.network
    return Site(
        "partner",
        "shop",
        site=network.sites[0],
        customer_gateway=network.customer_gateways[0],
        connection=network.vpn_connections[0],
        listeners=[],
        vpn_gateway_id="vgw-1",
        opts=opts,
    )


ARN = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"


def flow_logs(shop, opts):
    return FlowLogs("logs", "shop", logging=shop.logging, vpc_id="vpc-1", vpc_arn=ARN, opts=opts)


def gateway_endpoint(opts):
    service = "com.amazonaws.eu-west-1.s3"
    planned = PlannedEndpoint(id="vpce/s3", name="s3", vpc="vpc/shop", service=service)
    made = GatewayEndpoint(
        "store", "shop", endpoint=planned, vpc_id="vpc-1", vpc_arn=ARN, opts=opts
    )
    made.reach({"feed": "rtb-1"})
    return made


def interface_endpoint(opts):
    place = Interface(
        id="eni/1",
        name="AWS sts-1",
        subnet="subnet/AWS/eu-west-1a",
        address=IPv4Address("10.20.8.4"),
        security_groups=("sg/AWS sts",),
    )
    return InterfaceEndpoint(
        "keys",
        "shop",
        called="AWS sts",
        service="com.amazonaws.eu-west-1.sts",
        interfaces=[place],
        vpc_id="vpc-1",
        vpc_arn=ARN,
        group_id="sg-1",
        subnet_ids={place.subnet: "subnet-1"},
        opts=opts,
    )


def nat(opts):
    zones = (("eu-west-1a", IPv4Address("198.19.0.0")),)
    planned = NatGateway(id="nat/x", name="x", vpc="vpc/x", subnet=None, address=None, zones=zones)
    return Nat("out", "shop", nat=planned, vpc_id="vpc-1", opts=opts)


def peering(opts):
    sides = [
        PeeredVpc(vpc=f"vpc/{each}", region="eu-west-1", cidrs=(IPv4Network(f"10.{each}.0.0/16"),))
        for each in (1, 2)
    ]
    planned = PlannedPeering(id="pcx/1 2", name="1 2", requester=sides[0], accepter=sides[1])
    return Peering(
        "join", "shop", peering=planned, requester_id="vpc-1", accepter_id="vpc-2", opts=opts
    )


def private_names(opts):
    record = NameRecord(name="till", addresses=(IPv4Address("10.20.0.4"),))
    zone = PrivateZone(id="zone/x", domain="x.internal", vpc="vpc/x", records=(record,))
    return PrivateNames("names", "shop", zone=zone, vpc_id="vpc-1", opts=opts)


def public_access(opts):
    block = AccessBlock(mode=AccessMode.INGRESS)
    return PublicAccessOptions("blocked", "shop", block=block, opts=opts)


def balancer(opts):
    place = Interface(
        id="eni/NLB-till-1",
        name="NLB-till-1",
        subnet="subnet/NLB.NLB-till/eu-west-1a",
        address=IPv4Address("10.20.12.4"),
        public_address=IPv4Address("198.18.12.4"),
        security_groups=("sg/NLB-till",),
    )
    port = BalancedPort(protocol=6, port=5560, targets=(("eni/till-1", 5560),), tcp_idle=350)
    planned = LoadBalancer(
        id="nlb/NLB-till", name="NLB-till", vpc="vpc/x", interfaces=(place.id,), listeners=(port,)
    )
    return Balancer(
        "door",
        "shop",
        balancer=planned,
        interfaces=[place],
        targets={"eni/till-1": "10.20.0.4"},
        vpc_id="vpc-1",
        group_ids=["sg-1"],
        subnet_ids={place.subnet: "subnet-1"},
        zones={place.subnet: "eu-west-1a"},
        opts=opts,
    )


def shared_group(opts):
    planned = SecurityGroup(id="sg/x", name="x", vpc="vpc/x", rules=(), named_by="till")
    return SharedGroup("all", "shop", group=planned, vpc_id="vpc-1", opts=opts)


def tunnel_alarms(opts):
    """It reads three values of a site that is elsewhere."""
    standing = SimpleNamespace(
        vpn_connection_id=pulumi.Output.from_input("vpn-1"),
        tunnel_addresses=[pulumi.Output.from_input(f"52.0.0.{each}") for each in (1, 2)],
        log_group_name=pulumi.Output.from_input("/partner"),
    )
    watched = TunnelMonitoring(
        name="shop",
        notify="arn:aws:sns:eu-west-1:123456789012:on-call",
        sites=("partner",),
        logged=("partner",),
    )
    return TunnelAlarms(
        "watch",
        "shop",
        monitoring=watched,
        sites={"partner": standing},
        region="eu-west-1",
        opts=opts,
    )


@pytest.fixture
def make(shop, tmp_path, monkeypatch):
    """Each component with options, as a program of one's own makes it."""
    monkeypatch.delenv("CI", raising=False)
    file = Path(topology_from(tmp_path, TOPOLOGY).file)
    rows = {
        "Balancer": balancer,
        "Fabric": lambda opts: Fabric("all", topology=file, opts=opts),
        "FlowLogs": lambda opts: flow_logs(shop, opts),
        "GatewayEndpoint": gateway_endpoint,
        "InterfaceEndpoint": interface_endpoint,
        "Nat": nat,
        "Peering": peering,
        "PrivateNames": private_names,
        "PublicAccessOptions": public_access,
        "Vpc": lambda opts: vpc(shop, opts),
        "Segment": lambda opts: segment(shop, opts),
        "Service": lambda opts: service(shop, opts),
        "SharedGroup": shared_group,
        "Site": lambda opts: site(shop, opts),
        "TunnelAlarms": tunnel_alarms,
    }
    assert set(rows) == set(bulkhead.components.__all__)
    return lambda kind, **said: rows[kind](pulumi.ResourceOptions(**said))


every = pytest.mark.parametrize("kind", bulkhead.components.__all__)


@every
def test_all_that_it_makes_is_below_it_and_named_after_what_it_is_in(record, make, kind):
    recording = record(lambda: make(kind))
    first, *others = recording.resources
    assert first.type == f"bulkhead:network:{kind}"
    assert others
    known = {first.name}
    for each in others:
        parent = each.parent.split("::")[-1]
        assert parent in known, each.urn
        assert each.name == parent or each.name.startswith(f"{parent}-"), each.urn
        known |= set() if each.custom else {each.name}
    urns = [each.urn for each in recording.resources]
    assert len(set(urns)) == len(urns)
    assert len(recording.finished) == len(recording.components)
    assert not any(each.protect or each.provider for each in recording.resources)


@every
@pytest.mark.parametrize("called", ["provider", "providers", "parent"])
def test_all_that_it_makes_is_made_by_the_provider_that_it_is_given(record, make, kind, called):
    def program():
        provider = aws.Provider("theirs", region="eu-west-1")
        if called == "parent":
            group = pulumi.ComponentResource(
                "their:own:Group", "group", None, pulumi.ResourceOptions(providers=[provider])
            )
            return make(kind, parent=group)
        return make(kind, **{called: provider if called == "provider" else {"aws": provider}})

    children = record(program).children
    assert children
    for each in children:
        assert "::theirs::" in each.provider, each.urn


@every
def test_all_of_it_is_protected_where_it_is(record, make, kind):
    recording = record(lambda: make(kind, protect=True))
    assert all(each.protect for each in recording.resources)


@every
def test_it_is_known_by_its_aliases_and_stands_where_it_is_put(record, make, kind):
    """What is in it the engine knows by them too: see that names begin with its own."""

    def program():
        group = pulumi.ComponentResource("their:own:Group", "group")
        root = pulumi.Alias(name="older", parent=pulumi.ROOT_STACK_RESOURCE)
        make(kind, parent=group, aliases=[root])

    recording = record(program)
    made = next(each for each in recording.components if each.type.endswith(f":{kind}"))
    assert made.aliases == ("older",)
    assert made.parent.endswith("their:own:Group::group")


@every
def test_a_transformation_sees_all_of_it_and_what_it_says_is_done(record, make, kind):
    seen = []

    def tagged(args):
        seen.append(args.name)
        if "tags" not in args.props:
            return None
        tags = {**args.props["tags"], "cost-center": "7"}
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
        return ResourceTransformationResult({**args.props, "tags": tags}, opts)

    recording = record(lambda: make(kind, transformations=[tagged]))
    assert sorted(seen) == sorted(each.name for each in recording.resources)
    # The option of a Region has no tags.
    assert kind == "PublicAccessOptions" or any(
        "tags" in each.inputs for each in recording.children
    )
    for each in recording.children:
        if "tags" in each.inputs:
            assert each.inputs["tags"]["cost-center"] == "7", each.urn
            assert each.protect


@every
def test_a_preview_in_which_no_id_is_known_yet_asks_for_the_same(record, make, kind):
    known = record(lambda: make(kind))
    unknown = record(lambda: make(kind), known=False)
    assert {each.urn for each in unknown.resources} == {each.urn for each in known.resources}
    assert len(unknown.finished) == len(known.finished)


@every
def test_a_resource_of_the_program_may_wait_for_all_of_it(record, make, kind):
    def program():
        made = make(kind)
        aws.sqs.Queue("last", opts=pulumi.ResourceOptions(depends_on=[made]))

    recording = record(program)
    last = recording.resources[-1]
    assert last.name == "last"
    assert len(last.dependencies) >= len(recording.children) - 1


def test_every_component_is_there_to_import_and_held_to_all_of_this():
    """But for what is a part of a fabric alone."""
    kinds = [Component]
    for each in kinds:
        kinds += each.__subclasses__()
    parts = "bulkhead.components.fabric."
    alone = {each.__name__ for each in kinds if not each.__module__.startswith(parts)}
    assert alone - {"Component"} == set(bulkhead.components.__all__) - {"Fabric"}


def test_an_import_makes_nothing_and_needs_no_engine():
    """Without an engine, to make a resource is an error of Pulumi's own."""
    program = "import bulkhead.components, bulkhead.components.fabric"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
