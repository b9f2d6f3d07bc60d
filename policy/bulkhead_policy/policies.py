"""Every check as a policy of its own; and one that says what could not be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pulumi_policy import (
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)

from bulkhead.audit import ALL_CHECKS, Check, Checked
from bulkhead.explain import RuleRef
from bulkhead.problems import UnusableError, printable
from bulkhead_policy.declared import declaration
from bulkhead_policy.frameworks import framework_of, tags_of
from bulkhead_policy.levels import level_of
from bulkhead_policy.own import OWN
from bulkhead_policy.settings import SettingError, schema, settings

if TYPE_CHECKING:
    from bulkhead_policy.findings import Findings, Latest

CANNOT_TELL = "cannot-tell"
_ELSEWHERE = frozenset(
    {
        *(
            "tunnels-up",
            "tunnels-routed",
            "tunnels-alarmed",
            "as-planned",
            "elastic-address-used",
            "stores-not-reached",
        ),
        *("vpc-has-endpoints", "diagram-current"),
        *("segmentation-tested-12-months", "segmentation-tested-6-months"),
        *("flows-declared", "flows-work", "flows-justified", "flows-needed-still"),
        *("each-layer-holds", "crossings-encrypted", "flows-encrypted"),
        *("inbound-from-untrusted-declared", "outbound-declared", "segments-apart"),
        *("cde-inbound-declared", "cde-outbound-declared", "access-points-planned"),
        *("nacl-used", "unattached", "unused-rule", "stale-group-reference"),
    }
)
"""Checks of `bulkhead audit` that no program decides: what AWS answers does, or a drill; parts of
what the policy `as-declared` says as a whole; and what nothing uses, for other stacks may."""
CHECKS = (*(each for each in ALL_CHECKS if each.id not in _ELSEWHERE), *OWN)
"""What the pack asks, in this order."""
SEVERITIES = {
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "note": Severity.LOW,
}
"""Pulumi's word for each of ours."""


class _Asked:
    """The findings that all policies of a pack share.

    What reads resources is imported with the first of them: the engine starts no program before
    its packs are there.
    """

    def __init__(self) -> None:
        self._latest: Latest | None = None

    def of(self, args: StackValidationArgs) -> Findings:
        from bulkhead_policy.findings import Latest  # noqa: PLC0415
        from bulkhead_policy.handing import shown  # noqa: PLC0415

        self._latest = self._latest or Latest()
        return self._latest.of(shown(args.resources))


def policies() -> list[Policy]:
    """One for every check, and last the one that says what none of them could tell."""
    asked = _Asked()
    return [*(_policy(check, asked) for check in CHECKS), _cannot_tell(asked)]


def _policy(check: Check, asked: _Asked) -> StackValidationPolicy:
    return StackValidationPolicy(
        name=check.id,
        description=check.title,
        validate=_guarded(partial(_validate, check), asked),
        enforcement_level=level_of(check.id),
        config_schema=PolicyConfigSchema(properties=schema(check)) if check.config else None,
        severity=SEVERITIES[check.severity],
        framework=framework_of(check.id),
        tags=tags_of(check.id),
        remediation_steps=check.remedy,
        display_name=check.title,
    )


def _validate(
    check: Check, findings: Findings, args: StackValidationArgs, report: ReportViolation
) -> None:
    told = settings(check, args.get_config())
    for each in findings.of(check, told, declaration(told)):
        for urn, rules in findings.responsible.of(each):
            report(findings.without_stand_ins(_message(check, each, rules)), urn)


def _message(check: Check, checked: Checked, rules: Sequence[RuleRef]) -> str:
    """What is wrong, and by which of the rules that the resource at hand answers for.

    A call of AWS mends an account, and the next update takes it back: what mends a program is
    what the check says of all.
    """
    remedy = check.remedy if checked.remedy.startswith("aws ") else checked.remedy
    more = len(checked.rules) - len(rules[:_MOST])
    lines = [
        f"{checked.name}: {checked.message}" if checked.name else checked.message,
        *(f"  by {ref.text}" for ref in rules[:_MOST]),
        *([f"  and {more} more rule{'s' if more > 1 else ''}"] if more else []),
        *(f"  {each}" for each in checked.evidence[:_MOST]),
        *([f"  to mend it: {remedy[:1].lower()}{remedy[1:]}"] if remedy else []),
    ]
    return "\n".join(map(printable, lines))


_MOST = 5
"""Rules, and words of evidence, that one message holds."""


def _cannot_tell(asked: _Asked) -> StackValidationPolicy:
    return StackValidationPolicy(
        name=CANNOT_TELL,
        description="Everything that the other policies ask of can be told",
        validate=_guarded(_tell, asked),
        enforcement_level=level_of(CANNOT_TELL),
        severity=Severity.MEDIUM,
        tags=["undetermined"],
        remediation_steps=(
            "Let the program say what is not known yet, or run the policies again on the state "
            "after the update: pulumi policy analyze."
        ),
        display_name="What cannot be told",
    )


def _tell(findings: Findings, _: StackValidationArgs, report: ReportViolation) -> None:
    """Once for each resource: all that is not known of it, and what that leaves undecided."""
    told: dict[str, dict[str, dict[str, None]]] = {}
    for urn, what, check in _untold(findings):
        checks = told.setdefault(urn, {}).setdefault(what, {})
        if check:
            checks[check] = None
    for urn, every in told.items():
        lines = [
            f"{printable(what)} (not decided: {', '.join(checks)})" if checks else printable(what)
            for what, checks in every.items()
        ]
        report("\n  ".join(lines), urn)


def _untold(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """URN, what is not known, and the check that it leaves undecided."""
    responsible = findings.responsible
    for gap in findings.stood.network.unmodelled:
        if gap.kind == "address" and gap.scope == gap.id:
            continue  # which address AWS will choose makes no difference to any packet
        urn = responsible.thing(gap.id) or responsible.thing(gap.scope)
        yield urn, f"{gap.kind} {gap.id}: {gap.why}", ""
    for urn, why in findings.stood.unreadable.items():
        yield urn, f"nothing of it could be read: {why}", ""
    for check, each in findings.undecided():
        for urn, _ in responsible.of(each):
            yield urn, f"{each.name}: {each.message}", check


Validate = Callable[["Findings", StackValidationArgs, ReportViolation], None]


def _guarded(
    validate: Validate, asked: _Asked
) -> Callable[[StackValidationArgs, ReportViolation], None]:
    """What goes wrong is one sentence, reported by the policy that it keeps from its work."""

    def guarded(args: StackValidationArgs, report: ReportViolation) -> None:
        try:
            validate(asked.of(args), args, report)
        except SettingError as error:
            report(f"its configuration cannot be used: {error}", None)
        except UnusableError as error:
            report(f"it could not be asked: {printable(str(error))}", None)
        except Exception as error:
            what = f"{type(error).__name__}: {printable(str(error))}"
            report(f"it could not be asked: {what}", None)

    return guarded
