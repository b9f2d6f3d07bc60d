"""A live account: `asking` puts the questions of `calls` to a Region, `account` makes a Network."""

from bulkhead.observe.live.account import account, accounts, read_account, read_accounts

__all__ = ["account", "accounts", "read_account", "read_accounts"]
