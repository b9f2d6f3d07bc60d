"""What several verbs share: arguments, exit codes, the way from words to ends and ports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from bulkhead.cli.codes import unusable
from bulkhead.ends import Endpoint, Receivers, asked, received
from bulkhead.network import protocol_number
from bulkhead.network.ipv6_blocks import STAND_IN, has_stand_in
from bulkhead.observe import EVERYTHING, Wanted
from bulkhead.prove import Reach
from bulkhead.report.console import errors, progress
from bulkhead.sources import (
    Source,
    TopologySource,
    held,
    is_planned,
    is_state,
    open_source,
    open_topology,
)

ENDS: Final = (
    "An interface, instance, subnet, VPC, security group, service, service.socket, segment, site, "
    "VPN connection, gateway or attachment (id or name), an address, a CIDR, internet, or "
    "elsewhere. A public address is one of the internet, also where something here has it."
)

_REGION: Final = re.compile(r"\*|[a-z]{2,5}(-[a-z]+)+-[1-9]", re.ASCII)
"""What a Region's name looks like: without this, a misspelt one is a host that does not answer."""

SourceArgument = Annotated[
    str,
    typer.Argument(
        help=(
            "A topology (.yaml), git:REVISION:TOPOLOGY, a `pulumi stack export` or `pulumi preview "
            "--json --show-sames` (.json), a "
            "folder or file of `aws ec2 describe-*` output, a snapshot, aws, "
            "aws:REGION,REGION or aws:*. "
            "aws/VPC, aws:REGION/VPC or aws:REGION/STACK is one VPC of it, DUMP/VPC one of a dump. "
            "aws always means the account; a folder of that name is ./aws."
        ),
    ),
]
TopologyArgument = Annotated[
    Path, typer.Argument(help="A topology file (.yaml), or a snapshot of one.")
]
CodeOption = Annotated[
    list[Path] | None,
    typer.Option("--code", metavar="PATH", help="Source code, as for discover code; repeatable."),
]
TrackedOption = Annotated[
    bool,
    typer.Option(
        "--tracked",
        help="Of code only files that git has, as a commit would hold them: no drafts beside them.",
    ),
]
HostOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--host", metavar="RECORD", help="The record of a machine (discover host); repeatable."
    ),
]
PcapOption = Annotated[
    list[Path] | None,
    typer.Option("--pcap", metavar="FILE", help="A capture (pcap or pcapng); repeatable."),
]
ServiceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--service",
        metavar="NAME=WHAT",
        help="What a program is called: by the path of its code, an address or a network; "
        "repeatable.",
    ),
]
ForOption = Annotated[
    Path | None,
    typer.Option("--for", metavar="TOPOLOGY", help="Only what was built for this topology."),
]
VpcOption = Annotated[
    list[str] | None,
    typer.Option(
        "--vpc",
        metavar="VPC",
        help="Only this VPC of SOURCE (id or name); repeatable. What is left out is said.",
    ),
]
StackOption = Annotated[
    str | None,
    typer.Option(
        "--stack",
        metavar="NAME",
        help="Only the VPC of this stack (its tag bulkhead:stack). What is left out is said.",
    ),
]
StateOption = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="FILE",
        help="A `pulumi stack export`, from which is taken what a preview without --show-sames "
        "leaves out. Not needed where the other side is one.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md) instead of text.")]

SarifFile = Annotated[
    Path | None,
    typer.Option(
        "--sarif",
        metavar="FILE",
        help="Also write SARIF 2.1.0 to a file, as code scanning of GitHub takes it; - prints it.",
    ),
]
JunitFile = Annotated[
    Path | None,
    typer.Option(
        "--junit", metavar="FILE", help="Also write JUnit XML to a file, a test a question."
    ),
]
CodeQualityFile = Annotated[
    Path | None,
    typer.Option(
        "--code-quality",
        metavar="FILE",
        help="Also write a code quality report to a file, as GitLab takes it.",
    ),
]
CsvFile = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Also write CSV to a file.")
]
HtmlFile = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Also write one page to a file, that any browser opens and that loads nothing.",
    ),
]


def within(wanted: Source | None, vpc: list[str] | None, stack: str | None) -> Wanted:
    """What `--for`, `--vpc` and `--stack` ask about; `wanted` is the topology that was named."""
    asked = Wanted(vpcs=tuple(vpc or ()), stack=stack)
    return _of(wanted, asked) if wanted else asked


def read(
    source: str,
    wanted: Wanted = EVERYTHING,
    *,
    beside: str | None = None,
    audited: bool = False,
) -> Source:
    """The network of what is wanted of SOURCE, with a word on stderr while it is read.

    `beside` is another SOURCE, from which is taken what a preview leaves out. `audited`: read
    too what no packet depends on.
    """
    source = checked(source)
    with progress(f"reading {source}"):
        opened = open_source(source, wanted=wanted, beside=beside, audited=audited)
    _warn(opened)
    if opened.plan is not None and has_stand_in(opened.network):
        said = f"{STAND_IN} stands for the block of IPv6 that AWS gives the VPC"
        errors().print(f"note: {source}: {said}")
    return opened


def checked(source: str) -> str:
    """The same SOURCE, unless it names a Region that there cannot be."""
    regions = source.removeprefix("aws:").partition("/")[0]
    for region in regions.split(",") if source.startswith("aws:") else ():
        if not _REGION.fullmatch(region):
            unusable(f"{source}: {region!r} is not an AWS Region; write one such as aws:eu-west-1")
    return source


def declared(topology: Path) -> TopologySource:
    """What a topology declares, with a word on stderr while it is planned."""
    with progress("planning"):
        opened = open_topology(topology)
    _warn(opened)
    return opened


def _warn(opened: Source) -> None:
    """What a topology says that can be planned, and somebody should know."""
    for each in opened.plan.warnings if opened.plan else ():
        errors().print(f"warning: {each}")


def read_for(
    topology: Path | None,
    source: str,
    vpc: list[str] | None,
    stack: str | None,
    *,
    audited: bool = False,
) -> tuple[TopologySource | None, Source]:
    """What a topology declares, if one is named, and what SOURCE holds of it."""
    wanted = declared(topology) if topology else None
    opened = read(source, within(wanted, vpc, stack), audited=audited)
    return held(wanted, opened) if wanted else None, opened


def read_both(
    before: str, after: str, wanted: Wanted = EVERYTHING, *, state: str | None = None
) -> tuple[Source, Source]:
    """Each side; one that is planned says which topology the other is asked about.

    Of what stands somewhere only what is `wanted`. What a preview leaves out is taken from
    `state`, or from the other side if that is one.
    """
    checked_state(state)
    planned = [is_planned(each) for each in (before, after)]
    if all(planned) and not wanted.everything:
        unusable(f"{wanted.but_topology}: both sides are topologies; leave --vpc and --stack out")
    if planned[1] and not planned[0]:
        other = read(after, beside=state or before)
        one = read(before, _of(other, wanted), beside=state or after)
    else:
        one = read(before, EVERYTHING if planned[0] else wanted, beside=state or after)
        other = read(after, _of(one, wanted), beside=state or before)
    return held(one, other), held(other, one)


def _of(planned: Source, wanted: Wanted) -> Wanted:
    """What is wanted of the topology that is planned: of a VPC that is others', its own part."""
    if planned.plan is None:
        return wanted
    lists = tuple(each.prefix_list for each in planned.network.prefix_lists)
    wanted = replace(wanted, topology=planned.plan.topology, lists=lists)
    if existing := planned.plan.existing:
        return replace(wanted, vpcs=wanted.vpcs or (existing,), shared=True)
    return wanted


def checked_state(state: str | None) -> str | None:
    """The same, unless it is the file of no state."""
    if state is not None and not is_state(state):
        unusable(
            f"--state {state}: is no state; write one: 'pulumi stack export --file state.json'"
        )
    return state


def subject(observed: str | None) -> str:
    """What a verdict is about."""
    return f"what {observed} holds" if observed else "the plan"


def senders(source: Source, reach: Reach, word: str) -> tuple[Endpoint, ...]:
    """What a word stands for that sends, or exit code 2 with the words that come close."""
    try:
        return asked(reach.network, reach.endpoints, addresses_meant(source, word), source.flows)
    except LookupError as error:
        unusable(str(error.args[0]))


def receivers(source: Source, reach: Reach, word: str) -> Receivers:
    """What a word stands for that receives, or exit code 2 with the words that come close."""
    try:
        return received(reach.network, reach.endpoints, addresses_meant(source, word), source.flows)
    except LookupError as error:
        unusable(str(error.args[0]))


def addresses_meant(source: Source, word: str) -> str:
    """Of a host of a site that the topology names its addresses; of all else the word itself."""
    network = source.plan.hosts.get(word) if source.plan else None
    if network is None:
        return word
    return str(network if network.prefixlen < network.max_prefixlen else network.network_address)


def protocol_asked(text: str | None) -> int | None:
    """The number of a protocol that a person named; None where nobody did."""
    try:
        return protocol_number(text) if text else None
    except ValueError:
        unusable(f"--protocol {text}: not tcp, udp, icmp, icmpv6, all or a number from 0 to 255")
