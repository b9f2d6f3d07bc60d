"""Images: a few that programs look for, the same each time. moto's thousand are left out."""

from __future__ import annotations

import fnmatch
import zlib
from datetime import UTC, datetime
from typing import Any, Final

from local_aws.strict.rules import Request, Result, answers, refusal

AMAZON, CANONICAL = "137112412989", "099720109477"
ALIASES: Final = {"amazon": AMAZON}
IMAGES: Final = (
    (AMAZON, "al2023-ami-2023.6.20241111.0-kernel-6.1-x86_64", "x86_64", "/dev/xvda"),
    (AMAZON, "al2023-ami-2023.6.20241111.0-kernel-6.1-arm64", "arm64", "/dev/xvda"),
    (AMAZON, "amzn2-ami-hvm-2.0.20241113.1-x86_64-gp2", "x86_64", "/dev/xvda"),
    (AMAZON, "amzn2-ami-hvm-2.0.20241113.1-x86_64-ebs", "x86_64", "/dev/xvda"),
    (AMAZON, "amzn2-ami-hvm-2.0.20241113.1-arm64-gp2", "arm64", "/dev/xvda"),
    (
        CANONICAL,
        "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20241112",
        "x86_64",
        "/dev/sda1",
    ),
    (
        CANONICAL,
        "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20241115",
        "x86_64",
        "/dev/sda1",
    ),
    (
        CANONICAL,
        "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20241115",
        "arm64",
        "/dev/sda1",
    ),
)


def described(region: str, owner: str, name: str, architecture: str, root: str) -> dict[str, Any]:
    number = zlib.crc32(f"{region}/{name}".encode())
    alias = {AMAZON: "amazon"}.get(owner)
    return {
        "ImageId": f"ami-0{number:016x}",
        "Name": name,
        "Description": name,
        "OwnerId": owner,
        **({"ImageOwnerAlias": alias} if alias else {}),
        "Architecture": architecture,
        "CreationDate": datetime(2024, 11, 15, tzinfo=UTC),
        "Hypervisor": "xen",
        "ImageType": "machine",
        "PlatformDetails": "Linux/UNIX",
        "Public": True,
        "RootDeviceName": root,
        "RootDeviceType": "ebs",
        "State": "available",
        "VirtualizationType": "hvm",
    }


FILTERS: Final = {
    "architecture": "Architecture",
    "hypervisor": "Hypervisor",
    "image-id": "ImageId",
    "image-type": "ImageType",
    "is-public": "Public",
    "name": "Name",
    "owner-alias": "ImageOwnerAlias",
    "owner-id": "OwnerId",
    "root-device-name": "RootDeviceName",
    "root-device-type": "RootDeviceType",
    "state": "State",
    "virtualization-type": "VirtualizationType",
}


@answers("DescribeImages")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html"""
    params = request.params
    images = [described(request.cloud.region_name, *each) for each in IMAGES]
    if params.get("ImageIds"):
        known = {each["ImageId"] for each in images}
        for name in params["ImageIds"]:
            if name not in known:
                raise refusal("InvalidAMIID.NotFound", f"The image id '[{name}]' does not exist")
        images = [each for each in images if each["ImageId"] in params["ImageIds"]]
    if params.get("Owners"):
        owners = {ALIASES.get(each, each) for each in params["Owners"]}
        images = [each for each in images if each["OwnerId"] in owners]
    for condition in params.get("Filters") or ():
        member = FILTERS.get(condition["Name"])
        if member is None:
            raise refusal(
                "UnsupportedOperation",
                f"The local AWS has no filter {condition['Name']} of images.",
            )
        images = [each for each in images if matches(each.get(member), condition["Values"])]
    return {"Images": images}


def matches(value: Any, patterns: list[str]) -> bool:
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return any(fnmatch.fnmatchcase(said, pattern) for pattern in patterns)
