"""Services whose interfaces come and go: of an autoscaling group, ECS, EKS or Lambda.

Nobody knows the addresses before. What is known is the group that each of them holds, the subnets
that they are in, and how many there may be: whoever holds that group there is a member.
"""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.network.clients import LINUX_PORTS
from bulkhead.network.places import Subnet
from bulkhead.network.ports import PortRange


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMembers:
    """How many interfaces hold a group that none has for good: none there is fine at any time."""

    fewest: int
    """Copies that the service asks for at the least."""
    most: int
    """Copies at the most."""
    unit: str
    """What their subnets stand behind: a segment, or 'risk.limits' of one that is isolated."""
    client_ports: PortRange = LINUX_PORTS
    """From which they open connections."""
    subnets: tuple[str, ...] = ()
    """The ids of these where they are others'; () where the segment has its own."""
    function: bool = False
    """Whether they are a function's: of these Lambda makes as many as it takes, which is not one
    for each copy (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)."""

    beside: tuple[str, ...] = ()
    """What the groups are called that they hold beside their own, with others who need the same of
    some service."""

    def __str__(self) -> str:
        """'2..40', or of a function 'as many as there are'."""
        if self.function:
            return "as many as there are"
        return str(self.most) if self.fewest == self.most else f"{self.fewest}..{self.most}"

    @property
    def segment(self) -> str:
        return self.unit.partition(".")[0]

    def belong_in(self, subnet: Subnet) -> bool:
        """Whether a subnet of their VPC is one of theirs, by what it is called: after its zone, or
        the id of that. One of others' is, by its id."""
        if self.subnets:
            return subnet.id in self.subnets
        zones = filter(None, (subnet.zone, subnet.zone_id))
        return subnet.name in {f"{self.unit}-{zone}" for zone in zones}

    @property
    def limit(self) -> int | None:
        """How many interfaces there may be; None: as many as AWS makes."""
        return None if self.function else self.most


def stand_in_name(service: str, zone: str) -> str:
    """What stands for any member in a zone: 'worker-any-eu-west-1a'. Interfaces that are there for
    good end with a number."""
    return f"{service}-any-{zone}"
