"""Synthetic medicines, published through the same code as real ones, for tests at scale."""
