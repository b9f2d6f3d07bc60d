"""Whatever answer a dump lacks, nothing is called idle that the answer would show in use."""

import tempfile
from functools import cache
from pathlib import Path

import pytest

from bulkhead.lint import SmellKind, lint
from bulkhead.network.without import without
from bulkhead.observe.dumps.dump import dump
from bulkhead.problems import InputError
from bulkhead.prove import prove
from bulkhead.prove.reprove import reprove, unchanged
from tests.support.aws_ids import as_aws_shows
from tests.support.dumps import as_files, write
from tests.support.estate import Estate


def answers():
    """Groups, NACLs and tables that only a peer, a site, or the internet needs."""
    built = Estate()
    built.vpc("other", "10.1.0.0/16")
    built.igw()
    built.vgw()
    built.site("plant", "192.168.10.0/24")
    built.pcx("pcx", "vpc", "other")
    built.table("t", "0.0.0.0/0 igw", "10.1.0.0/16 pcx", "192.168.10.0/24 vgw")
    built.table("far", "10.0.0.0/16 pcx", vpc="other")
    built.acl("guard", "in 1 allow tcp 80 10.1.0.0/16", "in 2 allow all 192.168.0.0/16", *OUT)
    built.acl("guard-far", "in 1 allow all 10.0.0.0/8", *OUT, vpc="other")
    built.subnet("a", "10.0.1.0/24", acl="guard", table="t")
    built.subnet("b", "10.0.2.0/24", table="t")
    built.subnet("c", "10.1.1.0/24", acl="guard-far", table="far", vpc="other")
    built.group("web", "in tcp 80 app", "in tcp 22 192.168.10.0/24", "in tcp 443 0.0.0.0/0")
    built.group("old", "in udp 9 spare")
    built.group("app", "out tcp 80 web", "out all 10.0.0.0/8", vpc="other")
    built.group("base", "in tcp 22 192.168.0.0/16", "out all 0.0.0.0/0")
    built.group("spare", "in tcp 80 web")
    built.host("w", "a", "10.0.1.10", "web", "base", public="203.0.113.9")
    built.host("b", "b", "10.0.2.10", "base", "web", "old")
    built.host("x", "c", "10.1.1.10", "app")
    answers = as_files(as_aws_shows(built.build()))
    return answers | {"associations.json": {"SecurityGroupVpcAssociations": []}}


OUT = ("out 1 allow all 0.0.0.0/0",)


def read(files):
    with tempfile.TemporaryDirectory() as folder:
        return dump(write(files, Path(folder)))


@cache
def whole():
    return prove(read(answers()))


@pytest.mark.parametrize("lost", ["", *sorted(answers())])
def test_what_is_advised_without_an_answer_changes_nothing_with_it(lost):
    try:
        seen = read({name: each for name, each in answers().items() if name != lost})
    except InputError:
        return
    smells, network = [each for each in lint(seen) if each.removal], whole().network
    used = {group for each in network.interfaces for group in each.security_groups}
    used |= {id_ for each in network.subnets for id_ in (each.nacl, each.route_table)}
    assert not {each.component for each in smells if each.kind is SmellKind.UNATTACHED} & used
    told = {(each.component, said(rule)) for each in smells for rule in each.rules}
    gone = [(id_, rule) for id_, rule in rules(network) if (id_, said(rule)) in told]
    assert len(gone) == len(told)
    assert unchanged(whole(), reprove(whole(), without(network, gone)))
    if not lost:
        assert {each.kind for each in smells} == {
            *(SmellKind.REDUNDANT, SmellKind.UNATTACHED, SmellKind.UNUSED),
        }


def rules(network):
    held = [(each.id, each.rules) for each in network.security_groups]
    held += [(each.id, each.entries) for each in network.nacls]
    held += [(each.id, each.routes) for each in network.route_tables]
    return [(id_, rule) for id_, several in held for rule in several]


def said(rule):
    """Without its id, which not every answer has."""
    return getattr(rule, "direction", ""), str(rule).partition(": ")[2] or str(rule)
