"""What stands there and is not in a Network, because its source does not list it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """Interfaces, or other things, that a source does not list, or may not.

    `kind` and `name` say what runs them ('aws.lb.LoadBalancer' and its ARN), or where
    there may be more of them; `why`, in words, why they are not here. They would be in
    `field` of a Network ('' where it is any) and in the VPC `vpc` (None: any), and may hold
    `security_groups`, as far as anything says so. `runs`: it is known to run interfaces;
    otherwise it is only not known that there are none.

    Nothing that is here is in doubt because of it. What it forbids is to conclude from
    absence: that nobody holds a group, that nothing sends to an address.
    """

    kind: str
    name: str
    why: str
    field: str = "interfaces"
    vpc: str | None = None
    security_groups: tuple[str, ...] = ()
    runs: bool = True
