"""Demonstration accounts and content, published through the same review as any other text."""
