"""Sources of a Network: live accounts, a Pulumi stack's state or preview, describe-* answers.

The only room that talks to AWS, and it only reads.
"""

from bulkhead.observe.calls import PERMISSIONS
from bulkhead.observe.describe.convert import network as from_answers
from bulkhead.observe.dumps.dump import dump
from bulkhead.observe.errors import MalformedDescriptionError, ObserveError, TopologyNotFoundError
from bulkhead.observe.join import join
from bulkhead.observe.live.account import account, accounts
from bulkhead.observe.pulumi.file import recognise
from bulkhead.observe.pulumi.preview import preview
from bulkhead.observe.pulumi.state import state

__all__ = [
    "PERMISSIONS",
    "MalformedDescriptionError",
    "ObserveError",
    "TopologyNotFoundError",
    "account",
    "accounts",
    "dump",
    "from_answers",
    "join",
    "preview",
    "recognise",
    "state",
]
