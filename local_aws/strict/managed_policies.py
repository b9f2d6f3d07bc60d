"""AWS's own policies of IAM, which any program may name: read once.

moto reads all of them anew, some 1,500 from a megabyte of JSON, for each account and partition
that it begins, which is a dozen times before the first answer behind a reset.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any, Final

from moto.iam.models import IAMBackend

_READ: Final[Any] = IAMBackend._init_aws_policies


def init_aws_policies(backend: Any) -> list[Any]:
    """The same policies, that nobody has attached yet."""
    return [_unattached(each) for each in _read(backend.account_id, backend.region_name)]


@cache
def _read(account_id: str, region_name: str) -> tuple[Any, ...]:
    backend = object.__new__(IAMBackend)
    backend.account_id, backend.region_name = account_id, region_name
    return tuple(_READ(backend))


def _unattached(policy: Any) -> Any:
    fresh = copy(policy)
    fresh.versions, fresh.tags = [*policy.versions], {**policy.tags}
    return fresh


MENDED: Final = ((IAMBackend, "_init_aws_policies", init_aws_policies),)
