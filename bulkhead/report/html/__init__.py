"""An answer as one page that needs no network, no font and no other file.

of_network(sheet, reach, ...)   verdict, findings, who gets in, matrix, picture, whence it is
of_two(sheet, before, after)    the same of a change: both matrices in one, both in one picture
page(sheet, panels)             the verdict and the findings, with whatever is shown beside them

Everything can be read without its script, which only searches. Names come from accounts and
tags, which anybody may write: none becomes markup (`markup`).
"""

from bulkhead.report.html.page import page
from bulkhead.report.html.panels import Panel
from bulkhead.report.html.whole import of_network, of_two

__all__ = ["Panel", "of_network", "of_two", "page"]
