"""What somebody kept of `aws … describe-*`: a file, or a folder of files.

files     which files there are, and what may be read of them
text      the JSON in one of them, with the line of every value
answers   which answers it holds
loose     answers that do not say what they are about
merge     several answers to one question
regions   which Region each record lies in
dump      all of that, to a Network
"""

from bulkhead.observe.dumps.dump import dump, read_dump
from bulkhead.observe.dumps.files import MANIFEST, UNSAID, is_snapshot
from bulkhead.observe.dumps.forms import is_answer, refusal

__all__ = ["MANIFEST", "UNSAID", "dump", "is_answer", "is_snapshot", "read_dump", "refusal"]
