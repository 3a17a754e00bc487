"""The read-only JSON API: the same published editions that patients read."""
