"""A folder, or a file, of what `aws … describe-*` printed.

    aws ec2 describe-vpcs > eu-west-1/vpcs.json
    aws ec2 describe-subnets > eu-west-1/subnets.json
    …

Answers are known by their keys, whatever the files are called. Regions lie in
folders of their name, or follow from the records. What is missing is said and
makes undetermined what depends on it; what is contradicted, cut in the middle or
not an answer of AWS is refused, all at once, with the file and the line.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from bulkhead.network import DUMP_FILE, Network, Unmodelled
from bulkhead.observe.beside import inventory
from bulkhead.observe.beside.calls import BESIDE_KEYS
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS, TRANSIT_ROUTES
from bulkhead.observe.describe import convert
from bulkhead.observe.dumps import files as dump_files
from bulkhead.observe.dumps.answers import DumpRecord, FileContent, Loose, content
from bulkhead.observe.dumps.files import File
from bulkhead.observe.dumps.loose import owned_and_not, why_nobodys
from bulkhead.observe.dumps.merge import listed, merged
from bulkhead.observe.dumps.naming import SaidOfGroups
from bulkhead.observe.dumps.regions import UNKNOWN, by_region
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.join import expect_one, join_found
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.record import Fault, Gaps
from bulkhead.observe.wanted import EVERYTHING, Chosen, Wanted
from bulkhead.problems import InputError, Problem

_NEEDED: Final = ("Vpcs", "Subnets", "NetworkInterfaces", "Reservations")
_WANTED: Final = (
    "put the output of 'aws ec2 describe-vpcs', describe-subnets, describe-network-interfaces, "
    "describe-security-groups, describe-network-acls, describe-route-tables … there as JSON"
)
_TABLES: Final = "TransitGatewayRouteTables"
_TABLE_ID: Final = "TransitGatewayRouteTableId"
_POLICY_TABLES: Final = "TransitGatewayPolicyTables"
_MODE: Final = "InternetGatewayBlockMode"


def dump(path: Path, *, topology: str | None = None, only: str | None = None) -> Network:
    """The Network of a dump, as `read_dump` reads it."""
    return read_dump(path, wanted=Wanted(topology=topology, only=only)).network


def read_dump(path: Path, *, wanted: Wanted = EVERYTHING) -> Observed:
    """The Network of what is `wanted` of a dump.

    Raises InputError where it cannot be read or contradicts itself,
    TopologyNotFoundError or VpcNotFoundError where it holds none, and SeveralVpcsError
    where it holds several that were built from the topology.
    """
    try:
        return _dump(path, wanted)
    except RecursionError:
        what = "something in it is nested too deeply for an answer of AWS"
        raise InputError([Problem(str(path), 0, what, _WANTED)]) from None


def _dump(path: Path, wanted: Wanted) -> Observed:
    problems: list[Problem] = []
    told = SaidOfGroups()
    answers, notes, others = _read(path, problems, told)
    if not problems and not any(key in each.keys for each in answers for key in _NEEDED):
        what = "it holds no subnets, VPCs, interfaces or instances of AWS"
        problems.extend(others or [Problem(str(path), 0, what, _WANTED)])
    regions = list(_regions(answers, problems))
    if problems:
        raise InputError(problems)
    joined = join_found(
        (partial(_converted, region, path, wanted, problems) for region in regions),
        where=str(path),
    )
    if problems:
        raise InputError(problems)
    found = joined.network
    expect_one(found, wanted.topology, str(path), lambda vpc: f"{path}/{vpc.id}")
    read = tuple(
        Answers(
            region=each.name,
            document=each.document(),
            missing=each.missing,
            beside=each.beside,
            not_beside=each.not_beside,
        )
        for each in regions
    )
    return Observed(
        network=told.beside(replace(found, unmodelled=(*found.unmodelled, *notes))),
        scope=joined.scope,
        answers=read,
        inventory=partial(inventory, read),
        stands=True,
    )


def _read(
    path: Path, problems: list[Problem], told: SaidOfGroups
) -> tuple[list[FileContent], list[Unmodelled], list[Problem]]:
    """Every answer below a path, what was passed over, and what is an answer in another form.

    `told` hears what other answers say of groups.
    """
    answers: list[FileContent] = []
    notes: list[Unmodelled] = []
    others: list[Problem] = []

    def note(file: File, why: str) -> None:
        notes.append(Unmodelled(kind=DUMP_FILE, id=file.name, scope=file.name, why=why))

    left = dump_files.LARGEST_DUMP
    for file in dump_files.files(path):
        try:
            text = dump_files.read(file)
        except InputError as error:
            if file.must_be_read or dump_files.mentions(file, KEYS):
                problems.extend(error.problems)
            continue
        found = content(text, file) if text else None
        if not (found and found.is_one) and (other := dump_files.other_form(file)):
            others.append(other)
            note(file, f"{other.what}; {other.remedy}")
            continue
        if text is None or found is None:
            continue
        told.hear(text, file)
        left -= len(text.text)
        if left < 0:
            what = f"its answers are larger than {dump_files.LARGEST_DUMP >> 30} GiB together"
            raise InputError([Problem(str(path), 0, what, "name the folder of one Region")])
        problems.extend(found.problems)
        if found.is_one:
            answers.append(found)
        elif file.must_be_read:
            note(file, "it is no answer of the AWS CLI that says anything about a network")
        if found.is_one and found.ignored:
            note(file, f"not looked at: {', '.join(sorted(found.ignored))}")
    return answers, notes, others


@dataclass(slots=True)
class _Region:
    """What is known of one region: its records by 'KEY id', and what is missing of it."""

    name: str
    items: dict[str, DumpRecord]
    unmodelled: list[DumpRecord]
    keys: set[str]
    missing: dict[str, str]
    nobodys: list[Loose]
    public_access: Mapping[str, object] | None
    beside: dict[str, list[Mapping[str, object]]]
    not_beside: dict[str, str]

    def of(self, key: str) -> list[str]:
        """The ids of all records of a kind."""
        every = (each for each in self.items.values() if each.key == key)
        return [str(each.value.get(KEYS[key].id)) for each in every]

    def document(self) -> dict[str, object]:
        found: dict[str, object] = {key: [] for key in self.keys if key in KEYS}
        found |= listed(self.items)
        if self.public_access is not None:
            found[BLOCK_PUBLIC_ACCESS.key] = self.public_access
        return found


def _regions(answers: list[FileContent], problems: list[Problem]) -> Iterator[_Region]:
    owned, unowned = owned_and_not(answers)
    items = [*(item for each in answers for item in each.items), *owned]
    others = [item for each in answers for item in each.unmodelled]
    more = [item for each in answers for item in each.beside]
    placed = by_region((*items, *others, *more))
    named = {each.file.region for each in answers if each.file.region}
    for region in sorted({*placed, *named} or {UNKNOWN}):
        here = [each for each in answers if each.file.region in (region, None)]
        missing = dict(_missing(here))
        for loose in unowned:
            if loose.item.file.region in (region, None):
                missing[loose.detail.key] = why_nobodys(loose)
        yield _Region(
            name=region,
            items=merged((each for each in placed.get(region, ()) if each.key in KEYS), problems),
            unmodelled=[
                each
                for each in placed.get(region, ())
                if each.key not in KEYS and each.key not in BESIDE_KEYS
            ],
            keys={key for each in here for key in each.keys}
            | {each.key for each in placed.get(region, ()) if each.key in KEYS},
            missing=missing,
            nobodys=[each for each in unowned if each.item.file.region in (region, None)],
            public_access=_public_access(here, missing, problems),
            beside=_beside(here, placed.get(region, ())),
            not_beside={
                key: f"{each.file.name} is cut off at its NextToken"
                for each in here
                for key in sorted(each.cut & BESIDE_KEYS.keys())
            },
        )


def _beside(
    answers: Iterable[FileContent], placed: Iterable[DumpRecord]
) -> dict[str, list[Mapping[str, object]]]:
    """What only an audit asks of: also of what an answer says that there is none."""
    found: dict[str, list[Mapping[str, object]]] = {
        key: [] for each in answers for key in each.beside_keys
    }
    for each in placed:
        if each.key in BESIDE_KEYS:
            found.setdefault(each.key, []).append(each.value)
    return found


def _public_access(
    answers: Iterable[FileContent], missing: dict[str, str], problems: list[Problem]
) -> Mapping[str, object] | None:
    """VPC Block Public Access as all accounts of a region have it; missing if they differ."""
    options = [
        (each.file, each.public_access) for each in answers if each.public_access is not None
    ]
    key = BLOCK_PUBLIC_ACCESS.key
    for file, option in options:
        first, before = options[0]
        if option.get(_MODE) == before.get(_MODE):
            continue
        if file.account == first.account:
            what = f"{key} is not what {first.name} says it is ({_MODE})"
            problems.append(Problem(file.name, 1, what, "keep the newer of the two"))
        missing[key] = f"accounts {first.account} and {file.account} have different {key}"
    return options[0][1] if options and key not in missing else None


def _missing(answers: Iterable[FileContent]) -> Iterator[tuple[str, str]]:
    """Keys that are there in part only, and why."""
    every = list(answers)
    for each in every:
        for key in sorted(each.cut - BESIDE_KEYS.keys()):
            yield key, f"{each.file.name} is cut off at its NextToken"
    told: dict[str, set[str]] = defaultdict(set)
    for each in every:
        if each.file.account:
            told[each.file.account] |= each.keys
    shared = {key for each in every if not each.file.account for key in each.keys}
    for account, keys in sorted(told.items()):
        for key in sorted(set().union(*told.values()) - keys - shared):
            call = KEYS.get(key, BLOCK_PUBLIC_ACCESS)
            yield key, f"no answer to {call.operation} of account {account} is there"


def _converted(
    region: _Region,
    path: Path,
    wanted: Wanted,
    problems: list[Problem],
) -> Chosen:
    gaps = Gaps()
    _not_modelled(region, gaps)
    for loose in region.nobodys:
        # Whichever of the tables these routes are in, it has more than the others say.
        tables = region.of(_TABLES) if loose.detail is TRANSIT_ROUTES else ()
        for table in tables:
            gaps.add("transit-gateway-route-table", table, table, why_nobodys(loose))
    try:
        return convert.chosen_network(
            region.document(),
            region=region.name,
            where=str(path),
            source=str(path),
            wanted=wanted,
            missing=region.missing,
            gaps=gaps,
            strict=False,
        )
    except MalformedDescriptionError as error:
        problems.extend(_placed(fault, region, path) for fault in error.faults)
        return Chosen(Network())


def _placed(fault: Fault, region: _Region, path: Path) -> Problem:
    """A fault of the conversion, at the record that it is about."""
    item = region.items.get(fault.thing)
    return Problem(
        file=item.file.name if item else str(path),
        line=item.line if item else 0,
        what=fault.what,
        remedy="leave the answer as the AWS CLI writes it",
    )


_NARROW_FIRST: Final = (
    *("NetworkInterfaces", "VpnConnections", "NatGateways", "TransitGatewayVpcAttachments"),
    *("TransitGatewayAttachments", "TransitGatewayRouteTables", "Subnets", "RouteTables"),
    *("SecurityGroups", "VpnGateways", "InternetGateways", "TransitGateways", "Vpcs"),
)


def _not_modelled(region: _Region, gaps: Gaps) -> None:
    """What the model does not know leaves open the narrowest things that it names."""
    rank = {
        str(item.value.get(KEYS[item.key].id)): _NARROW_FIRST.index(item.key)
        for item in region.items.values()
        if item.key in _NARROW_FIRST
    }
    attached = _attached(region)
    for item in region.unmodelled:
        texts = list(_texts(item.value))
        own = next((text for key, text in texts if key.endswith(("Id", "Arn"))), item.key)
        words = {text for _, text in texts}
        named = {each for text in words for each in (text, *attached.get(text, ())) if each in rank}
        first = min((rank[each] for each in named), default=None)
        scopes = sorted(each for each in named if rank[each] == first) or [own]
        if item.key == _POLICY_TABLES:
            scopes = _perhaps_by_policy(region, item.value.get("TransitGatewayId")) or [own]
        gaps.add_each(item.key, own, scopes, f"{item.key} ({item.file.name}) are not modelled")


def _attached(region: _Region) -> Mapping[str, Sequence[str]]:
    """What is nothing else here (a Direct Connect gateway) -> where it is attached."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in region.items.values():
        kind = item.value.get("ResourceType")
        if item.key == "TransitGatewayAttachments" and kind not in ("vpc", "vpn", "peering"):
            attachment = str(item.value.get("TransitGatewayAttachmentId"))
            found[str(item.value.get("ResourceId"))].append(attachment)
    return found


def _perhaps_by_policy(region: _Region, gateway: object) -> list[str]:
    """The attachments of a gateway of which it is not shown that a route table routes them.

    Each is associated with one or the other
    (docs.aws.amazon.com/vpc/latest/tgw/tgw-policy-tables.html).
    """
    found = []
    for item in region.items.values():
        if item.key == "TransitGatewayAttachments" and item.value["TransitGatewayId"] == gateway:
            association = item.value.get("Association")
            if not (isinstance(association, Mapping) and association.get(_TABLE_ID)):
                found.append(str(item.value["TransitGatewayAttachmentId"]))
    return sorted(found)


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Every text in a record, with its key."""
    waiting: deque[tuple[str, object]] = deque([("", value)])
    while waiting:
        key, each = waiting.popleft()
        if isinstance(each, str):
            yield key, each
        elif isinstance(each, Mapping):
            waiting.extend((str(name), inner) for name, inner in each.items())
        elif isinstance(each, list):
            waiting.extend((key, inner) for inner in each)
