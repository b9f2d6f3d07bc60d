"""A service."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.socket import Socket


class Proxy(Resolved):
    """Which sockets of a broker zmq_proxy(3) joins."""

    front: str
    back: str
    capture: str | None = None


class ServiceInterface(Resolved):
    """A network interface of a service, one in each copy: it has a group, and is in a segment."""

    name: str
    """What flows call it: 'router' of the first, 'router.eth1' of another."""
    service: str
    interface: str = ""
    """What the host calls it; '' where nobody says."""
    segment: str
    purpose: str = ""


class Service(Resolved):
    """A program with sockets, once or several times."""

    name: str
    segment: str
    replicas: int = 1
    """How many copies there are at most: the plan has room for each."""
    fewest: int = 1
    """How many there are at least."""
    labels: Frozen[str] = Field(default_factory=dict)
    client_ports: str | tuple[int, int] = "linux"
    """From which it connects: a system, or first and last port."""
    instance: str = ""
    """The type of its instances, '' where nobody says."""
    mtu: int = 9001
    """The largest packet that its hosts take, in bytes."""
    comes_and_goes: bool = False
    """Whether its interfaces are those of whoever runs its copies, at any free address."""
    runs_on: str = ""
    """What starts and stops its copies: 'asg', 'ecs', 'eks', 'lambda'; '' where nobody says."""
    held_to_encrypt: bool = False
    """Whether AWS lets only such hosts of it into the VPC that encrypt what they send there."""
    cluster: str = ""
    """The cluster of EKS whose control plane it is; '' where it is none."""
    interfaces: Frozen[ServiceInterface] = Field(default_factory=dict)
    """Those that it names, by what the host calls them."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None
    data: str | None = None
    """How its data is classified."""
    was: tuple[str, ...] = ()
    """What it was called before."""
    needs: tuple[str, ...] = ()
    """Which services of AWS its hosts call."""
    proxy: Proxy | None = None

    @property
    def is_function(self) -> bool:
        """Whether it is a function of AWS Lambda: it connects, and nobody to it."""
        return self.runs_on == "lambda"

    @property
    def several(self) -> bool:
        """Whether each copy has more than one network interface."""
        return len(self.interfaces) > 1

    @property
    def ends(self) -> tuple[ServiceInterface, ...]:
        """Each interface, the one in its own segment first; named or not, there is one."""
        if not self.interfaces:
            return (ServiceInterface(name=self.name, service=self.name, segment=self.segment),)
        return tuple(sorted(self.interfaces.values(), key=lambda each: each.name != self.name))
