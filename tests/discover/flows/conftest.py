from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bulkhead.discover.flows import FlowsSeen, batch, read_flows
from bulkhead.network import Network
from tests.support.flow_logs import V10, Record, write


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., FlowsSeen]:
    """What these records say, as a file of that name and those fields."""

    def reading(
        records: Iterable[Record],
        fields: Iterable[str] = tuple(V10),
        *,
        name: str = "flows.log",
        network: Network | None = None,
    ) -> FlowsSeen:
        return read_flows([batch([write(tmp_path / name, records, fields)])], network)

    return reading


def told(seen: FlowsSeen) -> list[tuple[str, str, int | None, str, str]]:
    """Each edge by addresses: client, server, port, what became of it, by what it is known."""
    return sorted(
        (
            each.client.address or each.client.name,
            each.server.address or each.server.name,
            each.port or 0,
            each.outcome.name,
            each.opened_by.name,
        )
        for each in seen.edges
    )
