"""The policy pack in the real engine: a preview of other people's program, and a bare state."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws.control import start
from local_aws.place import Place
from tests.integration.conftest import ROOT
from tests.support.foreign import EVERYWHERE, Shop

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PACK = ROOT / "policy"
PROGRAM = '''
import pulumi
import pulumi_aws as aws


class Home(pulumi.ComponentResource):
    """A network as one finds them: a component, its children, one provider of its own."""

    def __init__(self, name, opts=None):
        super().__init__("acme:network:Home", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(name, cidr_block="10.0.0.0/16", opts=inside)
        self.subnet = aws.ec2.Subnet(
            name, vpc_id=self.vpc.id, cidr_block="10.0.1.0/24", opts=inside
        )
        self.group = aws.ec2.SecurityGroup(name, vpc_id=self.vpc.id, opts=inside)
        self.register_outputs({})


def tagged(args):
    if "tags" in args.props:
        args.props["tags"] = {**(args.props["tags"] or {}), "Purpose": "trading"}
    return pulumi.ResourceTransformationResult(args.props, args.opts)


pulumi.runtime.register_stack_transformation(tagged)
ireland = aws.Provider("ireland", region="eu-west-1", endpoints=ENDPOINTS, **KEYS)
home = Home("home", pulumi.ResourceOptions(providers=[ireland]))
own = pulumi.ResourceOptions(provider=ireland)
gateway = aws.ec2.VpnGateway("vpn", vpc_id=home.vpc.id, opts=own)
device = aws.ec2.CustomerGateway(
    "device", bgp_asn="65000", ip_address="203.0.113.7", type="ipsec.1", opts=own
)
site = aws.ec2.VpnConnection(
    "site", customer_gateway_id=device.id, vpn_gateway_id=gateway.id, type="ipsec.1",
    static_routes_only=True, opts=own,
)
aws.ec2.VpnConnectionRoute(
    "site", vpn_connection_id=site.id, destination_cidr_block="192.168.10.0/24", opts=own
)
table = aws.ec2.RouteTable("table", vpc_id=home.vpc.id, opts=own)
aws.ec2.Route(
    "to-site", route_table_id=table.id, destination_cidr_block="192.168.10.0/24",
    gateway_id=gateway.id, opts=own,
)
aws.ec2.RouteTableAssociation(
    "in-home", subnet_id=home.subnet.id, route_table_id=table.id, opts=own
)
aws.ec2.NetworkInterface(
    "host", subnet_id=home.subnet.id, security_groups=[home.group.id], opts=own
)
aws.vpc.SecurityGroupIngressRule(
    "ticks", security_group_id=home.group.id, ip_protocol="tcp", from_port=5556, to_port=5556,
    cidr_ipv4="192.168.10.0/24", opts=own,
)
aws.vpc.SecurityGroupIngressRule(
    "later", security_group_id=home.group.id, ip_protocol="tcp", from_port=22, to_port=22,
    cidr_ipv4=gateway.id.apply(lambda _: "0.0.0.0/0"), opts=own,
)
'''


@pytest.fixture(scope="module")
def foreign(checkout):
    """A project of its own, in Python and in nobody's style."""
    folder = checkout.root / "foreign"
    folder.mkdir()
    endpoint = f"http://127.0.0.1:{checkout.port}"
    endpoints = f"[aws.ProviderEndpointArgs(ec2={endpoint!r}, sts={endpoint!r})]"
    keys = "{'access_key': 'local', 'secret_key': 'local'}"
    program = PROGRAM.replace("ENDPOINTS", endpoints).replace("KEYS", keys)
    (folder / "__main__.py").write_text(program)
    (folder / "Pulumi.yaml").write_text("name: foreign\nruntime: python\n")
    # The pack imports the checkout that is tested, and Pulumi's events go to a file.
    path = f"{ROOT}:{PACK}"
    environment = {**checkout.environment, "PULUMI_DEBUG_COMMANDS": "1", "PYTHONPATH": path}
    start(Place(checkout.root, checkout.port))
    return replace(checkout, root=folder, environment=environment)


@pytest.fixture(scope="module")
def previewed(foreign):
    """What the engine said, and every policy event."""
    made = foreign.pulumi("stack", "init", "dev")
    assert made.code == 0, made.said
    config = foreign.root / "levels.json"
    config.write_text(json.dumps({"zeromq-from-untrusted-site": "mandatory"}))
    events = foreign.root / "events.json"
    ran = foreign.pulumi(
        *("preview", "--stack", "dev", "--policy-pack", str(PACK)),
        *("--policy-pack-config", str(config), "--event-log", str(events)),
    )
    return ran, list(policy_events(events.read_text()))


def policy_events(text: str):
    for line in text.splitlines():
        if found := json.loads(line).get("policyEvent"):
            yield found


def about(events, policy):
    return {
        each["resourceUrn"].rsplit("::", 1)[-1] for each in events if each["policyName"] == policy
    }


def test_a_mandatory_finding_stops_the_preview_on_the_rule_that_does_it(previewed):
    ran, events = previewed
    assert ran.code != 0, ran.said
    assert "policy" in ran.said
    assert about(events, "zeromq-from-untrusted-site") == {"ticks"}
    assert {
        each["enforcementLevel"]
        for each in events
        if each["policyName"] == "zeromq-from-untrusted-site"
    } == {"mandatory"}


def test_what_a_preview_does_not_know_is_named_and_no_policy_ends_at_it(previewed):
    ran, events = previewed
    assert "later" in about(events, "cannot-tell")
    assert "can't run policy" not in ran.said
    assert not any("could not be asked" in each["message"] for each in events)


def test_findings_are_on_resources_of_the_program_by_the_names_it_gives_them(previewed):
    _, events = previewed
    assert about(events, "flow-logs-on") == {"home"}
    assert about(events, "tunnels-logged") == {"site"}
    assert {each["policyPackName"] for each in events} == {"bulkhead"}


def test_a_state_is_analysed_without_program_account_or_secrets(foreign, tmp_path: Path):
    shop = Shop()
    shop.rule("ticks", 5556, EVERYWHERE)
    ran = foreign.pulumi(
        *("policy", "analyze", "--file", str(shop.written(tmp_path))),
        *("--policy-pack", str(PACK), "--json"),
    )
    assert ran.code != 0, ran.said
    events = list(policy_events(ran.out))
    assert about(events, "zeromq-from-internet") == {"ticks"}
    assert "shop" in about(events, "cannot-tell")  # whether it answers to version 1 of IMDS
