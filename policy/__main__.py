"""What Pulumi runs: `pulumi preview --policy-pack policy`. It serves until the engine ends it."""

from bulkhead_policy.serving import serve

serve()
