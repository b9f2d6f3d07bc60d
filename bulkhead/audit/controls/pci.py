"""PCI DSS 4.0. Of the verified ones only the titles of the requirements were read."""

from __future__ import annotations

from functools import partial
from typing import Final

from bulkhead.audit.controls.table import Control, ControlStatus, Framework

_control = partial(Control, framework=Framework.PCI, version="4.0")
_unverified = partial(_control, status=ControlStatus.UNVERIFIED)
_DIAGRAM: Final = ("diagram-current", "as-planned")
"""One of the plan is one of the network if what stands there is what was planned."""

PCI: Final = (
    _unverified(id="1.2.3", requires="a current network diagram", checks=_DIAGRAM),
    _unverified(id="1.2.4", requires="a current data-flow diagram", checks=_DIAGRAM),
    _control(
        id="1.2.5",
        requires="all services, protocols and ports are identified, approved and needed",
        checks=("flows-declared", "flows-justified", "flows-needed-still"),
    ),
    _unverified(
        id="1.2.7",
        requires="rules are reviewed every six months",
        outside="the record of the last review, and its date",
    ),
    _control(
        id="1.2.8",
        requires="the active configuration is the one that was secured",
        checks=("as-planned",),
        live=True,
    ),
    _control(
        id="1.3.1",
        requires="into the cardholder data environment only what is necessary",
        checks=("cde-inbound-declared",),
    ),
    _control(
        id="1.3.2",
        requires="out of the cardholder data environment only what is necessary",
        checks=("cde-outbound-declared",),
    ),
    _control(
        id="1.4.1",
        requires="controls stand between trusted and untrusted networks",
        checks=("crossings-controlled",),
    ),
    _control(
        id="1.4.2",
        requires="inbound traffic from untrusted networks is restricted",
        checks=("inbound-from-untrusted-declared",),
    ),
    _control(
        id="1.4.3",
        requires="forged source addresses are blocked",
        checks=("source-dest-check-on",),
    ),
    _control(
        id="1.4.4",
        requires="stores of cardholder data are not directly reachable from untrusted networks",
        checks=("stores-not-reached",),
    ),
    _control(
        id="1.4.5",
        requires="internal addresses are not disclosed",
        checks=("instance-not-public",),
        outside="what applications, mail and DNS tell of internal addresses",
    ),
    _control(
        id="1.5.1",
        requires="devices that join untrusted networks and this one are controlled",
        status=ControlStatus.WORDING,
        outside="the devices of people: attest to them",
    ),
    _unverified(
        id="4.2.1",
        requires="strong cryptography over open networks",
        checks=("tunnel-algorithms-strong", "crossings-encrypted"),
    ),
    _unverified(
        id="11.4.5",
        requires="segmentation is tested every 12 months",
        checks=("segmentation-tested-12-months",),
    ),
    _unverified(
        id="11.4.6",
        requires="service providers test segmentation every 6 months",
        checks=("segmentation-tested-6-months",),
    ),
)
