"""One answer as the entries that every machine form is written from: SARIF, JUnit, CSV, HTML, OCSF.

    sheet = sheets.check.check(...)
    sheet.ok, sheet.verdict, sheet.of(Outcome.FAIL)
    for entry in sheet.entries:
        print(entry.kind.id, entry.outcome, entry.message, entry.fingerprint)

An adapter a verb makes it (`report/sheets/`), a writer a form says it (`report/sarif.py` …): no
writer knows a verb, no adapter a form. Nothing is decided here either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from bulkhead.audit.check import Outcome
from bulkhead.lint import Severity
from bulkhead.network.origins import Origin
from bulkhead.network.provenance import Provenance
from bulkhead.report.scope import scope_lines

__all__ = ["Entry", "EntryKind", "Outcome", "Sheet", "sheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKind:
    """What all entries of one kind share: a rule of SARIF, a suite of JUnit, a control of OCSF.

    `id` is stable and in kebab-case: what a machine filters by. `title` is a few words,
    `describes` a sentence on what it means, `remedy` what to do in general. `severity` is the
    usual one; an entry may have another. `controls` are ids such as 'cis-5.2'.
    `undecided`: all that it says is that something cannot be told. `sums_up`: its entries say
    together what others say one by one, so no alert is opened for it.
    """

    id: str
    title: str
    describes: str
    remedy: str = ""
    severity: Severity = Severity.MEDIUM
    url: str = ""
    controls: tuple[str, ...] = ()
    undecided: bool = False
    sums_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was asked, and what came out.

    `subject` is the resource or the flow it is about, `origin` where that is written.
    `identity` makes it the same one tomorrow: names, ports and what a rule says; no line
    number, no id that AWS makes up anew. `copy` counts those that even so look the same, from 1.
    `under` are its effects: gone when this is. `why` says why it matters (or why it passes, is
    left undecided or suppressed), `evidence` the rules and cells that show it.
    """

    kind: EntryKind
    message: str
    subject: str
    identity: tuple[str, ...]
    outcome: Outcome = Outcome.FAIL
    severity: Severity | None = None
    why: str = ""
    remedy: str = ""
    origin: Origin | None = None
    evidence: tuple[str, ...] = ()
    under: tuple[Entry, ...] = ()
    copy: int = 1

    @property
    def grade(self) -> Severity:
        """How bad it is: its own, or the usual one of its kind."""
        return self.severity or self.kind.severity

    @property
    def fingerprint(self) -> str:
        """The same for the same thing in another run, another for another: 32 hex digits."""
        parts = (self.kind.id, *self.identity, str(self.copy))
        # With its length before it, no part can be mistaken for two.
        told = "".join(f"{len(each)}:{each}" for each in parts)
        # A name that JSON wrote may hold half of a character.
        return sha256(told.encode(errors="surrogatepass")).hexdigest()[:32]

    @property
    def fault(self) -> bool:
        """Whether it fails. A note is no fault."""
        return self.outcome is Outcome.FAIL and self.grade is not Severity.NOTE

    @property
    def place(self) -> str:
        """'trading.yaml:14', a URN, or ''."""
        return str(self.origin or "")

    def walk(self) -> Iterator[Entry]:
        """Itself and what is under it, the causes first."""
        yield self
        for each in self.under:
            yield from each.walk()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The whole answer of a verb. Made by `sheet`, which tells entries that look alike apart.

    `subject` is the source that was asked about, `verdict` one sentence, `ok` what the
    exit code says. Entries are in the order of the answer, the worst or the causes first.
    `notes` are what the answer does not cover, in words.
    """

    verb: str
    subject: str
    verdict: str
    ok: bool
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    provenance: Provenance | None = None

    @cached_property
    def every(self) -> tuple[Entry, ...]:
        """The entries, and under each what follows from it."""
        return tuple(each for entry in self.entries for each in entry.walk())

    @cached_property
    def counts(self) -> Mapping[Outcome, int]:
        """Of the entries; what is under one is not counted again."""
        return Counter(each.outcome for each in self.entries)

    @cached_property
    def kinds(self) -> tuple[EntryKind, ...]:
        """Each once, in the order in which they come."""
        return tuple({each.kind.id: each.kind for each in self.every}.values())

    def of(self, *outcomes: Outcome) -> tuple[Entry, ...]:
        """The entries with one of these outcomes."""
        return tuple(each for each in self.entries if each.outcome in outcomes)


def sheet(
    verb: str,
    subject: str,
    entries: Iterable[Entry],
    *,
    verdict: str,
    ok: bool,
    notes: Iterable[str] = (),
    provenance: Provenance | None = None,
) -> Sheet:
    """A sheet no two entries of which have one fingerprint."""
    seen: Counter[tuple[str, ...]] = Counter()

    def told_apart(entry: Entry) -> Entry:
        key = (entry.kind.id, *entry.identity)
        seen[key] += 1
        copy = seen[key]
        under = tuple(told_apart(each) for each in entry.under)
        return replace(entry, copy=copy, under=under)

    return Sheet(
        verb=verb,
        subject=subject,
        verdict=verdict,
        ok=ok,
        entries=tuple(told_apart(each) for each in entries),
        notes=(*(scope_lines(provenance.scope) if provenance else ()), *notes),
        provenance=provenance,
    )
