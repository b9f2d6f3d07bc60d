"""The state of Terraform or OpenTofu: `terraform show -json`, of what lies there or of a file."""

from __future__ import annotations

from pathlib import Path

from bulkhead.observe.observed import Observed
from bulkhead.observe.pulumi.shaped import Shaped, shaped
from bulkhead.observe.pulumi.stack import Stack, refused
from bulkhead.observe.record import UnreadableError
from bulkhead.observe.terraform.document import (
    PROVIDER,
    REFRESH,
    SHOW,
    TELLS,
    TerraformResource,
    held_in,
    load,
    region_of,
)
from bulkhead.observe.terraform.inside import apart, declared
from bulkhead.observe.wanted import EVERYTHING, Wanted


def read_terraform_state(path: Path, *, wanted: Wanted = EVERYTHING) -> Observed:
    """The Network of what is `wanted` of all that a state says was made.

    Raises InputError where the file holds no state that can be read, and
    TopologyNotFoundError, VpcNotFoundError or SeveralVpcsError.
    """
    return shaped_terraform_state(path).observed(path, wanted=wanted, remedy=REFRESH)


def shaped_terraform_state(path: Path) -> Shaped:
    """What a state says, in the shape of AWS's answers. Raises InputError."""
    top = load(path, "values")
    try:
        every = held_in(top.inside("values"))
    except UnreadableError as error:
        raise refused(path, str(error), SHOW) from None
    except RecursionError:
        raise refused(path, "it is nested too deeply", SHOW) from None
    return shaped(stack_of(every), path, remedy=REFRESH)


def stack_of(every: tuple[TerraformResource, ...]) -> Stack:
    """The resources as those of a stack."""
    said_apart = apart(every)
    ordered = sorted(every, key=lambda each: not each.deposed)
    region = region_of(tuple(each.values for each in every))
    return Stack(
        tuple(each.resource(declared(each, said_apart)) for each in ordered),
        (),
        {PROVIDER: region} if region else {},
        tells=TELLS,
    )
