"""An audit as OCSF: an array of Compliance Findings, one for what a check says of a resource.

The class is 2003 of OCSF 1.5 (schema.ocsf.io/1.5.0/classes/compliance_finding), with the profiles
cloud and datetime. prowler writes an array of the same shape, of class 2004 (Detection Finding),
and keeps the controls under `unmapped.compliance`; that is here too, so that what reads prowler's
finds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bulkhead.audit import Answer, Assessed, Audit, Control, Framework, Outcome
from bulkhead.lint import Severity
from bulkhead.network import Provenance
from bulkhead.report.sheet import Sheet
from bulkhead.report.sheets.audit import said_of, subject

VERSION: Final = "1.5.0"
_CLASS: Final = 2003
_CATEGORY: Final = 2
_CREATE: Final = 1
_AWS_ACCOUNT: Final = 10
_SEVERITY: Final = {
    Severity.HIGH: (4, "High"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.LOW: (2, "Low"),
    Severity.NOTE: (1, "Informational"),
}
_COMPLIANCE: Final = {
    Outcome.PASS: (1, "Pass"),
    Outcome.NOT_DECIDED: (2, "Warning"),
    Outcome.FAIL: (3, "Fail"),
    Outcome.SUPPRESSED: (3, "Fail"),
    Outcome.NOT_APPLICABLE: (99, "Not Applicable"),
}
"""A suppressed finding fails, and its status says that somebody answers for it."""
_CODES: Final = {
    Outcome.PASS: "PASS",
    Outcome.FAIL: "FAIL",
    Outcome.SUPPRESSED: "FAIL",
    Outcome.NOT_DECIDED: "MANUAL",
    Outcome.NOT_APPLICABLE: "NOT_APPLICABLE",
}
"""PASS, FAIL and MANUAL are prowler's words."""
_TYPES: Final = {
    "sg": "AwsEc2SecurityGroup",
    "acl": "AwsEc2NetworkAcl",
    "vpc": "AwsEc2Vpc",
    "subnet": "AwsEc2Subnet",
    "rtb": "AwsEc2RouteTable",
    "i": "AwsEc2Instance",
    "eni": "AwsEc2NetworkInterface",
    "eipalloc": "AwsEc2Eip",
    "lt": "AwsEc2LaunchTemplate",
    "vpn": "AwsEc2VpnConnection",
    "tgw": "AwsEc2TransitGateway",
    "igw": "AwsEc2InternetGateway",
}
"""As Security Hub calls them, and prowler after it."""
_PROWLER: Final = {
    Framework.CIS: "CIS-{}",
    Framework.FSBP: "AWS-Foundational-Security-Best-Practices",
    Framework.PCI: "PCI-{}",
    Framework.NIST: "NIST-800-53-Revision-5",
    Framework.ZERO_TRUST: "NIST-800-207",
}
"""What prowler calls a framework in `unmapped.compliance`."""


def ocsf(
    grouped: Iterator[tuple[Answer, tuple[Assessed, ...]]],
    audited: Audit,
    sheet: Sheet,
) -> str:
    """The text of the file: every answer, and every control that needs more."""
    made = sheet.provenance
    by_subject = {
        (each.kind.id, each.subject, each.message): each.fingerprint for each in sheet.entries
    }
    events = [_answer(answer, controls, made, by_subject) for answer, controls in grouped]
    events += [_control(each, made) for each in audited.assessed if each.needs or not each.answers]
    return json.dumps(events, indent=2, ensure_ascii=False) + "\n"


def _answer(
    answer: Answer,
    controls: Sequence[Assessed],
    made: Provenance | None,
    fingerprints: dict[tuple[str, str, str], str],
) -> dict[str, Any]:
    check, checked = answer.check, answer.checked
    message = str(checked)
    suppressed = checked.outcome is Outcome.SUPPRESSED
    excuse = [f"suppressed {answer.suppression}"] if answer.suppression else []
    event = _event(
        checked.outcome,
        check.severity,
        message,
        made,
        [each.control for each in controls],
        details=[
            *(message, *map(str, checked.rules), *checked.evidence),
            *(*said_of(checked), *excuse),
        ],
        control=check.title,
        suppressed=suppressed,
    )
    event["metadata"]["event_code"] = check.id
    event["finding_info"] |= {
        "uid": f"bulkhead-{fingerprints[check.id, subject(checked), message]}",
        "title": check.title,
        "desc": check.risk,
        "types": ["Compliance"],
    }
    event["compliance"]["checks"] = [
        {
            "uid": check.id,
            "name": check.title,
            "desc": check.risk,
            "status_id": _COMPLIANCE[checked.outcome][0],
            "status": _COMPLIANCE[checked.outcome][1],
            "severity_id": _SEVERITY[check.severity][0],
            "severity": _SEVERITY[check.severity][1],
            "standards": event["compliance"]["standards"],
        }
    ]
    event["remediation"] = {"desc": checked.remedy or check.remedy}
    event["resources"] = [_resource(checked.resource, checked.name, made)]
    return event


def _control(assessed: Assessed, made: Provenance | None) -> dict[str, Any]:
    """A control as a whole: nothing is of its kind, or it asks for more than is known here."""
    control = assessed.control
    event = _event(
        assessed.outcome,
        Severity.NOTE,
        f"{control.name}: {control.requires}",
        made,
        [control],
        details=[f"it also needs {each}" for each in assessed.needs],
        control=control.requires,
    )
    event["metadata"]["event_code"] = control.slug
    event["finding_info"] |= {
        "uid": f"bulkhead-{control.slug}",
        "title": f"{control.name}: {control.requires}",
        "desc": control.requires,
        "types": ["Compliance"],
    }
    return event


def _event(
    outcome: Outcome,
    severity: Severity,
    message: str,
    made: Provenance | None,
    controls: Sequence[Control],
    *,
    details: list[str],
    control: str,
    suppressed: bool = False,
) -> dict[str, Any]:
    time = made.time if made else datetime.now(UTC)
    grave = severity if outcome in (Outcome.FAIL, Outcome.SUPPRESSED) else Severity.NOTE
    standards = list(dict.fromkeys(_standard(each) for each in controls))
    compliance: dict[str, list[str]] = {}
    for each in controls:
        compliance.setdefault(_PROWLER[each.framework].format(each.version), []).append(each.id)
    milliseconds = int(time.timestamp() * 1000)
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": milliseconds,
        "time_dt": time.isoformat(),
        "severity_id": _SEVERITY[grave][0],
        "severity": _SEVERITY[grave][1],
        "status_id": 3 if suppressed else 1,
        "status": "Suppressed" if suppressed else "New",
        "status_code": _CODES[outcome],
        "status_detail": details[0] if details else message,
        "message": message,
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud", "datetime"],
            "product": {
                "uid": "bulkhead",
                "name": "Bulkhead",
                "vendor_name": "Bulkhead",
                "version": made.version if made else "",
            },
        },
        "finding_info": {"created_time": milliseconds, "created_time_dt": time.isoformat()},
        "compliance": {
            "standards": standards,
            "requirements": [each.name for each in controls],
            "control": control,
            "status_id": _COMPLIANCE[outcome][0],
            "status": _COMPLIANCE[outcome][1],
            "status_code": _CODES[outcome],
            "status_details": details,
        },
        "cloud": _cloud(made),
        "unmapped": {"compliance": compliance, "provider": "aws"},
    }


def _standard(control: Control) -> str:
    return f"{control.framework.heading} {control.version}".strip()


def _cloud(made: Provenance | None) -> dict[str, Any]:
    found: dict[str, Any] = {"provider": "aws"}
    if made and len(made.regions) == 1:
        found["region"] = made.regions[0]
    if made and made.account:
        found["account"] = {
            "uid": made.account,
            "type_id": _AWS_ACCOUNT,
            "type": "AWS Account",
        }
    return found


def _resource(id_: str, name: str, made: Provenance | None) -> dict[str, Any]:
    kind = _TYPES.get(id_.partition("-")[0], "Other")
    found: dict[str, Any] = {"uid": id_ or name, "name": name, "type": kind}
    if made and len(made.regions) == 1:
        found["region"] = made.regions[0]
    return found
