"""What only an audit asks of: no packet depends on it, and no other verb asks for it.

`calls` has the questions, `reading` makes an Inventory of the answers (also of those that
a Network was made of).
"""

from bulkhead.observe.beside.calls import AUDIT_PERMISSIONS, BESIDE_CALLS, NAME_PERMISSIONS
from bulkhead.observe.beside.reading import inventory

__all__ = ["AUDIT_PERMISSIONS", "BESIDE_CALLS", "NAME_PERMISSIONS", "inventory"]
