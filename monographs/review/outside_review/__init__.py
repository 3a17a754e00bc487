"""A review link for an outside expert: one submission to read, and notes on it, without an account."""
