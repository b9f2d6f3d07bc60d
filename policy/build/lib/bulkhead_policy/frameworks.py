"""Which controls of which framework a policy decides, or bears upon, as its metadata."""

from __future__ import annotations

from pulumi_policy import PolicyComplianceFramework

from bulkhead.audit.controls import ALL_CONTROLS, Control, controls_of

BEARS_UPON = {
    "zeromq-from-internet": ("FSBP EC2.18", "PCI 1.4.2", "NIST-800-53 SC-7(11)"),
    "zeromq-without-tunnel": ("NIST-800-53 SC-8", "PCI 4.2.1"),
    "zeromq-from-untrusted-site": ("PCI 1.4.2", "NIST-800-53 SC-7(11)"),
    "admin-from-internet": ("FSBP EC2.19", "CIS 6.3", "CIS 6.4", "NIST-800-53 SC-7(11)"),
    "internet-reach-listed": ("PCI 1.4.2", "NIST-800-53 SC-7(5)", "NIST-800-53 CM-7(b)"),
    "site-reach-listed": ("PCI 1.4.2", "NIST-800-53 SC-7(5)", "NIST-800-53 CM-7(b)"),
    "nacl-second-layer": ("PCI 1.4.1", "NIST-800-53 SC-7(4)(b)"),
    "group-open-to-world": ("FSBP EC2.18", "NIST-800-53 SC-7(11)"),
    "wide-egress": ("NIST-800-53 SC-7(9)",),
    "nacl-wide-open": ("NIST-800-53 SC-7(5)",),
    "wide-private-range": ("NIST-800-53 CM-7(b)",),
    "as-declared": ("NIST-800-53 AC-4", "NIST-800-53 SC-7(5)", "PCI 1.2.5"),
}
"""Policies by which no control of an audit stands or falls, and controls that ask for the same."""


def controls(check: str) -> tuple[Control, ...]:
    """The controls of a policy, those that it decides first."""
    named = BEARS_UPON.get(check, ())
    beside = sorted(
        (each for each in ALL_CONTROLS if each.name in named),
        key=lambda each: named.index(each.name),
    )
    return tuple(dict.fromkeys((*controls_of(check), *beside)))


def framework_of(check: str) -> PolicyComplianceFramework | None:
    """The first of its controls: a policy holds one."""
    first = next(iter(controls(check)), None)
    if first is None:
        return None
    return PolicyComplianceFramework(
        name=first.framework.heading,
        version=first.version,
        reference=first.id,
        specification=first.requires,
    )


def tags_of(check: str) -> list[str]:
    """All of its controls: 'FSBP EC2.18'."""
    return sorted({each.name for each in controls(check)})
