"""A topology as one component: planned where the program runs, and built of all the others.

The one place among the components that decides: it reads, plans, and keeps the lock. What it makes
are the components beside it, which render what was planned.
"""

from bulkhead.components.fabric.build import Built, build
from bulkhead.components.fabric.fabric import Fabric

__all__ = ["Built", "Fabric", "build"]
