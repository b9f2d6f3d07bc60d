"""A folder of answers may hold what only an audit asks of: no other verb is changed by it."""

import json

import pytest

from bulkhead import observe

VPCS = {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}
LOG = {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "eu-west-1").mkdir()

    def written(**files):
        for name, answer in {"vpcs": VPCS, **files}.items():
            (tmp_path / "eu-west-1" / f"{name}.json").write_text(json.dumps(answer))
        return tmp_path

    return written


def test_an_answer_to_describe_flow_logs_is_read(folder):
    found = observe.read_dump(folder(logs={"FlowLogs": [LOG]})).inventory()
    assert [each.id for each in found.flow_logs] == ["fl-1"]
    assert found.flow_logs.complete


def test_one_that_lists_none_says_that_there_is_none(folder):
    assert observe.read_dump(folder(logs={"FlowLogs": []})).inventory().flow_logs.complete


def test_one_that_is_cut_off_leaves_open_what_more_there_is(folder):
    cut = {"FlowLogs": [LOG], "NextToken": "x"}
    found = observe.read_dump(folder(logs=cut)).inventory().flow_logs
    assert len(found.things) == 1
    assert not found.complete


def test_a_logging_configuration_is_of_the_firewall_that_it_names(folder):
    arn = "arn:aws:network-firewall:eu-west-1:111122223333:firewall/wall"
    firewall = {"Firewall": {"FirewallArn": arn, "VpcId": "vpc-1", "FirewallName": "wall"}}
    logging = {
        "FirewallArn": arn,
        "LoggingConfiguration": {"LogDestinationConfigs": [{"LogType": "FLOW"}]},
    }
    (found,) = observe.read_dump(folder(fw=firewall, log=logging)).inventory().firewall_options
    assert found.logs == ("FLOW",)


def test_the_network_is_the_same_with_it_and_without(folder):
    plain = observe.dump(folder())
    addresses = {"Addresses": [{"PublicIp": "203.0.113.9", "AllocationId": "eipalloc-1"}]}
    templates = {"LaunchTemplateVersions": [{"LaunchTemplateId": "lt-1", "VersionNumber": 1}]}
    more = observe.dump(folder(logs={"FlowLogs": [LOG]}, eips=addresses, lts=templates))
    assert more == plain
