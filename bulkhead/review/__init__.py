"""What does a change do, and may it be merged?

found = review(Side(...), Side(...))
found.flows                      each with its rules, and where they were written
found.untrusted                  what untrusted places reach now, and did not
found.replacements               what goes and comes anew, and what that interrupts

"""

from bulkhead.review.reviewed import (
    DeclaredStep,
    Headroom,
    Interruption,
    Reason,
    Replacement,
    ResidueStep,
    Review,
    ReviewedFlow,
    Untold,
)

__all__ = [
    "DeclaredStep",
    "Headroom",
    "Interruption",
    "Reason",
    "Replacement",
    "ResidueStep",
    "Review",
    "ReviewedFlow",
    "Untold",
]
