"""Intent -> Network, pure and deterministic: addressing, groups, NACLs, routes, VPNs, quotas."""

from bulkhead.plan.aws_needs import endpoint_of, is_endpoint
from bulkhead.plan.elsewhere import as_given, in_block
from bulkhead.plan.groups import group_id
from bulkhead.plan.lock import Lock, in_ci, lock_path, lock_text, read_lock, write_lock
from bulkhead.plan.planner import Plan, plan
from bulkhead.plan.zonal_nat import SEGMENT as NAT_SEGMENT

__all__ = [
    "NAT_SEGMENT",
    "Lock",
    "Plan",
    "as_given",
    "endpoint_of",
    "group_id",
    "in_block",
    "in_ci",
    "is_endpoint",
    "lock_path",
    "lock_text",
    "plan",
    "read_lock",
    "write_lock",
]
