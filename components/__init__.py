"""Pulumi components: each renders its part of a planned Network, and decides nothing."""

from components.segment import Segment
from components.service import Service
from components.site import Site
from components.vpc import Vpc

__all__ = ["Segment", "Service", "Site", "Vpc"]
