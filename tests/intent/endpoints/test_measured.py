"""What the wheel of pyzmq cannot be asked: ws, pgm, epgm and norm.

Measured once with Debian's libzmq5 4.3.4-6 (OpenPGM 5.3, NORM 1.5.9) in a network namespace with a
veth pair, its end dum0 at 10.77.0.2/24: the outcome is the port that /proc/net/tcp, udp or raw
showed, an errno, or that the program was ended by an assertion. Names were looked up in files
alone: OpenPGM gives up on an interface's name (EINVAL) while a name server does not answer.
"""

from __future__ import annotations

from errno import EAGAIN, EINVAL, ENODEV

import pytest

from bulkhead.intent import ZmqEndpoint, parse_bind, parse_connect
from bulkhead.intent.wrong import Wrong

ENDED = "ended the program"
ANY = "any free port"

BOUND: dict[str, int | str | tuple[str, int]] = {
    "ws://*:5555": 5555,
    "ws://127.0.0.1:5555/path": 5555,
    "ws://lo:5555/a/b": 5555,
    "ws://lo:8080/a?x=1": 8080,
    "ws://lo:8080#a": 8080,
    "ws://*:70001": 4465,
    "ws://*:5555x/y": 5555,
    "ws://*:*": ANY,
    "ws://*:0/x": ANY,
    "ws://localhost:5555": ("errno", ENODEV),
    "ws://lo:80;lo:81": ("errno", ENODEV),
    "ws://*/y": ("errno", EINVAL),
    "ws://*": ("errno", EINVAL),
    "ws://lo:!": ("errno", EINVAL),
    "ws://lo:*[8080-8089]": ("errno", EINVAL),
    "epgm://10.77.0.2;239.192.1.1:5555": 5555,
    "epgm://10.77.0.0/24;239.192.1.1:5555": 5555,
    "epgm://10.77.0.2/24;239.192.1.1:5555": 5555,
    "epgm://239.192.1.1:5555": 5555,
    "epgm://;239.192.1.1:5555": 5555,
    "epgm://127.0.0.1;239.192.1.1:5555": 5555,
    "epgm://10.77.0.2;239.192.1.1:70001": 4465,
    "epgm://10.77.0.2;239.192.1.1:5555x": 5555,
    "epgm://10.77.0.2;239.192.1.1:0": ("errno", EAGAIN),
    "epgm://10.77.0.2;239.192.1.1:*": ("errno", EAGAIN),
    "epgm://10.77.0.2;239.192.1.1:65536": ("errno", EAGAIN),
    "epgm://10.77.0.2;239.192.1.1": ("errno", EINVAL),
    "epgm://10.77.0.2;10.77.0.3:5555": ("errno", EINVAL),
    "epgm://dum0;239.192.1.1:5555": 5555,
    "epgm://lo;239.192.1.1:5555": ("errno", EINVAL),
    "epgm://*;239.192.1.1:5555": ("errno", EINVAL),
    "epgm://0.0.0.0;239.192.1.1:5555": ("errno", EINVAL),
    "epgm://10.77.0.0/33;239.192.1.1:5555": ("errno", EINVAL),
    "epgm://[2001:db8::7];239.192.1.1:5555": ("errno", EINVAL),
    "epgm://*:5555": ("errno", EINVAL),
    "pgm://10.77.0.2;239.192.1.1:5555": 5555,
    "pgm://10.77.0.0/24;239.192.1.1:5555": 5555,
    "pgm://dum0;239.192.1.1:5555": 5555,
    "norm://224.1.2.3:5556": 5556,
    "norm://dum0;224.1.2.3:5556": 5556,
    "norm://10.77.0.2;224.1.2.3:5556": 5556,
    "norm://1,dum0;224.1.2.3:5556": 5556,
    "norm://10.77.0.2:5556": 5556,
    "norm://localhost:5556": 5556,
    "norm://dum0;10.77.0.2:5556": 5556,
    "norm://dum0;224.1.2.3:5556x": 5556,
    "norm://224.1.2.3:70001": 4465,
    "norm://224.1.2.3:0": ANY,
    "norm://224.1.2.3:*": ANY,
    "norm://dum0:5556": ENDED,
    "norm://nosuch:5556": ENDED,
    "norm://:5556": ENDED,
    "norm://*:5556": ENDED,
    "norm://224.1.2.3": ENDED,
    "norm://[::1]:5556": ENDED,
    "norm://[ff02::1]:5556": ENDED,
}
CONNECTED: dict[str, int | str | tuple[str, int]] = {
    "ws://127.0.0.1:5555/path": 5555,
    "ws://localhost:80/": 80,
    "ws://127.0.0.1:70001": 4465,
    "ws://*:5555": ("errno", EINVAL),
    "ws://lo:5555": ("errno", EINVAL),
    "ws://127.0.0.1:*": ("errno", EINVAL),
    "ws://lo:0;127.0.0.1:80": ("errno", EINVAL),
    "epgm://10.77.0.0/24;239.192.1.1:5555": 5555,
    "epgm://dum0;239.192.1.1:5555": 5555,
    "norm://224.1.2.3:5556": 5556,
    "norm://dum0;224.1.2.3:5556": 5556,
}
PARSE = {"bind": parse_bind, "connect": parse_connect}


@pytest.mark.parametrize(
    ("side", "text", "outcome"),
    [
        *(("bind", text, outcome) for text, outcome in BOUND.items()),
        *(("connect", text, outcome) for text, outcome in CONNECTED.items()),
    ],
)
def test_what_libzmq_takes_literally_is_taken_and_the_rest_is_refused_in_its_words(
    side: str, text: str, outcome: int | str | tuple[str, int]
) -> None:
    try:
        ours: ZmqEndpoint | Wrong = PARSE[side](text)
    except Wrong as wrong:
        ours = wrong
    if isinstance(ours, ZmqEndpoint):
        assert ours.ports == (outcome, outcome)
        return
    if isinstance(outcome, int) and "port" in ours.what:
        does = "bind" if side == "bind" else "connect to"
        assert f"libzmq would {does} {outcome}" in ours.what
    elif isinstance(outcome, int):
        raise AssertionError(f"libzmq takes {text}, and here it is refused: {ours}")
    elif not isinstance(outcome, str):
        assert not any(each in ours.what for each in ("libzmq would bind", "take any free"))
