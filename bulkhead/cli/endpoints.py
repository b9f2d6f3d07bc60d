"""`bulkhead endpoints`: what the programs of a service bind, connect to and set."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bulkhead.cli.codes import YES, unusable
from bulkhead.cli.options import Json, TopologyArgument, declared
from bulkhead.cli.stale import say_if_stale
from bulkhead.intent import Topology
from bulkhead.intent.wrong import nearest
from bulkhead.report.console import output
from bulkhead.report.documents.endpoints import endpoints as document
from bulkhead.report.documents.writing import write, write_yaml
from bulkhead.report.endpoints import environment, print_endpoints
from bulkhead.settings import as_variables, settings
from bulkhead.sources.topologies import topology_in


class SettingsForm(StrEnum):
    """How somebody wants to read it."""

    ENV = "env"
    JSON = "json"
    YAML = "yaml"


def endpoints(
    topology: TopologyArgument,
    *,
    service: Annotated[
        str,
        typer.Option("--service", "-s", metavar="NAME", help="A service, or a site."),
    ],
    replica: Annotated[
        int | None,
        typer.Option(metavar="N", help="One of its copies, from 1; all of them if not said."),
    ] = None,
    format_: Annotated[
        SettingsForm | None,
        typer.Option("--format", help="For programs: variables (of one copy), JSON or YAML."),
    ] = None,
    as_json: Json = False,
) -> int:
    """What the programs of a service bind, connect to and set.

    Endpoint strings with the addresses of the plan, socket options derived from how long a
    silent connection is remembered on its way, and CURVE keys as references, never values.
    """
    if as_json and format_ not in (None, SettingsForm.JSON):
        unusable(f"--json and --format {format_} exclude each other")
    opened = declared(topology)
    wanted = topology_in(topology)
    _expect_there(wanted, service, replica)
    say_if_stale(topology, opened.plan)
    found = settings(wanted, opened.plan, service, replica)
    if as_json or format_ is SettingsForm.JSON:
        write(document(found, warnings=opened.plan.warnings, provenance=opened.provenance))
    elif format_ is SettingsForm.YAML:
        write_yaml(document(found, warnings=opened.plan.warnings, provenance=opened.provenance))
    elif format_ is SettingsForm.ENV:
        for line in environment(as_variables(found)):
            typer.echo(line)
    else:
        print_endpoints(output(), found)
    return YES


def _expect_there(topology: Topology, name: str, replica: int | None) -> None:
    if name not in topology.services and name not in topology.sites:
        known = [*topology.services, *topology.sites]
        unusable(f"--service {name}: no service or site is called so; {nearest(name, known)}")
    if replica is None:
        return
    if name in topology.sites:
        unusable(f"--replica {replica}: {name} is a site, which has no copies; leave it out")
    if topology.services[name].comes_and_goes:
        unusable(f"--replica {replica}: copies of {name} come and go, and none has a number")
    copies = topology.services[name].replicas
    if not 1 <= replica <= copies:
        which = "1 to {copies}" if copies > 1 else "1, or leave it out"
        unusable(f"--replica {replica}: {name} has {copies}; write {which.format(copies=copies)}")
