"""Instances, interfaces, templates, addresses: what complies, each way not to, and unknowns."""

import pytest

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.network.inventory import (
    ElasticAddress,
    Instance,
    Inventory,
    LaunchTemplate,
    Listed,
    MetadataOptions,
)
from tests.support.estate import Estate

CHECKS = {each.id: each for each in ALL_CHECKS}
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.NOT_DECIDED


def hosts(**how):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web")
    estate.host("h1", "a", "10.0.1.10", "web", instance="i-1", **how)
    return estate


def asked(check, estate=None, narrowed=False, **kinds):
    listed = {kind: Listed(tuple(things), ()) for kind, things in kinds.items()}
    network = (estate or hosts()).build()
    evidence = Evidence(network=network, inventory=Inventory(**listed), narrowed=narrowed)
    return [(each.resource, each.outcome) for each in CHECKS[check](evidence)]


@pytest.mark.parametrize(
    ("how", "outcome"),
    [({}, PASS), ({"public": "203.0.113.9"}, FAIL), ({"kind": "endpoint"}, None)],
)
def test_an_instance_has_a_public_address_or_none(how, outcome):
    expected = [("i-1", outcome)] if outcome else []
    assert asked("instance-not-public", hosts(**how)) == expected


def test_a_second_address_of_an_interface_counts_too():
    estate = hosts(more=("10.0.1.11",), more_public={"10.0.1.11": "203.0.113.9"})
    assert asked("instance-not-public", estate) == [("i-1", FAIL)]


def test_an_instance_with_two_interfaces_joins_what_they_are_in():
    estate = hosts()
    assert asked("instance-has-one-interface", estate) == [("i-1", PASS)]
    estate.host("h2", "a", "10.0.1.11", "web", instance="i-1")
    assert asked("instance-has-one-interface", estate) == [("i-1", FAIL)]


@pytest.mark.parametrize(("check", "outcome"), [(True, PASS), (False, FAIL)])
def test_a_host_that_forwards_fails(check, outcome):
    assert asked("source-dest-check-on", hosts(check=check)) == [("h1", outcome)]


def test_an_instance_of_another_vpc_is_not_asked_about():
    options = MetadataOptions(enabled=True, tokens_required=False)
    instances = [
        Instance(id=f"i-{vpc}", name="", vpc=vpc, metadata=options) for vpc in ("vpc", "other")
    ]
    assert asked("instance-imdsv2", instances=instances) == [("i-vpc", FAIL)]


def template(number=1, *, default=True, public=None, required=True):
    return LaunchTemplate(
        id="lt-1",
        name="web",
        version=number,
        default=default,
        public=public,
        metadata=MetadataOptions(tokens_required=required),
    )


@pytest.mark.parametrize(("public", "outcome"), [(None, PASS), (False, PASS), (True, FAIL)])
def test_a_template_gives_public_addresses_or_leaves_it_to_the_subnet(public, outcome):
    found = asked("template-not-public", launch_templates=[template(public=public)])
    assert found == [("lt-1", outcome)]


def test_a_template_whose_default_version_was_not_shown_is_no_pass():
    versions = [template(3, default=False)]
    assert asked("template-imdsv2", launch_templates=versions) == [("lt-1", OPEN)]


def test_what_belongs_to_no_vpc_is_nothing_of_one_topology():
    free = ElasticAddress(id="eipalloc-1", name="", address=None)
    assert asked("elastic-address-used", elastic_addresses=[free]) == [("eipalloc-1", FAIL)]
    assert asked("elastic-address-used", narrowed=True, elastic_addresses=[free]) == []
    assert asked("template-imdsv2", narrowed=True) == []
