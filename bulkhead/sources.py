"""What people may write for SOURCE, and the Network it stands for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulkhead import observe
from bulkhead.files import LARGEST_ANSWER, is_folder, read_file
from bulkhead.network import Flow, Network, Vpc
from bulkhead.problems import InputError, Problem

if TYPE_CHECKING:
    from bulkhead.plan import Plan

_ACCOUNT: Final = re.compile(
    r"aws(?:/(?P<vpc>vpc-[0-9a-z]+)"
    r"|:(?P<regions>\*|[a-z0-9-]+(?:,[a-z0-9-]+)*)(?:/(?P<only>[^/]+))?)?"
)
_VPC: Final = re.compile(r"vpc-[0-9a-z]+")
_KEY: Final = re.compile(r'[ \t\r\n]*[{,][ \t\r\n]*(?P<key>"(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_OF_A_STATE: Final = re.compile(rb'"(deployment|checkpoint)"\s*:')
_FORMS: Final = (
    "name a topology (.yaml), a `pulumi stack export` (.json), a `pulumi preview --json "
    "--show-sames` (.json), "
    "a folder or file of `aws ec2 describe-*` output (.json), aws, aws:REGION, "
    "aws:REGION,REGION or aws:*; one VPC of an account is aws/VPC, aws:REGION/VPC or "
    "aws:REGION/STACK, one of a dump DUMP/VPC"
)
_A_FOLDER: Final = (
    "aws, aws/VPC and aws:… always mean the account; a file or folder of that name is ./"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Network, what it was read from, and the plan if it was planned here."""

    label: str
    network: Network
    plan: Plan | None = None

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The declared ones, of a network that was planned here."""
        return self.plan.flows if self.plan else ()


def open_source(text: str, *, topology: str | None = None) -> Source:
    """The network that SOURCE stands for.

    `aws` and `aws:…` are the account, also where a file or folder is called so.
    `aws/VPC`, `aws:REGION/VPC`, `aws:REGION/STACK` and `DUMP/VPC` are one VPC of it;
    without a Region it is the one that is configured.
    With `topology`, only what was built for the topology of that name.
    Raises InputError or observe.ObserveError.
    """
    path = Path(text)
    if is_account(text):
        with _hint_at(path if text != f"aws/{path.name}" else path.parent, text):
            return Source(label=text, network=_account(text, topology))
    if _VPC.fullmatch(path.name) and not os.path.lexists(path):
        return Source(
            label=text, network=observe.dump(path.parent, topology=topology, only=path.name)
        )
    folder = is_folder(path, remedy=_FORMS)
    if not folder and path.suffix in (".yaml", ".yml"):
        _refuse_other_forms(path)
        from bulkhead.plan.files import locked_plan  # noqa: PLC0415 - what stands needs no planner

        planned = locked_plan(path)
        return Source(label=text, network=planned.network, plan=planned)
    reader = observe.dump if folder else _reader(path)
    return Source(label=text, network=reader(path, topology=topology))


def is_account(text: str) -> bool:
    """Whether SOURCE is AWS itself: what lies in the working directory cannot stand for it."""
    return text.startswith("aws:") or _ACCOUNT.fullmatch(text) is not None


def one_vpc(text: str, vpc: Vpc) -> str | None:
    """The SOURCE that is one VPC of this one; None where nobody can ask for less."""
    if account := _ACCOUNT.fullmatch(text):
        if account["vpc"] or account["only"]:
            return None
        return f"aws:{vpc.region}/{vpc.id}" if account["regions"] else f"aws/{vpc.id}"
    path = Path(text)
    planned = path.suffix in (".yaml", ".yml")
    if planned or not os.path.lexists(path) or not _VPC.fullmatch(vpc.id):
        return None
    return f"{text}/{vpc.id}" if path.is_dir() or _reader(path) is observe.dump else None


@contextmanager
def _hint_at(namesake: Path, text: str) -> Iterator[None]:
    """Where AWS cannot be asked, and a file is called as the account is: how to name the file."""
    try:
        yield
    except observe.ObserveError as error:
        if namesake.exists():
            error.add_note(f"{_A_FOLDER}{text}")
        raise


def _account(text: str, topology: str | None) -> Network:
    account = _ACCOUNT.fullmatch(text)
    if account is None:
        raise InputError([Problem(text, 0, "is no account", _FORMS)])
    regions, only = account["regions"], account["only"] or account["vpc"]
    if regions == "*":
        return observe.accounts(None, topology=topology, only=only)
    if regions is not None and "," in regions:
        return observe.accounts(regions.split(","), topology=topology, only=only)
    return observe.account(regions, topology=topology, only=only)


def _reader(path: Path) -> Callable[..., Network]:
    """By what is in the file: a state, a preview and an answer of AWS all end in .json."""
    data = read_file(path, largest=LARGEST_ANSWER, remedy=_FORMS)
    if reader := _reader_of(data):
        return reader
    if other := observe.refusal(str(path), data):
        raise InputError([other])
    if _is_json(data):
        raise InputError([Problem(str(path), 0, "it is JSON, but none of the sources", _FORMS)])
    # What is broken is for the reader to explain whose words it holds.
    if _OF_A_STATE.search(data):
        return observe.state
    if path.suffix.lower() == ".json" or data.lstrip().startswith(b"{"):
        return observe.dump
    raise InputError([Problem(str(path), 0, "is not a source", _FORMS)])


def _refuse_other_forms(path: Path) -> None:
    """An answer of AWS may be YAML too, and is no topology with forty wrong keys."""
    if other := observe.refusal(str(path), read_file(path, largest=LARGEST_ANSWER, remedy=_FORMS)):
        raise InputError([other])


def _reader_of(data: bytes) -> Callable[..., Network] | None:
    """Who reads the JSON object that the bytes begin with; None if nobody can tell.

    The first key that only one reader knows tells it, and nothing behind it is looked
    at: a large file is parsed by its reader, and by nobody before.
    """
    text = data.decode(json.detect_encoding(data), "replace").removeprefix("\ufeff")
    for key, begins in _members(text):
        if key in ("deployment", "checkpoint", "latest"):
            return observe.state
        if observe.is_answer({key: None}):
            return observe.dump
        if observe.is_preview({key: [] if begins == "[" else None}):
            return observe.preview
    return None


def _members(text: str) -> Iterator[tuple[str, str]]:
    """The keys of an object, and how the value of each begins; up to what is no JSON."""
    value_at = json.JSONDecoder().raw_decode
    end = 0
    try:
        while found := _KEY.match(text, end):
            begin = found.end()
            yield json.loads(found["key"]), text[begin : begin + 1]
            _, end = value_at(text, begin)
    except (ValueError, RecursionError):
        return


def _is_json(data: bytes) -> bool:
    """Whether they are one JSON value, or several of which the first has a line of its own."""
    for part in (data, data.split(b"\n", 1)[0]):
        try:
            json.loads(part)
        except (ValueError, RecursionError):
            continue
        return True
    return False
