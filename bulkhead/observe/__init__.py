"""Sources of a Network: live accounts, a Pulumi stack's state or preview, describe-* answers.

The only room that talks to AWS, and it only reads.
"""

from bulkhead.observe.account import account, accounts
from bulkhead.observe.calls import PERMISSIONS
from bulkhead.observe.convert import network as describe
from bulkhead.observe.dump import dump
from bulkhead.observe.errors import (
    MalformedDescriptionError,
    ObserveError,
    TopologyNotFoundError,
)
from bulkhead.observe.join import join
from bulkhead.observe.preview import preview
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
    "dump",
    "join",
    "preview",
    "recognise",
    "state",
]
