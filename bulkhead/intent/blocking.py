"""What VPC Block Public Access may be asked to do.

(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcBlockPublicAccessOptions.html)
"""

from __future__ import annotations

from typing import Final

from bulkhead.intent.wrong import Wrong, alternatives, quoted

ACCESS_MODES: Final = ("block-ingress", "block-bidirectional")
_SHORT: Final = {each.removeprefix("block-"): each for each in ACCESS_MODES}


def parse_access_mode(value: object) -> str:
    """What is closed, in the words of AWS. Raises Wrong."""
    if value in ACCESS_MODES:
        return str(value)
    # YAML 1.1 takes off without quotes for false.
    if value is False or value == "off":
        raise Wrong(
            "VPC Block Public Access that is off is none to count on", "remove block-public-access:"
        )
    if isinstance(value, str) and value in _SHORT:
        raise Wrong(f"{quoted(value)} is not what AWS calls it", f"write {_SHORT[value]}")
    raise Wrong(
        f"{quoted(value)} is no mode of VPC Block Public Access",
        f"write {alternatives(ACCESS_MODES)}",
    )
