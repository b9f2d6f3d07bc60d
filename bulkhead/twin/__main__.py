"""Where the twin's own process starts; see `session`, which starts it."""

import sys

from bulkhead.twin.worker import main

main(sys.argv[1:])
