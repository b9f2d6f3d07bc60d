"""What the program exports to other stacks, and to the programs that run in the network."""

import runpy
from pathlib import Path

import pulumi

from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.settings import as_plain, settings
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from

PROGRAM = Path(__file__).resolve().parents[2] / "infra" / "__main__.py"


def test_each_service_and_site_is_told_its_endpoints_as_the_command_tells_them(
    record, tmp_path, monkeypatch
):
    path = Path(topology_from(tmp_path, TOPOLOGY).file)
    exported = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)
    found = []

    async def look(output):
        found.append((await output.is_secret(), await output.future()))

    def program():
        pulumi.runtime.set_all_config({"bulkhead:topology": str(path)})
        runpy.run_path(str(PROGRAM))
        return look(exported["endpoints"])

    record(program)
    ((hidden, told),) = found
    assert hidden
    topology = load(path)
    planned = plan(topology)
    assert told == {
        name: as_plain(settings(topology, planned, name))
        for name in ("db", "front", "ops", "venue")
    }
    (bound,) = told["db"]["sockets"]["ask"]["bind"]
    assert bound["endpoint"].endswith(":6000") and "*" not in bound["endpoint"]
