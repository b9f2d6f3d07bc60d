"""Quotas are AWS's defaults, or what the topology says: both count, and what is advised fits."""

import re

import pytest

from bulkhead.intent.model import AccountQuotas
from bulkhead.intent.quotas import HIGHEST
from bulkhead.intent.written import WrittenQuotas
from bulkhead.network.quotas import DEFAULTS, NAMES, Quotas, key_of
from bulkhead.plan import plan
from bulkhead.problems import InputError
from tests.plan.test_quotas import loaded, served

ADVICE = re.compile(r"write quotas: \{ ([^}]+) \}")


def problems(document):
    try:
        plan(loaded(document))
    except InputError as error:
        return error.problems
    return ()


def advised(document):
    """What the remedies of a refused plan say to write, all of it together."""
    said = {}
    for each in problems(document):
        (written,) = ADVICE.findall(each.remedy)
        for key, number in re.findall(r"([a-z-]+): (\d+)", written):
            assert said.setdefault(key, int(number)) == int(number)
    return said


SMALL = {key_of(field): 1 for field in NAMES if field not in ("groups_per_interface",)}


@pytest.mark.parametrize(
    "document",
    [
        {
            **served(clients=13, networks=3, ports=2),
            "quotas": {"rules-per-group": 2, "groups-per-interface": 3},
        },
        {**served(clients=61), "quotas": {"groups-per-interface": 1}},
        {
            **served(networks=4, ports=2, sites=2),
            "quotas": {"rules-per-group": 4, "groups-per-interface": 3},
        },
        served(ports=12),
        served(networks=9, ports=2, sites=2, apart=2),
        {**served(networks=3, ports=2, clients=3, sites=2), "quotas": SMALL},
    ],
)
def test_a_plan_fits_with_the_quotas_that_its_refusal_names_and_with_none_less(document):
    said = advised(document)
    assert said
    enough = {**document.get("quotas", {}), **said}
    assert not problems({**document, "quotas": enough})
    for key in said.keys() - {"groups-per-interface"}:
        if enough[key] > 1:
            assert problems({**document, "quotas": {**enough, key: enough[key] - 1}}), key


@pytest.mark.parametrize(
    ("document", "what", "most"),
    [
        (served(ports=20), "the NACL of data needs 41 ingress entries", 40),
        (served(networks=71, ports=16), "service db needs 1152 ingress rules", 1000),
    ],
)
def test_where_no_quota_helps_none_is_advised(document, what, most):
    (said,) = [each for each in problems(document) if each.what.startswith(what)]
    assert "write quotas" not in said.remedy
    assert f"{most} at most" in said.remedy or f"AWS allows {most} rules" in said.remedy


def test_what_aws_gives_nobody_together_is_refused_with_both_ways_out():
    document = served()
    (said,) = problems({**document, "quotas": {"rules-per-group": 300}})
    assert said.what.startswith("quotas: 300 rules of a group times 5 groups of an interface")
    assert said.remedy == "write groups-per-interface: 3 beside it, or rules-per-group: 200"
    for fits in ({"rules-per-group": 300, "groups-per-interface": 3}, {"rules-per-group": 200}):
        assert not problems({**document, "quotas": fits})


def test_routes_to_services_of_aws_count_in_their_table():
    document = served(networks=3)
    document["services"]["db"]["needs"] = ["s3", "dynamodb"]
    (said,) = problems({**document, "quotas": {"routes-per-table": 4}})
    assert said.what == "the route table of data needs 5 routes, 4 fit"
    assert not problems({**document, "quotas": {"routes-per-table": 5}})


def test_a_declaration_carries_the_quotas_that_its_topology_says():
    document = {**served(), "quotas": {"entries-per-acl": 15, "vpns-per-gateway": 12}}
    said = plan(loaded(document)).declaration.quotas
    assert said == Quotas(entries_per_acl=15, vpns_per_gateway=12)


def test_every_quota_has_a_key_a_name_at_aws_and_its_default_said():
    fields = set(Quotas.__dataclass_fields__)
    assert (
        fields == set(NAMES) == set(AccountQuotas.model_fields) == set(WrittenQuotas.model_fields)
    )
    assert set(map(key_of, fields)) == set(HIGHEST)
    for field, written in WrittenQuotas.model_fields.items():
        assert written.description.endswith(f"AWS's default is {getattr(DEFAULTS, field)}")
