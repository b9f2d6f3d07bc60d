"""A live account: `asking` puts the questions of `calls` to a Region, `account` makes a Network."""

from bulkhead.observe.live.account import account, accounts

__all__ = ["account", "accounts"]
