"""NIST SP 800-53, revision 5."""

from __future__ import annotations

from functools import partial
from typing import Final

from bulkhead.audit.controls.table import Control, ControlStatus, Framework

_control = partial(Control, framework=Framework.NIST, version="r5")
_wording = partial(_control, status=ControlStatus.WORDING)
_unverified = partial(_control, status=ControlStatus.UNVERIFIED)

NIST: Final = (
    _control(
        id="AC-4",
        requires="information flows as approved: no more, no less",
        checks=("flows-declared", "flows-work"),
    ),
    _control(
        id="AC-4(21)",
        requires="information flows are kept apart",
        checks=("segments-apart",),
    ),
    _control(
        id="AC-4(26)",
        requires="what filters do is audited",
        checks=("flow-logs-on", "firewall-logged"),
    ),
    _wording(
        id="AC-17(1)",
        requires="remote access is monitored and controlled",
        checks=("tunnels-logged", "tunnels-routed", "tunnels-alarmed", "flow-logs-on"),
    ),
    _wording(id="AU-12", requires="audit records are made", checks=("flow-logs-on",)),
    _unverified(
        id="CA-9",
        requires="internal connections are authorised",
        checks=("flows-declared", "flows-justified", "flows-needed-still"),
    ),
    _control(
        id="CM-7(b)",
        requires="ports, protocols and services are restricted",
        checks=("flows-declared",),
    ),
    _control(
        id="SC-7(a)",
        requires="traffic at the boundary is monitored and controlled",
        checks=("flow-logs-on", "crossings-controlled"),
    ),
    _control(
        id="SC-7(b)",
        requires="what is publicly reachable stands in subnets of its own",
        checks=("public-hosts-apart",),
    ),
    _control(
        id="SC-7(c)",
        requires="external networks are reached by managed interfaces alone",
        checks=("crossings-controlled", "access-points-planned"),
    ),
    _control(
        id="SC-7(3)",
        requires="access points to external networks are few",
        checks=("access-points-planned",),
    ),
    _control(
        id="SC-7(4)(b)",
        requires="each managed interface has a policy of its traffic",
        checks=("each-layer-holds",),
    ),
    _control(
        id="SC-7(5)",
        requires="deny by default, allow by exception",
        checks=("flows-declared",),
    ),
    _control(
        id="SC-7(9)",
        requires="outbound traffic is restricted",
        checks=("outbound-declared",),
    ),
    _control(
        id="SC-7(11)",
        requires="inbound traffic is restricted to authorised sources",
        checks=("inbound-from-untrusted-declared",),
    ),
    _wording(
        id="SC-7(16)",
        requires="components cannot be discovered from outside",
        checks=("not-discovered",),
    ),
    _control(
        id="SC-7(20)",
        requires="components can be isolated at once",
        outside="a rehearsal: `bulkhead diff` of the isolating change shows what it cuts",
    ),
    _control(
        id="SC-7(21)",
        requires="components are isolated from one another",
        checks=("segments-apart", "each-layer-holds"),
    ),
    _wording(
        id="SC-7(28)",
        requires="no component connects directly to a public network",
        checks=("not-on-the-internet",),
    ),
    _unverified(
        id="SC-8",
        requires="what is transmitted is confidential and intact",
        checks=("tunnel-algorithms-strong", "flows-encrypted"),
    ),
)
