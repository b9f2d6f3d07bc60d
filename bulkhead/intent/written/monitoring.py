"""Who is told of tunnels that go down, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent.topics import TOPIC, parse_topic
from bulkhead.intent.written.fields import Written, by
from bulkhead.intent.written.looks import text


class WrittenMonitoring(Written):
    """Alarms for both tunnels of each site, and who is told."""

    notify: (
        Annotated[
            str,
            by(
                parse_topic,
                text("an SNS topic", TOPIC, "arn:aws:sns:eu-west-1:123456789012:network"),
            ),
        ]
        | None
    ) = Field(description="the ARN of an SNS topic that is there, in the Region of the topology")
