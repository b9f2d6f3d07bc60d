"""Registers of a few lines of code, a few records of machines, and captures."""

import pytest

from bulkhead.discover.code import scan
from bulkhead.discover.host import join
from bulkhead.discover.register import (
    EvidenceGiven,
    Grounds,
    ServiceNames,
    deployments,
    register_of,
    service_said,
)


@pytest.fixture
def registered(tmp_path, monkeypatch):
    """The register of files that are written for it, of machines, and of what else is given."""

    def run(files=None, machines=(), services=(), grounds=Grounds(), **more):  # noqa: B008
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code = scan([folder]) if files else None
        roots = [folder] if files else []
        names = ServiceNames(
            tuple(map(service_said, services)), deployments(roots), tuple(map(str, roots))
        )
        hosts = join([each.record for each in machines]) if machines else None
        given = EvidenceGiven(code=code, hosts=hosts, grounds=grounds, names=names, **more)
        return register_of(given)

    return run


def said(register):
    """'a -> b tcp 5556' of every boundary, '?' for an end that nobody knows."""
    return [
        f"{each.client or '?'} -> {each.server or '?'} {each.at}" for each in register.boundaries
    ]


SERVER = """
import zmq
ctx = zmq.Context()
{name} = ctx.socket(zmq.{type})
{name}.bind("{endpoint}")
"""
CLIENT = SERVER.replace(".bind(", ".connect(")


def binds(type_, endpoint, name="out"):
    return SERVER.format(type=type_, endpoint=endpoint, name=name)


def connects(type_, endpoint, name="come"):
    return CLIENT.format(type=type_, endpoint=endpoint, name=name)
