"""Load balancers on the local AWS: built as declared, and every edit by hand is named."""

from __future__ import annotations

import json

import boto3
import pytest

from tests.plan.test_balancers import document

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.begin()
    checkout.topology.write_text(json.dumps({**document(), "region": "eu-west-1"}))
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    return checkout


@pytest.fixture(scope="module")
def elb(checkout):
    return boto3.client(
        "elbv2",
        region_name="eu-west-1",
        endpoint_url=f"http://127.0.0.1:{checkout.port}",
        aws_access_key_id=checkout.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=checkout.environment["AWS_SECRET_ACCESS_KEY"],
    )


def check(checkout, on="aws"):
    return checkout.bulkhead("check", checkout.topology, "--on", on)


def test_what_stands_is_as_declared_by_account_and_by_state(checkout, tmp_path):
    again = checkout.stack("up")
    assert again.code == 0 and "unchanged" in again.said and "created" not in again.said
    checked = check(checkout)
    assert checked.code == 0, checked.said
    state = tmp_path / "state.json"
    told = checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state))
    assert told.code == 0, told.said
    checked = check(checkout, str(state))
    assert checked.code == 0, checked.said


def test_what_somebody_changes_is_named_with_the_call_that_mends_it(checkout, elb):
    balancers = {each["Scheme"]: each for each in elb.describe_load_balancers()["LoadBalancers"]}
    within = balancers["internal"]["LoadBalancerArn"]
    public = balancers["internet-facing"]["LoadBalancerArn"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=within)["Listeners"]
    (group,) = elb.describe_target_groups(LoadBalancerArn=within)["TargetGroups"]
    (other,) = elb.describe_target_groups(LoadBalancerArn=public)["TargetGroups"]
    arn = group["TargetGroupArn"]
    elb.modify_listener_attributes(
        ListenerArn=listener["ListenerArn"],
        Attributes=[{"Key": "tcp.idle_timeout.seconds", "Value": "60"}],
    )
    elb.modify_target_group_attributes(
        TargetGroupArn=arn,
        Attributes=[{"Key": "preserve_client_ip.enabled", "Value": "true"}],
    )
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.20.0.4", "Port": 22}])
    forward = [{"Type": "forward", "TargetGroupArn": other["TargetGroupArn"]}]
    elb.create_listener(LoadBalancerArn=public, Port=22, Protocol="TCP", DefaultActions=forward)
    checked = check(checkout)
    assert checked.code == 1
    for said in (
        "holds a listener that no plan has: listener tcp 22",
        "aws elbv2 delete-listener --listener-arn",
        "at 22, which no plan has",
        "aws elbv2 deregister-targets --target-group-arn",
        "keeping of the client's address yes, planned no",
        "idle timeout of tcp 60, planned 350",
    ):
        assert said in checked.out, checked.out
    # What the engine never made it leaves there: the calls that were named take that away.
    assert checkout.stack("up").code == 0
    (more,) = [
        each
        for each in elb.describe_listeners(LoadBalancerArn=public)["Listeners"]
        if each["Port"] == 22
    ]
    elb.delete_listener(ListenerArn=more["ListenerArn"])
    elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": "10.20.0.4", "Port": 22}])
    checked = check(checkout)
    assert checked.code == 0, checked.said


def test_one_copy_more_is_a_target_more_and_all_of_it_goes(checkout):
    checkout.edit('"replicas": 3', '"replicas": 4')
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    assert check(checkout).code == 0
    down = checkout.stack("down")
    assert down.code == 0, down.said
