"""What an account answers, kept and read again without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest

from bulkhead import observe
from bulkhead.network import Provenance

pytestmark = pytest.mark.slow

REGION = "eu-west-1"
NOW = Provenance(time=datetime(2026, 3, 1, tzinfo=UTC), version="0.1.0")


@pytest.fixture(scope="module", autouse=True)
def _an_empty_account(emptied: Callable[[], None]) -> None:
    emptied()


def test_the_account_is_read_again_without_it_and_no_key_of_a_tunnel_is_kept(
    session: boto3.Session, tmp_path: Path
) -> None:
    ec2 = session.client("ec2", region_name=REGION)
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=vpc, VpnGatewayId=gateway)
    site = ec2.create_customer_gateway(BgpAsn=65010, PublicIp="203.0.113.10", Type="ipsec.1")
    made = ec2.create_vpn_connection(
        CustomerGatewayId=site["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=gateway,
        Type="ipsec.1",
        Options={"StaticRoutesOnly": True},
    )["VpnConnection"]
    keys = re.findall("<pre_shared_key>(.+)</pre_shared_key>", made["CustomerGatewayConfiguration"])
    assert keys
    found = observe.read_account(REGION, session=session, audited=True)
    kept = observe.keep_account(
        found, tmp_path / "kept", source=f"aws:{REGION}", only=None, made_from=NOW
    )
    again = observe.read_snapshot(tmp_path / "kept")
    assert again.network == found.network
    assert again.inventory() == found.inventory()
    assert {each.name: each.sha256 for each in kept.files} == dict(found.answers[0].digests)
    text = "".join(each.read_text() for each in (tmp_path / "kept").rglob("*.json"))
    assert made["VpnConnectionId"] in text
    assert not [each for each in keys if each in text]
    assert not re.search("PreSharedKey|pre_shared_key", text)
