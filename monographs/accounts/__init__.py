"""Accounts: sign-in, second factor, lock-out, sessions, and an audit log of accounts and rights."""
