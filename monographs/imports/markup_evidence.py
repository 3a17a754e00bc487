"""Whether a text is Markdown: by its file's name, or because it clearly is.

A sign such as “*” alone says nothing: “2*10 mg” is a dose. Clearly Markdown is a text with a section's
heading behind “#”, or with at least two of: another heading behind “#”, words between “**”, a link with its
address in brackets, the line of dashes of a table, a fence of code.
"""

import re
from collections.abc import Sequence

from monographs.imports.headings import markdown_heading, recognise
from monographs.imports.parsed_text import Markup

SUFFIXES = (".md", ".markdown")
_HEADING, _BOLD, _LINK = "headings behind “#”", "words between “**”", "links with their address in brackets"
_TABLE, _FENCE = "a table’s line of dashes", "a fence of “```”"
_EVIDENCE = {
    _BOLD: re.compile(r"(?<![\w*])\*\*(?=[^\s*])[^*\n]*[^\s*\d]\*\*(?![\w*])"),
    _LINK: re.compile(r"\[[^\[\]\n]+\]\((?:https?:|mailto:|tel:|www\.|[/#.])[^()\s]*\)"),
    _TABLE: re.compile(r"^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$"),
    _FENCE: re.compile(r"^\s*```"),
}
#: Pieces of evidence that are enough together.
_ENOUGH = 2
#: Signs that Markdown would read as markup.
_SIGNS = re.compile(r"[*_`~#]|\[[^\]]*\]\(|^>", re.MULTILINE)


def markup_of(lines: Sequence[str], file_name: str) -> tuple[Markup, list[str]]:
    """Return the markup of a text, and what shows that it is Markdown if its name does not say it."""
    if file_name.lower().endswith(SUFFIXES):
        return Markup.MARKDOWN, []
    found: list[str] = []
    for line in lines:
        title = markdown_heading(line)
        if title and title[:1].isalpha():
            found += [_HEADING] * (_ENOUGH if recognise(line) else 1)
        for name, pattern in _EVIDENCE.items():
            found += [name] * len(pattern.findall(line))
    if len(found) < _ENOUGH:
        return Markup.PLAIN, []
    return Markup.MARKDOWN, list(dict.fromkeys(found))


def may_be_either(text: str) -> bool:
    """Whether ``text`` reads differently as Markdown and as plain text."""
    return bool(_SIGNS.search(text))
