"""docs/components.md: its programs make what they say, its message is the real one."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pulumi
import pytest
import yaml

from bulkhead.components import Fabric, __all__

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "components.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
PROGRAMS = [text for language, text in BLOCKS if language == "python"]
LOOKED_AT = ("aws.ec2.Instance(", "aws.ec2.LaunchTemplate(", "protect=True", "locked_plan(")
"""What of some of them is looked at below."""


@pytest.fixture(autouse=True)
def _in_a_project(tmp_path, monkeypatch):
    for each in ("topologies", "examples/fleet"):
        shutil.copytree(ROOT / each, tmp_path / each)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def run(record, tmp_path):
    """A program as the engine runs it, and what it asked for."""

    def whole(text):
        program = tmp_path / "__main__.py"
        program.write_text(text)
        made = {}
        recording = record(lambda: made.update(runpy.run_path(str(program))))
        return recording, made

    return whole


@pytest.mark.parametrize(
    "text", [text for text in PROGRAMS if not any(each in text for each in LOOKED_AT)]
)
def test_a_program_runs_and_makes_something(run, text):
    recording, _ = run(text)
    assert recording.children
    assert len(recording.finished) == len(recording.components)


def program_with(words):
    (found,) = [each for each in PROGRAMS if words in each]
    assert words in LOOKED_AT
    return found


def test_an_instance_has_the_interface_and_what_comes_and_goes_the_group(run):
    recording, _ = run(program_with("aws.ec2.Instance("))
    (ticker,) = recording.of("Instance")
    (only,) = ticker.inputs["networkInterfaces"]
    assert only["networkInterfaceId"] == "trading-ticker-1-interface-id"
    recording, _ = run(program_with("aws.ec2.LaunchTemplate("))
    group, subnets = (
        {name: f"fleet-{name}-group-id" for name in ("worker", "router", "alarm")},
        {
            name: [f"fleet-{name}-eu-west-1{zone}-id" for zone in "ab"]
            for name in ("work", "router", "alarm")
        },
    )
    (template,) = recording.of("LaunchTemplate")
    assert template.inputs["vpcSecurityGroupIds"] == [group["worker"]]
    (several,) = [each for each in recording.resources if each.type.startswith("aws:autoscaling")]
    assert several.inputs["vpcZoneIdentifiers"] == subnets["work"]
    (task,) = [each for each in recording.resources if each.type == "aws:ecs/service:Service"]
    where = {"subnets": subnets["router"], "securityGroups": [group["router"]]}
    assert task.inputs["networkConfiguration"] == where
    (function,) = recording.of("Function")
    where = {"subnetIds": subnets["alarm"], "securityGroupIds": [group["alarm"]]}
    assert function.inputs["vpcConfig"] == where


def test_its_options_are_on_all_that_the_fabric_makes(run):
    recording, _ = run(program_with("protect=True"))
    children = [each for each in recording.children if "pulumi:providers" not in each.type]
    for each in children:
        assert each.protect and "ireland" in each.provider
        if "tags" in each.inputs:
            assert each.inputs["tags"]["acme:cost-center"] == "7"


def test_parts_in_the_vpc_of_somebody_else_make_no_vpc(run):
    recording, _ = run(program_with("locked_plan("))
    assert not recording.of("Vpc")
    assert {each.inputs["vpcId"] for each in recording.of("Subnet")} == {"vpc-0123456789abcdef0"}


def test_the_mistake_that_it_shows_is_told_so(record):
    path = Path("topologies/trading.yaml")
    broken = path.read_text().replace(
        "momentum:\n    segment: strategy", "momentum:\n    segment: strategies"
    )
    assert broken != path.read_text()
    path.write_text(broken)
    with pytest.raises(pulumi.RunError) as told:
        record(lambda: Fabric("trading", topology=path))
    assert f"error: {told.value}\n" in PAGE


def test_every_output_of_a_fabric_is_in_its_table():
    listed = set(re.findall(r"^\| `([a-z0-9_]+)", PAGE, re.M))
    assert {*Fabric.__annotations__, "endpoints"} <= listed


def test_every_component_is_described():
    assert all(f"`{name}(" in PAGE or f"## A {name.lower()}" in PAGE for name in __all__)


def test_its_program_in_yaml_is_the_one_of_the_examples():
    (shown,) = [text for language, text in BLOCKS if language == "yaml"]
    built = yaml.safe_load((ROOT / "examples" / "yaml" / "Pulumi.yaml").read_text())
    told = yaml.safe_load(shown)
    assert told["packages"] == built["packages"]
    assert told["resources"] == built["resources"]
    assert told["outputs"].items() <= built["outputs"].items()
