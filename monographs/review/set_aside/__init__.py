"""Screens on which an unpublished draft is set aside, read, and merged."""
