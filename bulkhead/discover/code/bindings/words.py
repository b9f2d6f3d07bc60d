"""What bindings call the types of sockets and their options, as libzmq calls them."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.code.words import words

TYPES: Final = words(
    "REQ REP DEALER ROUTER PUB SUB XPUB XSUB PUSH PULL PAIR STREAM SERVER CLIENT RADIO DISH "
    "SCATTER GATHER DGRAM PEER CHANNEL"
)
_ALIASES: Final = {
    "XREQ": "DEALER", "XREP": "ROUTER", "UPSTREAM": "PULL", "DOWNSTREAM": "PUSH",
    "PUBLISHER": "PUB", "SUBSCRIBER": "SUB", "PUBLISH": "PUB", "SUBSCRIBE": "SUB",
    "REQUEST": "REQ", "REPLY": "REP", "RESPONSE": "REP", "RESPONDER": "REP", "REQUESTER": "REQ",
    "XPUBLISHER": "XPUB", "XSUBSCRIBER": "XSUB", "XPUBLISH": "XPUB", "XSUBSCRIBE": "XSUB",
    "DATAGRAM": "DGRAM", "PUSHER": "PUSH", "PULLER": "PULL", "XREQUEST": "DEALER",
    "XREPLY": "ROUTER",
}  # fmt: skip
_BEFORE: Final = re.compile(r"^(?:ZMQ_|SOCKET_|TYP_|ZMQ)", re.IGNORECASE)


def socket_type(text: str) -> str | None:
    """'PUB' of 'zmq.PUB', 'ZMQ_PUB', 'zmq::socket_type::pub', 'SOCKET_PUB', 'Publisher'."""
    word = re.split(r"[.:>\\]", text)[-1].strip("'\" ")
    word = _BEFORE.sub("", word).upper().replace("_", "")
    word = _ALIASES.get(word, word)
    return word if word in TYPES else None


OPTIONS: Final = words(
    "curve_server curve_publickey curve_secretkey curve_serverkey plain_server plain_username "
    "plain_password gssapi_server gssapi_principal gssapi_service_principal zap_domain "
    "zap_enforce_domain heartbeat_ivl heartbeat_timeout heartbeat_ttl tcp_keepalive "
    "tcp_keepalive_idle tcp_keepalive_cnt tcp_keepalive_intvl routing_id ipv6 handshake_ivl "
    "socks_proxy connect_timeout bindtodevice"
)
"""Those that decide who may speak, how, and how a silent connection is found dead."""

SECRET: Final = frozenset({"curve_secretkey", "plain_password", "plain_username"})
"""Whose values are nobody's business, in whatever form they are written."""

_NAMED_ALIKE: Final = {
    "identity": "routing_id", "routingid": "routing_id", "curve_as_server": "curve_server",
    "curve_public_key": "curve_publickey", "curve_secret_key": "curve_secretkey",
    "curve_server_key": "curve_serverkey", "curve_key": "curve_publickey",
    "heartbeat_interval": "heartbeat_ivl", "tcp_keep_alive": "tcp_keepalive",
    "tcp_keep_alive_idle": "tcp_keepalive_idle", "tcp_keepalive_count": "tcp_keepalive_cnt",
    "tcp_keepalive_interval": "tcp_keepalive_intvl", "heartbeat_time_to_live": "heartbeat_ttl",
    "heartbeat_time_out": "heartbeat_timeout", "as_server_curve": "curve_server",
    "curve_serverkey_bin": "curve_serverkey", "curve_publickey_bin": "curve_publickey",
    "curve_secretkey_bin": "curve_secretkey", "tcp_keepalive_intv": "tcp_keepalive_intvl",
    "socks_proxy": "socks_proxy", "handshake_interval": "handshake_ivl", "i_pv6": "ipv6",
    "i_pv_6": "ipv6", "gss_api_server": "gssapi_server", "as_plain_server": "plain_server",
    "plain_user_name": "plain_username", "tcpkeepalive": "tcp_keepalive",
    "curveserver": "curve_server", "curve_certificate": "curve_publickey",
    "curve_server_certificate": "curve_serverkey", "identity_string": "routing_id",
}  # fmt: skip
_SETTER: Final = re.compile(r"^(?:zsock_set_|zsocket_set_|sock_set_|set_opt_|set_|with_|opt_)")


def option_name(text: str) -> str | None:
    """'curve_server' of 'ZMQ_CURVE_SERVER', 'setCurveServer', 'zmq::sockopt::curve_server'."""
    word = re.split(r"[.:>\\]", text)[-1].strip("'\" ")
    word = re.sub(r"^(?:ZMQ_|SOCKOPT_|SockSet|zsock_set_|zsocket_set_)", "", word)
    if not word.isupper():
        word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word)
    word = _SETTER.sub("", word.lower().removesuffix("_"))
    word = _NAMED_ALIKE.get(word, word)
    return word if word in OPTIONS else None
