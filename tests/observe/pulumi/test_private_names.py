"""Names of a private zone that a preview is yet to make."""

import json

from bulkhead import observe
from tests.support.previews import FRESH, UNKNOWN, VPC, create, document, urn

ZONE, RECORD = "aws:route53/zone:Zone", "aws:route53/record:Record"
NAMES = create(
    ZONE, "names", {"vpcs": [urn(VPC, "main")]}, name="shop.internal", vpcs=[{"vpcId": UNKNOWN}]
)


def record(name, values, **deps):
    deps |= {"zoneId": [urn(ZONE, "names")]}
    said = {"type": "A", "ttl": 60, "records": values, "zoneId": UNKNOWN}
    return create(RECORD, name, deps, name=f"{name}.shop.internal", **said)


def read(tmp_path, *steps):
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(document(*FRESH, NAMES, *steps)))
    found = observe.read_preview(path)
    return found.network.vpcs[0].id, found.inventory().private_zones


def test_records_are_of_the_zone_that_is_made_with_them(tmp_path):
    vpc, zones = read(tmp_path, record("till", ["10.0.0.4"]), record("1.till", ["10.0.0.4"]))
    (zone,) = zones
    assert (zone.domain, zone.vpc) == ("shop.internal", vpc)
    assert [(each.name, [*map(str, each.addresses)]) for each in zone.records] == [
        ("till", ["10.0.0.4"]),
        ("1.till", ["10.0.0.4"]),
    ]
    assert all(each.beyond for each in zones.unread)


def test_a_record_whose_address_is_not_known_yet_leaves_the_zone_open(tmp_path):
    _, zones = read(tmp_path, record("till", [UNKNOWN], records=[urn(VPC, "main")]))
    assert not zones.things
    assert [each for each in zones.unread if each.broken]
