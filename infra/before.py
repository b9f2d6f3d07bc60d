"""What this program's resources were called before there was a fabric: nothing is made anew."""

from __future__ import annotations

import pulumi
from pulumi import Alias, ResourceTransformationArgs, ResourceTransformationResult

from components import Segment, Service, Site, Vpc

_GROUP = "aws:ec2/securityGroup:SecurityGroup"


def known_before(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
    """Components stood under the stack itself, each called as its part is: 'feed'.

    The engine tells what is in them from theirs. The one name in AWS that the program chooses,
    of the group of a service that begins with 'sg-', stays as it was too.
    """
    before = _without_project(args.name)
    if isinstance(args.resource, (Vpc, Segment, Service, Site)):
        called = args.resource.topology if isinstance(args.resource, Vpc) else before
        renamed = [each for each in args.opts.aliases or () if isinstance(each, Alias)]
        former = [_without_project(str(each.name)) for each in renamed]
        root = pulumi.ROOT_STACK_RESOURCE
        aliases = [Alias(name=each, parent=root) for each in (called, *former)]
        known = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=aliases))
        return ResourceTransformationResult(args.props, known)
    if args.type_ == _GROUP and before.startswith("sg-"):
        return ResourceTransformationResult({**args.props, "name": f"bulkhead-{before}"}, args.opts)
    return None


def _without_project(name: str) -> str:
    return name.removeprefix(f"{pulumi.get_project()}-")
