"""The ARN of an SNS topic."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.wrong import Wrong, quoted

TOPIC: Final = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"
"""docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html; the name as in
docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, of no topic that is FIFO."""
_TOPIC: Final = re.compile(TOPIC, re.ASCII)


def parse_topic(value: object) -> str:
    """The ARN of a topic that takes messages from CloudWatch and EventBridge."""
    if isinstance(value, str) and _TOPIC.fullmatch(value):
        return value
    remedy = "write one such as arn:aws:sns:eu-west-1:123456789012:network"
    raise Wrong(f"{quoted(value)} is no ARN of an SNS topic", remedy)


def region_of_topic(topic: str) -> str:
    """'eu-west-1'."""
    return topic.split(":")[3]
