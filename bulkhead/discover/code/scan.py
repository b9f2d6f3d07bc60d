"""The scan: files, the programs that they are of, their sockets, what configures them."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Final

from bulkhead.discover.code import languages
from bulkhead.discover.code.bindings.binding import Family
from bulkhead.discover.code.bindings.table import of_family
from bulkhead.discover.code.config.scan import configured, is_config
from bulkhead.discover.code.files import Walked, files_below, first_bytes, shown, source_of
from bulkhead.discover.code.findings import findings
from bulkhead.discover.code.found import (
    CodePlace,
    CodeScan,
    EndpointInConfig,
    SkippedFile,
    SkipReason,
    SocketInCode,
)
from bulkhead.discover.code.languages import Language
from bulkhead.discover.code.programs import program_of
from bulkhead.discover.code.trace import Tracer
from bulkhead.discover.code.tree import Scope
from bulkhead.discover.code.world import Codebase
from bulkhead.problems import InputError, Problem

_WORD: Final = re.compile(r"[A-Za-z_@]\w+")
_FRAMES: Final = 6_000
_MOST_INDEXED: Final = 64 * 1024 * 1024
"""Bytes of one family of languages below one root: of what is more, whole folders that never
speak of ZeroMQ are not followed into."""


@dataclass(slots=True)
class _Source:
    path: Path
    file: str
    language: Language
    data: bytes
    marked: bool


@dataclass(slots=True)
class _Root:
    """What lies below one of the paths that were asked about."""

    path: Path
    sources: dict[Family, dict[str, _Source]] = field(default_factory=lambda: defaultdict(dict))
    configs: list[Path] = field(default_factory=list)


def scan(
    paths: Iterable[Path],
    *,
    everything: bool = False,
    only: Callable[[Path], bool] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> CodeScan:
    """All sockets below the paths; of files that are not among `only` none.

    Raises InputError where a path is not there.
    """
    paths = list(paths)
    _expect_there(paths)
    _expect_installed()
    from bulkhead.discover.code.lower.python import alone  # noqa: PLC0415 - an optional part

    walked = Walked(only)
    counted: Counter[str] = Counter()
    parsed: Counter[str] = Counter()
    lines, left_out = 0, list[str]()
    sockets: list[SocketInCode] = []
    endpoints: list[EndpointInConfig] = []
    authenticators: dict[str, list[CodePlace]] = defaultdict(list)
    seen: set[Path] = set()
    for path in paths:
        root = _Root(path)
        for file in files_below(path, walked, everything=everything):
            real = file.resolve()
            if real in seen:
                continue
            seen.add(real)
            language = _language(file)
            if language is None:
                if is_config(file):
                    root.configs.append(file)
                continue
            data = source_of(file, walked)
            if data is None:
                continue
            if not everything and languages.OF_BINDINGS.search(data):
                walked.ignored += 1
                continue
            counted[language.name] += 1
            lines += data.count(b"\n")
            marked = languages.MENTIONS.search(data) is not None
            name = shown(file)
            root.sources[language.family][name] = _Source(file, name, language, data, marked)
        with alone():
            for family, sources in root.sources.items():
                progress(f"reading {path}: {family}")
                reader = _Reader(family, sources, walked, parsed)
                found = reader.sockets(root.path)
                sockets += found
                left_out += reader.left_out
                for place in reader.authenticators:
                    authenticators[program_of(sources[place.file].path, root.path)].append(place)
        endpoints += configured(root.configs, sockets, walked, counted)
    if walked.others:
        left_out.append(f"{walked.others} files that git does not have")
    said = tuple(dict.fromkeys(sockets))
    told = (
        {each.place.file for each in said}
        | {each.place.file for each in endpoints}
        | {end.place.file for each in said for end in each.ends}
    )
    places = {name: tuple(each) for name, each in authenticators.items()}
    return CodeScan(
        roots=tuple(str(each) for each in paths),
        sockets=said,
        configured=tuple(endpoints),
        findings=findings(said, places),
        files=dict(counted.most_common()),
        parsed=dict(parsed.most_common()),
        lines=lines,
        skipped=tuple(walked.skipped),
        ignored=walked.ignored,
        left_out=tuple(dict.fromkeys(left_out)),
        authenticators=places,
        digests={name: digest for name, digest in sorted(walked.digests.items()) if name in told},
    )


def _language(file: Path) -> Language | None:
    """By its name, else by its beginning; None of what is none that is read."""
    if file.suffix == ".inc":
        return languages.included(first_bytes(file))
    found = languages.by_name(file.name)
    if found is None and not file.suffix:
        return languages.by_first_line(first_bytes(file))
    return found


def _expect_there(paths: list[Path]) -> None:
    problems = []
    for each in paths:
        try:
            there = each.exists()
        except (OSError, ValueError):
            there = False
        if not there:
            problems.append(
                Problem(
                    str(each),
                    0,
                    "there is no such file or folder",
                    "name source code that is there",
                )
            )
        elif not each.is_dir() and not each.is_file():
            problems.append(
                Problem(
                    str(each), 0, "is no regular file", "name a file or a folder with source code"
                )
            )
    if problems:
        raise InputError(problems)


def _expect_installed() -> None:
    try:
        import_module("ast_grep_py")
        import_module("astroid")
    except ImportError as error:
        what, remedy = f"{error.name} is not installed", "pip install 'bulkhead[discover]'"
        raise InputError([Problem("discover code", 0, what, remedy)]) from None


class _Reader:
    """One family of languages below one root."""

    def __init__(
        self, family: Family, sources: dict[str, _Source], walked: Walked, parsed: Counter[str]
    ) -> None:
        self.family = family
        self.sources = sources
        self.walked = walked
        self.parsed = parsed
        self.texts: dict[str, str] = {}
        self.spoken: dict[str, str] = {}
        self.authenticators: list[CodePlace] = []
        self.left_out: list[str] = []
        self._index: dict[str, list[str]] | None = None
        self._stems: dict[str, list[str]] = {}

    def sockets(self, root: Path) -> list[SocketInCode]:
        marked = [each.file for each in self.sources.values() if self._speaks(each)]
        if not marked:
            return []
        world = Codebase(self._read, self._having)
        for each in marked:
            world.add(each)
        tracer = Tracer(world, self.family, self.texts)
        with _deeper():
            found = tracer.sockets("", self.spoken)
        if tracer.too_deep:
            self.left_out.append(f"{tracer.too_deep} calls lead too deep to be followed")
        self.authenticators = tracer.authenticators
        return [
            replace(each, program=program_of(self.sources[each.place.file].path, root))
            for each in found
        ]

    def _speaks(self, source: _Source) -> bool:
        """Whether a file uses a binding of its language: many that say ZeroMQ only tell of it."""
        if not source.marked:
            return False
        text = source.data.decode("utf-8", "ignore")
        return any(each.mark.search(text) for each in of_family(self.family))

    def _read(self, file: str) -> Scope | None:
        source = self.sources.get(file)
        if source is None:
            return None
        try:
            text = source.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.walked.skipped.append(SkippedFile(file, SkipReason.ENCODING))
            return None
        language = languages.spoken(source.language, file, text)
        self.texts[file] = text
        self.spoken[file] = language.name
        try:
            scope = _lowered(language, text, file)
        except _unparsed() as error:
            why = str(error).strip().splitlines()
            self.walked.skipped.append(
                SkippedFile(file, SkipReason.UNPARSED, why[-1][:200] if why else "")
            )
            return None
        self.parsed[language.name] += 1
        return scope

    def _having(self, word: str) -> list[str]:
        if self._index is None:
            self._make_index()
        if word.startswith("/"):
            return self._stems.get(word[1:], [])
        return (self._index or {}).get(word, [])

    def _make_index(self) -> None:
        self._index = {}
        sources = list(self.sources.values())
        if sum(len(each.data) for each in sources) > _MOST_INDEXED:
            folders = {each.path.parent for each in sources if each.marked}
            kept = [each for each in sources if each.path.parent in folders]
            self.left_out.append(
                f"{len(sources) - len(kept)} files of {self.family}, in folders without ZeroMQ, "
                f"were not followed into: there are more than {_MOST_INDEXED >> 20} MiB"
            )
            sources = kept
        for each in sources:
            stem = each.path.stem
            for name in {stem, each.path.parent.name} if stem in ("__init__", "index") else {stem}:
                self._stems.setdefault(name, []).append(each.file)
            for word in set(_WORD.findall(each.data.decode("utf-8", "ignore"))):
                self._index.setdefault(word, []).append(each.file)


@contextmanager
def _deeper() -> Iterator[None]:
    """Names lead to names: frames of Python, of which it takes few at a time by itself."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _lowered(language: Language, text: str, file: str) -> Scope:
    if language.family == "python":
        from bulkhead.discover.code.lower.python import lowered_python  # noqa: PLC0415 - an optional part

        return lowered_python(text, file)
    if language.name == "Erlang":
        from bulkhead.discover.code.lower.erlang import lowered_erlang  # noqa: PLC0415 - an optional part

        return lowered_erlang(text, file)
    from bulkhead.discover.code.lower.grammar import lowered  # noqa: PLC0415 - an optional part

    return lowered(language.grammar, text, file)


def _unparsed() -> tuple[type[Exception], ...]:
    from astroid.exceptions import AstroidError  # noqa: PLC0415 - an optional part

    return AstroidError, RecursionError, SyntaxError, ValueError
