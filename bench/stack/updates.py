"""Previews and updates by the real engine, of a fabric and of the same resources flat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench.clock import CHECKOUT, of_children
from bench.stack.flat import flat, recorded, write
from bench.stack.monitor import counted
from bench.stack.program import FABRIC, FLAT, SPARING
from bench.stack.provider import serving
from bench.written import fleet
from bulkhead.components.fabric import Fabric, fabric
from local_aws.environment import pulumi_path

PROGRAMS: Final = (FLAT, SPARING, FABRIC)
PREVIEW, UP, AGAIN = "preview", "up", "up again"


@dataclass(frozen=True)
class Took:
    """One run, in milliseconds of a processor, and the state that it left, in KB."""

    engine: float
    program: float
    state: float

    @property
    def both(self) -> float:
        return self.engine + self.program


@dataclass(frozen=True)
class Stack:
    """A fleet in a folder, built by each program with a state of its own."""

    folder: Path
    port: int
    checkpoints: bool
    """Whether the whole state is written at each step, as with a backend of one's own."""

    def ran(self, program: str, verb: str) -> Took:
        """A preview, or an update from nothing or from what stands."""
        place = self.folder / program
        if not place.exists() or verb == UP:
            self._anew(place)
        words = ["preview"] if verb == PREVIEW else ["up", "--yes", "--skip-preview"]
        before = of_children()
        self._pulumi(place, *words, "--stack", "fleet", "--non-interactive", "--suppress-progress")
        took = json.loads((self.folder / "took.json").read_text())
        engine = of_children() - before - took["ms"] - took["planning"]
        return Took(engine, took["ms"], self._state(place).stat().st_size / 1024)

    def _anew(self, place: Path) -> None:
        self._state(place).unlink(missing_ok=True)
        (place / "backend").mkdir(parents=True, exist_ok=True)
        (place / "Pulumi.yaml").write_text("name: bench\nruntime: python\n")
        (place / "__main__.py").write_text("from bench.stack.program import run\n\nrun()\n")
        self._pulumi(place, "stack", "init", "fleet")

    def _state(self, place: Path) -> Path:
        return place / "backend" / ".pulumi" / "stacks" / "bench" / "fleet.json"

    def _pulumi(self, place: Path, *words: str) -> None:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("AWS", "PULUMI"))
        }
        environment = {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
            "PYTHONPATH": str(CHECKOUT),
            "BENCH_FOLDER": str(self.folder),
            "BENCH_PROGRAM": place.name,
            "AWS_REGION": "eu-west-1",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{place / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{self.port}",
            **({} if self.checkpoints else {"PULUMI_SKIP_CHECKPOINTS": "true"}),
        }
        subprocess.run(
            [pulumi_path(), *words], cwd=place, env=environment, capture_output=True, check=True
        )


def told(services: int, *, checkpoints: bool = True, times: int = 3) -> Iterator[str]:
    """A line for the program alone, and one for a preview, the first update and a second one."""
    with tempfile.TemporaryDirectory() as name, serving() as port:
        folder = Path(name)
        topology = folder / "fleet.yaml"
        topology.write_text(fleet(services))
        plan, found = fabric.planned, fabric.planned(topology, None)
        fabric.planned = lambda *_: found
        try:
            ours = partial(Fabric, "fleet", topology=topology)
            resources = recorded(ours)
            mine, sent = counted(ours)
        finally:
            fabric.planned = plan
        theirs, flatly = counted(partial(flat, resources))
        yield (
            f"{services} services, {len(resources):,} resources in {sent.components} components: "
            f"{mine:,} functions called, {mine / theirs:.2f}x of the same written flat; "
            f"{sent.bytes / flatly.bytes:.2f}x the bytes sent to the engine"
        )
        write(resources, folder / "resources.json")
        stack = Stack(folder, port, checkpoints)
        for verb in (PREVIEW, UP, AGAIN):
            yield _compared(stack, verb, times)


def _compared(stack: Stack, verb: str, times: int) -> str:
    # By turns: what else the machine does is then in all.
    runs = [{each: stack.ran(each, verb) for each in PROGRAMS} for _ in range(times)]

    def ratio(what: str, to: str) -> float:
        least = {each: min(getattr(run[each], what) for run in runs) for each in (FABRIC, to)}
        return least[FABRIC] / least[to]

    least = min(run[FABRIC].both for run in runs)
    ran = f"  {verb}{'' if stack.checkpoints else ', state written at the end'}"
    line = (
        f"{ran}: {least:,.0f} ms with the engine, {ratio('both', FLAT):.2f}x of flat "
        f"(engine {ratio('engine', FLAT):.2f}x, program {ratio('program', FLAT):.2f}x); "
        f"where flat spares the SDK the same, {ratio('both', SPARING):.2f}x "
        f"(engine {ratio('engine', SPARING):.2f}x, program {ratio('program', SPARING):.2f}x)"
    )
    if verb == PREVIEW:
        return line
    return f"{line}; state {ratio('state', FLAT):.2f}x and {ratio('state', SPARING):.2f}x"


if __name__ == "__main__":
    for each in told(int(sys.argv[1]), checkpoints=len(sys.argv) < 3):
        print(each, flush=True)
