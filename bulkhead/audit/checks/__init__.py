"""Every check there is, topic by topic."""

from __future__ import annotations

from typing import Final

from bulkhead.audit.check import Check
from bulkhead.audit.checks.acls import ACLS
from bulkhead.audit.checks.crossings import CROSSINGS
from bulkhead.audit.checks.declared import DECLARED
from bulkhead.audit.checks.entering import ENTERING
from bulkhead.audit.checks.firewalls import FIREWALLS
from bulkhead.audit.checks.groups import GROUPS
from bulkhead.audit.checks.hosts import HOSTS
from bulkhead.audit.checks.layers import LAYERS
from bulkhead.audit.checks.logs import LOGS
from bulkhead.audit.checks.places import PLACES
from bulkhead.audit.checks.quotas import QUOTAS
from bulkhead.audit.checks.secrecy import SECRECY
from bulkhead.audit.checks.smells import SMELLS
from bulkhead.audit.checks.tags import TAGS
from bulkhead.audit.checks.tested import TESTED
from bulkhead.audit.checks.tunnels import TUNNELS

ALL_CHECKS: Final[tuple[Check, ...]] = (
    *(*GROUPS, *ACLS, *HOSTS, *PLACES, *TUNNELS, *FIREWALLS),
    *(*LOGS, *CROSSINGS, *ENTERING, *LAYERS, *SMELLS, *QUOTAS, *TAGS, *DECLARED, *SECRECY, *TESTED),
)
