"""Make the account on the local AWS, ask prowler and checkov about it, write down what they say.

    .venv/bin/python -m tests.audit.recorded.record PROWLER CHECKOV

PROWLER and CHECKOV are their commands, each in an environment of its own: see README.md here.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import boto3

from bulkhead.observe.live.account import read_account
from local_aws.server import listener, serving
from tests.audit.recorded.account import build
from tests.audit.recorded.asked import ABOUT_DEFAULT_GROUPS, CHECKOV, PROWLER
from tests.audit.recorded.naming import names
from tests.audit.recorded.terraform import label, terraform
from tests.audit.recorded.variants import REGION

HERE: Final = Path(__file__).parent
_CREDENTIALS: Final = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_NOWHERE: Final = {
    # Whoever asks for anything but this machine is told that it cannot be reached.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}

Verdicts = dict[str, dict[str, str]]
"""By check of theirs, then by the name of the resource."""


def main(prowler: str, checkov: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with listener(0) as bound, serving(place, bound) as local:
            os.environ.update(_CREDENTIALS, AWS_ENDPOINT_URL=local.place.address)
            build(boto3.client)
            (answers,) = read_account(audited=True).answers
            document = {**answers.document, **answers.beside}
            read = {name: json.loads(data) for name, data in answers.files}
            # What the local AWS does not answer, the account is not said to have none of.
            kept = {n: each for n, each in read.items() if not each.keys() & answers.missing.keys()}
            text = json.dumps(kept, sort_keys=True)
            (HERE / "account.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
            said = _prowler(prowler, place, names(document))
        _write("prowler.json", "prowler", _version(prowler, "--version"), said)
        said = _checkov(checkov, place, document)
        _write("checkov.json", "checkov", _version(checkov, "--version"), said)


def _prowler(command: str, place: Path, called: Mapping[str, str]) -> Verdicts:
    asked = sorted({each for several in PROWLER.values() for each in several})
    output = ["-M", "json-ocsf", "-o", str(place), "-F", "prowler"]
    subprocess.run(
        [command, "aws", "-f", REGION, "-b", "-z", *output, "--checks", *asked],
        env={**os.environ, **_NOWHERE, "HOME": str(place)},
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    verdicts: Verdicts = defaultdict(dict)
    for each in json.loads((place / "prowler.ocsf.json").read_bytes()):
        (resource,) = each["resources"]
        arn = resource["uid"]
        id_ = arn if arn in called else arn.rpartition("/")[2]
        if id_ in called:
            verdicts[each["metadata"]["event_code"]][called[id_]] = each["status_code"].lower()
    return verdicts


def _checkov(command: str, place: Path, document: Mapping[str, Any]) -> Verdicts:
    program = place / "program"
    program.mkdir()
    (program / "main.tf").write_text(terraform(document))
    asked = ",".join(sorted({each for several in CHECKOV.values() for each in several}))
    answered = subprocess.run(
        [
            *(command, "-d", str(program), "--framework", "terraform", "--check", asked),
            *("--output", "json", "--compact", "--skip-download", "--soft-fail"),
        ],
        env={**os.environ, **_NOWHERE, "HOME": str(place)},
        cwd=place,
        check=True,
        stdout=subprocess.PIPE,
    )
    back = {label(name): name for name in names(document).values()}
    verdicts: Verdicts = defaultdict(dict)
    for outcome, word in (("passed_checks", "pass"), ("failed_checks", "fail")):
        for each in json.loads(answered.stdout)["results"][outcome]:
            _, _, labelled = each["resource"].partition(".")
            name = back[labelled]
            if each["check_id"] in ABOUT_DEFAULT_GROUPS:
                name = f"default of {name}"
            verdicts[each["check_id"]][name] = word
    return verdicts


def _version(*command: str) -> str:
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return said.split()[-1]


def _write(file: str, program: str, release: str, verdicts: Verdicts) -> None:
    record = {
        "program": program,
        "version": release,
        "moto": version("moto"),
        "verdicts": {check: dict(sorted(said.items())) for check, said in sorted(verdicts.items())},
    }
    (HERE / file).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
