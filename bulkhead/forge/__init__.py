"""How does an answer get on a pull request? One comment, found again and updated in place.

`post` does it by the few calls of a `Thread`; `github` and `gitlab` are two of those. `place` says
from the environment of a job which pull request it is, and `halves` carries a comment from a job
that may not write to one that may.
"""

from bulkhead.forge.marker import Marker
from bulkhead.forge.posting import Became, Message, Posted, post
from bulkhead.forge.pull_request import PullRequest
from bulkhead.forge.thread import Comment, Thread

__all__ = ["Became", "Comment", "Marker", "Message", "Posted", "PullRequest", "Thread", "post"]
