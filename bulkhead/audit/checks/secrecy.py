"""Whether flows are encrypted on their way: by what their sockets declare, and by tunnels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.checks.declared import NamedPlaces, everything
from bulkhead.judge import Finding, FindingKind
from bulkhead.lint import Severity
from bulkhead.network import TCP, UDP, Flow, Network

if TYPE_CHECKING:
    from bulkhead.intent.mechanisms import Protection

_FOR: Final = "name the topology that it was built for: --for TOPOLOGY"
_DECLARED: Final = "as the topology declares it: no packet shows what a program really sets"
_NOT_SAID: Final = "its VPC is to encrypt it, and nobody said whether it does"
_REMEDY: Final = "mechanism: CURVE at both sockets, with zap: true where it binds; TLS of plain TCP"


def protected(
    flow: Flow, network: Network, *, vpc_enforces: bool = False
) -> tuple[Protection, ...]:
    """What encrypts a declared flow, in the network that is planned for it; `vpc_enforces`: whether
    it was observed that its VPC makes hosts encrypt."""
    # What reads topologies comes only with one: a policy pack waits for every import of a check.
    from bulkhead.intent.mechanisms import protections  # noqa: PLC0415

    sites = network.site
    ends = (sites.get(name) for name in (flow.client, flow.server.owner))
    tunnelled = any(each is not None and each.vpn_connection is not None for each in ends)
    by_vpc = flow.vpc_encrypts and vpc_enforces
    return protections(flow.mechanism, tls=flow.tls, tunnelled=tunnelled, by_vpc=by_vpc)


def _enforces(network: Network) -> bool | None:
    """Whether every VPC that was asked for makes its hosts encrypt; None where nobody said."""
    controls = [each.encryption for each in network.vpcs if not network.is_others(each.id, each.id)]
    if any(each is None or not each.settled for each in controls):
        return None
    return bool(controls) and all(each is not None and each.enforced for each in controls)


def _every(
    evidence: Evidence,
    concerns: Callable[[Flow, Network], bool],
    of_finding: Callable[[NamedPlaces, Finding], bool],
    *,
    tunnels: bool,
) -> Iterator[Checked]:
    """Each declared flow that it concerns, and what is open though nobody declared it.

    `tunnels`: whether what a tunnel carries is encrypted enough.
    """
    from bulkhead.intent.mechanisms import WHOLE_WAY, Protection  # noqa: PLC0415 - see above

    enough = WHOLE_WAY | {Protection.TUNNEL} if tunnels else WHOLE_WAY
    declaration, judgement = evidence.declaration, evidence.judgement
    if declaration is None or judgement is None:
        yield undecided("", "flows", "nobody said what is declared", _FOR)
        return
    planned = declaration.planned or evidence.network
    enforces = _enforces(evidence.network)
    for flow in declaration.flows:
        if concerns(flow, planned):
            by = protected(flow, planned, vpc_enforces=enforces is True)
            if flow.relies_on_vpc and enforces is None:
                yield undecided(_ends(flow), f"flow {flow}", _NOT_SAID)
            else:
                yield _checked(flow, by, enough)
    places = NamedPlaces(evidence)
    for finding, _ in everything(evidence):
        if finding.kind is FindingKind.EXTRA and of_finding(places, finding):
            ends = f"{finding.source} -> {finding.destination}"
            what = f"{finding.message}: whether it is encrypted nobody said"
            yield undecided(ends, "flow", what, rules=finding.rules)


def _checked(flow: Flow, by: tuple[Protection, ...], enough: frozenset[Protection]) -> Checked:
    from bulkhead.intent.mechanisms import Protection  # noqa: PLC0415 - see above

    ends, name = _ends(flow), f"flow {flow}"
    if not enough.isdisjoint(by):
        return passes(ends, name, f"encrypted: {', '.join(by)}", _DECLARED)
    if Protection.GSSAPI in by:
        what = "GSSAPI encrypts unless a program sets ZMQ_GSSAPI_PLAINTEXT, which nobody said"
        return undecided(ends, name, what)
    part = ", and its tunnel ends at the VPN gateway" * (Protection.TUNNEL in by)
    vpc = ", and its VPC does not enforce encryption" * flow.relies_on_vpc
    return fails(ends, name, f"{flow.secured} encrypts nothing{part}{vpc}", _remedy(flow))


def _ends(flow: Flow) -> str:
    """'momentum.market -> ticker.ticks'."""
    return str(flow).partition(" (")[0]


def _remedy(flow: Flow) -> str:
    """What whoever declared it can write."""
    if flow.client_socket:
        return _REMEDY
    if flow.server.protocol in (TCP, UDP):
        return "encryption: TLS, or SSH, once its programs speak it"
    return "no program encrypts it: take it out, or suppress it with a reason"


def _crossing(flow: Flow, network: Network) -> bool:
    services = {each.name for each in network.services}
    return not services.issuperset((flow.client, flow.server.owner))


def _crossings(evidence: Evidence) -> Iterator[Checked]:
    return _every(
        evidence,
        _crossing,
        lambda places, each: places.outside(each.source) or places.outside(each.destination),
        tunnels=True,
    )


def _flows(evidence: Evidence) -> Iterator[Checked]:
    return _every(
        evidence,
        lambda flow, network: True,  # noqa: ARG005 - every flow is concerned
        lambda places, each: True,  # noqa: ARG005
        tunnels=False,
    )


SECRECY: Final = (
    Check(
        id="crossings-encrypted",
        title="What is declared to leave the VPC goes through a tunnel, or encrypts by itself",
        severity=Severity.HIGH,
        risk="Networks of others carry it, and whoever is there reads and changes it.",
        remedy="Reach the peer by a site-to-site VPN, or let both sockets be CURVE or TLS.",
        run=_crossings,
        about=("vpcs", "interfaces"),
    ),
    Check(
        id="flows-encrypted",
        title="Every declared flow is encrypted from program to program, or by its VPC",
        severity=Severity.MEDIUM,
        risk="Whoever reads the network inside the VPC, or behind a tunnel, reads messages.",
        remedy="Let both sockets be CURVE or TLS, or let the VPC enforce it "
        "(`vpc-encryption:`); `encryption: required` holds that for all.",
        run=_flows,
        about=("vpcs", "interfaces"),
    ),
)
