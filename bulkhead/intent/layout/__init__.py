"""How a topology is laid out: the same for everybody, so that a diff shows what was changed.

pieces    a text taken apart: what it holds, where, and the remarks (comments) in between
values    how single values are written: quotes, texts of several lines
printing  the pieces again, in order: indented, aligned where somebody began to align

As little is decided as makes diffs small: what is in braces stays in braces, what is on one line
stays on one, and no line is filled or broken. What it means never changes, and no comment is lost:
both are looked at before anything is handed back.
"""

from bulkhead.intent.layout.formatting import formatted

__all__ = ["formatted"]
