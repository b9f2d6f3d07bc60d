"""From what `aws … describe-*` answers to a Network: one file a kind of AWS resource.

`convert` puts them together; `described` is the document of answers, indexed;
`tag_words` reads the topology's own words back; `unanswered` says what is in
doubt where an answer is missing.
"""

from bulkhead.observe.describe.convert import network

__all__ = ["network"]
