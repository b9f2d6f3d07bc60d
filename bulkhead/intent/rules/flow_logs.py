"""Whether flow logs can go where they are sent."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology


def judge_flow_logs(written: WrittenTopology, complain: Complain) -> None:
    """Each key goes with one place; to record nothing needs a reason."""
    logs = written.flow_logs
    if logs is not None and written.vpc is not None:
        what = "flow-logs: of a VPC that is there its owner says what is recorded"
        complain(("flow-logs",), what, "remove it")
        return
    if logs is None or logs.to is None:
        return
    for key, place, remedy in (
        ("retention", "cloudwatch", "let a lifecycle rule of the bucket say it"),
        ("bucket", "s3", "write to: s3, or remove it"),
        ("why", "none", "remove it, or put it into a comment"),
    ):
        if key in logs.model_fields_set and logs.to != place:
            instead = "remove it" if logs.to == "none" else remedy
            complain(("flow-logs", key), f"flow-logs: {key} is of to: {place}", instead)
    if logs.to == "s3" and logs.bucket == "":
        what = "flow-logs go to s3, and no bucket is named"
        complain(("flow-logs",), what, "add bucket: the name of one that is there")
    if logs.to == "none" and logs.why == "":
        what = "flow-logs: nothing is recorded, and nobody says why"
        complain(("flow-logs",), what, "add why:, or remove to: none")
