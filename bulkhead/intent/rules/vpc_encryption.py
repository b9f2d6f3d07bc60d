"""Whether the VPC can be held to encrypt, and whom it would keep out.

(docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html)
"""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.encrypting import sends_in_clear
from bulkhead.intent.written import WrittenTopology

_KEY = "vpc-encryption"


def judge_vpc_encryption(written: WrittenTopology, complain: Complain) -> None:
    """Only of a VPC of our own; with nobody in it whom AWS would refuse."""
    control = written.vpc_encryption
    if control is None:
        return
    if written.vpc is not None:
        what = "vpc-encryption: of a VPC that is there its owner says what is encrypted"
        complain((_KEY,), what, "remove it; mechanism: CURVE encrypts in any VPC")
        return
    if control.mode == "monitor" and control.exclude:
        what = "vpc-encryption: what is only watched keeps nobody out, and excludes nothing"
        complain((_KEY, "exclude"), what, "remove it, or write mode: enforce")
    if control.mode != "enforce":
        return
    for name, service in (written.services or {}).items():
        if service is not None and service.instance and sends_in_clear(service.instance):
            what = f"service {name} runs on {service.instance}, which does not encrypt what it "
            what += "sends: AWS lets it into no VPC with vpc-encryption: enforce"
            complain(
                ("services", name, "instance"),
                what,
                "choose one that does, such as c8i.large, or write mode: monitor",
            )
