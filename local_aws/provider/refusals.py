"""How AWS, or the provider itself, says no; what is not known to be one; and what to try again."""

from __future__ import annotations


class Refused(Exception):
    """AWS, or the provider itself, said no; the text is what the user reads."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code

    @property
    def not_found(self) -> bool:
        """EC2 spells it InvalidVpcID.NotFound or NatGatewayNotFound, IAM NoSuchEntity, CloudWatch
        Logs ResourceNotFoundException; S3 answers a HEAD with the number alone."""
        return (
            self.code.endswith((".NotFound", ".Unknown", "NotFound", "NotFoundException"))
            or self.code.startswith("NoSuch")
            or self.code == "404"
        )


class Unsure(Refused):
    """No answer, or none to rely on: whether the call took effect is not known."""
