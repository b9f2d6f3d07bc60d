"""Names of a stack that stands, as Route 53 has them: what somebody changed there is found."""

import json

import boto3
import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
ipv6: amazon
dns: shop.internal
flow-logs: { to: none, why: nothing runs here }
segments: { front: { purpose: takes orders }, back: { purpose: keeps them } }
services:
  till: { segment: front, sockets: { out: { type: PUSH, connect: [book.in, log.in] } } }
  book: { segment: back, replicas: 2, sockets: { in: { type: PULL, bind: "tcp://[::]:5556" } } }
  log: { segment: back, sockets: { in: { type: PULL, bind: "tcp://*:5557" } } }
"""


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(SHOP)
    return checkout


@pytest.fixture(scope="module")
def route53(checkout):
    return boto3.client(
        "route53",
        region_name="eu-west-1",
        endpoint_url=f"http://127.0.0.1:{checkout.port}",
        aws_access_key_id=checkout.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=checkout.environment["AWS_SECRET_ACCESS_KEY"],
    )


def judged(checkout, on="aws"):
    checked = checkout.bulkhead("check", checkout.topology, "--on", on, "--json")
    document = json.loads(checked.out)
    return [each["message"] for each in document["findings"]], document["unknown"]


def test_names_of_both_families_are_as_declared_and_what_somebody_changes_is_found(
    checkout, route53
):
    state = checkout.root / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    assert judged(checkout) == judged(checkout, state) == ([], [])
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    records = {
        (each["Name"], each["Type"]): each
        for each in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    }
    assert ("2.book.shop.internal.", "AAAA") in records
    assert ("log.shop.internal.", "AAAA") not in records
    away = records["1.book.shop.internal.", "A"] | {"ResourceRecords": [{"Value": "10.66.6.6"}]}
    new = {"Name": "db.shop.internal.", "Type": "CNAME", "TTL": 9}
    new["ResourceRecords"] = [{"Value": "db.example.com"}]
    route53.change_resource_record_sets(
        HostedZoneId=zone["Id"],
        ChangeBatch={
            "Changes": [
                {"Action": "DELETE", "ResourceRecordSet": records["log.shop.internal.", "A"]},
                {"Action": "UPSERT", "ResourceRecordSet": away},
                {"Action": "CREATE", "ResourceRecordSet": new},
            ]
        },
    )
    found, unknown = judged(checkout)
    assert sorted(found) == [
        "name 1.book.shop.internal has 10.66.6.6, planned 10.20.4.4",
        "name db.shop.internal has CNAME db.example.com, and no plan has it",
        "name log.shop.internal (A) is not there",
    ]
    assert unknown == []
    again = checkout.pulumi("up", "--yes", "--skip-preview", "--refresh", "--stack", "dev")
    assert again.code == 0, again.said
    assert judged(checkout)[0] == [
        "name db.shop.internal has CNAME db.example.com, and no plan has it"
    ]
