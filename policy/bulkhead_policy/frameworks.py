"""Which controls of which framework a policy decides, as its metadata."""

from __future__ import annotations

from pulumi_policy import PolicyComplianceFramework

from bulkhead.audit.controls import Control, controls_of


def framework_of(check: str) -> PolicyComplianceFramework | None:
    """The control that stands first in our tables; the others are tags, for a policy holds one."""
    first = next(iter(controls_of(check)), None)
    if first is None:
        return None
    return PolicyComplianceFramework(
        name=first.framework.heading,
        version=first.version,
        reference=first.id,
        specification=first.requires,
    )


def tags_of(check: str) -> list[str]:
    """Every control that it decides, or helps to: 'FSBP EC2.18'."""
    return sorted({_tag(each) for each in controls_of(check)})


def _tag(control: Control) -> str:
    return control.name
