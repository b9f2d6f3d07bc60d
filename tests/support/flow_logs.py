"""Flow logs as AWS writes them: conversations as records, records as files.

docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html. Nothing here is of the reader.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

V2 = [
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
]
V3 = [
    *V2,
    *["vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr"],
]
V5 = [
    *V3,
    *["region", "az-id", "sublocation-type", "sublocation-id"],
    *["pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path"],
]
V7 = [
    *V5,
    *["ecs-cluster-arn", "ecs-cluster-name", "ecs-container-instance-arn"],
    *["ecs-container-instance-id", "ecs-container-id", "ecs-second-container-id"],
    *["ecs-service-name", "ecs-task-definition-arn", "ecs-task-arn", "ecs-task-id"],
]
V10 = [*V7, "reject-reason", "resource-id", "encryption-status"]

DAY = 86_400
NOVEMBER = 1_793_491_200
"""2026-11-01, midnight in UTC."""

SYN, SYN_ACK, FIN, RST = 2, 18, 1, 4


@dataclass(frozen=True)
class Record:
    interface: str
    src: str
    dst: str
    srcport: int = 0
    dstport: int = 0
    protocol: int = 6
    packets: int = 10
    bytes: int = 1000
    start: int = NOVEMBER
    seconds: int = 60
    action: str = "ACCEPT"
    status: str = "OK"
    flags: int | None = 0
    direction: str = "-"
    pkt_src: str = ""
    pkt_dst: str = ""
    path: int | None = None
    reason: str = "-"
    service: str = "-"
    instance: str = "-"
    encryption: int | None = None
    dst_aws: str = "-"

    def value(self, field: str) -> str:
        said = {
            "version": "2",
            "account-id": "123456789012",
            "interface-id": self.interface,
            "srcaddr": self.src,
            "dstaddr": self.dst,
            "srcport": str(self.srcport),
            "dstport": str(self.dstport),
            "protocol": str(self.protocol),
            "packets": str(self.packets),
            "bytes": str(self.bytes),
            "start": str(self.start),
            "end": str(self.start + self.seconds),
            "action": self.action,
            "log-status": self.status,
            "vpc-id": "vpc-1",
            "subnet-id": "subnet-1",
            "instance-id": self.instance,
            "tcp-flags": "-" if self.flags is None else str(self.flags),
            "type": "IPv6" if ":" in self.src else "IPv4",
            "pkt-srcaddr": self.pkt_src or self.src,
            "pkt-dstaddr": self.pkt_dst or self.dst,
            "pkt-dst-aws-service": self.dst_aws,
            "flow-direction": self.direction,
            "traffic-path": "-" if self.path is None else str(self.path),
            "ecs-service-name": self.service,
            "reject-reason": self.reason,
            "encryption-status": "-" if self.encryption is None else str(self.encryption),
        }
        unsaid = {"version", "account-id", "interface-id", "start", "end", "log-status"}
        if self.status != "OK" and field not in unsaid:
            return "-"
        return said.get(field, "-")


@dataclass(frozen=True)
class Host:
    interface: str
    address: str


def talk(
    client: Host | str,
    server: Host | str,
    port: int,
    *,
    client_port: int = 40_000,
    protocol: int = 6,
    start: int = NOVEMBER,
    windows: int = 1,
    opened: bool = True,
    refused_at: str = "",
    reply_refused_at: str = "",
    answered: bool = True,
    resets: bool = False,
    **more: object,
) -> Iterator[Record]:
    """What both interfaces record of one conversation: requests and replies, window by window.

    An end that is a word has no interface that records. The first window has SYN and SYN-ACK
    where the connection is `opened` in it; with `resets` the host answers by nothing else.
    `refused_at`: the interface whose rules drop requests.
    """
    ends = [each if isinstance(each, Host) else Host("", each) for each in (client, server)]
    one, other = ends
    for window in range(windows):
        first = window == 0 and opened and protocol == 6
        base = Record(
            interface="",
            src=one.address,
            dst=other.address,
            srcport=client_port,
            dstport=port,
            protocol=protocol,
            start=start + 60 * window,
            flags=SYN if first else 0,
        )
        base = replace(base, **more)  # type: ignore[arg-type]
        back = replace(
            base,
            src=other.address,
            dst=one.address,
            srcport=port,
            dstport=client_port,
            flags=RST if resets else SYN_ACK if first else 0,
            bytes=40 * base.packets if resets else base.bytes,
        )
        # A packet that is dropped where it goes out is seen by nobody else.
        for host, direction in ((one, "egress"), (other, "ingress")):
            if host.interface:
                action = "REJECT" if host.interface == refused_at else "ACCEPT"
                yield replace(base, interface=host.interface, direction=direction, action=action)
            if host.interface and host.interface == refused_at:
                break
        if refused_at or not answered:
            continue
        for host, direction in ((other, "egress"), (one, "ingress")):
            if host.interface:
                action = "REJECT" if host.interface == reply_refused_at else "ACCEPT"
                yield replace(back, interface=host.interface, direction=direction, action=action)
            if host.interface and host.interface == reply_refused_at:
                break


def lines(
    records: Iterable[Record], fields: Iterable[str] = tuple(V10), *, header: bool = True
) -> str:
    fields = tuple(fields)
    said = [" ".join(fields)] if header else []
    said += [" ".join(each.value(field) for field in fields) for each in records]
    return "\n".join(said) + "\n"


def write(
    path: Path,
    records: Iterable[Record],
    fields: Iterable[str] = tuple(V10),
    *,
    header: bool = True,
) -> Path:
    """A file in the form that its name says: .gz, .parquet or plain text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        return _parquet(path, tuple(records), tuple(fields))
    text = lines(records, fields, header=header).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


_NUMBERS = {
    **dict.fromkeys(("version", "srcport", "dstport", "protocol", "tcp-flags"), "INTEGER"),
    **dict.fromkeys(("traffic-path", "encryption-status"), "INTEGER"),
    **dict.fromkeys(("packets", "bytes", "start", "end"), "BIGINT"),
}


def _parquet(path: Path, records: tuple[Record, ...], fields: tuple[str, ...]) -> Path:
    import duckdb  # noqa: PLC0415 - for who asks for Parquet

    with duckdb.connect() as database:
        columns = ", ".join(
            f'"{each.replace("-", "_")}" {_NUMBERS.get(each, "VARCHAR")}' for each in fields
        )
        database.execute(f"CREATE TABLE log ({columns})")
        rows = [
            [
                None if field in _NUMBERS and each.value(field) == "-" else each.value(field)
                for field in fields
            ]
            for each in records
        ]
        if rows:
            database.executemany(f"INSERT INTO log VALUES ({', '.join('?' * len(fields))})", rows)  # noqa: S608 - ours
        database.execute(f"COPY log TO '{path}' (FORMAT parquet)")
    return path
