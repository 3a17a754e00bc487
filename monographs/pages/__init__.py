"""Wagtail page types, each of which can be converted into a document."""
