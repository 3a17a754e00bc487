"""Log entries that nobody can forge: what a client sent cannot begin a new line."""

import logging


def escape_unprintable(text: str) -> str:
    r"""Return ``text`` with every unprintable character as a Python escape, e.g. ``\n`` or ``\u2028``.

    That covers all line ends: of terminals, of ``str.splitlines`` and of Unicode.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class OneLineFormatter(logging.Formatter):
    """A formatter whose entries begin a line only once; lines of a traceback are indented."""

    indent = "    "

    def format(self, record: logging.LogRecord) -> str:
        entry = super().format(record)
        message, *rest = entry.split("\nTraceback (most recent call last):\n", 1)
        # ``rest`` is the traceback, whose own line ends stay
        lines = [escape_unprintable(message)]
        if rest:
            traceback = ["Traceback (most recent call last):", *rest[0].split("\n")]
            lines += [self.indent + escape_unprintable(line) for line in traceback]
        return "\n".join(lines)
