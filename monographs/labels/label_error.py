"""The error that says why a file is not read as a label."""


class LabelRefused(Exception):
    """A file is not a label for this service; the message says why, and what would be one."""
