"""Pulumi components: each renders its part of a planned Network, and decides nothing."""

from bulkhead.components.segment import Segment
from bulkhead.components.service import Service
from bulkhead.components.site import Site
from bulkhead.components.vpc import Vpc

__all__ = ["Segment", "Service", "Site", "Vpc"]
