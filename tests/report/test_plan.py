"""A plan for people: as long to print as it is."""

import io

from rich.console import Console

from bulkhead.intent.load import topology_of
from bulkhead.plan import plan
from bulkhead.report.plan import print_plan
from tests.support.growth import grows_linearly

HEAD = "name: x\nregion: eu-west-1\ncidr: 10.0.0.0/16\nzones: 2\nsegments: {a: {purpose: p}}\n"


def fleet(count: int) -> str:
    bound = "p: {type: PUB, bind: 'tcp://*:9000'}"
    return f"{HEAD}services:\n" + "".join(
        f"  c{n}: {{segment: a, sockets: {{{bound}, q: {{type: SUB, connect: c{n - 1}.p}}}}}}\n"
        if n
        else f"  c0: {{segment: a, sockets: {{{bound}}}}}\n"
        for n in range(count)
    )


def test_four_times_the_plan_is_four_times_the_printing():
    def printing(count):
        planned = plan(topology_of("x.yaml", fleet(count).encode()))
        return lambda: print_plan(Console(file=io.StringIO(), width=160), planned)

    assert grows_linearly(printing, start=100)
