"""Every row of every transport's grammar: what is said about a string, or that it is one.

The cases are in *.t files beside this one; line by line, what stands below =SAYS= is said about
the string above:

    =TITLE= a title
    =BIND=
    tcp://*:5556
    ipc://ticker.sock
    =SAYS=
    ok
    warning: what is surprising; what would be plainer
    =END=

With =CONNECT= they are read as who connects would.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulkhead.intent import parse_bind, parse_connect
from bulkhead.intent.wrong import Wrong

CASE = re.compile(
    r"^=TITLE= (?P<title>[^\n]+)\n=(?P<side>BIND|CONNECT)=\n(?P<texts>.*?)"
    r"^=SAYS=\n(?P<says>.*?)^=END=$",
    re.MULTILINE | re.DOTALL,
)
FILES = sorted(Path(__file__).parent.glob("*.t"))
PARSE = {"BIND": parse_bind, "CONNECT": parse_connect}


def rows() -> list[object]:
    return [
        pytest.param(case["side"], text, says, id=f"{path.stem}: {case['title']}: {text}")
        for path in FILES
        for case in CASE.finditer(path.read_text())
        for text, says in zip(case["texts"].splitlines(), case["says"].splitlines(), strict=True)
    ]


def said(side: str, text: str) -> str:
    try:
        endpoint = PARSE[side](text)
    except Wrong as wrong:
        return str(wrong)
    if endpoint.text != text:
        return f"ok, as {endpoint.text}"
    return " | ".join(f"warning: {each.what}; {each.remedy}" for each in endpoint.warnings) or "ok"


@pytest.mark.parametrize(("side", "text", "says"), rows())
def test_a_string_is_an_endpoint_or_it_is_said_what_libzmq_does_with_it(
    side: str, text: str, says: str
) -> None:
    assert said(side, text.encode().decode("unicode_escape")) == says


def test_every_case_in_the_files_is_run_and_has_its_own_title() -> None:
    text = "".join(path.read_text() for path in FILES)
    titles = re.findall(r"^=TITLE= (.+)$", text, re.MULTILINE)
    found = [case["title"] for path in FILES for case in CASE.finditer(path.read_text())]
    assert sorted(titles) == sorted(found)
    assert len(set(titles)) == len(titles)
