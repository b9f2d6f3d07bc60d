"""One drill, in the process that owns the twin: build it, listen, try everything, count."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bulkhead.network import TCP, Flow, Network, protocol_name
from bulkhead.twin import conversation, tcp, zeromq
from bulkhead.twin.build import World, build
from bulkhead.twin.layout import lay_out
from bulkhead.twin.measured import Drill, Measurement, Probe, Report, TwinError
from bulkhead.twin.messages import DrillRequest
from bulkhead.twin.patterns import RAW, played
from bulkhead.twin.speakers import Bound, Talk
from bulkhead.twin.tcp import Attempt, Probed
from bulkhead.twin.trials import Door, Trial, trials
from bulkhead.twin.zeromq import Contexts


def run_drill(wanted: DrillRequest, report: Report) -> Drill:
    """Build, listen everywhere, try every connection, read the counters."""
    began = time.monotonic()
    layout = lay_out(wanted.network, wanted.flows)
    planned = trials(layout, wanted.flows, wanted.asked)
    report(f"building {len(layout.hosts)} hosts")
    world = build(layout)
    with Contexts() as contexts:
        bound = {door: _open(contexts, world, door) for door in planned.doors}
        try:
            declared = [trial for trial in planned.every if trial.flow]
            others = [trial for trial in planned.every if not trial.flow]
            report(f"trying {len(others)} connections that nobody declared")
            outcomes = _sweep(contexts, world, others, wanted.patience)
            report(f"sending a message along {len(declared)} declared connections")
            talks = [_talk(world, trial, bound[trial.door]) for trial in declared]
            outcomes |= conversation.converse(contexts, talks, wanted.patience)
        finally:
            for each in bound.values():
                each.close()
        counters = world.counters()
    return Drill(
        measurements=tuple(measurement(trial, outcomes[trial]) for trial in planned.every),
        seconds=time.monotonic() - began,
        notes=(*layout.notes, *planned.notes),
        counters=counters,
    )


def run_probes(
    network: Network, probes: Sequence[Probe], patience: float, flows: Sequence[Flow] = ()
) -> tuple[Measurement, ...]:
    """Build, listen where the probes go, try them all."""
    for probe in probes:
        if probe.protocol != TCP:
            raise TwinError(f"a probe uses {protocol_name(probe.protocol)}; the twin has tcp only")
    layout = lay_out(network, flows)
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
    return contexts.bind(namespace, played(door.listener.type), door.port)


def _attempt(world: World, trial: Trial) -> Attempt[Trial]:
    return Attempt(trial, world.namespace(trial.source), trial.address, trial.door.port)


def _talk(world: World, trial: Trial, bound: Bound) -> Talk[Trial]:
    if trial.flow is None or trial.door.listener is None:
        raise TwinError(f"nobody declared a flow to tcp {trial.door.port} of {trial.door.host}")
    ends = trial.flow.client_type, trial.door.listener.type
    return Talk(_attempt(world, trial), played(ends[0]), bound, played(ends[1]))


def _sweep(
    contexts: Contexts, world: World, some: Iterable[Trial], patience: float
) -> dict[Trial, Probed]:
    """ZeroMQ and plain TCP at the same time: each waits its time for what is dropped."""
    raw: list[Attempt[Trial]] = []
    zmtp: list[tuple[str, Attempt[Trial]]] = []
    for trial in some:
        kind = played(trial.door.listener.type) if trial.door.listener else "TCP"
        if kind in RAW:
            raw.append(_attempt(world, trial))
        else:
            zmtp.append((kind, _attempt(world, trial)))
    with ThreadPoolExecutor(max_workers=1) as aside:
        plain = aside.submit(tcp.sweep, raw, patience)
        spoken = zeromq.sweep(contexts, zmtp, patience)
        return spoken | plain.result()


def measurement(trial: Trial, outcome: Probed) -> Measurement:
    """What was tried, and what came of it."""
    return Measurement(
        source=trial.source.party,
        target=replace(trial.door.host.party, address=trial.address),
        port=trial.door.port,
        listener=trial.door.listener,
        flow=trial.flow,
        allowed=outcome.allowed,
        evidence=outcome.evidence,
    )
