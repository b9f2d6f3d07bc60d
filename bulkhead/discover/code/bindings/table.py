"""Every binding that is known. The sources are the bindings' own documentation and headers."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bulkhead.discover.code.bindings.binding import Binding, Constructor, EndCall, Family

_SHORT: Final = (
    "X?Pub|X?Sub|Req|Rep|Dealer|Router|Push|Pull|Pair|Stream|Server|Client|Radio|Dish|Scatter|"
    "Gather|Dgram|Peer|Channel|XReq|XRep"
)
_LONG: Final = (
    "X?Publisher|X?Subscriber|Request|Reply|Response|Push|Pull|Dealer|Router|Pair|Stream|Server|"
    "Client|Radio|Dish|Scatter|Gather|Datagram|Peer|Channel"
)
_VERBS: Final = "x?publish|x?subscribe|request|reply|push|pull|dealer|router|pair|stream"

# The default side of czmq's constructors (include/zsock.h), and of NetMQ's.
_CZMQ_BINDS: Final = frozenset(
    {"PUB", "REP", "ROUTER", "PULL", "XPUB", "SERVER", "DISH", "GATHER", "STREAM"}
)
_NETMQ_BINDS: Final = frozenset(
    {"PUB", "REP", "ROUTER", "PULL", "XPUB", "STREAM", "SERVER", "DISH", "GATHER"}
)


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text)


_METHODS: Final = (
    EndCall(called=_re(r"\.bind$"), side="bind"),
    EndCall(called=_re(r"\.connect$"), side="connect"),
)
_CAPITAL: Final = (
    EndCall(called=_re(r"\.(?:Bind|Listen)$"), side="bind"),
    EndCall(called=_re(r"\.(?:Connect|Dial)$"), side="connect"),
)

BINDINGS: Final = (
    Binding(
        name="pyzmq",
        family="python",
        mark=_re(r"\bzmq\b"),
        constructors=(
            Constructor(called=_re(r"\.socket$|^socket$"), type_at=0, type_named=("socket_type",)),
            Constructor(
                called=_re(r"(?:^|zmq\.|asyncio\.|green\.|aio\.|sugar\.)(?:Shadow)?Socket$"),
                type_at=1,
                type_named=("socket_type",),
            ),
            Constructor(called=_re(r"(?:^|\.)PUBHandler$"), always="PUB", ends_at=0, side="bind"),
        ),
        ends=(
            *_METHODS,
            EndCall(called=_re(r"\.bind_to_random_port$"), side="bind", form="random"),
            EndCall(
                called=_re(r"(?:^|\.)tunnel_connection$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
            ),
            *(
                each
                for part in ("in", "out", "mon", "ctrl")
                for each in (
                    EndCall(called=_re(rf"\.bind_{part}$"), side="bind", part=part),
                    EndCall(called=_re(rf"\.connect_{part}$"), side="connect", part=part),
                    EndCall(
                        called=_re(rf"\.bind_{part}_to_random_port$"),
                        side="bind",
                        part=part,
                        form="random",
                    ),
                )
            ),
        ),
        zap=_re(r"(?:^|\.)(?:Thread|Asyncio|Ioloop)?Authenticator$|start_auth$"),
        modules=("zmq",),
    ),
    Binding(
        name="aiozmq",
        family="python",
        mark=_re(r"\baiozmq\b"),
        constructors=(
            Constructor(called=_re(r"(?:^|\.)create_zmq_connection$"), type_at=1, named=True),
            Constructor(called=_re(r"(?:^|\.)create_zmq_stream$"), type_at=0, named=True),
            Constructor(called=_re(r"(?:^|rpc\.)serve_rpc$"), always="ROUTER", named=True),
            Constructor(called=_re(r"(?:^|rpc\.)connect_rpc$"), always="DEALER", named=True),
            Constructor(called=_re(r"(?:^|rpc\.)serve_pubsub$"), always="SUB", named=True),
            Constructor(called=_re(r"(?:^|rpc\.)connect_pubsub$"), always="PUB", named=True),
            Constructor(called=_re(r"(?:^|rpc\.)serve_pipeline$"), always="PULL", named=True),
            Constructor(called=_re(r"(?:^|rpc\.)connect_pipeline$"), always="PUSH", named=True),
        ),
        ends=_METHODS,
    ),
    Binding(
        name="zerorpc",
        family="python",
        mark=_re(r"\bzerorpc\b"),
        constructors=(
            Constructor(called=_re(r"zerorpc\.Server$"), always="ROUTER"),
            Constructor(
                called=_re(r"zerorpc\.Client$"), always="DEALER", ends_at=0, side="connect"
            ),
            Constructor(called=_re(r"zerorpc\.(?P<type>Publisher|Subscriber|Pusher|Puller)$")),
        ),
        ends=_METHODS,
    ),
    Binding(
        name="libzmq",
        family="c",
        mark=_re(r"\bzmq\.h\b|\bzmq_\w+ ?\("),
        constructors=(Constructor(called=_re(r"(?:^|\.)zmq_socket$"), type_at=1, whole=True),),
        ends=(
            EndCall(called=_re(r"(?:^|\.)zmq_bind$"), side="bind", socket_at=0, endpoint_at=1),
            EndCall(
                called=_re(r"(?:^|\.)zmq_connect(?:_peer)?$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
            ),
        ),
    ),
    Binding(
        name="cppzmq",
        family="c",
        mark=_re(r"zmq\.hpp|zmq::|azmq|zmq_addon"),
        constructors=(
            Constructor(called=_re(r"(?:^|\.)socket_t$"), type_at=1, whole=True),
            Constructor(
                called=_re(
                    r"azmq\.(?P<type>x?pub|x?sub|req|rep|dealer|router|push|pull|pair|stream)_socket$"
                )
            ),
            Constructor(called=_re(r"azmq\.socket$"), type_at=1),
            Constructor(called=_re(r"\.createSocket$"), type_at=0),
        ),
        ends=(
            *_METHODS,
            EndCall(called=_re(r"\.bindTo$"), side="bind"),
            EndCall(called=_re(r"\.connectTo$"), side="connect"),
        ),
    ),
    Binding(
        name="zmqpp",
        family="c",
        mark=_re(r"zmqpp"),
        constructors=(Constructor(called=_re(r"zmqpp\.socket(?:_t)?$"), type_at=1, whole=True),),
        ends=_METHODS,
        zap=_re(r"zmqpp\.auth$|^field auth"),
    ),
    Binding(
        name="czmq",
        family="c",
        mark=_re(r"czmq|zsock_|zsocket_"),
        constructors=(
            Constructor(
                called=_re(r"(?:^|\.)zsock_new_(?P<type>\w+?)(?:_checked)?$"),
                ends_at=0,
                binds=_CZMQ_BINDS,
            ),
            Constructor(called=_re(r"(?:^|\.)zsock_new(?:_checked)?$"), type_at=0, whole=True),
            Constructor(called=_re(r"(?:^|\.)zsocket_new$"), type_at=1, whole=True),
        ),
        ends=(
            EndCall(
                called=_re(r"(?:^|\.)zsock(?:et)?_bind$"),
                side="bind",
                socket_at=0,
                endpoint_at=1,
                form="format",
            ),
            EndCall(
                called=_re(r"(?:^|\.)zsock(?:et)?_connect$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
                form="format",
            ),
            EndCall(
                called=_re(r"(?:^|\.)zsock_attach$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
                form="attach",
            ),
        ),
        zap=_re(r"(?:^|\.)zauth_new$"),
    ),
    Binding(
        name="zmq4 (pebbe)",
        family="go",
        mark=_re(r"pebbe/zmq[234]|alecthomas/gozmq|/zmq[234]?\"|go-zmq"),
        constructors=(Constructor(called=_re(r"(?:^|\.)NewSocket$"), type_at=0, whole=True),),
        ends=_CAPITAL,
        zap=_re(r"\.AuthStart$"),
    ),
    Binding(
        name="goczmq",
        family="go",
        mark=_re(r"goczmq"),
        constructors=(
            Constructor(
                called=_re(rf"(?:goczmq|czmq)\.New(?P<type>{_SHORT})(?:Channeler)?$"),
                ends_at=0,
                binds=_CZMQ_BINDS,
            ),
            Constructor(called=_re(r"(?:goczmq|czmq)\.NewSock$"), type_at=0, whole=True),
        ),
        ends=(
            *_CAPITAL,
            EndCall(called=_re(r"\.Attach$"), side="connect", form="attach"),
        ),
        zap=_re(r"(?:goczmq|czmq)\.NewAuth$"),
    ),
    Binding(
        name="go-zeromq",
        family="go",
        mark=_re(r"go-zeromq/zmq4"),
        constructors=(Constructor(called=_re(rf"\w\.New(?P<type>{_SHORT})$")),),
        ends=_CAPITAL,
    ),
    Binding(
        name="zmq (Rust)",
        family="rust",
        mark=_re(r"\bzmq\d?\b"),
        constructors=(Constructor(called=_re(r"\.socket$"), type_at=0),),
        ends=_METHODS,
    ),
    Binding(
        name="zeromq (Rust)",
        family="rust",
        mark=_re(r"\bzeromq\b"),
        constructors=(
            Constructor(
                called=_re(rf"(?:^|\.)(?P<type>{_SHORT})Socket\.(?:new|default|with_options)$")
            ),
            Constructor(called=_re(r"^[A-Z]\w*\.(?:new|default)$"), generic=True),
        ),
        ends=_METHODS,
    ),
    Binding(
        name="async-zmq",
        family="rust",
        mark=_re(r"\basync_zmq\b"),
        constructors=(
            Constructor(
                called=_re(rf"(?:^|async_zmq\.)(?P<type>{_VERBS})$"),
                ends_at=0,
                side="connect",
                imported=True,
            ),
        ),
        ends=(
            EndCall(called=_re(r"\.bind$"), side="bind", form="own"),
            EndCall(called=_re(r"\.connect$"), side="connect", form="own"),
        ),
        modules=("async_zmq",),
    ),
    Binding(
        name="tmq",
        family="rust",
        mark=_re(r"\btmq\b"),
        constructors=(Constructor(called=_re(rf"(?:^|tmq\.)(?P<type>{_VERBS})$"), imported=True),),
        ends=_METHODS,
        modules=("tmq",),
    ),
    Binding(
        name="JeroMQ or jzmq",
        family="jvm",
        mark=_re(r"\bzeromq\b|\bjeromq\b|\bZMQ\b|\bzmq\."),
        constructors=(
            Constructor(called=_re(r"(?:^|\.)ZMQ\.(?:socket|zmq_socket|Socket)$"), type_at=1),
            Constructor(called=_re(r"\.(?:createSocket|socket|buildSocket)$"), type_at=0),
        ),
        ends=(
            *_METHODS,
            EndCall(called=_re(r"\.bindToRandomPort$"), side="bind", form="random"),
            EndCall(called=_re(r"(?:^|\.)ZMQ\.bind$"), side="bind", socket_at=0, endpoint_at=1),
            EndCall(
                called=_re(r"(?:^|\.)ZMQ\.connect$"), side="connect", socket_at=0, endpoint_at=1
            ),
        ),
        zap=_re(r"(?:^|\.)ZAuth$"),
    ),
    Binding(
        name="zeromq.js",
        family="js",
        mark=_re(r"zeromq|\bzmq|[\"']jmp[\"']"),
        constructors=(
            Constructor(called=_re(r"jmp\.Socket$"), type_at=0),
            Constructor(called=_re(r"^Socket$"), type_at=0, new=True, imported=True),
            Constructor(called=_re(r"\.(?:socket|createSocket)$|^socket$"), type_at=0),
            Constructor(called=_re(rf"(?:^|\.)(?P<type>{_LONG})$"), new=True, imported=True),
        ),
        ends=(
            EndCall(called=_re(r"\.bind(?:Sync)?$"), side="bind"),
            EndCall(called=_re(r"\.connect$"), side="connect"),
        ),
        modules=(
            "zeromq",
            "zmq",
            "zeromq/draft",
            "zeromq/v5-compat",
            "zeromq-ng",
            "jszmq",
            "@prodatakey/jszmq",
            "jmp",
        ),
    ),
    Binding(
        name="NetMQ",
        family="dotnet",
        mark=_re(r"NetMQ|ZeroMQ|clrzmq|using ZMQ;|new \w+Socket\b"),
        constructors=(
            Constructor(
                called=_re(rf"(?:^|\.)(?P<type>{_LONG})Socket$"),
                ends_at=0,
                binds=_NETMQ_BINDS,
                new=True,
            ),
            Constructor(called=_re(rf"\.Create(?P<type>{_LONG})Socket$")),
            Constructor(called=_re(r"(?:^|\.)ZSocket$"), type_at=1),
            Constructor(called=_re(r"\.(?:Create)?Socket$"), type_at=0),
        ),
        ends=(
            *_CAPITAL,
            EndCall(called=_re(r"\.BindRandomPort$"), side="bind", form="random"),
        ),
    ),
    Binding(
        name="ffi-rzmq",
        family="ruby",
        mark=_re(r"zmq|ZMQ"),
        constructors=(
            Constructor(called=_re(r"\.socket$"), type_at=0),
            Constructor(called=_re(r"ZMQ\.Socket\.(?:new|create)$"), type_at=1),
        ),
        ends=(
            *_METHODS,
            EndCall(
                called=_re(r"(?:ctx|context)\w*\.bind$"), side="bind", endpoint_at=1, form="typed"
            ),
            EndCall(
                called=_re(r"(?:ctx|context)\w*\.connect$"),
                side="connect",
                endpoint_at=1,
                form="typed",
            ),
        ),
    ),
    Binding(
        name="CZTop or OMQ",
        family="ruby",
        mark=_re(r"cztop|CZTop|\bomq\b|OMQ"),
        constructors=(
            Constructor(
                called=_re(r"(?:CZTop\.Socket|Socket)\.(?P<type>[A-Z]+)\.new$"),
                ends_at=0,
                binds=_CZMQ_BINDS,
            ),
            Constructor(called=_re(r"OMQ\.(?P<type>[A-Z]+)\.new$"), ends_at=0, binds=_CZMQ_BINDS),
            Constructor(called=_re(r"OMQ\.(?P<type>[A-Z]+)\.bind$"), ends_at=0, side="bind"),
            Constructor(called=_re(r"OMQ\.(?P<type>[A-Z]+)\.connect$"), ends_at=0, side="connect"),
        ),
        ends=_METHODS,
        zap=_re(r"CZTop\.Authenticator\.new$"),
    ),
    Binding(
        name="chumak",
        family="beam",
        mark=_re(r"chumak"),
        constructors=(Constructor(called=_re(r"chumak\.socket$"), type_at=0, whole=True),),
        ends=(
            EndCall(
                called=_re(r"chumak\.bind$"), side="bind", socket_at=0, endpoint_at=1, form="host"
            ),
            EndCall(
                called=_re(r"chumak\.connect$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
                form="host",
            ),
        ),
    ),
    Binding(
        name="erlzmq",
        family="beam",
        mark=_re(r"erlzmq|ezmq|exzmq"),
        constructors=(
            Constructor(
                called=_re(r"(?:erlzmq|ezmq|exzmq|Exzmq|erlzmq_dnif|erlzmq_nif)\.socket$"),
                type_at=1,
                whole=True,
            ),
        ),
        ends=(
            EndCall(
                called=_re(r"(?:erlzmq\w*|ezmq|Exzmq)\.bind$"),
                side="bind",
                socket_at=0,
                endpoint_at=1,
            ),
            EndCall(
                called=_re(r"(?:erlzmq\w*|ezmq|Exzmq)\.connect$"),
                side="connect",
                socket_at=0,
                endpoint_at=1,
            ),
        ),
    ),
    Binding(
        name="php-zmq",
        family="php",
        mark=_re(r"ZMQ"),
        constructors=(
            Constructor(called=_re(r"(?:^|\.)ZMQSocket$"), type_at=1, whole=True),
            Constructor(called=_re(r"\.getSocket$"), type_at=0),
        ),
        ends=_METHODS,
    ),
    Binding(
        name="lzmq",
        family="lua",
        mark=_re(r"zmq"),
        constructors=(Constructor(called=_re(r"\.socket$"), type_at=0, named=True),),
        ends=_METHODS,
    ),
)


@cache
def of_family(family: Family) -> tuple[Binding, ...]:
    """The bindings of a family, in order: the first that knows a call is believed."""
    return tuple(each for each in BINDINGS if each.family == family)
