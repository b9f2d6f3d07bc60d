"""Real peers of libzmq that shake hands, and pass on a message where one can."""

import threading
from contextlib import contextmanager, suppress

import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils.monitor import recv_monitor_message

PAIRS = (
    ("REQ", "REP"),
    ("REQ", "ROUTER"),
    ("DEALER", "REP"),
    ("DEALER", "DEALER"),
    ("DEALER", "ROUTER"),
    ("ROUTER", "ROUTER"),
    ("SUB", "PUB"),
    ("PUB", "SUB"),
    ("SUB", "XPUB"),
    ("XSUB", "PUB"),
    ("XSUB", "XPUB"),
    ("PUSH", "PULL"),
    ("PULL", "PUSH"),
    ("PAIR", "PAIR"),
)
"""Client and server of every legal pair of stable types, some the other way round too."""
DOMAIN = "trading"
MECHANISMS = ("NULL", "PLAIN", "CURVE")
USER, PASSWORD = "trader-7", "correct horse battery staple"
_SENDERS = {"REQ", "DEALER", "PUSH", "PAIR"}
_SECONDS = 20


@contextmanager
def context():
    """A context whose sockets ask a ZAP handler that knows one user of PLAIN, and any key."""
    with zmq.Context() as made:
        authenticator = ThreadAuthenticator(made)
        authenticator.start()
        authenticator.configure_plain(domain=DOMAIN, passwords={USER: PASSWORD})
        authenticator.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
        try:
            yield made
        finally:
            authenticator.stop()
            made.destroy(linger=0)


def secured(client, server, mechanism):
    """Give two sockets of one mechanism what they need; either may be None."""
    public, secret = zmq.curve_keypair()
    if server is not None:
        server.zap_domain = DOMAIN.encode()
        if mechanism == "PLAIN":
            server.plain_server = True
        elif mechanism == "CURVE":
            server.curve_server = True
            server.curve_publickey, server.curve_secretkey = public, secret
    if client is not None:
        if mechanism == "PLAIN":
            client.plain_username, client.plain_password = USER.encode(), PASSWORD.encode()
        elif mechanism == "CURVE":
            client.curve_publickey, client.curve_secretkey = zmq.curve_keypair()
            client.curve_serverkey = public


def talk(made, types, mechanism, before, address="127.0.0.1"):
    """One pair: shake hands over the port that `before` makes of the server's, say one message.

    Returns the port of the server, and how many messages the client sent.
    """
    client, server = (made.socket(getattr(zmq, each)) for each in types)
    for each in (client, server):
        each.linger, each.rcvtimeo, each.sndtimeo = 0, _SECONDS * 1_000, _SECONDS * 1_000
        each.ipv6 = ":" in address
    if types[0] in ("REQ", "DEALER", "ROUTER"):
        client.routing_id = b"client-7"
    if types[0] == "SUB":
        client.subscribe(b"prices")
    secured(client, server, mechanism)
    monitors = [each.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED) for each in (client, server)]
    host = f"[{address}]" if ":" in address else address
    port = server.bind_to_random_port(f"tcp://{host}")
    client.connect(f"tcp://{host}:{before(port)}")
    for each in monitors:
        assert each.poll(_SECONDS * 1_000)
        recv_monitor_message(each)
    sent = 0
    if types[0] in _SENDERS:
        # A REP takes what a REQ sends: an empty frame comes first.
        before_it = [b""] if types == ("DEALER", "REP") else []
        client.send_multipart([*before_it, b"a message that is no secret"])
        server.recv_multipart()
        sent = 1
    if types == ("SUB", "XPUB"):
        assert server.recv() == b"\x01prices"
    elif types == ("SUB", "PUB"):
        # A PUB says nothing of who subscribed: that a message comes through is how it is known.
        client.rcvtimeo = 20
        for _ in range(_SECONDS * 50):
            server.send(b"prices of a subscription")
            with suppress(zmq.Again):
                client.recv()
                break
        else:
            raise AssertionError("nobody subscribed")
    for each in (client, server):
        each.disable_monitor()
        each.close()
    return port, sent


def in_thread(function, *args):
    """Run it beside the test; the thread ends with the test."""
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread
