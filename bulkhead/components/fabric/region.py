"""In which Region AWS would be asked for a component's resources."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

_OF_AWS = "aws:ec2/vpc:Vpc"
"""Any token of the package: a provider is of all of it."""


def region_by_default() -> str | None:
    """That of the default provider, by the stack's config or the environment; None if neither."""
    return aws.config.region


def region_by(provider: pulumi.ProviderResource) -> pulumi.Output[str | None]:
    """That of a provider of the program's own; None where nothing in the program says it."""
    region: str | pulumi.Output[str | None] | None = getattr(provider, "region", None)
    return pulumi.Output.from_input(region)


def provider_in(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """The provider of AWS that options name or inherit; None: the default one."""
    if opts is None:
        return None
    several = opts.providers or ()
    if isinstance(several, pulumi.ProviderResource):
        several = (several,)
    named = several.values() if isinstance(several, Mapping) else several
    every: list[pulumi.ProviderResource | None] = [opts.provider, *named]
    for each in every:
        if each is not None and each.package == "aws":
            return each
    if opts.parent is None:
        return None
    inherited: pulumi.ProviderResource | None = opts.parent.get_provider(_OF_AWS)
    return inherited
