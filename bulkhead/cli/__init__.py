"""The command line: one verb per question, one file per verb.

Exit codes: 0 yes, 1 no (the answer is printed), 2 the question could not be
asked (bad input, an account that does not answer).
"""

from bulkhead.cli.verbs import app, main

__all__ = ["app", "main"]
