"""Screens on which a waiting draft is set aside, read, and merged."""
