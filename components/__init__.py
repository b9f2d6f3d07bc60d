"""What a program in this repository imports: the components, which `bulkhead.components` holds."""

from bulkhead.components import Segment, Service, Site, Vpc

__all__ = ["Segment", "Service", "Site", "Vpc"]
