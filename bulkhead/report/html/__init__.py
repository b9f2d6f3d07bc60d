"""An answer as one page that needs no network, no font and no other file.

page(sheet, panels)     the whole document: verdict, findings, panels, whence it is
of_proof(...)           panels of one network: untrusted places, the matrix, the picture
of_change(...)          the same of two, before and after

Everything can be read without its script, which only searches. Names come from accounts and
tags, which anybody may write: none becomes markup (`markup`).
"""

from bulkhead.report.html.page import page
from bulkhead.report.html.panels import Panel, of_change, of_overview, of_proof

__all__ = ["Panel", "of_change", "of_overview", "of_proof", "page"]
