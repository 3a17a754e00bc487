"""The HTML that stored documents hold: the grammar of their format ``html-1``.

``sanitise`` and the library under it may change with a release; a text that was signed may not. So stored
HTML is not sanitised again. It is read with this grammar, which knows the tags and attributes that
``sanitise`` ever left when it was the rule, and is never changed: other HTML needs a format of another name.
"""

import re

_TEXT = r"(?:[^<>&]|&(?:amp|lt|gt);)+"
_VALUE = r'"((?:[^"<>&]|&(?:amp|lt|gt|quot);)*)"'
_KEY = r'"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"'
_TOKEN = re.compile(
    rf"(?P<text>{_TEXT})"
    r"|<(?P<open>p|ul|ol|li|h3|h4|strong|em|sub|sup)>"
    r"|(?P<br><br>)"
    rf"|(?P<a><a(?: href={_VALUE}| data-page={_KEY}){{0,2}}>)"
    r"|</(?P<close>p|ul|ol|li|h3|h4|strong|em|sub|sup|a)>"
)
_HREF = re.compile(rf" href={_VALUE}")
#: Characters that browsers leave out of an address, at its start and within.
_IGNORED = re.compile(r"^[\x00-\x20]+|[\t\n\r]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def is_stored_html(value: str) -> bool:
    """Whether ``value`` is well-formed HTML of nothing but the tags and links of a document."""
    if value != value.strip():
        return False
    opened: list[str] = []
    place = 0
    while place < len(value):
        token = _TOKEN.match(value, place)
        if token is None or not _fits(token, opened):
            return False
        place = token.end()
    return not opened


def _fits(token: re.Match[str], opened: list[str]) -> bool:
    """Whether a tag may stand where it does; keeps the list of open tags."""
    if token["close"]:
        return bool(opened) and opened.pop() == token["close"]
    if token["open"]:
        opened.append(token["open"])
    elif token["a"]:
        opened.append("a")
        return all(_is_allowed(address) for address in _HREF.findall(token["a"]))
    return True


def _is_allowed(address: str) -> bool:
    scheme = _SCHEME.match(_IGNORED.sub("", address))
    return scheme is None or scheme[1].lower() in _SCHEMES
