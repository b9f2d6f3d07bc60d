"""How AWS is told of an Availability Zone."""

from __future__ import annotations

from typing import Any

from bulkhead.network import is_zone_id


def asked_in(zone: str) -> dict[str, Any]:
    """The argument that names a zone: by its id, or by what the account calls it
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html)."""
    return {"availability_zone_id" if is_zone_id(zone) else "availability_zone": zone}
