"""Who may do what by an endpoint of a VPC."""

from __future__ import annotations

import json
from typing import Any, Final

_OF_AWS: Final = (
    "al2023-repos-{region}-de612dc2",
    "amazonlinux-2-repos-{region}",
    "prod-{region}-starport-layer-bucket",
)
"""Buckets of AWS from which hosts install packages and pull layers of images, read by anybody
(docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html,
docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html)."""

_UNSIGNED: Final = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
"""What nobody signs: whoever asks is let in by what he shows
(docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html)."""


def policy_for(service: str, vpc_arn: str) -> str:
    """Who may do what by an endpoint: whoever acts for this account all that his own rights let
    him; anybody reads what AWS itself hands out. Nobody takes data to another account with keys
    of that (docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)."""
    _, partition, _, region, account, _ = vpc_arn.split(":", 5)
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": account}},
        }
    ]
    if service.endswith(".s3"):
        buckets = (each.format(region=region) for each in _OF_AWS)
        statements.append(
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": [f"arn:{partition}:s3:::{each}/*" for each in buckets],
            }
        )
    if service.endswith(".sts"):
        statements.append(
            {"Effect": "Allow", "Principal": "*", "Action": [*_UNSIGNED], "Resource": "*"}
        )
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
