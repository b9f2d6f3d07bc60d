"""Flows that are not ZeroMQ: every line of `flows:`, resolved and judged."""

from bulkhead.intent.expiry import warn_of_expired
from bulkhead.intent.flows.resolving import resolve_flows

__all__ = ["resolve_flows", "warn_of_expired"]
