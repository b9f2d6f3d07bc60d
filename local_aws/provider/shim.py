"""The executable that the Pulumi engine starts as `pulumi-resource-aws`.

It holds no provider: it asks the resident local AWS for one, prints its port, and stays until
the engine ends it. It imports the standard library only, so a run does not wait for boto3.
"""

import http.client
import json
import os
import signal
import socket
import sys
from urllib.parse import urlsplit

VARIABLE = "BULKHEAD_LOCAL_AWS"


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    address = os.environ.get(VARIABLE)
    if not address:
        return refuse(
            f"{VARIABLE} is not set: run the stack with `python -m local_aws up`, or in a shell"
            ' after `eval "$(python -m local_aws env)"`'
        )
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("GET", "/_bulkhead/health")
        said = json.loads(connection.getresponse().read())
        port = said["provider_port"]
        provider = socket.create_connection((place.hostname, port))
    except (OSError, ValueError, KeyError, http.client.HTTPException):
        return refuse(f"no local AWS answers at {address}: python -m local_aws start")
    reader = provider.makefile()
    print(reader.readline().strip(), flush=True)
    reader.readline()  # until the local AWS, or the engine, ends
    return 0


def refuse(reason: str) -> int:
    print(f"the stand-in for the aws provider: {reason}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
