"""A block of IPv6 that is not known yet, is not there, or is not the only one."""

import dataclasses
from ipaddress import IPv6Network

import pytest

from bulkhead.judge import judge
from bulkhead.network import Unmodelled, Verdict
from bulkhead.network.ipv6_blocks import STAND_IN, rebased, unknown_ipv6, with_ipv6_of
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.judge.changes import SHOP
from tests.support.aws_ids import with_aws_ids
from tests.support.topologies import topology_from

GIVEN = IPv6Network("2600:1f18:1234:5600::/56")
OTHER = IPv6Network("2600:1f18:1234:5700::/56")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    text = f"{SHOP}\n    ipv6: amazon\n" if isinstance(SHOP, str) else {**SHOP, "ipv6": "amazon"}
    return plan(topology_from(tmp_path_factory.mktemp("six"), text))


@pytest.fixture(scope="module")
def account(planned):
    return with_aws_ids(rebased(planned.network, GIVEN))


def judged(planned, account):
    declaration = planned.declaration
    held = dataclasses.replace(declaration, planned=with_ipv6_of(planned.network, account))
    return judge(prove(account), held)


def with_blocks(account, *blocks):
    (vpc,) = account.vpcs
    four = [each for each in vpc.cidrs if each.version == 4]
    return dataclasses.replace(account, vpcs=(dataclasses.replace(vpc, cidrs=(*four, *blocks)),))


def before_the_update(account):
    """What a preview shows: nothing of IPv6, and that there will be some."""
    things = [*account.vpcs, *account.subnets, *account.interfaces]
    four = with_blocks(account)
    return dataclasses.replace(
        four,
        subnets=tuple(dataclasses.replace(each, ipv6_cidrs=()) for each in four.subnets),
        interfaces=tuple(dataclasses.replace(each, ipv6_addresses=()) for each in four.interfaces),
        nacls=tuple(
            dataclasses.replace(
                acl,
                entries=tuple(
                    dataclasses.replace(each, cidr=IPv6Network("::/0"), certain=False)
                    if each.cidr.version == 6
                    else each
                    for each in acl.entries
                ),
            )
            for acl in four.nacls
        ),
        unmodelled=tuple(
            Unmodelled(
                kind="ipv6", id=unknown_ipv6(each.id), scope=unknown_ipv6(each.id), why="not yet"
            )
            for each in things
        ),
    )


def test_an_account_whose_vpc_was_given_a_block_is_as_declared(planned, account):
    judgement = judged(planned, account)
    assert judgement.ok
    assert (judgement.findings, judgement.unknown) == ((), ())


def test_what_passes_over_ipv6_is_not_decided_before_the_block_is_given(planned, account):
    judgement = judged(planned, before_the_update(account))
    (finding,) = judgement.findings
    assert (finding.verdict, judgement.ok) == (Verdict.UNDETERMINED, False)
    assert "over IPv6" in finding.message
    assert len(judgement.unknown) > len(account.interfaces)
    assert not [each for each in judgement.unknown if "2001:db8" in each]


def test_another_block_of_ipv4_is_seen_before_that_of_ipv6_is_known(planned, account):
    before = before_the_update(account)
    (vpc,) = before.vpcs
    more = dataclasses.replace(vpc, cidrs=(*vpc.cidrs, *planned.network.subnets[0].cidrs[:1]))
    judgement = judged(planned, dataclasses.replace(before, vpcs=(more,)))
    assert [each for each in judgement.findings if each.message.startswith("VPC ")]


@pytest.mark.parametrize("blocks", [(), (GIVEN, OTHER)])
def test_a_vpc_without_its_block_or_with_two_is_said(planned, account, blocks):
    judgement = judged(planned, with_blocks(account, *blocks))
    said = [each.message for each in judgement.findings if each.message.startswith("VPC ")]
    assert len(said) == 1
    assert (str(STAND_IN) in said[0]) == (not blocks)
    assert (str(OTHER) in said[0]) == bool(blocks)
