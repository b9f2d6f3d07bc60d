"""Which declared flows are secured otherwise: no packet shows it, and no rule depends on it."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.network import Flow
from bulkhead.review.reviewed import SecrecyStep
from bulkhead.review.version import Version


def secrecy_steps(base: Version, head: Version) -> Iterator[SecrecyStep]:
    """Of flows that both sides declare, in the order of HEAD's."""
    before = {each: each for each in (base.declaration.flows if base.declaration else ())}
    for flow in dict.fromkeys(head.declaration.flows if head.declaration else ()):
        was = before.get(flow)
        if was is not None and in_words(was) != in_words(flow):
            yield SecrecyStep(
                flow=flow,
                before=in_words(was),
                after=in_words(flow),
                weaker=any(old > new for old, new in zip(_worth(was), _worth(flow), strict=True)),
                origin=head.origins.flow(flow),
            )


def in_words(flow: Flow) -> str:
    """'CURVE with ZAP', 'CURVE', 'NULL over TLS', 'plain tcp', 'NULL in a VPC that encrypts'."""
    over = " over TLS" * (flow.tls and flow.mechanism != "TLS")
    under = " in a VPC that encrypts" * flow.relies_on_vpc
    return f"{flow.secured}{over}{' with ZAP' * flow.zap}{under}"


def _worth(flow: Flow) -> tuple[int, int]:
    """How well it is encrypted, and whether anybody asks who connects."""
    encrypts = {True: 3, None: 1, False: 0}[flow.encrypted]
    return max(encrypts, 2 * flow.relies_on_vpc), int(flow.zap or flow.mechanism == "GSSAPI")
