"""Demonstration accounts and content, published through the real way through."""
