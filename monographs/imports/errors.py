"""What an import says when it will not do something."""


class ImportRefused(Exception):
    """A text that cannot become a draft. ``str()`` is one clear line for the person who runs the import."""
