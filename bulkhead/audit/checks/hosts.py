"""What instances, their interfaces and their templates are: addresses, credentials, forwarding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.lint import Severity
from bulkhead.network import Interface, InterfaceKind
from bulkhead.network.inventory import Instance, LaunchTemplate, MetadataOptions


def _hosts(evidence: Evidence) -> Iterator[Interface]:
    network = evidence.network
    for each in network.present:
        if not network.is_others(each.id, network.subnet_of(each).vpc):
            yield each


def _instances(evidence: Evidence) -> Iterator[Instance]:
    """Of the VPCs that were asked for; of one that names no VPC nobody knows."""
    there = evidence.network.vpc.keys() - evidence.network.neighbours
    for each in evidence.inventory.instances:
        if each.vpc is None or each.vpc in there:
            yield each


def _metadata(id_: str, name: str, options: MetadataOptions, remedy: str) -> Checked:
    if options.enabled is False:
        return passes(id_, name, "its metadata service is off")
    if options.tokens_required is None:
        return undecided(id_, name, "its answer does not say which versions it takes")
    if options.tokens_required:
        return passes(id_, name, "version 2 alone answers")
    return fails(id_, name, "version 1 of the metadata service answers too", remedy)


def _imdsv2(evidence: Evidence) -> Iterator[Checked]:
    for each in _instances(evidence):
        yield _metadata(
            each.id,
            f"instance {each.name}",
            each.metadata,
            f"aws ec2 modify-instance-metadata-options --instance-id {each.id} "
            "--http-tokens required",
        )


def _template_imdsv2(evidence: Evidence) -> Iterator[Checked]:
    return _default_versions(
        evidence,
        lambda each: _metadata(
            each.id,
            _called(each),
            each.metadata,
            f"make a version of {each.id} with HttpTokens=required the default one",
        ),
    )


def _template_not_public(evidence: Evidence) -> Iterator[Checked]:
    def public(each: LaunchTemplate) -> Checked:
        if each.public:
            return fails(
                each.id,
                _called(each),
                "it gives a public address to what it starts",
                f"make a version of {each.id} with AssociatePublicIpAddress=false the default one",
            )
        what = "it gives no public address" if each.public is False else "the subnet decides"
        return passes(each.id, _called(each), what)

    return _default_versions(evidence, public)


def _called(template: LaunchTemplate) -> str:
    return f"launch template {template.name}, version {template.version}"


def _default_versions(
    evidence: Evidence, said: Callable[[LaunchTemplate], Checked]
) -> Iterator[Checked]:
    """The version that is used where nobody names one; of other templates nothing is known."""
    every = {each.id for each in evidence.inventory.launch_templates}
    default = {each.id: each for each in evidence.inventory.launch_templates if each.default}
    yield from map(said, default.values())
    for id_ in sorted(every - default.keys()):
        yield undecided(id_, f"launch template {id_}", "its default version was not shown")


def _not_public(evidence: Evidence) -> Iterator[Checked]:
    """Each instance, by all of its interfaces."""
    of_instance: dict[str, list[Interface]] = defaultdict(list)
    for each in _hosts(evidence):
        if each.kind is InterfaceKind.HOST:
            of_instance[each.instance or each.id].append(each)
    for id_, several in of_instance.items():
        public = [
            str(address)
            for each in several
            for address in (each.public_address, *(outer for _, outer in each.more_public))
            if address
        ]
        name = several[0].name
        if public:
            yield fails(
                id_,
                name,
                f"it has the public address {', '.join(public)}",
                "take the address away, and reach it by a load balancer, a NAT gateway or a VPN",
                *(said for each in several for said in evidence.exposed(each.service)),
            )
        else:
            yield passes(id_, name, "it has no public address")


def _one_interface(evidence: Evidence) -> Iterator[Checked]:
    held: dict[str, list[str]] = defaultdict(list)
    for each in _hosts(evidence):
        if each.instance:
            held[each.instance].append(each.id)
    for id_, several in held.items():
        if len(several) > 1:
            yield fails(
                id_,
                f"instance {id_}",
                f"it has {len(several)} network interfaces: {', '.join(several)}",
                "detach all but one, unless it is an appliance that needs them",
            )
        else:
            yield passes(id_, f"instance {id_}", "it has one network interface")


def _source_dest(evidence: Evidence) -> Iterator[Checked]:
    for each in _hosts(evidence):
        if each.kind is not InterfaceKind.HOST:
            continue
        if each.source_dest_check:
            yield passes(each.id, each.name, "it sends and takes only for its own addresses")
        else:
            yield fails(
                each.id,
                each.name,
                "it may send as any address, and take packets for any",
                f"aws ec2 modify-network-interface-attribute --network-interface-id {each.id} "
                "--source-dest-check",
            )


def _elastic(evidence: Evidence) -> Iterator[Checked]:
    for each in evidence.inventory.elastic_addresses:
        name = f"elastic address {each.address or each.name}"
        if each.holder:
            yield passes(each.id, name, f"{each.holder} has it")
        else:
            yield fails(
                each.id,
                name,
                "nothing has it",
                f"aws ec2 release-address --allocation-id {each.id}",
            )


IMDSV2: Final = Check(
    id="instance-imdsv2",
    title="Instances answer to version 2 of the metadata service alone",
    severity=Severity.MEDIUM,
    risk="A request that an attacker makes a program send fetches its credentials by version 1.",
    remedy="Require tokens (HttpTokens=required).",
    run=_imdsv2,
    about=("instances",),
)
TEMPLATE_IMDSV2: Final = Check(
    id="template-imdsv2",
    title="Launch templates require version 2 of the metadata service",
    severity=Severity.MEDIUM,
    risk="Every instance that is started by it answers to version 1.",
    remedy="Make a version with HttpTokens=required the default one.",
    run=_template_imdsv2,
    about=("launch_templates",),
    of_account=True,
)
TEMPLATE_NOT_PUBLIC: Final = Check(
    id="template-not-public",
    title="Launch templates give no public addresses",
    severity=Severity.MEDIUM,
    risk="Every instance that is started by it has an address on the internet.",
    remedy="Make a version with AssociatePublicIpAddress=false the default one.",
    run=_template_not_public,
    about=("launch_templates",),
    of_account=True,
)
NOT_PUBLIC: Final = Check(
    id="instance-not-public",
    title="Instances have no public address",
    severity=Severity.MEDIUM,
    risk="Whatever its groups let in by mistake, the internet reaches.",
    remedy="Put it into a private subnet, behind a load balancer, a NAT gateway or a VPN.",
    run=_not_public,
    about=("interfaces",),
)
ONE_INTERFACE: Final = Check(
    id="instance-has-one-interface",
    title="An instance has one network interface",
    severity=Severity.LOW,
    risk="A host in two networks joins them, past what stands between.",
    remedy="Detach all but one.",
    run=_one_interface,
    about=("interfaces",),
)
SOURCE_DEST: Final = Check(
    id="source-dest-check-on",
    title="Interfaces check source and destination",
    severity=Severity.MEDIUM,
    risk="A host without it sends with forged addresses, and reads what is meant for others.",
    remedy="Switch it on, but for appliances that forward.",
    run=_source_dest,
    about=("interfaces",),
)
ELASTIC: Final = Check(
    id="elastic-address-used",
    title="No elastic address is unused",
    severity=Severity.LOW,
    risk="A forgotten address is paid for, and names in DNS may still lead to it.",
    remedy="Release it.",
    run=_elastic,
    about=("elastic_addresses",),
    of_account=True,
)

HOSTS: Final = (
    *(IMDSV2, TEMPLATE_IMDSV2, TEMPLATE_NOT_PUBLIC, NOT_PUBLIC),
    *(ONE_INTERFACE, SOURCE_DEST, ELASTIC),
)
