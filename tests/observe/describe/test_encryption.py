"""What an account says of the encryption controls of its VPCs, and what it does not say."""

import pytest

from bulkhead.network import NO_ENCRYPTION, EncryptionMode
from bulkhead.observe.describe import network as described

VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
CONTROL = {
    "VpcId": "vpc-1",
    "VpcEncryptionControlId": "vpcec-1",
    "Mode": "enforce",
    "State": "available",
    "ResourceExclusions": {
        "NatGateway": {"State": "enabled"},
        "VirtualPrivateGateway": {"State": "disabling"},
        "Lambda": {"State": "disabled"},
        "GlobalAccelerator": {"State": "enabled"},
    },
}


def encryption_of(document, missing=None):
    network = described(document, region="eu-west-1", strict=False, missing=missing)
    (vpc,) = network.vpcs
    return vpc.encryption


def told(**changed):
    return {"Vpcs": [VPC], "VpcEncryptionControls": [CONTROL | changed]}


@pytest.mark.parametrize(
    "document",
    [told(), {"Vpcs": [VPC | {"EncryptionControl": CONTROL}]}],
    ids=["by its own answer", "beside the VPC"],
)
def test_its_mode_is_read_and_what_it_excludes_until_aws_has_taken_that_back(document):
    control = encryption_of(document)
    assert control.enforced
    assert control.excluded == ("global-accelerator", "nat-gateway", "virtual-private-gateway")


def test_only_an_answer_that_lists_none_says_that_there_is_none():
    assert encryption_of({"Vpcs": [VPC], "VpcEncryptionControls": []}) == NO_ENCRYPTION
    assert encryption_of({"Vpcs": [VPC]}) is None
    denied = {"VpcEncryptionControls": "it is denied"}
    assert encryption_of({"Vpcs": [VPC]}, denied) is None
    assert encryption_of({"Vpcs": [VPC], "VpcEncryptionControls": []}, denied) is None


@pytest.mark.parametrize(
    ("state", "settled"),
    [
        *(("available", True), ("creating", False), ("enforce-in-progress", False)),
        *(("enforce-failed", False), ("deleting", False)),
    ],
)
def test_what_aws_is_not_done_with_does_not_enforce(state, settled):
    control = encryption_of(told(State=state))
    assert (control.mode, control.settled) == (EncryptionMode.ENFORCE, settled)
    assert control.enforced is settled


def test_one_that_is_deleted_is_none():
    assert encryption_of(told(State="deleted")) == NO_ENCRYPTION


@pytest.mark.parametrize("changed", [{"Mode": "attempt-enforce"}, {"Scope": "some"}])
def test_words_that_nobody_here_knows_are_not_understood_and_leave_no_cell_open(changed):
    document = told(**changed)
    assert encryption_of(document) is None
    network = described(document, region="eu-west-1", strict=False)
    assert not {each.scope for each in network.unmodelled} & {"vpc-1"}


def test_two_answers_that_contradict_one_another_say_nothing():
    other = {"Vpcs": [VPC | {"EncryptionControl": CONTROL | {"Mode": "monitor"}}]}
    assert encryption_of({**told(), **other}) is None
