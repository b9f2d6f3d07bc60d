"""A service, as it is written."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import (
    Classification,
    Named,
    Names,
    PlainText,
    Purpose,
    Written,
    WrittenPorts,
    by,
    choice,
    first,
)
from bulkhead.intent.written.interface import NetworkInterfaces, NoInterfaces
from bulkhead.intent.written.proxy import WrittenProxy
from bulkhead.intent.written.socket import Sockets
from bulkhead.intent.written.use import Uses

Labels = dict[str, Annotated[str, by(values.parse_label)] | None]

Needs = Annotated[tuple[Annotated[str, by(values.parse_need)], ...], first(values.one_or_many)]


OF_HOSTS: Final = ("client-ports", "instance", "mtu")
"""Keys that say what hosts are like: a function has none."""


class WrittenService(Written):
    """A program, once or several times."""

    segment: PlainText | None = Field(description="the segment it lives in")
    replicas: Annotated[tuple[int, int], by(values.parse_replicas)] | None = Field(
        default=(1, 1),
        description="how many copies run: a number, or least and most, as in replicas: 2..10",
    )
    client_ports: WrittenPorts | None = Field(
        default="linux",
        alias="client-ports",
        description="from which ports it connects: a system, or a range",
    )
    instance: Annotated[str, by(values.parse_instance_type)] | None = Field(
        default="", description="the type of its instances, as in instance: c8i.large"
    )
    mtu: Annotated[int, by(values.parse_mtu)] | None = Field(
        default=9001,
        description="the largest packet that its hosts take, in bytes, as in mtu: 1500",
    )
    labels: Labels | None = Field(
        default_factory=dict,
        description="words by which many services are meant, as in labels: {tier: edge}",
    )
    purpose: Purpose | None = Field(default=None, description="what it is for, in a line")
    owner: Named | None = Field(default=None, description="who answers for it")
    data: Classification | None = Field(default=None, description="how its data is classified")
    interfaces: NetworkInterfaces | None = Field(
        default_factory=dict,
        description="none, where its copies come and go, and their interfaces with them; or the "
        "network interfaces of each copy, by name, where it has more than one, "
        "as in interfaces: {eth0: {}, eth1: {segment: control}}",
    )
    runs_on: Annotated[str, choice("asg", "ecs", "eks", "lambda")] | None = Field(
        default="",
        alias="runs-on",
        description="what starts its copies and stops them: an autoscaling group, ECS, EKS or "
        "Lambda; its interfaces come and go, as with interfaces: none",
    )
    cluster: Annotated[str, by(values.parse_cluster)] | None = Field(
        default="",
        description="of what runs on eks: that it is the control plane of this cluster, whose "
        "interfaces hold the group that EKS makes for it too, as in cluster: prod",
    )
    proxy: WrittenProxy | None = Field(
        default=None,
        description="that it is a broker: which of its sockets are front and back end",
    )
    needs: Needs | None = Field(
        default=(), description="which services of AWS its hosts call, as in needs: [s3, dynamodb]"
    )
    was: Names | None = Field(
        default=(), description="what it was called before: what is built of it is kept"
    )
    use: Uses | None = Field(
        default=(),
        description="applications whose sockets it has, as in use: salt.master",
    )
    sockets: Sockets | None = Field(default_factory=dict, description="its sockets, by name")

    @property
    def comes_and_goes(self) -> bool:
        """Whether none of its interfaces is ours to make: whoever runs its copies does."""
        return isinstance(self.interfaces, NoInterfaces) or bool(self.runs_on)

    @property
    def is_function(self) -> bool:
        """Whether it is a function of AWS Lambda."""
        return self.runs_on == "lambda"

    @property
    def copies(self) -> tuple[int, int]:
        """Least and most. Of a function that says none, as many as there may be: AWS starts one
        for every event that has to wait
        (docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html)."""
        if self.is_function and "replicas" not in self.model_fields_set:
            return 1, values.MOST_REPLICAS
        return self.replicas or (1, 1)
