"""One drill, in the process that owns the twin: build it, listen, try everything, count."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bulkhead.network import TCP, Flow, Network, protocol_name
from bulkhead.twin import conversation, tcp, zeromq
from bulkhead.twin.build import World, build
from bulkhead.twin.cells import Cell, Door, plan_drill
from bulkhead.twin.ends import Bound, Talk
from bulkhead.twin.layout import lay_out
from bulkhead.twin.measured import Drill, Measurement, Probe, TwinError
from bulkhead.twin.patterns import RAW
from bulkhead.twin.tcp import Attempt, Outcome
from bulkhead.twin.zeromq import Contexts

Report = Callable[[str], None]


def run_drill(network: Network, flows: Sequence[Flow], patience: float, report: Report) -> Drill:
    """Build, listen everywhere, try every cell, read the counters."""
    began = time.monotonic()
    layout = lay_out(network)
    plan = plan_drill(layout, flows)
    report(f"building {len(layout.hosts)} hosts")
    world = build(layout)
    with Contexts() as contexts:
        bound = {door: _open(contexts, world, door) for door in plan.doors}
        try:
            declared = [cell for cell in plan.cells if cell.flow]
            others = [cell for cell in plan.cells if not cell.flow]
            report(f"trying {len(others)} connections that nobody declared")
            outcomes = _sweep(contexts, world, others, patience)
            report(f"sending a message along {len(declared)} declared connections")
            talks = [_talk(world, cell, bound[cell.door]) for cell in declared]
            outcomes |= conversation.hold(contexts, talks, patience)
        finally:
            for each in bound.values():
                each.close()
        counters = world.counters()
    return Drill(
        measurements=tuple(_measurement(cell, outcomes[cell]) for cell in plan.cells),
        seconds=time.monotonic() - began,
        notes=(*layout.notes, *plan.notes),
        counters=counters,
    )


def run_probes(
    network: Network, probes: Sequence[Probe], patience: float
) -> tuple[Measurement, ...]:
    """Build, listen where the probes go, try them all."""
    for probe in probes:
        if probe.protocol != TCP:
            raise TwinError(f"a probe uses {protocol_name(probe.protocol)}; the twin has tcp only")
    layout = lay_out(network)
    ends = {}
    for probe in probes:
        source = layout.find(probe.source)
        ends[probe] = (source, layout.at(probe.destination, source))
    for probe, (source, target) in ends.items():
        why = layout.limits.why(source.party, target.party, probe.destination)
        if why:
            raise TwinError(
                f"{source} reaches {probe.destination} by way of {why}, "
                "which the twin does not build"
            )
    world = build(layout)
    listeners = {
        (target.party, probe.port): (target, probe.port) for probe, (_, target) in ends.items()
    }
    open_ = [tcp.listen(world.namespace(host), port) for host, port in listeners.values()]
    try:
        outcomes = tcp.sweep(
            [
                Attempt(
                    probe,
                    world.namespace(source),
                    probe.destination,
                    probe.port,
                    probe.source_port,
                )
                for probe, (source, _) in ends.items()
            ],
            patience,
        )
    finally:
        for listener in open_:
            listener.close()
    return tuple(
        Measurement(
            source=ends[probe][0].party,
            target=replace(ends[probe][1].party, address=probe.destination),
            port=probe.port,
            source_port=probe.source_port,
            allowed=outcomes[probe].allowed,
            evidence=outcomes[probe].evidence,
        )
        for probe in probes
    )


def _open(contexts: Contexts, world: World, door: Door) -> Bound:
    namespace = world.namespace(door.host)
    if door.listener is None or door.listener.type == "TCP":
        return tcp.listen(namespace, door.port)
    return contexts.bind(namespace, door.listener.type, door.port)


def _attempt(world: World, cell: Cell) -> Attempt[Cell]:
    return Attempt(cell, world.namespace(cell.source), cell.address, cell.door.port)


def _talk(world: World, cell: Cell, bound: Bound) -> Talk[Cell]:
    if cell.flow is None or cell.door.listener is None:
        raise TwinError(f"nobody declared a flow to tcp {cell.door.port} of {cell.door.host}")
    return Talk(_attempt(world, cell), cell.flow.client_type, bound, cell.door.listener.type)


def _sweep(
    contexts: Contexts, world: World, cells: Iterable[Cell], patience: float
) -> dict[Cell, Outcome]:
    """ZeroMQ and plain TCP at the same time: each waits its time for what is dropped."""
    raw: list[Attempt[Cell]] = []
    zmtp: list[tuple[str, Attempt[Cell]]] = []
    for cell in cells:
        kind = cell.door.listener.type if cell.door.listener else "TCP"
        if kind in RAW:
            raw.append(_attempt(world, cell))
        else:
            zmtp.append((kind, _attempt(world, cell)))
    with ThreadPoolExecutor(max_workers=1) as aside:
        plain = aside.submit(tcp.sweep, raw, patience)
        spoken = zeromq.sweep(contexts, zmtp, patience)
        return spoken | plain.result()


def _measurement(cell: Cell, outcome: Outcome) -> Measurement:
    return Measurement(
        source=cell.source.party,
        target=replace(cell.door.host.party, address=cell.address),
        port=cell.door.port,
        listener=cell.door.listener,
        flow=cell.flow,
        allowed=outcome.allowed,
        evidence=outcome.evidence,
    )
