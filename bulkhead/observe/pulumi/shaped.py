"""A stack in the shape of AWS's answers, with all that this shape has no words for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bulkhead.network import Replaced, Unlisted, Unmodelled
from bulkhead.network.inventory import Inventory
from bulkhead.observe.describe import convert
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.pulumi import in_doubt
from bulkhead.observe.pulumi.inventory import inventory_of
from bulkhead.observe.pulumi.origins import WrittenIn, written_in
from bulkhead.observe.pulumi.planned.to_come import Choices, judged
from bulkhead.observe.pulumi.resources import IN_ORDER, finish
from bulkhead.observe.pulumi.resources.shape import ResourceReader, Shape, short
from bulkhead.observe.pulumi.stack import Resource, Stack, problem
from bulkhead.observe.pulumi.unlisted import unlisted
from bulkhead.observe.record import Fault, Gaps, HiddenError, UnreadableError
from bulkhead.observe.wanted import EVERYTHING, Wanted
from bulkhead.problems import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """What a stack says, before it is a Network: all of it, whatever is asked about.

    `document` as `describe.network` takes it, with a `Hidden` for what is not to be read or
    not known yet; `unmodelled` and `faults` are what could not be brought into that shape.
    `choices` and `replaced` are those of a preview, None of a state.
    """

    region: str
    document: Mapping[str, object]
    owners: tuple[str, ...]
    unmodelled: tuple[Unmodelled, ...]
    unlisted: tuple[Unlisted, ...]
    written: WrittenIn
    inventory: Callable[[], Inventory]
    faults: tuple[Fault, ...] = ()
    choices: Choices | None = None
    replaced: tuple[Replaced, ...] | None = field(default=None)

    def observed(self, path: Path, *, remedy: str, wanted: Wanted = EVERYTHING) -> Observed:
        """The Network of what is `wanted` of it; `path` is where it was read.

        Raises InputError where it cannot be read as one, TopologyNotFoundError,
        VpcNotFoundError and SeveralVpcsError.
        """
        gaps = Gaps(dict.fromkeys(self.unmodelled), list(self.faults))
        try:
            chosen = convert.chosen_network(
                self.document,
                region=self.region,
                where=str(path),
                wanted=wanted,
                gaps=gaps,
                unlisted=self.unlisted,
            )
        except MalformedDescriptionError as error:
            found = [problem(path, str(fault), remedy) for fault in error.faults]
            raise InputError(found) from None
        except UnreadableError as error:
            raise InputError([problem(path, str(error), remedy)]) from None
        network = chosen.network
        if self.choices is not None:
            network = judged(network, self.choices)
        return Observed(
            network=network,
            scope=chosen.scope,
            answers=(Answers(region=self.region, document=self.document, owners=self.owners),),
            origins=self.written.origins(network),
            replaced=self.replaced,
            inventory=self.inventory,
        )


def shaped(
    stack: Stack,
    path: Path,
    *,
    remedy: str,
    gaps: Gaps | None = None,
    stood: frozenset[tuple[str, str]] | None = None,
) -> Shaped:
    """What the resources of `path` say; `gaps` is what is in doubt already.

    `stood`: with it, no more is undeclared than that, by kind and words. Raises InputError.
    """
    gaps = gaps if gaps is not None else Gaps()
    shape = Shape(stack, gaps, stood)
    try:
        for token, reader in IN_ORDER:
            _read_each(token, reader, shape)
        finish(shape)
        in_doubt.pending(shape)
        in_doubt.not_covered(shape)
        return Shaped(
            region=next(iter(stack.regions.values()), "unknown"),
            document=shape.document(),
            owners=stack.accounts,
            unmodelled=tuple(gaps.unmodelled),
            faults=tuple(gaps.faults),
            unlisted=tuple(unlisted(shape)),
            written=written_in(shape),
            inventory=partial(inventory_of, stack),
        )
    except UnreadableError as error:
        raise InputError([problem(path, str(error), remedy)]) from None


def _read_each(token: str, reader: ResourceReader, shape: Shape) -> None:
    """Every resource of one type; what of it cannot be read is said, and left out from then on."""
    for resource in shape.stack.resources:
        if resource.type != token or not resource.id or _key(resource) in shape.left_out:
            continue
        try:
            reader(resource, shape)
        except HiddenError as error:
            shape.left_out.add(_key(resource))
            scopes = in_doubt.scopes_of_hidden(resource)
            scopes += in_doubt.any_of_its_kind(resource, shape)
            shape.gaps.add_each(short(token), resource.id, scopes or [resource.id], str(error))
        except UnreadableError as error:
            shape.left_out.add(_key(resource))
            shape.gaps.spoil(str(error))


def _key(resource: Resource) -> tuple[str, bool]:
    """A resource and the one that replaces it share their URN."""
    return resource.urn, resource.retiring
