"""A live account: `asking` puts the questions of `calls` to a Region, `account` makes a Network."""

from bulkhead.observe.live.account import account, accounts, read_account, read_accounts
from bulkhead.observe.live.quotas import QuotasTold, read_quotas

__all__ = ["QuotasTold", "account", "accounts", "read_account", "read_accounts", "read_quotas"]
