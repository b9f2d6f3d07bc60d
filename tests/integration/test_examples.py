"""Every program of examples/ is built, as its README says, in one AWS of this machine."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from local_aws.environment import pulumi_path
from tests.integration.conftest import ROOT, Checkout, make_checkout

pytestmark = pytest.mark.integration

LINE = r"(?m)^  topology.yaml:\d+: (?:interface|security group) ([^\s:]+)"
EXAMPLES = ROOT / "examples"
BUILT = {
    "eks",
    "existing-vpc",
    "fleet",
    "given-subnets",
    "own-program",
    "two-stacks/desk",
    "two-stacks/network",
    "yaml",
}
PACKAGE = "name: bulkhead\nruntime: python\n"  # of the environment of these tests


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """One local AWS for all of them, and copies of what they are made of."""
    made = make_checkout(tmp_path_factory.mktemp("examples"))
    for folder in ("examples", "plugin"):
        shutil.copytree(ROOT / folder, made.root / folder, ignore=shutil.ignore_patterns("venv"))
    (made.root / "plugin" / "PulumiPlugin.yaml").write_text(PACKAGE)
    (made.root / "plugin" / "requirements.txt").unlink()
    for config in made.root.glob("examples/**/Pulumi.dev.yaml"):
        config.write_text(config.read_text().replace(":4566", f":{made.port}"))
    started = made.stack("start", "--port", str(made.port))
    assert started.code == 0, started.said
    yield made
    made.stop()


class Example:
    """A folder of examples/, and what one does in it."""

    def __init__(self, account: Checkout, shape: str) -> None:
        self.folder = account.root / "examples" / shape
        self.account = replace(account, root=self.folder)

    def pulumi(self, *words):
        ran = self.account.pulumi(*words, "--stack", "dev")
        assert ran.code == 0, ran.said
        return ran.out

    def up(self):
        """As a person does it the first time."""
        created = self.account.pulumi("stack", "init", "dev")
        assert created.code == 0, created.said
        return self.pulumi("up", "--yes", "--skip-preview")

    def outputs(self, *words):
        return json.loads(self.pulumi("stack", "output", "--json", *words))


@pytest.fixture(scope="module")
def example(account):
    return lambda shape: Example(account, shape)


def test_every_example_is_one_of_those_that_are_built_here():
    found = {str(each.parent.relative_to(EXAMPLES)) for each in EXAMPLES.rglob("Pulumi.yaml")}
    assert found == BUILT


def test_a_program_of_ones_own_puts_its_hosts_into_a_fabric(example, account):
    own = example("own-program")
    own.up()
    canary = account.tagged(
        "describe_network_interfaces", "NetworkInterfaces", Name="momentum-canary"
    )
    (momentum,) = own.outputs()["interfaces"]["momentum"].values()
    replica = account.tagged("describe_network_interfaces", "NetworkInterfaces", Name="momentum-1")
    assert replica["NetworkInterfaceId"] == momentum
    assert canary["Groups"] == replica["Groups"]
    assert canary["SubnetId"] == replica["SubnetId"]
    (template,) = account.ec2.describe_launch_template_versions(Versions=["$Latest"])[
        "LaunchTemplateVersions"
    ]
    started = template["LaunchTemplateData"]
    assert started["SecurityGroupIds"] == [each["GroupId"] for each in replica["Groups"]]
    (connected,) = json.loads(base64.b64decode(started["UserData"]))["market"]["connect"]
    assert connected["endpoint"].endswith(":5556")


def test_members_of_a_fleet_come_and_go_and_check_follows_their_groups(example, account):
    fleet = example("fleet")
    fleet.up()
    checked = fleet.account.bulkhead("check", "topology.yaml", "--on", "aws")
    assert checked.code == 0, checked.said
    groups = fleet.outputs()["groups"]
    held = {
        service: account.ec2.describe_network_interfaces(
            Filters=[{"Name": "group-id", "Values": [groups[service]]}]
        )["NetworkInterfaces"]
        for service in ("worker", "router", "alarm")
    }
    assert {service: len(several) for service, several in held.items()} == {
        "worker": 3,
        "router": 2,
        "alarm": 2,
    }
    fleet.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    fleet.pulumi("config", "set", "workers", "9")
    fleet.pulumi("up", "--yes", "--skip-preview")
    scaled = fleet.account.bulkhead("check", "topology.yaml", "--on", "aws")
    assert scaled.code == 0, scaled.said
    # An interface of somebody's who holds a worker's group where no worker belongs.
    subnet = next(iter(fleet.outputs()["subnets"]["router"].values()))
    made = account.ec2.create_network_interface(SubnetId=subnet, Groups=[groups["worker"]])
    astray = made["NetworkInterface"]["NetworkInterfaceId"]
    found = fleet.account.bulkhead("check", "topology.yaml", "--on", "aws")
    assert found.code == 1
    assert astray in found.out
    assert "members of worker belong in work-eu-west-1a, work-eu-west-1b" in found.out
    account.ec2.delete_network_interface(NetworkInterfaceId=astray)
    fleet.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    fleet.pulumi("destroy", "--yes", "--skip-preview")


def test_pods_of_eks_hold_the_group_that_their_policy_names(example, account):
    pods = example("eks")
    pods.up()
    pods.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    told = pods.outputs()
    (ventilator, worker) = told["securityGroupPolicies"]["items"]
    assert worker["spec"] == {
        "podSelector": {"matchLabels": {"app": "worker"}},
        "securityGroups": {"groupIds": [told["groups"]["worker"]]},
    }
    # What the controller of EKS does for each pod: a branch interface in the subnet of its node.
    branches = [
        account.ec2.create_network_interface(
            SubnetId=subnet, Groups=each["spec"]["securityGroups"]["groupIds"]
        )["NetworkInterface"]["NetworkInterfaceId"]
        for each in (ventilator, worker)
        for subnet in told["subnets"][each["metadata"]["name"]].values()
    ]

    def check():
        return pods.account.bulkhead("check", "topology.yaml", "--on", "aws")

    # EKS's own group lets the control plane out to everybody, until somebody takes that rule away.
    (own,) = account.ec2.describe_security_groups(
        Filters=[{"Name": "tag:aws:eks:cluster-name", "Values": [told["cluster"]]}]
    )["SecurityGroups"]
    checked = check()
    assert checked.code == 1, checked.said
    assert "holds a rule that no plan has: egress all to 0.0.0.0/0" in checked.out
    assert f"revoke-security-group-egress --group-id {own['GroupId']}" in checked.out
    everybody = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    account.ec2.revoke_security_group_egress(GroupId=own["GroupId"], IpPermissions=everybody)

    checked = check()
    assert checked.code == 1, checked.said
    # Of two pods of a service of one the second is too many; all else is as declared.
    (more,) = set(re.findall(LINE, checked.out))
    assert more in branches[:2]
    assert "ventilator has 1 members besides, the most that it may have" in checked.out
    account.ec2.delete_network_interface(NetworkInterfaceId=more)

    checked = check()
    assert checked.code == 0, checked.said
    assert "EKS lets the interfaces of control exchange anything" in checked.out

    # A host that holds EKS's group is none of the control plane.
    subnet = next(iter(told["subnets"]["nodes"].values()))
    stray = account.ec2.create_network_interface(SubnetId=subnet, Groups=[own["GroupId"]])
    checked = check()
    assert checked.code == 1, checked.said
    assert stray["NetworkInterface"]["NetworkInterfaceId"] in checked.out
    strays = [stray["NetworkInterface"]["NetworkInterfaceId"]]
    for each in (*(one for one in branches if one != more), *strays):
        account.ec2.delete_network_interface(NetworkInterfaceId=each)
    pods.pulumi("destroy", "--yes", "--skip-preview")


def test_a_topology_is_built_in_a_vpc_of_others(example, account):
    named = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "shared"}]}]
    vpc = account.ec2.create_vpc(CidrBlock="10.63.0.0/16", TagSpecifications=named)["Vpc"]["VpcId"]
    account.ec2.create_subnet(VpcId=vpc, CidrBlock="10.63.0.0/24")
    annex = example("existing-vpc")
    adopted = annex.account.bulkhead("adopt", "topology.yaml")
    assert adopted.code == 0, adopted.said
    late = account.ec2.create_subnet(VpcId=vpc, CidrBlock="10.63.64.0/28")["Subnet"]["SubnetId"]
    assert annex.account.pulumi("stack", "init", "dev").code == 0
    refused = annex.account.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
    assert (refused.code != 0, f"{late} (10.63.64.0/28) has come into {vpc}" in refused.said) == (
        True,
        True,
    )
    assert "Traceback" not in refused.said
    account.ec2.delete_subnet(SubnetId=late)
    annex.pulumi("up", "--yes", "--skip-preview")
    assert annex.outputs()["vpc"] == vpc
    checked = annex.account.bulkhead("check", "topology.yaml", "--on", "aws")
    assert checked.code == 0, checked.said


def test_services_stand_in_subnets_that_a_platform_team_handed_out(example, account):
    named = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "platform"}]}]
    tier = [{"ResourceType": "subnet", "Tags": [{"Key": "tier", "Value": "app"}]}]
    ec2 = account.ec2
    vpc = ec2.create_vpc(CidrBlock="10.64.0.0/16", TagSpecifications=named)["Vpc"]["VpcId"]
    given = {
        zone: ec2.create_subnet(
            VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone, TagSpecifications=tier
        )["Subnet"]["SubnetId"]
        for zone, cidr in (("eu-west-1a", "10.64.0.0/24"), ("eu-west-1b", "10.64.1.0/24"))
    }
    guests = example("given-subnets")
    adopted = guests.account.bulkhead("adopt", "topology.yaml")
    assert adopted.code == 0, adopted.said
    assert guests.account.pulumi("stack", "init", "dev").code == 0
    taken = ec2.create_network_interface(
        SubnetId=given["eu-west-1a"], PrivateIpAddress="10.64.0.4"
    )["NetworkInterface"]["NetworkInterfaceId"]
    refused = guests.account.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
    assert refused.code != 0
    assert f"10.64.0.4 of ticker-1 is {taken}'s by now" in refused.said
    assert "Traceback" not in refused.said
    ec2.delete_network_interface(NetworkInterfaceId=taken)
    guests.pulumi("up", "--yes", "--skip-preview")
    outputs = guests.outputs()
    assert outputs["subnets"] == given
    ec2.create_network_interface(SubnetId=given["eu-west-1b"], Groups=outputs["groups"])
    checked = guests.account.bulkhead("check", "topology.yaml", "--on", "aws")
    assert checked.code == 0, checked.said
    assert checked.out.splitlines()[-1].startswith("AS DECLARED")


def test_a_stack_of_another_team_finds_subnets_groups_and_endpoints_of_the_network(example):
    example("two-stacks/network").up()
    desk = example("two-stacks/desk")
    desk.up()
    assert desk.outputs()["sockets"] == "[secret]"
    (market,) = desk.outputs("--show-secrets")["sockets"].values()
    assert market["connect"][0]["endpoint"].endswith(":5556")


def test_a_program_in_yaml_has_the_fabric_by_its_package(example, account):
    host = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "yaml_host.py")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    yaml = example("yaml")
    # It starts the package itself, by the host for Python that stands beside `pulumi`.
    folders = [str(Path(host).parent), str(pulumi_path().parent), account.environment["PATH"]]
    path = os.pathsep.join(folders)
    yaml.account = replace(yaml.account, environment={**account.environment, "PATH": path})
    yaml.up()
    told = yaml.outputs()
    assert told["vpc"].startswith("vpc-")
    assert told["tickerGroup"].startswith("sg-")
    assert told["endpoints"] == "[secret]"
