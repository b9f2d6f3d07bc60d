"""Every check there is, topic by topic."""

from __future__ import annotations

from typing import Final

from bulkhead.audit.check import Check
from bulkhead.audit.checks.groups import GROUPS
from bulkhead.audit.checks.logs import LOGS

ALL_CHECKS: Final[tuple[Check, ...]] = (*GROUPS, *LOGS)
