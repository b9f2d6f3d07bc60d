"""Flow logs of a month: connections that last, and short ones beside them, by DuckDB itself."""

from __future__ import annotations

from pathlib import Path

import duckdb

_DAYS = 30
_PAIRS = 4_000

_RECORDS = """
WITH numbered AS (
    SELECT i, (i * 2654435761) % 4294967296 AS h, i * {days} // {records} AS day
    FROM range({records}) t(i)
),
talk AS (
    SELECT *, h % {pairs} AS k, (h // {pairs}) % 10 < 8 AS lasting, (h // 40000) % 2 = 0 AS back
    FROM numbered
),
ends AS (
    SELECT *,
        '10.20.' || (k % 8) || '.' || ((k // 8) % 250) AS client,
        '10.20.' || (8 + k % 4) || '.' || (k % 50) AS server,
        CASE WHEN lasting THEN 40000 + (k * 7) % 9970 ELSE 32768 + (h // 40000) % 28000 END AS asks,
        5556 + k % 5 AS waits
    FROM talk
)
SELECT
    5::INTEGER AS version,
    '123456789012' AS account_id,
    'eni-' || lpad(to_hex(CASE WHEN back THEN 10000 + k % 50 ELSE k % 2000 END), 17, '0')
        AS interface_id,
    CASE WHEN back THEN server ELSE client END AS srcaddr,
    CASE WHEN back THEN client ELSE server END AS dstaddr,
    (CASE WHEN back THEN waits ELSE asks END)::INTEGER AS srcport,
    (CASE WHEN back THEN asks ELSE waits END)::INTEGER AS dstport,
    6::INTEGER AS protocol,
    (h % 1000)::BIGINT AS packets,
    (h % 1000 * 200)::BIGINT AS bytes,
    (1793491200 + day * 86400 + h % 86000)::BIGINT AS "start",
    (1793491260 + day * 86400 + h % 86000)::BIGINT AS "end",
    CASE WHEN k % 500 = 0 THEN 'REJECT' ELSE 'ACCEPT' END AS action,
    'OK' AS log_status,
    (CASE WHEN lasting THEN 0 WHEN back THEN 19 ELSE 3 END)::INTEGER AS tcp_flags,
    CASE WHEN back THEN server ELSE client END AS pkt_srcaddr,
    CASE WHEN back THEN client ELSE server END AS pkt_dstaddr,
    'egress' AS flow_direction,
    1::INTEGER AS traffic_path
FROM ends
"""


def write(path: Path, records: int) -> Path:
    """So many records of a month, as Parquet or as text by the name of the file."""
    how = "parquet" if path.suffix == ".parquet" else "csv, delimiter ' ', header true"
    asked = _RECORDS.format(records=records, days=_DAYS, pairs=_PAIRS)
    with duckdb.connect(config={"memory_limit": "600MB"}) as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(f"COPY ({asked}) TO '{path}' (FORMAT {how})")
    return path


def count(path: Path) -> int:
    """How many there are, to DuckDB's own reader."""
    read = f"read_parquet('{path}')"
    if path.suffix != ".parquet":
        with path.open(encoding="utf-8") as file:
            names = file.readline().split()
        columns = ", ".join(f"'{each}': 'VARCHAR'" for each in names)
        read = (
            f"read_csv('{path}', delim=' ', quote='', auto_detect=false, header=false, skip=1, "
            f"columns={{{columns}}})"
        )
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        asked = f"SELECT count(*) FROM {read}"  # noqa: S608 - a file of ours
        (found,) = database.execute(asked).fetchone() or (0,)
    return int(found)
