"""A small topology in which the lines are known, and what a reviewer reads of a change to it."""

import textwrap

import pytest

from bulkhead.intent import load
from bulkhead.plan import plan
from bulkhead.review import Version

SHOP = textwrap.dedent("""\
    name: shop
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments:
      front: { purpose: takes orders in }
      back: { purpose: keeps them }
    sites:
      plant:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10 }
        trust: untrusted
        sockets:
          push: { type: PUSH, connect: web.feed }
    services:
      web:
        segment: front
        replicas: 2
        sockets:
          feed: { type: PULL, bind: "tcp://*:5560" }
          orders: { type: REQ, connect: store.orders }
      store:
        segment: back
        sockets:
          orders: { type: REP, bind: "tcp://*:5556" }
    tests:
      - from: plant
        deny: [store]
    """)


@pytest.fixture
def edited(tmp_path):
    """Both versions of the topology: as it is, and with pieces of text replaced by others."""

    def versions(*edits, base=SHOP):
        text = base
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        before = _planned(tmp_path / "base.yaml", base)
        return _version(before), _version(_planned(tmp_path / "head.yaml", text, before.lock))

    return versions


def _planned(path, text, lock=None):
    path.write_text(text)
    return plan(load(path), lock)


def _version(planned):
    return Version(
        label=str(planned.topology),
        network=planned.network,
        origins=planned.origins,
        declaration=planned.declaration,
        words=planned.words,
        month=planned.month,
    )
