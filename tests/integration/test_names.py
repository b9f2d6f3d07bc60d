"""What `check` accepts can be built, whatever it is called."""

from __future__ import annotations

import textwrap

import pytest

from tests.integration.conftest import make_checkout

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

AWKWARD = """
    name: default
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments:
      default: { purpose: as the VPC's own NACL is called }
      main: { purpose: as the VPC's own route table is called, isolation: service }
    sites:
      sg-venue:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10 }
        sockets:
          push: { type: PUSH, connect: sg.in }
    services:
      default:
        segment: default
        sockets:
          push: { type: PUSH, connect: [sg.in, sg-feed.many] }
      sg:
        segment: main
        sockets:
          in: { type: PULL, bind: "tcp://*:6000" }
          back: { type: PUSH, connect: default-1.high }
      default-1:
        segment: default
        sockets:
          high: { type: PULL, bind: "tcp://*:40000" }
          push: { type: PUSH, connect: sg.in }
      sg-feed:
        segment: main
        sockets:
          many:
            type: PULL
            bind: [PORTS]
"""
PORTS = ", ".join(f'"tcp://*:{port}"' for port in range(50000, 50055))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    made = make_checkout(tmp_path_factory.mktemp("names"))
    made.topology.write_text(textwrap.dedent(AWKWARD.replace("PORTS", PORTS)))
    made.topology.with_suffix(".lock.json").unlink()
    yield made
    made.stop()


def test_names_that_aws_has_for_something_of_its_own_are_built_and_as_declared(checkout):
    up = checkout.stack("up")
    assert up.code == 0, up.said
    answer = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert answer.code == 0, answer.said
    again = checkout.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said
