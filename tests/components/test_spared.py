"""What a fabric spares the SDK, and its programs."""

import asyncio
import sys
from pathlib import Path

import pulumi_aws as aws
import pytest

from bulkhead.components import Fabric
from bulkhead.components.fabric import fabric as module
from bulkhead.components.fabric.planning import PlannedFabric
from bulkhead.components.fabric.sdk import short_traces
from tests.components.conftest import TOPOLOGY, RecordingMonitor
from tests.support.topologies import topology_from

HERE = Path(__file__).name


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return Path(topology_from(tmp_path, TOPOLOGY).file)


@pytest.fixture
def traces(monkeypatch):
    """By type and name, the files in the stack that is sent with each resource."""
    found = {}
    register = RecordingMonitor.RegisterResource

    def noted(self, request):
        frames = request.stackTrace.frames
        found[request.type, request.name] = [each.pc.uri.rpartition("/")[2] for each in frames]
        return register(self, request)

    monkeypatch.setattr(RecordingMonitor, "RegisterResource", noted)
    return found


def test_a_resource_of_a_fabric_is_sent_with_who_made_it_and_not_with_what_started_python(
    record, file, traces
):
    record(lambda: Fabric("shop", topology=file))
    whole = traces.pop(("bulkhead:network:Fabric", "shop"))
    assert HERE in whole, "where the program made the fabric"
    ours = {kind: files for (kind, _), files in traces.items() if "pulumi:" not in kind}
    assert len(ours) > 10
    for kind, files in ours.items():
        assert 1 <= len(files) <= 4, (kind, files)
        assert files[0].endswith(".py"), (kind, files)


def test_what_the_program_makes_beside_a_fabric_has_its_whole_stack(record, file, traces):
    def program():
        Fabric("shop", topology=file)
        aws.ec2.Eip("beside")

    record(program)
    assert HERE in traces["aws:ec2/eip:Eip", "beside"]
    assert not hasattr(sys, "tracebacklimit")


@pytest.mark.parametrize("before", [None, 3, 1000])
def test_what_others_say_of_traces_is_as_it_was_also_where_something_fails(monkeypatch, before):
    if before is None:
        monkeypatch.delattr(sys, "tracebacklimit", raising=False)
    else:
        monkeypatch.setattr(sys, "tracebacklimit", before, raising=False)
    with pytest.raises(ValueError, match="of ours"), short_traces():
        assert sys.tracebacklimit <= (before or 1000)
        raise ValueError("of ours")
    assert getattr(sys, "tracebacklimit", None) == before


def test_the_program_looks_at_its_outputs_when_its_resources_are_there(record, file, monkeypatch):
    """The SDK looks at all of them, whenever one is told, where nothing of it had begun."""
    looked = []
    wait = asyncio.wait

    async def noted(tasks, **how):
        looked.append(len(tasks))
        return await wait(tasks, **how)

    monkeypatch.setattr(asyncio, "wait", noted)
    record(lambda: Fabric("shop", topology=file))
    ours, looked[:] = sum(looked), []
    monkeypatch.setattr(module, "wait_for_registrations_first", lambda: None)
    record(lambda: Fabric("shop", topology=file))
    assert ours < sum(looked) / 100


def test_what_services_are_told_is_worked_out_for_a_program_that_asks(record, file, monkeypatch):
    asked = []
    endpoints = PlannedFabric.endpoints
    monkeypatch.setattr(
        PlannedFabric, "endpoints", lambda *words: asked.append(words) or endpoints(*words)
    )
    record(lambda: Fabric("shop", topology=file))
    assert not asked
    record(lambda: Fabric("shop", topology=file).endpoints["db"])
    assert len(asked) == 1
