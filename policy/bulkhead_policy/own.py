"""What only a policy pack can ask: of the program's resources, and of a topology that is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulkhead.audit import Check, Checked, Evidence
from bulkhead.audit.check import fails, passes, undecided
from bulkhead.judge.findings import FindingKind
from bulkhead.lint import Severity

if TYPE_CHECKING:
    from bulkhead.observe.pulumi.stack import Resource


@dataclass(frozen=True, kw_only=True)
class StackEvidence(Evidence):
    """What is known of a stack: its resources too."""

    resources: tuple[Resource, ...] = ()


_INSIDE: Final = {
    "aws:ec2/securityGroup:SecurityGroup": ("ingress", "egress"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("ingress", "egress"),
    "aws:ec2/networkAcl:NetworkAcl": ("ingress", "egress"),
    "aws:ec2/routeTable:RouteTable": ("routes",),
}
_APART: Final = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "securityGroupId",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "securityGroupId",
    "aws:ec2/securityGroupRule:SecurityGroupRule": "securityGroupId",
    "aws:ec2/networkAclRule:NetworkAclRule": "networkAclId",
    "aws:ec2/route:Route": "routeTableId",
}


def _one_way(evidence: Evidence) -> Iterator[Checked]:
    """Each group, network ACL and table: are its rules written inside it, or apart?

    What is written inside says of one direction what there is, and nothing of the other
    (registry.terraform.io, aws_security_group: `ingress` and `egress` are each optional).
    """
    resources = evidence.resources if isinstance(evidence, StackEvidence) else ()
    apart: dict[tuple[object, str], list[str]] = defaultdict(list)
    for each in resources:
        if key := _APART.get(each.type):
            for inside in _where_else(each):
                apart[each.outputs.values.get(key), inside].append(_name(each))
    for each in resources:
        name = f"{each.type.rpartition(':')[2]} {_name(each)}"
        written = [key for key in _INSIDE.get(each.type, ()) if each.inputs.has(key)]
        both = [key for key in written if apart[each.id, key]]
        if both:
            others = sorted({other for key in both for other in apart[each.id, key]})
            kinds = " and ".join(_RULES[key] for key in both)
            yield fails(
                each.id,
                name,
                f"its {kinds} are written inside it, and others apart ({', '.join(others[:3])}): "
                "each update takes the others away",
                "write each rule as a resource of its own",
            )
        elif each.type in _INSIDE:
            yield passes(each.id, name, "its rules are written in one way")


_RULES: Final = {"ingress": "ingress rules", "egress": "egress rules", "routes": "routes"}


def _where_else(rule: Resource) -> tuple[str, ...]:
    """Where a rule would stand inside of what holds it; both where its direction is not known."""
    if rule.type == "aws:ec2/route:Route":
        return ("routes",)
    values = rule.outputs.values
    match rule.type.rpartition(":")[2]:
        case "SecurityGroupIngressRule":
            return ("ingress",)
        case "SecurityGroupEgressRule":
            return ("egress",)
        case "NetworkAclRule":
            egress = values.get("egress", False)
            told = (
                {True: "egress", False: "ingress"}.get(egress) if isinstance(egress, bool) else ""
            )
        case _:
            told = str(values.get("type"))
    return (told,) if told in ("ingress", "egress") else ("ingress", "egress")


def _as_declared(evidence: Evidence, *, topology: str) -> Iterator[Checked]:
    """Every cause, with what follows from it; nothing where nobody named a topology."""
    judgement = evidence.judgement
    if judgement is None:
        return
    for finding in judgement.findings:
        what = f"{topology}: {finding.kind}"
        follows = tuple(f"so that {each.message}" for each in finding.effects)
        resource = finding.rules[0].component if finding.rules else ""
        if finding.kind is FindingKind.UNDETERMINED:
            yield undecided(resource, what, finding.message, finding.why, rules=finding.rules)
        else:
            yield fails(
                resource,
                what,
                finding.message,
                finding.mend or _REMEDY,
                *(each for each in (finding.why, *follows) if each),
                rules=finding.rules,
            )
    for each in judgement.unknown:
        yield undecided("", topology, each)
    if judgement.ok:
        yield passes("", topology, f"its {judgement.flows} flows are open, and nothing else")


_REMEDY: Final = "declare it in the topology, or make the program build what is declared"

ONE_WAY: Final = Check(
    id="rules-written-one-way",
    title="Rules are written inside what holds them, or apart, and not both",
    severity=Severity.MEDIUM,
    risk="Each update takes away what the other way wrote, and flows come and go.",
    remedy="Write each rule as a resource of its own.",
    run=_one_way,
)
AS_DECLARED: Final = Check(
    id="as-declared",
    title="The stack is what the topology declares",
    severity=Severity.HIGH,
    risk="What was approved is not what is built.",
    remedy="Declare it, or build what is declared.",
    run=_as_declared,
    config={"topology": ""},
)

OWN: Final = (ONE_WAY, AS_DECLARED)


def _name(resource: Resource) -> str:
    return resource.urn.rsplit("::", 1)[-1]
