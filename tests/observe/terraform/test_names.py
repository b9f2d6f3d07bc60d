"""What Terraform calls a thing, and what the SDK that is made of its provider does."""

import importlib
import re
import warnings

import pytest

from bulkhead.observe.pulumi.inventory import inventory_of
from bulkhead.observe.pulumi.resources import TYPES as READ
from bulkhead.observe.terraform.names import ONCE, TYPES, renamed, type_of

OF_AN_AUDIT = {
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
}
assert inventory_of  # which reads those


def test_every_type_that_is_read_of_a_stack_is_read_of_terraform_too():
    assert set(TYPES.values()) == READ | OF_AN_AUDIT
    assert len(set(TYPES.values())) == len(TYPES)


def blocks(module, kind, found, seen):
    """Every block of a class of the SDK, at whatever depth, and whether it comes once at most."""
    import inspect  # noqa: PLC0415 - for this alone

    for name, value in vars(kind).items():
        if not isinstance(value, property):
            continue
        hint = inspect.getsource(value.fget).partition("->")[2].partition(":\n")[0]
        if inner := re.search(r"outputs\.(\w+)", hint):
            called = getattr(value.fget, "_pulumi_name", None) or name
            camel = re.sub(r"_([a-z0-9])", lambda each: each[1].upper(), called)
            found.setdefault(camel, set()).add("Sequence" not in hint)
            if inner[1] not in seen:
                seen.add(inner[1])
                blocks(module, getattr(module.outputs, inner[1]), found, seen)
    return found


@pytest.mark.parametrize("token", sorted(READ))
def test_a_block_is_one_object_just_where_the_sdk_has_one(token):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(f"pulumi_aws.{token.split(':')[1].partition('/')[0]}")
    found = blocks(module, getattr(module, token.rpartition(":")[2]), {}, set())
    assert all(len(each) == 1 for each in found.values())
    once = {name for name, each in found.items() if each == {True}} - {"timeouts"}
    assert ONCE.get(token, frozenset()) == once


@pytest.mark.parametrize(
    ("called", "token"),
    [
        ("aws_ec2_traffic_mirror_session", "aws:ec2/trafficMirrorSession:TrafficMirrorSession"),
        ("aws_vpc_dhcp_options", "aws:ec2/vpcDhcpOptions:VpcDhcpOptions"),
        ("aws_vpclattice_service", "aws:vpclattice/service:Service"),
        ("aws_route53_record", "aws:route53/record:Record"),
        ("aws_dx_gateway", "aws:directconnect/gateway:Gateway"),
        ("aws_ec2_client_vpn_route", "aws:ec2clientvpn/route:Route"),
        ("aws_lb_trust_store", "aws:lb/trustStore:TrustStore"),
        ("aws_lambda_function", "aws:lambda/function:Function"),
        ("awscc_ec2_vpc", "aws-native:ec2:Vpc"),
        ("random_id", "random:index/id:Id"),
    ],
)
def test_of_what_is_not_read_the_type_tells_of_which_part_of_aws_it_is(called, token):
    assert type_of(called) == token


def test_keys_that_people_chose_stay_as_they_are():
    values = {"tags_all": {"cost_center": "a"}, "route": [{"cidr_block": "0.0.0.0/0"}]}
    assert renamed("aws:ec2/routeTable:RouteTable", values) == {
        "tagsAll": {"cost_center": "a"},
        "routes": [{"cidrBlock": "0.0.0.0/0"}],
    }
