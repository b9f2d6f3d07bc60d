"""Programs that are not ours, in the style of public examples, with the real engine."""

from __future__ import annotations

import json
import os
import shutil
import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from bulkhead.ends import resolve
from bulkhead.explain import explain
from bulkhead.network import Verdict
from bulkhead.observe.live.account import account
from bulkhead.observe.pulumi.state import read_state
from bulkhead.prove import prove
from local_aws.environment import local_variables

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PROGRAMS = Path(__file__).parent / "programs"


def writes(project: Any, name: str) -> None:
    """The project's program becomes this one."""
    shutil.rmtree(project.place.root / "program")
    shutil.copytree(PROGRAMS / name, project.place.root / "program")


def state_of(project: Any) -> list[dict[str, Any]]:
    exported = project.pulumi_run("stack", "export", "--show-secrets").stdout
    resources: list[dict[str, Any]] = json.loads(exported)["deployment"]["resources"]
    return resources


def id_of(project: Any, token: str, name: str) -> str:
    return next(
        each["id"] for each in state_of(project) if each["urn"].endswith(f"{token}::{name}")
    )


def comes_up_stays_and_shows_no_drift(project: Any, name: str) -> None:
    writes(project, name)
    project.local_aws("up")
    project.pulumi_run("refresh", "--yes", "--expect-no-changes", "--skip-preview")


def imported_anew(project: Any, token: str, name: str) -> None:
    """One that stands is taken into a state that does not know it, and nothing is to be done."""
    held = id_of(project, token, name)
    urn = next(each["urn"] for each in state_of(project) if each.get("id") == held)
    project.pulumi_run("state", "delete", urn, "--yes")
    project.pulumi_run(
        "import", token, name, held, "--yes", "--generate-code=false", "--protect=false",
        "--skip-preview",
    )  # fmt: skip
    said = project.local_aws("preview", "--expect-no-changes")
    assert "the last run left it" not in said.stderr  # though secrets are sealed anew each time


def test_a_vpc_that_reaches_out_comes_up_changes_and_goes(project: Any) -> None:
    comes_up_stays_and_shows_no_drift(project, "way_out")
    imported_anew(project, "aws:ec2/vpcEndpoint:VpcEndpoint", "sqs")

    project.pulumi_run("config", "set", "--path", "hosts[0]", "198.51.100.0/24")
    project.config("privateToo", "true")
    changed = project.pulumi_run("up", "--yes", "--skip-preview").stdout
    assert "4 updated" in changed
    assert "replaced" not in changed
    ec2 = project.ec2
    (queue,) = ec2.describe_vpc_endpoints(
        Filters=[{"Name": "vpc-endpoint-type", "Values": ["Interface"]}]
    )["VpcEndpoints"]
    assert len(queue["SubnetIds"]) == len(queue["NetworkInterfaceIds"]) == 2

    project.pulumi_run("destroy", "--yes", "--skip-preview")
    assert ec2.describe_addresses()["Addresses"] == []
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_rules_routes_and_entries_may_be_listed_inline(project: Any) -> None:
    comes_up_stays_and_shows_no_drift(project, "inline")
    imported_anew(project, "aws:ec2/networkAcl:NetworkAcl", "web")
    project.config("port", "8443")
    changed = project.pulumi_run("up", "--yes", "--skip-preview").stdout
    assert "2 updated" in changed
    assert "replaced" not in changed
    web = [{"Name": "group-name", "Values": ["web-*"]}]
    (group,) = project.ec2.describe_security_groups(Filters=web)["SecurityGroups"]
    assert {each["FromPort"] for each in group["IpPermissions"]} == {8443, 9000}
    assert len(json.loads(project.pulumi_run("stack", "output", "--json").stdout)["subnets"]) == 2
    project.pulumi_run("destroy", "--yes", "--skip-preview")


def test_hosts_come_up_change_their_type_in_place_and_go(project: Any, tmp_path: Path) -> None:
    comes_up_stays_and_shows_no_drift(project, "hosts")
    imported_anew(project, "aws:ec2/instance:Instance", "ticker")
    project.config("type", "t3.large")
    changed = project.pulumi_run("up", "--yes", "--skip-preview").stdout
    assert "1 updated" in changed
    assert "replaced" not in changed
    state = tmp_path / "state.json"
    project.pulumi_run("stack", "export", "--file", str(state))
    hosts = {each.address: each.instance_type for each in read_state(state).network.interfaces}
    assert hosts[IPv4Address("10.40.1.10")] == "c7g.large"
    assert sorted(filter(None, hosts.values())) == ["c7g.large", "t3.large"]
    project.pulumi_run("destroy", "--yes", "--skip-preview")
    assert project.ec2.describe_network_interfaces()["NetworkInterfaces"] == []


HOSTS = {"shared": "10.100.0.10", "prod": "10.101.0.10", "dev": "10.102.0.10"}
OFFICE = "192.168.1.9"
MEANT = {("shared", "prod"), ("prod", "shared"), ("shared", "dev"), ("dev", "shared")}


def pairs_that_reach(network: Any) -> set[tuple[str, str]]:
    """Which hosts of the hub's program connect to which, and the office: proved and walked."""
    reach = prove(network)
    said = {**HOSTS, "office": OFFICE}
    ends = {name: resolve(network, address)[0] for name, address in said.items()}
    found = set()
    for source in said:
        for target in HOSTS.keys() - {source}:
            proved = reach.verdict(ends[source], ends[target], 6, 5556)
            assert explain(network, ends[source], ends[target], 6, 5556).verdict is proved
            if proved is Verdict.ALLOWED:
                found.add((source, target))
    return found


def test_a_hub_and_its_spokes_reach_what_their_program_means(
    project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_up_stays_and_shows_no_drift(project, "hub")
    imported_anew(project, "aws:ec2transitgateway/route:Route", "office")
    for name, value in local_variables(project.place).items():
        monkeypatch.setenv(name, value)
    state = tmp_path / "state.json"
    project.pulumi_run("stack", "export", "--file", str(state))
    meant = {*MEANT, ("office", "shared")}
    assert pairs_that_reach(account()) == meant
    assert pairs_that_reach(read_state(state).network) == meant

    project.config("appliance", "enable")
    project.config("leak", "true")
    changed = project.pulumi_run("up", "--yes", "--skip-preview").stdout
    assert ("3 updated" in changed, "2 created" in changed) == (True, True)
    # The office still gets no answer from a spoke, whose table has no way back to it.
    assert pairs_that_reach(account()) == {*meant, ("prod", "dev"), ("dev", "prod")}
    asked = ["reach", "aws", "--from", HOSTS["dev"], "--to", HOSTS["prod"], "--port", "5556"]
    command = str(Path(sys.executable).with_name("bulkhead"))
    told = project.run([command, *asked], dict(os.environ), check=False)
    assert (told.returncode, "dev-host" in told.stdout) == (0, True), told
    project.pulumi_run("destroy", "--yes", "--skip-preview")
    assert project.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
