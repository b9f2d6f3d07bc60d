"""Whether the VPC makes hosts encrypt, as a topology says that it does.

No packet depends on it: an encryption control keeps out of a VPC what sends in clear text. But
declared flows may rely on it, and then one that only watches, or none, leaves them in clear text.
What was not observed satisfies nobody, and is not called absent either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.network import Declaration, Flow, Network, Verdict, Vpc, VpcEncryption
from bulkhead.network.encryption import control_of

_MEND: Final = "pulumi up --refresh"
_NAMED: Final = 3


def encryption_held(
    declaration: Declaration, planned: Network, network: Network
) -> Iterator[Finding]:
    """Each VPC of the topology whose encryption control is not as planned, with what that does."""
    wanted = next((each.encryption for each in planned.vpcs if each.encryption), None)
    if wanted is None:
        return
    relying = [each for each in declaration.flows if each.relies_on_vpc]
    origin = declaration.origins.of(control_of(planned.vpcs[0].id)) or declaration.origins.whole
    for vpc in network.vpcs:
        if not network.is_others(vpc.id, vpc.id):
            found = _held(wanted, vpc, relying)
            yield from (each.at(origin) for each in found)


def _held(wanted: VpcEncryption, vpc: Vpc, relying: list[Flow]) -> Iterator[Finding]:
    about = ("VPC encryption control", vpc.name, "")
    there = vpc.encryption
    if there is None:
        yield Finding(
            kind=FindingKind.UNDETERMINED,
            message=f"it is not known whether VPC {vpc.name} keeps out what sends in clear text",
            why="Nobody asked AWS for its encryption control, or AWS did not say. "
            + _what(relying, "may be"),
            verdict=Verdict.UNDETERMINED,
            about=about,
        )
    elif not there.settled:
        yield Finding(
            kind=FindingKind.UNDETERMINED,
            message=f"the encryption control of VPC {vpc.name} is {there}",
            why="Whether it takes effect AWS says when it is done. " + _what(relying, "may be"),
            verdict=Verdict.UNDETERMINED,
            about=about,
        )
    elif there.mode is not wanted.mode:
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"the encryption control of VPC {vpc.name} is {there.mode}, "
            f"planned {wanted.mode}",
            why=_what(relying, "is") if wanted.enforced else _WATCHED[there.enforced],
            mend=_MEND,
            about=(*about[:2], "mode"),
        )
    elif there.excluded != wanted.excluded:
        yield from _excluding(wanted, there, vpc)


_WATCHED: Final = {
    True: "AWS refuses what it was only to watch.",
    False: "Flow logs do not say what is encrypted.",
}


def _excluding(wanted: VpcEncryption, there: VpcEncryption, vpc: Vpc) -> Iterator[Finding]:
    for each in sorted({*there.excluded} ^ {*wanted.excluded}):
        more = each in there.excluded
        yield Finding(
            kind=FindingKind.UNPLANNED if more else FindingKind.LACKING,
            message=f"the encryption control of VPC {vpc.name} "
            + (f"excludes {each}" if more else f"does not exclude {each}, as planned"),
            why="AWS lets that into the VPC, and does not encrypt what it sends and gets."
            if more
            else "AWS refuses it, or what is there blocks that encryption is enforced.",
            mend=_MEND,
            about=(*("VPC encryption control", vpc.name), each),
        )


def _what(relying: list[Flow], how: str) -> str:
    """Which declared flows are in clear text then, in words."""
    if not relying:
        return f"Whatever does not encrypt {'may be' if how == 'may be' else 'is'} let in."
    named = "; ".join(f"{each.client_name} -> {each.server.name}" for each in relying[:_NAMED])
    more = f" and {len(relying) - _NAMED} more" if len(relying) > _NAMED else ""
    flows = "1 declared flow relies" if len(relying) == 1 else f"{len(relying)} declared flows rely"
    return f"{flows} on it, and {how} in clear text where a host does not encrypt: {named}{more}."
