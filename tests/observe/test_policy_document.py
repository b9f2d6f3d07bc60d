"""The IAM policy in docs/observe.md grants what is used, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bulkhead import observe
from bulkhead.observe.beside import AUDIT_PERMISSIONS, NAME_PERMISSIONS
from bulkhead.observe.calls import QUOTA

DOCUMENT = Path(__file__).parents[2] / "docs" / "observe.md"


def test_the_documented_policy_grants_each_permission_that_is_used_and_no_other():
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    (statement,) = json.loads(blocks[0])["Statement"]
    assert statement["Action"] == list(observe.PERMISSIONS)
    assert statement["Effect"] == "Allow"


def test_what_only_an_audit_asks_for_is_granted_apart():
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    (statement,) = json.loads(blocks[1])["Statement"]
    assert statement["Action"] == list(AUDIT_PERMISSIONS)
    assert not set(AUDIT_PERMISSIONS) & set(observe.PERMISSIONS)


def test_what_only_quotas_are_asked_by_is_granted_apart():
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    (statement,) = json.loads(blocks[2])["Statement"]
    assert statement["Action"] == [QUOTA.permission]


def test_what_is_asked_for_names_alone_is_granted_apart():
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    (statement,) = json.loads(blocks[3])["Statement"]
    assert statement["Action"] == list(NAME_PERMISSIONS)


def test_every_permission_only_reads():
    services = "cloudwatch|ec2|elasticloadbalancing|network-firewall|route53|servicequotas"
    reading = re.compile(rf"({services}):(Describe|Get|List|Search)\w+")
    every = (*observe.PERMISSIONS, *AUDIT_PERMISSIONS, *NAME_PERMISSIONS, QUOTA.permission)
    assert all(reading.fullmatch(each) for each in every)
