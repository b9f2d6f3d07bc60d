"""Where plugins get their provider: one fresh servicer for each connection, while it lasts.

The engine starts the plugin's executable (see shim.py); that opens a connection here, reads the
port of a gRPC server made for it alone, and stays. When the engine ends it, the connection
breaks and the server goes. So two providers with different regions share no state, and none
outlives its run.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from concurrent import futures

import grpc  # type: ignore[import-untyped]  # it ships no types
from pulumi.runtime.proto import provider_pb2_grpc

from local_aws.place import HOST
from local_aws.provider.ledger import Ledger
from local_aws.provider.servicer import Provider

NO_MESSAGE_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
CALLS_AT_ONCE = 32  # the engine's own default is four for each processor


def serve(endpoint: str, ledger: Ledger | None = None) -> tuple[grpc.Server, int]:
    """A gRPC server with a provider of its own, and its port."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=CALLS_AT_ONCE), options=NO_MESSAGE_LIMIT
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        Provider(endpoint, ledger or Ledger()), server
    )
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    return server, port


class ProviderHost:
    """The listener."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.ledger = Ledger()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # stopped
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        server, port = serve(self.endpoint, self.ledger)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.sendall(f"{port}\n".encode())
            while connection.recv(1):
                pass  # nothing is said: the end is what is waited for
        server.stop(grace=None)
