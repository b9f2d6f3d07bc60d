"""What a Pulumi stack says: its state, or a preview of its next update.

state       a state file, to a Network
preview     a preview, to the Network that the update would leave
stack       what a state file holds: resources, with every secret left shut
shaped      the same in the shape of AWS's answers, with what that has no words for
resources/  one file a kind of resource: into the shape in which AWS describes it
origins     which resource each thing is, and each rule that has one
in_doubt    what of a state is not read, cannot be, or may not be true any more
planned/    what a preview knows of resources that AWS has yet to make
"""

from bulkhead.observe.pulumi.preview import is_preview, preview, read_preview, shaped_preview
from bulkhead.observe.pulumi.state import read_state, shaped_state, state

__all__ = [
    "is_preview",
    "preview",
    "read_preview",
    "read_state",
    "shaped_preview",
    "shaped_state",
    "state",
]
