"""Nothing passes by silence: an answer less never makes a control better."""

import json

from bulkhead import observe
from bulkhead.audit import ALL_CONTROLS, Evidence, Outcome, audit
from tests.support.dumps import as_answers
from tests.support.estate import Estate

BESIDE = {
    "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-bidirectional"},
    "VpcBlockPublicAccessExclusions": [
        {
            "ExclusionId": "vpcbpa-exclude-1",
            "InternetGatewayExclusionMode": "allow-bidirectional",
            "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc",
            "State": "create-complete",
        }
    ],
    "FlowLogs": [],
    "MetricAlarms": [],
    "VpcEndpoints": [],
    "Addresses": [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.99"}],
    "LaunchTemplates": [{"LaunchTemplateId": "lt-1"}],
    "LaunchTemplateVersions": [
        {"LaunchTemplateId": "lt-1", "VersionNumber": 1, "DefaultVersion": True}
    ],
}


def account():
    """In which much is wrong, as the answers to everything that an audit asks."""
    estate = Estate()
    estate.igw()
    estate.vgw()
    estate.table("t", "0.0.0.0/0 igw", "192.168.0.0/16 vgw")
    estate.acl("open", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24", table="t", acl="open")
    estate.group("web", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    estate.host("h1", "a", "10.0.1.10", "web", public="203.0.113.9", service="web")
    estate.site("plant", "192.168.0.0/16")
    return {**as_answers(estate.build()), **BESIDE}


def outcomes(answers, folder):
    """Of every control, with one file a kind of answers."""
    folder.mkdir()
    for key, answer in answers.items():
        (folder / f"{key}.json").write_text(json.dumps({key: answer}))
    found = observe.read_dump(folder)
    evidence = Evidence(network=found.network, inventory=found.inventory(), stands=True)
    return {each.control.name: each.outcome for each in audit(evidence, ALL_CONTROLS).assessed}


def test_no_control_is_better_for_an_answer_that_is_not_there(tmp_path):
    whole = account()
    before = outcomes(whole, tmp_path / "whole")
    assert list(before.values()).count(Outcome.FAIL) > 20
    for key in whole.keys() - {"Vpcs"}:
        less = {each: answer for each, answer in whole.items() if each != key}
        after = outcomes(less, tmp_path / key)
        for control, outcome in before.items():
            worse = {Outcome.FAIL, Outcome.NOT_DECIDED}
            assert outcome not in worse or after[control] in worse, (key, control)
