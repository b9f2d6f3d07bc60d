"""What does a change do, and may it be merged?

found = review(Version(label=..., network=...), Version(...))
found.verdict                    in one sentence
found.flows                      each with its rules, and where they were written
found.untrusted                  what untrusted places reach now, and did not
found.replacements               what goes and comes anew, and what that interrupts
failing(found)                   the named conditions that hold

"""

from bulkhead.review.conditions import DEFAULT, FailOn, failing
from bulkhead.review.interruption import Interruption
from bulkhead.review.review import review
from bulkhead.review.reviewed import (
    DeclaredStep,
    Headroom,
    Reason,
    Replacement,
    ResidueStep,
    Review,
    ReviewedFlow,
    SecrecyStep,
    Untold,
    WordStep,
)
from bulkhead.review.version import Version

__all__ = [
    "DEFAULT",
    "DeclaredStep",
    "FailOn",
    "Headroom",
    "Interruption",
    "Reason",
    "Replacement",
    "ResidueStep",
    "Review",
    "ReviewedFlow",
    "SecrecyStep",
    "Untold",
    "Version",
    "WordStep",
    "failing",
    "review",
]
