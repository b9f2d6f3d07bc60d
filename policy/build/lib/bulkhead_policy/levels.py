"""Which policies stop an update where nobody configured anything, and which only say so.

At first contact a program has findings that its owners have lived with for years. What stops them
is what a proof says of the packets of anybody on the internet, at ports that have no door. All
else is said, and becomes mandatory where a user makes it so.
"""

from __future__ import annotations

from pulumi_policy import EnforcementLevel

_MANDATORY = frozenset({"zeromq-from-internet", "as-declared"})
"""The second is asked only where somebody names a topology, and so wants to be stopped."""

_DISABLED = frozenset(
    {
        *("endpoint-ec2", "endpoint-ecr-api", "endpoint-ecr-dkr", "endpoint-ssm"),
        *("endpoint-ssm-contacts", "endpoint-ssm-incidents"),
        *("public-access-blocked", "purpose-tagged"),
        *("group-port-22", "group-port-3389", "group-cifs"),
        *("group-high-risk-ports", "group-open-to-world"),
    }
)
"""What few networks mean to have, and what `group-admin-ports-ipv4`, `-ipv6` and
`group-authorised-ports` say as well: who has to show each of them apart switches it on."""


def level_of(check: str) -> EnforcementLevel:
    """Where the user says nothing."""
    if check in _DISABLED:
        return EnforcementLevel.DISABLED
    return EnforcementLevel.MANDATORY if check in _MANDATORY else EnforcementLevel.ADVISORY
