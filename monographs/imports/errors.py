"""Errors of the import."""


class ImportRefused(Exception):
    """A text cannot be imported. ``str()`` is the reason in one line, without a capital and a full stop."""
