"""Applications that somebody may look for among the presets, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SPEAK_OTHERWISE: Final[Mapping[str, str]] = {
    "celery": "AMQP or Redis's protocol, by its broker",
    "ceph": "a protocol of its own (msgr2) over TCP",
    "cfengine": "a protocol of its own over TLS",
    "dask": "a protocol of its own over TCP or TLS",
    "home-assistant": "HTTP and WebSocket",
    "horovod": "MPI, Gloo or NCCL",
    "kafka": "a protocol of its own over TCP or TLS",
    "opentsdb": "HTTP and a text protocol over TCP",
    "rabbitmq": "AMQP",
    "ray": "gRPC",
    "ros": "TCPROS, a protocol of its own over TCP",
    "ros1": "TCPROS, a protocol of its own over TCP",
    "ros2": "DDS over UDP, or what its middleware is set to",
    "slurm": "a protocol of its own over TCP",
    "traffic-server": "HTTP",
}
"""By name, what they speak in the place of ZeroMQ."""

SAY_THEMSELVES: Final = frozenset(
    {
        "collectd",
        "coppeliasim",
        "frigate",
        "gnuradio",
        "logstash",
        "mongrel2",
        "rsyslog",
    }
)
"""They speak ZeroMQ at whatever endpoints their configuration names."""

ALSO_CALLED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("bitcoin-core", "bitcoind"), "bitcoin"),
    **dict.fromkeys(("ipykernel", "jupyterlab", "spyder", "spyder-kernels"), "jupyter"),
    **dict.fromkeys(("pyre", "zeromq-pyre"), "zyre"),
    **{"circusd": "circus", "ipp": "ipyparallel", "mispzmq": "misp", "monerod": "monero"},
    **{"saltstack": "salt", "zeek-cluster": "zeek"},
}
"""Programs and packages whose sockets are those of a preset."""
