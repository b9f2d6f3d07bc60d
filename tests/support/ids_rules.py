"""Rules of Suricata and signatures of Zeek, read as strictly as their grammars, and matched.

docs.suricata.io, "Rules Format" and "Payload Keywords"; docs.zeek.org, "Signature Framework". Only
what our rules use is known here: anything else is an error.
"""

import re
from dataclasses import dataclass

_HEAD = re.compile(
    r"alert (?P<protocol>tcp-stream|http) any any -> any (?P<ports>any|!?\[[\d:,]+\]) "
    r"\((?P<body>.*)\)"
)
_OPTION = re.compile(r'(?P<name>[a-z_.]+)(?::(?P<value>"(?:[^"\\;]|\\[";\\])*"|[^;"]*))?;(?: |$)')
_KNOWN = {
    "msg", "flow", "content", "offset", "depth", "nocase", "distance", "http.header", "reference",
    "classtype", "sid", "rev",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    protocol: str
    ports: str
    options: tuple  # (name, value) in order

    def all(self, name):
        return [value for each, value in self.options if each == name]

    @property
    def sid(self):
        (sid,) = self.all("sid")
        return int(sid)

    @property
    def contents(self):
        """(offset, bytes); each must name both its place and its length."""
        found = []
        for name, value in self.options:
            if name == "content":
                found.append([None, None, _bytes(value)])
            elif name in ("offset", "depth"):
                found[-1][("offset", "depth").index(name)] = int(value)
        return found

    def to(self, port):
        negated = self.ports.startswith("!")
        if self.ports == "any":
            return True
        ranges = (each.partition(":") for each in self.ports.strip("![]").split(","))
        inside = any(int(first) <= port <= int(last or first) for first, _, last in ranges)
        return inside is not negated

    def matches(self, stream):
        return all(
            value in stream[at : at + within] and len(value) <= within
            for at, within, value in self.contents
        )


def _bytes(text):
    out, hex_ = b"", False
    for piece in text.strip('"').split("|"):
        assert not hex_ or re.fullmatch(r"[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2})*", piece), text
        out += bytes.fromhex(piece) if hex_ else piece.encode("ascii")
        hex_ = not hex_
    assert hex_, f"a bar that is not closed: {text}"
    return out


def read_rules(text):
    """Every rule of a file; each line is one, or a comment."""
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        head = _HEAD.fullmatch(line)
        assert head, line
        options, at = [], 0
        while at < len(head["body"]):
            found = _OPTION.match(head["body"], at)
            assert found, head["body"][at:]
            assert found["name"] in _KNOWN, found["name"]
            options.append((found["name"], found["value"]))
            at = found.end()
        yield Rule(head["protocol"], head["ports"], tuple(options))


_SIGNATURE = re.compile(
    r"signature (?P<id>[a-z0-9-]+) \{\n  ip-proto == tcp\n"
    r"(?:  dst-port (?P<ports>[!=]= [\d, -]+)\n)?"
    r'  payload /(?P<pattern>[^\n]*)/\n  event "(?P<event>[^"\n]*)"\n\}\n'
)


def read_signatures(text):
    """By id, the pattern of a Zeek signature, which begins where the stream does."""
    left = re.sub(r"^#.*\n", "", text, flags=re.M)
    found = {each["id"]: each for each in _SIGNATURE.finditer(left)}
    assert not _SIGNATURE.sub("", left).strip()
    return {
        name: (re.compile(each["pattern"].encode("ascii"), re.S), each["ports"])
        for name, each in found.items()
    }
