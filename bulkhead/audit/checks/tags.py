"""Whether things say what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes
from bulkhead.lint import Severity


def _purpose(evidence: Evidence, *, tags: tuple[str, ...]) -> Iterator[Checked]:
    """Every VPC, subnet and security group, whatever the case of its tags.

    A tag may stand behind what an organisation puts before its own: 'acme:purpose' is one of
    its purpose (docs.aws.amazon.com/whitepapers/latest/tagging-best-practices).
    """
    for each in evidence.inventory.tagged:
        name = f"{each.kind} {each.name}"
        keys = [key.lower() for key in each.tags]
        there = {*keys, *(key.rpartition(":")[2] for key in keys)}
        if lacking := [tag for tag in tags if tag.lower() not in there]:
            yield fails(
                each.id,
                name,
                f"it has no tag {', '.join(lacking)}",
                "say it in its tags, or once in the default tags of the provider",
            )
        else:
            yield passes(each.id, name, f"it has the tags {', '.join(tags)}")


PURPOSE: Final = Check(
    id="purpose-tagged",
    title="VPCs, subnets and security groups say what they are for",
    severity=Severity.LOW,
    risk="Nobody dares to close what nobody can explain.",
    remedy="Tag each with its purpose.",
    run=_purpose,
    about=("tagged",),
    config={"tags": ("Purpose",)},
)

TAGS: Final = (PURPOSE,)
