"""In which order does an update call AWS, and what is so after every single call?

found = steps(Version(...), Version(...))    both plans
found.steps                                  the calls in order, and what each opens, closes, breaks
found.loses_nothing                          whether no flow that stays is broken meanwhile
"""

from bulkhead.review.steps.calls import Act, ApiCall, calls_between
from bulkhead.review.steps.room import Full
from bulkhead.review.steps.steps import ChangeStep, ChangeSteps, LeftBehind, MovedHost, steps

__all__ = [
    "Act",
    "ApiCall",
    "ChangeStep",
    "ChangeSteps",
    "Full",
    "LeftBehind",
    "MovedHost",
    "calls_between",
    "steps",
]
