"""Where a file lies, as what reads reports wants to hear it: from the root of the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The working copy that paths are told from, and what it is a copy of.

    `root` is its top folder, `here` where a relative path starts. `repository` (its URL),
    `revision` and `branch` are '' where nobody said.
    """

    root: Path
    here: Path
    repository: str = ""
    revision: str = ""
    branch: str = ""

    def uri(self, file: str) -> str:
        """'topologies/trading.yaml': from the root, with / everywhere and quoted as a URI is.

        What lies elsewhere is an absolute file: URI.
        """
        path = Path(os.path.normpath(self.here / file))
        # A link may lead into the copy, and one in it to elsewhere: either way it is in it.
        for each in (path, path.parent.resolve() / path.name):
            if each.is_relative_to(self.root):
                inside = os.fsencode(each.relative_to(self.root))
                return quote(inside.replace(os.sep.encode(), b"/"))
        return path.as_uri()

    def place(self, source: str) -> str:
        """What stands for a source as a whole: its file, if that is in the working copy.

        Else its name alone, as if it lay at the root: who reads reports takes no file from
        elsewhere, and where a state was kept for a while is another place each time.
        """
        uri = self.uri(source)
        return uri if not uri.startswith("file:") else uri.rpartition("/")[2]


def checkout_around(folder: Path, environment: dict[str, str] | None = None) -> Checkout:
    """The working copy around a folder, and what a build server says of it.

    Without one, paths are told from the folder itself.
    (docs.github.com/actions/reference/workflows-and-actions/variables,
    docs.gitlab.com/ci/variables/predefined_variables)
    """
    known = environment or {}
    here = folder.resolve()
    root = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    github = "/".join(filter(None, map(known.get, ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))))
    return Checkout(
        root=root,
        here=here,
        repository=github if "GITHUB_REPOSITORY" in known else known.get("CI_PROJECT_URL", ""),
        revision=known.get("GITHUB_SHA", "") or known.get("CI_COMMIT_SHA", ""),
        branch=known.get("GITHUB_REF_NAME", "") or known.get("CI_COMMIT_REF_NAME", ""),
    )
