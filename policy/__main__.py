"""What Pulumi runs: `pulumi preview --policy-pack policy`. It serves until the engine ends it."""

import gc

gc.set_threshold(100_000)
# What is imported stays, and so does what the engine shows: to look for what could go, as often as
# Python does by itself, is a fifth of the start, and a tenth of the answer.

from bulkhead_policy.serving import serve  # noqa: E402 - it is what takes time

serve()
