"""A mark on words that are translated where they are shown, for packages that do not depend on Django."""


def gettext_noop(words: str) -> str:
    """Return ``words``, marked for translation: they are translated where they are shown."""
    return words
