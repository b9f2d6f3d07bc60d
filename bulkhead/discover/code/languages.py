"""Which language a file is written in, by its name, and which grammar reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bulkhead.discover.code.bindings.binding import Family


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what people call it, `grammar` what ast-grep does; '' of those read otherwise."""

    name: str
    grammar: str
    family: Family


_PYTHON: Final = Language("Python", "", "python")
_C: Final = Language("C", "c", "c")
_CPP: Final = Language("C++", "cpp", "c")
_JS: Final = Language("JavaScript", "javascript", "js")
_BY_SUFFIX: Final[dict[str, Language]] = {
    **dict.fromkeys((".py", ".pyw"), _PYTHON),
    **dict.fromkeys((".c", ".h"), _C),
    **dict.fromkeys(
        (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".ipp", ".inl", ".cu", ".c++", ".tpp"), _CPP
    ),
    ".go": Language("Go", "go", "go"),
    ".rs": Language("Rust", "rust", "rust"),
    ".java": Language("Java", "java", "jvm"),
    **dict.fromkeys((".kt", ".kts"), Language("Kotlin", "kotlin", "jvm")),
    **dict.fromkeys((".scala", ".sc"), Language("Scala", "scala", "jvm")),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), _JS),
    **dict.fromkeys((".ts", ".mts", ".cts"), Language("TypeScript", "typescript", "js")),
    ".tsx": Language("TypeScript", "tsx", "js"),
    ".cs": Language("C#", "csharp", "dotnet"),
    **dict.fromkeys((".rb", ".rake"), Language("Ruby", "ruby", "ruby")),
    **dict.fromkeys((".ex", ".exs"), Language("Elixir", "elixir", "beam")),
    **dict.fromkeys((".erl", ".hrl", ".escript"), Language("Erlang", "", "beam")),
    ".php": Language("PHP", "php", "php"),
    ".lua": Language("Lua", "lua", "lua"),
}

MENTIONS: Final = re.compile(
    rb"zmq|[\"']jmp[\"']|netmq|zeromq|zsock|zactor|chumak|zerorpc|cztop|OMQ::|jeromq|"
    rb"new (?:Publisher|Subscriber|Request|Response|Dealer|Router|Push|Pull|Pair)Socket\b",
    re.IGNORECASE,
)
"""What a file says that may have to do with ZeroMQ. The rest is read only where a name leads."""
OF_BINDINGS: Final = re.compile(rb"__ZMQ(?:_ADDON)?_HPP_INCLUDED__")
"""The headers of cppzmq, which programs copy: a binding, and none of their sockets."""
_SHEBANG: Final = re.compile(rb"#!\S*(?:/env(?: -S)? +|/)(python|ruby|node|lua|php|escript)")
_SHEBANGS: Final = {
    b"python": ".py",
    b"ruby": ".rb",
    b"node": ".js",
    b"lua": ".lua",
    b"php": ".php",
    b"escript": ".erl",
}
_CPLUSPLUS: Final = re.compile(r"::|\bclass \w|\bnamespace\b|\btemplate *<")


def by_name(file: str) -> Language | None:
    """The language of a file, as far as its name tells."""
    return _BY_SUFFIX.get(PurePath(file).suffix.lower())


def by_first_line(start: bytes) -> Language | None:
    """Of a script without a suffix, the interpreter that it names."""
    match = _SHEBANG.match(start)
    return _BY_SUFFIX[_SHEBANGS[match[1]]] if match else None


def included(start: bytes) -> Language:
    """Of a file that is only ever included (`.inc`): PHP where it says so, else C."""
    return _BY_SUFFIX[".php"] if b"<?" in start else _C


def spoken(language: Language, file: str, text: str) -> Language:
    """A header is of C++ where it says what C cannot."""
    header = language is _C and file.lower().endswith((".h", ".inc"))
    return _CPP if header and _CPLUSPLUS.search(text) else language
