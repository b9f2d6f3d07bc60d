"""The `tests:` block: who shall reach what, and who shall not."""

from bulkhead.intent.expecting.everybody import Everybody
from bulkhead.intent.expecting.resolving import Expectations

__all__ = ["Everybody", "Expectations"]
