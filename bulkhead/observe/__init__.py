"""What stands there: a Network from a live account, from files of answers, or from a stack.

    live/       account("eu-west-1")     AWS is asked; the only room that does, and it only reads
    dumps/      dump(path)               what somebody kept of `aws ec2 describe-*`
    pulumi/     state(path)              what a stack made, as its state says
                preview(path)            what its next update would leave
    terraform/  read_terraform_state(…)  the same of Terraform and OpenTofu
    snapshots/  read_snapshot(path)      what was kept of a source as evidence
    describe/   from_answers(document)   the one conversion behind all of them

Each has a `read_…` beside it (`read_account`, `read_dump`, `read_state`), which returns an
`Observed`: the Network with the answers that it was made of. `calls` has the questions that
AWS is asked and what a lost answer means, `record` reads an answer with suspicion, `join`
makes one Network of several Regions, `Wanted` says which VPCs of a source somebody asks about.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from bulkhead.observe.calls import PERMISSIONS
from bulkhead.observe.describe import network as from_answers
from bulkhead.observe.dumps import dump, is_answer, is_snapshot, read_dump, refusal
from bulkhead.observe.errors import (
    MalformedDescriptionError,
    ObserveError,
    TopologyNotFoundError,
    VpcNotFoundError,
)
from bulkhead.observe.join import join
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.wanted import ALL_NAMES, EVERYTHING, Wanted

if TYPE_CHECKING:
    from bulkhead.observe.live import (
        QuotasTold,
        account,
        accounts,
        read_account,
        read_accounts,
        read_quotas,
    )
    from bulkhead.observe.pulumi import (
        is_preview,
        preview,
        read_preview,
        read_state,
        shaped_preview,
        shaped_state,
        state,
    )
    from bulkhead.observe.snapshots import (
        Manifest,
        PlannedFrom,
        expect_free,
        expect_unchanged,
        keep_account,
        keep_dump,
        keep_files,
        keep_stack,
        read_manifest,
        read_snapshot,
    )
    from bulkhead.observe.terraform import (
        read_terraform_plan,
        read_terraform_state,
        shaped_terraform_plan,
        shaped_terraform_state,
    )

__all__ = [
    "ALL_NAMES",
    "EVERYTHING",
    "PERMISSIONS",
    "Answers",
    "MalformedDescriptionError",
    "Manifest",
    "ObserveError",
    "Observed",
    "PlannedFrom",
    "QuotasTold",
    "TopologyNotFoundError",
    "VpcNotFoundError",
    "Wanted",
    "account",
    "accounts",
    "dump",
    "expect_free",
    "expect_unchanged",
    "from_answers",
    "is_answer",
    "is_preview",
    "is_snapshot",
    "join",
    "keep_account",
    "keep_dump",
    "keep_files",
    "keep_stack",
    "preview",
    "read_account",
    "read_accounts",
    "read_dump",
    "read_manifest",
    "read_preview",
    "read_quotas",
    "read_snapshot",
    "read_state",
    "read_terraform_plan",
    "read_terraform_state",
    "refusal",
    "shaped_preview",
    "shaped_state",
    "shaped_terraform_plan",
    "shaped_terraform_state",
    "state",
]

_LATER: Final = {
    "shaped_preview": "pulumi",
    "shaped_state": "pulumi",
    "shaped_terraform_plan": "terraform",
    "shaped_terraform_state": "terraform",
    "read_terraform_plan": "terraform",
    "read_terraform_state": "terraform",
    "read_manifest": "snapshots",
    "keep_stack": "snapshots",
    "keep_files": "snapshots",
    "expect_unchanged": "snapshots",
    "PlannedFrom": "snapshots",
    "account": "live",
    "accounts": "live",
    "is_preview": "pulumi",
    "preview": "pulumi",
    "read_account": "live",
    "read_accounts": "live",
    "read_quotas": "live",
    "QuotasTold": "live",
    "read_preview": "pulumi",
    "read_state": "pulumi",
    "Manifest": "snapshots",
    "expect_free": "snapshots",
    "keep_account": "snapshots",
    "keep_dump": "snapshots",
    "read_snapshot": "snapshots",
    "state": "pulumi",
}
"""In which room is what a dump does not need: boto3 takes as long to import as one to read."""


def __getattr__(name: str) -> object:
    """What of `_LATER` is asked for, imported then."""
    if room := _LATER.get(name):
        return getattr(import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
