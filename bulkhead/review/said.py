"""What the topology itself says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bulkhead.network import CutOff, Declaration, Expectation, Flow, Origin, any_host_in
from bulkhead.review.reviewed import DeclaredStep, TrustStep
from bulkhead.review.secrecy import secrecy_steps
from bulkhead.review.version import Version
from bulkhead.review.words import word_steps

T = TypeVar("T")


def declared_step(base: Version, head: Version, *, still_failing: int = 0) -> DeclaredStep:
    """Flows, words and tests, where both are topologies; trust in sites, whatever they are."""
    one, other = base.declaration, head.declaration
    both = one is not None and other is not None
    mine, yours = one or Declaration(topology=""), other or Declaration(topology="")
    sites = base.network.site
    return DeclaredStep(
        flows_added=_with_origins(head, _only(yours.flows, mine.flows)) if both else (),
        flows_dropped=_with_origins(base, _only(mine.flows, yours.flows)) if both else (),
        words=tuple(word_steps(base, head)) if both else (),
        trust=tuple(
            TrustStep(
                site=each.name,
                before=sites[each.name].trusted,
                after=each.trusted,
                origin=head.origins.named(each.name),
            )
            for each in head.network.sites
            if each.name in sites and sites[each.name].trusted is not each.trusted
        ),
        secrecy=tuple(secrecy_steps(base, head)),
        cut_off=_only(yours.quarantine, mine.quarantine) if both else (),
        released=_released(mine, yours) if both else (),
        tests_added=_tests(head, base) if both else (),
        tests_dropped=_tests(base, head) if both else (),
        still_failing=still_failing,
    )


def _released(base: Declaration, head: Declaration) -> tuple[CutOff, ...]:
    still = {each.service for each in head.quarantine}
    return tuple(each for each in base.quarantine if each.service not in still)


def _with_origins(
    version: Version, flows: Iterable[Flow]
) -> tuple[tuple[Flow, Origin | None], ...]:
    return tuple((each, version.origins.flow(each)) for each in flows)


def _only(these: Iterable[T], those: Iterable[T]) -> tuple[T, ...]:
    known = set(those)
    return tuple(dict.fromkeys(each for each in these if each not in known))


def _tests(of: Version, other: Version) -> tuple[Expectation, ...]:
    """Those of one side alone, wherever written: of what is on that side alone, none is told."""
    declared = other.declaration.expectations if other.declaration else ()
    mine = of.declaration.expectations if of.declaration else ()
    known = {meant(each) for each in declared}
    network = other.network
    names = {"internet", *network.site, *(each.name for each in network.services)}
    names |= {any_host_in(each.segment) for each in network.subnets if each.segment}
    sockets = set(network.listeners)
    return tuple(
        each
        for each in mine
        if meant(each) not in known
        and each.client.partition("/")[0] in names
        and (each.server in sockets if each.server.socket else each.server.owner in names)
    )


def meant(test: Expectation) -> tuple[object, ...]:
    """What a test says, wherever it is written."""
    return test.client, test.clients_at, test.server, test.accept, test.but
