"""What mends a difference is named, and mends it."""

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from types import SimpleNamespace

import boto3
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import differences
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.network import (
    Direction,
    GroupPeer,
    IdleTimeouts,
    NetworkAcl,
    PortRange,
    Route,
    SecurityGroup,
    TargetKind,
)
from bulkhead.prove import prove
from tests.judge.changes import (
    CHANGES,
    FREE,
    RULE,
    STATE,
    VPC,
    added,
    both,
    changed,
    judged,
    like,
    mends,
    more,
    said_of,
    told,
)
from tests.support import aws_cli
from tests.support.examples import examples


@pytest.fixture(scope="module")
def checking():
    """An EC2 client that asks nobody, and takes what botocore would send."""
    client = boto3.client("ec2", region_name="eu-west-1", **dict.fromkeys(KEYS, "test"))
    client.meta.events.register(
        "before-call.ec2", lambda **_: (SimpleNamespace(status_code=200), {})
    )
    return client


KEYS = ("aws_access_key_id", "aws_secret_access_key")
LETS_BOTH_GO = (
    "pulumi config set bulkhead:both-tunnels plant && pulumi up --refresh && "
    "pulumi config rm bulkhead:both-tunnels"
)


def of_tunnels(planned, account, *numbers):
    """What mends that these tunnels of a site forget a dead peer otherwise."""
    (found,) = account.vpn_connections
    tunnels = tuple(
        replace(each, dpd_action="restart") if number in numbers else each
        for number, each in enumerate(found.tunnels, start=1)
    )
    return mends(planned, replace(account, vpn_connections=(replace(found, tunnels=tunnels),)))


def test_one_tunnel_is_put_right_by_the_engine_and_both_once_the_stack_lets_them_go(
    planned, account
):
    assert of_tunnels(planned, account, 1) == ["pulumi up --refresh"]
    assert of_tunnels(planned, account, 2) == ["pulumi up --refresh"]
    assert set(of_tunnels(planned, account, 1, 2)) == {LETS_BOTH_GO}


def test_another_device_is_put_right_once_the_stack_lets_both_tunnels_go(planned, account):
    change = changed("customer_gateways", "plant", asn=65099)
    assert mends(planned, change(account)) == [LETS_BOTH_GO]


@pytest.mark.parametrize("name", CHANGES)
def test_what_mends_a_change_is_the_engine_or_a_call_that_the_aws_cli_takes(
    planned, account, checking, name
):
    for finding in judged(planned, CHANGES[name][0](account)).findings:
        if finding.mend not in ("pulumi up --refresh", LETS_BOTH_GO):
            aws_cli.run(checking, finding.mend)


def test_what_is_still_used_is_deleted_after_what_uses_it(planned, account):
    change = both(
        added(
            "security_groups",
            lambda _: SecurityGroup(id="sg-x", name="x", vpc=VPC, rules=()),
        ),
        changed("security_groups", "db", **more("rules", replace(RULE, peer=GroupPeer("sg-x")))),
        added("nacls", lambda _: NetworkAcl(id="acl-x", name="x", vpc=VPC, entries=())),
        changed("subnets", "spare-eu-west-1a", nacl="acl-x"),
    )
    said = mends(planned, change(account))
    assert [each.partition(" --")[0] for each in said] == [
        "aws ec2 revoke-security-group-ingress",
        "aws ec2 delete-security-group",
        "pulumi up",
        "aws ec2 delete-network-acl",
    ]


def test_a_block_goes_after_what_lies_in_it(planned, account):
    block, address = IPv6Network("2001:db8::/64"), IPv6Network("2001:db8::5/128")[0]
    change = both(
        changed("vpcs", "shop", **more("cidrs", IPv6Network("2001:db8::/56"))),
        changed("subnets", "data-eu-west-1a", ipv6_cidrs=(block,)),
        changed("interfaces", "db-1", ipv6_addresses=(address,)),
    )
    said = [each.message.partition(" ")[0] for each in judged(planned, change(account)).findings]
    assert said == ["interface", "subnet", "VPC"]


SUBNET = IPv4Network("10.20.1.0/28")


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (
            changed("security_groups", "db", **more("rules", replace(RULE, id="sgr-7/10.0.0.0/8"))),
            "revoke-security-group-ingress --group-id sg-sg/db --security-group-rule-ids sgr-7",
        ),
        (
            changed("security_groups", "db", **more("rules", replace(RULE, id="known by itself"))),
            "revoke-security-group-ingress --group-id sg-sg/db --ip-permissions "
            "'IpProtocol=6,FromPort=22,ToPort=22,IpRanges=[{CidrIp=0.0.0.0/0}]'",
        ),
        (
            changed(
                "security_groups",
                "db",
                **more(
                    "rules",
                    replace(
                        RULE,
                        id="known by itself",
                        direction=Direction.EGRESS,
                        protocol=1,
                        ports=PortRange(2048, 2303),
                        peer=GroupPeer("sg-sg/front"),
                    ),
                ),
            ),
            "revoke-security-group-egress --group-id sg-sg/db --ip-permissions "
            "'IpProtocol=1,FromPort=8,ToPort=-1,UserIdGroupPairs=[{GroupId=sg-sg/front}]'",
        ),
        (
            changed(
                "route_tables",
                "web",
                **more(
                    "routes",
                    Route(
                        destination=IPv4Network("192.168.99.0/24"),
                        target=TargetKind.VPN_GATEWAY,
                        target_id="vgw-vgw/shop",
                        propagated=True,
                    ),
                ),
            ),
            "disable-vgw-route-propagation --gateway-id vgw-vgw/shop --route-table-id rtb-rtb/web",
        ),
        (
            changed("interfaces", "db-1", secondary_addresses=(FREE, FREE + 1)),
            "unassign-private-ip-addresses --network-interface-id eni-eni/db-1 "
            "--private-ip-addresses 10.20.0.200 10.20.0.201",
        ),
        (
            changed("interfaces", "db-1", secondary_addresses=tuple(SUBNET)),
            "unassign-private-ip-addresses --network-interface-id eni-eni/db-1 "
            "--ipv4-prefixes 10.20.1.0/28",
        ),
        (
            changed("interfaces", "db-1", ipv6_addresses=(IPv6Network("2001:db8::5/128")[0],)),
            "unassign-ipv6-addresses --network-interface-id eni-eni/db-1 "
            "--ipv6-addresses 2001:db8::5",
        ),
        (
            changed("interfaces", "db-1", idle=IdleTimeouts(udp=60)),
            "modify-network-interface-attribute --network-interface-id eni-eni/db-1 "
            "--connection-tracking-specification "
            "TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30",
        ),
        (
            like("interfaces", "db-1", id="eni-x", name="x", address=FREE, instance="i-1"),
            "terminate-instances --instance-ids i-1",
        ),
    ],
)
def test_what_the_engine_does_not_know_is_mended_by_a_call(planned, account, change, mend):
    assert f"aws ec2 {mend}" in mends(planned, change(account))


@examples(1 / 2, shrink=False)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=4, unique=True))
def test_several_changes_mended_together_are_none(planned, account, names):
    network = account
    for name in names:
        try:
            network = CHANGES[name][0](network)
        except (AssertionError, StopIteration, IndexError):
            assume(False)  # an earlier one took away what it changes
    judgement = judged(planned, network)
    assert {each.kind for each in judgement.findings} <= STATE
    assert not judgement.ok
    assert all(each.file and each.line for each in told(judgement))
    found = matched(planned.network, network)
    every = list(differences(found))
    mended = Mending(found, every).mended(every)
    assert said_of(planned.network, mended) == []
    assert list(packets(prove(mended), planned.declaration)) == []
