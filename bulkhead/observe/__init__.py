"""Sources of a Network: a live account, the state of a Pulumi stack, describe-* documents.

The only room that talks to AWS, and it only reads.
"""

from bulkhead.observe.account import account, accounts
from bulkhead.observe.calls import PERMISSIONS
from bulkhead.observe.convert import network as describe
from bulkhead.observe.errors import (
    MalformedDescriptionError,
    ObserveError,
    TopologyNotFoundError,
)
from bulkhead.observe.stack_file import recognise
from bulkhead.observe.state import state

__all__ = [
    "PERMISSIONS",
    "MalformedDescriptionError",
    "ObserveError",
    "TopologyNotFoundError",
    "account",
    "accounts",
    "describe",
    "recognise",
    "state",
]
