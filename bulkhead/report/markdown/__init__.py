"""Answers as Markdown, for a pull request, an issue or a wiki: a proof, a delta.

Names come from accounts and tags, which anybody may write: none becomes markup.
"""

from bulkhead.report.markdown.delta import delta
from bulkhead.report.markdown.overview import overview
from bulkhead.report.markdown.proof import proof

__all__ = ["delta", "overview", "proof"]
