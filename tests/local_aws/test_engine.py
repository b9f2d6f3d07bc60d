"""The real Pulumi engine, with its plugin protocol and state, against a resident local AWS."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from local_aws.health import health
from local_aws.place import CHECKOUT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def operations(output: str) -> dict[str, set[str]]:
    """`preview --json`: the names of resources by what would be done to them."""
    found: dict[str, set[str]] = {}
    for step in json.loads(output)["steps"]:
        found.setdefault(step["op"], set()).add(step["urn"].split("::")[-1])
    return found


def previewed(project: Any, *arguments: str) -> dict[str, set[str]]:
    return operations(project.pulumi_run("preview", "--json", *arguments).stdout)


def made_by_us(project: Any) -> dict[str, list[Any]]:
    """What is left in the local AWS beside the default VPC that every account has."""
    ec2 = project.ec2
    everything = ec2.describe_vpcs()["Vpcs"]
    vpcs = [vpc for vpc in everything if not vpc["IsDefault"]]
    (default,) = (vpc["VpcId"] for vpc in everything if vpc["IsDefault"])
    connections = ec2.describe_vpn_connections()["VpnConnections"]
    gateways = ec2.describe_vpn_gateways()["VpnGateways"]
    return {
        "vpcs": vpcs,
        "interfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
        "connections": [each for each in connections if each["State"] != "deleted"],
        "gateways": [each for each in gateways if each["State"] != "deleted"],
        "internet gateways": [
            each
            for each in ec2.describe_internet_gateways()["InternetGateways"]
            if [one["VpcId"] for one in each["Attachments"]] != [default]
        ],
    }


def test_a_stack_comes_up_stays_shows_drift_changes_and_goes(project: Any) -> None:
    up = project.local_aws("up")
    assert "28 created" in up.stdout
    project.local_aws("preview", "--expect-no-changes")
    project.pulumi_run("refresh", "--yes", "--expect-no-changes")

    # The keys are in Secrets Manager, and so neither in the outputs nor in the state.
    state = project.pulumi_run("stack", "export", "--show-secrets").stdout
    assert "pre_shared_key" not in state

    # Another port: the rule with the new name comes before the one with the old name goes.
    project.config("port", "5600")
    project.config("ruleNumber", "110")
    changed = project.pulumi_run("up", "--yes").stdout
    after = changed[changed.index("Updating") :]
    for new, old in (
        ("ticker-5600 created", "ticker-5556 deleting"),
        ("in-110 created", "in-100 deleting"),
    ):
        assert after.index(new) < after.index(old)
    assert "strategy-ticks updated" in after  # a rule changes its ports in place

    # A group's description replaces the group, and its interface is moved, not replaced.
    project.config("groupDescription", "another")
    assert previewed(project)["update"] >= {"ticker"}
    project.pulumi_run("up", "--yes", "--skip-preview")
    project.pulumi_run("preview", "--expect-no-changes")

    # Changes by hand: one rule revoked, one subnet's list exchanged, one tag added.
    ec2 = project.ec2
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    rule = next(each for each in rules if each.get("Description") == "ticks" and each["IsEgress"])
    ec2.revoke_security_group_egress(
        GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]]
    )
    acls = ec2.describe_network_acls(Filters=[{"Name": "default", "Values": ["false"]}])
    association = acls["NetworkAcls"][0]["Associations"][0]
    default = next(
        acl
        for acl in ec2.describe_network_acls()["NetworkAcls"]
        if acl["IsDefault"] and acl["VpcId"] == acls["NetworkAcls"][0]["VpcId"]
    )
    ec2.replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=default["NetworkAclId"]
    )
    vpc = default["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "by", "Value": "hand"}])
    drifted = project.pulumi_run("refresh", "--yes", "--expect-no-changes", check=False)
    assert drifted.returncode != 0
    assert "strategy-ticks deleted" in drifted.stdout
    wanted = previewed(project)
    assert "strategy-ticks" in wanted["create"]
    assert wanted["create"] & {"feed-0", "feed-1"}
    assert "main" in wanted["update"]
    project.pulumi_run("up", "--yes", "--skip-preview")
    assert not [
        tag for tag in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"] if tag["Key"] == "by"
    ]
    project.pulumi_run("refresh", "--yes", "--expect-no-changes")

    project.pulumi_run("destroy", "--yes", "--skip-preview")
    assert not any(made_by_us(project).values())
    assert "stopped" in project.local_aws("down").stderr
    assert health(project.place) is None


def test_a_local_aws_that_started_afresh_is_noticed_and_the_stack_made_anew(project: Any) -> None:
    project.local_aws("up")
    project.local_aws("stop", "--port", str(project.place.port))
    again = project.local_aws("up")
    assert "started afresh" in again.stderr
    assert "28 created" in again.stdout
    project.local_aws("preview", "--expect-no-changes")


def everything(project: Any) -> set[str]:
    """The ids of all that stands in the local AWS, whoever made it."""
    ec2 = project.ec2
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["pulumi:urn"]}])["Tags"]
    shown = {
        *(each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]),
        *(each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]),
        *(each["NetworkAclId"] for each in ec2.describe_network_acls()["NetworkAcls"]),
        *(each["RouteTableId"] for each in ec2.describe_route_tables()["RouteTables"]),
        *(each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]),
        *(
            each["NetworkInterfaceId"]
            for each in ec2.describe_network_interfaces()["NetworkInterfaces"]
        ),
    }
    return shown | {tag["ResourceId"] for tag in tags if tag["ResourceId"] in shown}


def started(project: Any, verb: str, stack: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local_aws", "--root", str(project.place.root)]
    return subprocess.Popen(
        [*command, verb, "--stack", stack, "--skip-preview"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def engines(project: Any, stack: str) -> list[int]:
    """Who holds the stack's lock."""
    locks = project.place.backend / ".pulumi" / "locks" / "organization" / "probe" / stack
    return [json.loads(lock.read_text())["pid"] for lock in locks.glob("*.json")]


def killed_midway(
    project: Any,
    stack: str,
    at: str,
    times: int = 1,
    verb: str = "up",
    victim: Callable[[int], int] = lambda engine: engine,
) -> bool:
    """A run of which something dies when it has said this so often; whether it came to that.

    By default its engine: `victim` finds another process by that.
    """
    running = started(project, verb, stack)
    assert running.stdout is not None
    said = []
    for line in running.stdout:
        said.append(line)
        if sum(at in each for each in said) == times:
            break
    else:
        running.wait()
        return False
    (engine,) = engines(project, stack)
    os.kill(victim(engine), signal.SIGKILL)
    running.stdout.read()
    running.wait()
    return True


def test_a_stack_that_is_killed_again_and_again_converges_to_what_its_program_says(
    project: Any,
) -> None:
    """An engine that is killed leaves its lock and its pending operations."""
    kills = [killed_midway(project, "dev", " creating ", times) for times in (2, 6, 4)]
    assert sum(kills) >= 2
    # What it may leave besides: the files that Pulumi writes in place are cut off.
    backend = project.place.backend / ".pulumi"
    for attributes in (*backend.glob("stacks/*/*.attrs"), *backend.glob("locks/**/*.attrs")):
        attributes.write_text("")
    assert "releasing its lock" in project.local_aws("up").stderr
    project.local_aws("preview", "--expect-no-changes")
    project.pulumi_run("refresh", "--yes", "--expect-no-changes")
    state = json.loads(project.pulumi_run("stack", "export").stdout)["deployment"]
    tags = project.ec2.describe_tags(Filters=[{"Name": "key", "Values": ["pulumi:urn"]}])["Tags"]
    assert not state.get("pending_operations")
    known = {each["id"] for each in state["resources"] if each.get("id")}
    assert everything(project) & {tag["ResourceId"] for tag in tags} <= known
    made = made_by_us(project)
    assert {name: len(listed) for name, listed in made.items()} == {
        "vpcs": 1,
        "interfaces": 2,
        "connections": 1,
        "gateways": 1,
        "internet gateways": 1,
    }
    assert "stopped" in project.local_aws("down").stderr


def test_of_two_stacks_one_is_killed_previewed_healed_and_destroyed_beside_the_other(
    project: Any,
) -> None:
    settings = (project.place.root / "Pulumi.dev.yaml").read_text()
    (project.place.root / "Pulumi.prod.yaml").write_text(settings)
    project.local_aws("up")
    devs = everything(project)
    checkpoint = project.place.backend / ".pulumi" / "stacks" / "probe" / "prod.json"

    def pending() -> Any:
        latest = json.loads(checkpoint.read_bytes())["checkpoint"]["latest"]
        return latest.get("pending_operations")

    # Whether an operation is on record already depends on when the kill falls.
    assert any(
        killed_midway(project, "prod", " creating ", times) and pending()
        for times in (9, 8, 7, 6, 5, 4, 3, 2)
    )
    state, stands = checkpoint.read_bytes(), everything(project)
    previewed = project.local_aws("preview", "--stack", "prod")
    assert "`make up` heals it" in previewed.stderr
    assert everything(project) >= stands >= devs
    assert checkpoint.read_bytes() == state

    assert "created" in project.local_aws("up", "--stack", "prod").stdout
    assert len(made_by_us(project)["vpcs"]) == 2
    assert len(made_by_us(project)["interfaces"]) == 4
    project.local_aws("preview", "--stack", "prod", "--expect-no-changes")

    # A pending operation, and a torn state: what the stack made goes, and nothing else.
    checkpoint.write_bytes(checkpoint.read_bytes()[:999])
    checkpoint.with_suffix(".json.bak").unlink(missing_ok=True)
    torn = project.local_aws("preview", "--stack", "prod", check=False)
    assert torn.returncode == 2
    down = project.local_aws("down", "--stack", "prod")
    assert "keeps running for: dev" in down.stderr
    assert everything(project) == devs
    project.local_aws("preview", "--expect-no-changes")


def test_a_stack_for_the_real_aws_is_refused(project: Any) -> None:
    (project.place.root / "Pulumi.prod.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    for verb in ("up", "preview", "down"):
        refused = project.local_aws(verb, "--stack", "prod", check=False)
        assert refused.returncode == 1
        assert "stack 'prod' is not a local one" in refused.stderr
    assert health(project.place) is None


def test_start_and_stop_may_be_said_twice_and_at_once(project: Any) -> None:
    port = ["--port", str(project.place.port)]
    command = [sys.executable, "-m", "local_aws", "--root", str(project.place.root), "start", *port]
    starts = [
        subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = sorted(start.communicate(timeout=60)[1] for start in starts)
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert [text.split(" at ")[0] for text in said] == [
        "local aws: runs already",
        "local aws: runs already",
        "local aws: started",
    ]
    assert project.local_aws("status", *port).returncode == 0
    assert "stopped" in project.local_aws("stop", *port).stderr
    assert "was not running" in project.local_aws("stop", *port).stderr
    assert project.local_aws("status", *port, check=False).returncode == 3


def test_a_stranger_on_the_port_is_refused_and_left_alone(project: Any) -> None:
    port = ["--port", str(project.place.port)]
    stranger = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(project.place.port)],
        cwd=project.place.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_for_listener(project.place.port, stranger)
        for verb in ("start", "stop", "status"):
            refused = project.local_aws(verb, *port, check=False)
            assert refused.returncode == 1
            assert "something that is not the local AWS" in refused.stderr
        assert stranger.poll() is None
    finally:
        stranger.terminate()
        stranger.wait()


def wait_for_listener(port: int, process: subprocess.Popen[Any]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            continue
        return


def test_a_stale_state_file_is_not_believed(project: Any) -> None:
    """It names a living process, which is not the local AWS: that process stays."""
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        project.place.folder.mkdir(parents=True)
        project.place.state_file.write_text(json.dumps({"pid": bystander.pid}))
        stopped = project.local_aws("stop", "--port", str(project.place.port))
        assert "was not running" in stopped.stderr
        assert bystander.poll() is None
    finally:
        bystander.communicate()


def test_the_server_outlives_the_shell_and_ends_on_a_signal(project: Any) -> None:
    project.local_aws("start", "--port", str(project.place.port))
    found = health(project.place)
    assert found is not None
    assert os.getsid(found.pid) == found.pid
    os.kill(found.pid, signal.SIGTERM)
    project.local_aws("start", "--port", str(project.place.port))
    again = health(project.place)
    assert again is not None
    assert again.instance != found.instance


def test_no_key_is_ever_logged(project: Any) -> None:
    project.local_aws("up")
    connections = project.ec2.describe_vpn_connections()["VpnConnections"]
    secret = project.client("secretsmanager").get_secret_value(
        SecretId=connections[0]["PreSharedKeyArn"]
    )["SecretString"]
    keys = list(json.loads(secret).values())
    assert len(keys) == 2
    texts = [
        path.read_text(errors="replace")
        for path in project.place.folder.rglob("*")
        if path.is_file()
    ]
    assert not [key for key in keys for text in texts if key in text]
