"""A stack from first `up` to `down`, with the real engine against the local AWS."""

from __future__ import annotations

import json
import os
import signal

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def check(checkout, on="aws"):
    return checkout.bulkhead("check", checkout.topology, "--on", on)


def test_what_was_built_is_exactly_what_the_topology_declares(standing):
    answer = check(standing)
    assert answer.code == 0, answer.said
    assert answer.out.splitlines()[-1].startswith("AS DECLARED")


def test_the_kernel_agrees_with_the_proof_of_what_was_built(standing):
    answer = standing.bulkhead("drill", "aws", "--for", standing.topology, "--require", "--json")
    assert answer.code == 0, answer.said
    document = json.loads(answer.out)
    assert document["verdict"] == "as proved"
    assert document["agreed"] > 1000
    assert document["disagreements"] == []


def test_the_other_side_of_its_site_dials_the_tunnels_that_were_made(standing):
    words = ("site", standing.topology, "exchange", "--on", "aws")
    tunnels = json.loads(standing.bulkhead(*words, "--json").out)["tunnels"]
    assert len({each["outside"] for each in tunnels} - {None}) == 2
    assert all(each["key"].startswith("arn:aws:secretsmanager:") for each in tunnels)
    text = standing.bulkhead(*words, "--format", "swanctl").out
    for each in tunnels:
        assert f"remote_addrs = {each['outside']}" in text


def test_a_second_up_changes_nothing(standing):
    again = standing.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said


def test_the_exported_state_holds_the_same_network(standing, tmp_path):
    export = standing.pulumi("stack", "export", "--stack", "dev")
    assert export.code == 0, export.said
    path = tmp_path / "state.json"
    path.write_text(export.out)
    answer = check(standing, on=path)
    assert answer.code == 0, answer.said


def test_no_key_of_a_tunnel_is_in_the_state(standing):
    export = standing.pulumi("stack", "export", "--stack", "dev", "--show-secrets")
    state = json.loads(export.out)
    (vpn,) = [
        each for each in state["deployment"]["resources"] if each["type"].endswith(":VpnConnection")
    ]
    for number in (1, 2):
        name = f"tunnel{number}PresharedKey"
        assert name not in vpn["inputs"]
        assert json.loads(vpn["outputs"][name]["plaintext"]) == ""


@pytest.fixture
def opened(standing):
    """A port of the ticker opened to the whole world, behind everybody's back."""
    group = standing.tagged(
        "describe_security_groups", "SecurityGroups", bulkhead__service="ticker"
    )
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    }
    standing.ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    yield standing
    standing.ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])


def test_a_port_opened_to_the_world_is_found_by_proof_and_by_drill(opened):
    answer = check(opened)
    assert answer.code == 1
    assert "ticker" in answer.out
    assert "tcp 22" in answer.out
    assert "0.0.0.0/0" in answer.out
    drilled = opened.bulkhead("drill", "aws", "--for", opened.topology, "--json")
    assert drilled.code == 1
    document = json.loads(drilled.out)
    assert document["verdict"] == "as proved"
    through = [
        each
        for each in document["measurements"]
        if each["port"] == 22 and each["measured"] == "allowed"
    ]
    assert through
    assert {each["to"]["service"] for each in through} >= {"ticker"}


@pytest.fixture
def no_reply(standing):
    """The entry by which replies leave the risk service for the strategies, deleted."""
    acl = standing.tagged("describe_network_acls", "NetworkAcls", Name="risk.risk")
    (entry,) = [
        each
        for each in acl["Entries"]
        if each["Egress"]
        and each["RuleAction"] == "allow"
        and each["PortRange"] == {"From": 32768, "To": 60999}
    ]
    standing.ec2.delete_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"], RuleNumber=entry["RuleNumber"], Egress=True
    )
    yield standing
    standing.ec2.create_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        **{key: value for key, value in entry.items() if value is not None},
    )


def test_a_lost_reply_entry_is_found_by_proof_and_by_drill(no_reply):
    answer = check(no_reply)
    assert answer.code == 1
    assert "half-open" in answer.out
    assert "risk.checks" in answer.out
    drilled = no_reply.bulkhead("drill", "aws", "--for", no_reply.topology, "--json")
    assert drilled.code == 1
    document = json.loads(drilled.out)
    assert document["verdict"] == "as proved"
    (pair,) = [
        each
        for each in document["matrix"]
        if (each["from"], each["to"]) == ("momentum", "risk.checks")
    ]
    assert (pair["proved"], pair["measured"]) == ("half-open", "denied")


def test_an_edit_is_previewed_then_made_and_touches_only_what_it_needs(standing, tmp_path):
    before = {
        each["NetworkInterfaceId"]: each["PrivateIpAddress"]
        for each in standing.ec2.describe_network_interfaces()["NetworkInterfaces"]
    }
    standing.edit(
        "      market: { type: SUB, connect: broker.out }\n\ntests:",
        "      market: { type: SUB, connect: broker.out }\n"
        "      prices: { type: SUB, connect: ticker.ticks }\n\ntests:",
    )
    kept = tmp_path / "kept"
    preview = standing.stack("preview", "--diff", "--keep", str(kept))
    assert preview.code == 0, preview.said
    assert "auditor-egress-tcp-5556-sg-ticker" in preview.said
    flows = standing.bulkhead("review", kept / "state.json", kept / "preview.json")
    assert "auditor -> ticker.ticks  tcp 5556: denied -> allowed" in flows.out
    assert check(standing).code == 1, "nothing is built yet"
    made = standing.stack("up")
    assert made.code == 0, made.said
    assert check(standing).code == 0
    after = {
        each["NetworkInterfaceId"]: each["PrivateIpAddress"]
        for each in standing.ec2.describe_network_interfaces()["NetworkInterfaces"]
    }
    assert after == before
    standing.edit("      prices: { type: SUB, connect: ticker.ticks }\n\ntests:", "\ntests:")
    assert standing.stack("up").code == 0
    assert check(standing).code == 0


def test_a_topology_with_mistakes_changes_nothing_and_shows_no_traceback(standing):
    standing.edit("tcp://*:5556", "tcp://*:70001")
    refused = standing.stack("up")
    assert refused.code != 0
    assert "4465" in refused.said
    assert "Traceback" not in refused.said
    standing.edit("tcp://*:70001", "tcp://*:5556")
    assert check(standing).code == 0


def test_a_killed_local_aws_is_healed_by_the_next_up(standing):
    stopped = standing.stop()
    assert stopped.code == 0, stopped.said
    assert check(standing).code == 2
    again = standing.stack("up")
    assert again.code == 0, again.said
    assert check(standing).code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
def test_an_interrupted_up_is_completed_by_the_next(standing, how):
    assert standing.stack("down").code == 0
    running = standing.start("up")
    assert running.stdout is not None
    for line in running.stdout:
        if "created" in line:
            break
    os.killpg(running.pid, how)
    running.stdout.read()
    running.wait(timeout=60)
    again = standing.stack("up")
    assert again.code == 0, again.said
    assert check(standing).code == 0


def test_down_leaves_nothing_and_stops_the_local_aws(standing):
    gone = standing.stack("down")
    assert gone.code == 0, gone.said
    assert check(standing).code == 2
    assert standing.stack("down").code == 0, "twice is not an error"
