"""What is called a socket waits at both addresses of its host; ICMP at those of its family."""

import tempfile
from pathlib import Path

from bulkhead.network import Verdict
from bulkhead.plan import plan
from bulkhead.prove import matrix, prove
from tests.plan.test_dual_stack import shop, with_pings
from tests.support.topologies import topology_from


def test_a_ping_of_either_family_is_open_as_a_whole():
    with tempfile.TemporaryDirectory() as folder:
        made = plan(topology_from(Path(folder), with_pings(shop())))
    found = matrix(prove(made.network))
    row = next(index for index, each in enumerate(found.rows) if each.name == "watcher")
    entries = dict(zip(found.columns, found.entries[row], strict=True))
    said = {each.name: entry for each, entry in entries.items() if each.declared}
    assert said == dict.fromkeys(("ticker.ticks", "ticker.ping", "ticker.ping6"), Verdict.ALLOWED)
