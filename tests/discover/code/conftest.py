"""Scans of a few lines of code."""

import pytest

from bulkhead.discover.code import scan


@pytest.fixture
def scanned(tmp_path, monkeypatch):
    """What a scan finds in files that are written for it: their names and what is in them."""

    def run(files, **more):
        folder = tmp_path / "code"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.chdir(folder)
        return scan([folder], **more)

    return run


def told(found):
    """'PUB bind tcp://*:5556' of every end, and 'PUB' of a socket without any, in order."""
    lines = []
    for each in found.sockets:
        types = "/".join(each.types) or "?"
        lines += [f"{types} {end.side} {end.text}" for end in each.ends] or [types]
    return lines
