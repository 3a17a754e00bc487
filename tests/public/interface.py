"""Find the texts of the interface in templates and code by parsing them."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

BASE = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    [
        *(BASE / "templates" / "public").rglob("*.html"),
        *(BASE / "templates" / "jinja2").rglob("*.html"),
        *(BASE / "templates" / "redline").rglob("*.html"),
        *(BASE / "templates" / name for name in ("400.html", "404.html", "410.html", "500.html")),
    ]
)
#: Templates of the admin whose texts are translated.
ADMIN_TEMPLATES = [BASE / "templates" / "accounts" / "sign_out.html"]
PACKAGES = ("public", "feedback", "redline", "presentation")
CODE = [
    *sorted(path for package in PACKAGES for path in (BASE / "monographs" / package).rglob("*.py")),
    BASE / "monographs" / "blocks" / "tables.py",
    BASE / "monographs" / "document" / "parts.py",
    BASE / "monographs" / "editions" / "prepared_sentences.py",
]

#: Attributes that are shown or read out.
TEXT_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "label",
    "placeholder",
    "title",
    "value",
}
#: Meta elements without text for people.
TECHNICAL_META = {"viewport", "color-scheme", "theme-color", "robots", "referrer", "og:type", "og:locale"}
#: Inputs whose value is shown.
LABELLED_INPUTS = {"submit", "button", "reset"}
_LITERAL = re.compile(r'(?<!_\()"([^"]*)"')
_MESSAGE = re.compile(
    r"""gettext\(\s*u?(['"])((?:\\.|(?!\1).)*)\1(?:\s*,\s*u?(['"])((?:\\.|(?!\3).)*)\3)?""", re.DOTALL
)

#: A message in an expression of a template.
_CONSTANT = re.compile(r""" _\((['"])((?:(?!\1).)*)\1\)""")


class _InterfaceText(HTMLParser):
    """Collects text and text attributes of HTML in which template tags are blanks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_code = tag in ("style", "script")
        attributes = dict(attrs)
        text_attributes = set(TEXT_ATTRIBUTES)
        technical = (
            "http-equiv" in attributes
            or {attributes.get("name"), attributes.get("property")} & TECHNICAL_META
        )
        if tag == "meta" and not technical:
            text_attributes.add("content")
        if tag == "input" and attributes.get("type") not in LABELLED_INPUTS:
            text_attributes.remove("value")
        self.found += [value for name, value in attrs if name in text_attributes and value and tag != "li"]

    def handle_endtag(self, tag: str) -> None:
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if not self._in_code:
            self.found.append(data)


def untranslatable_texts(source: str) -> list[str]:
    """Return the texts of a template outside gettext: text, attributes, and string arguments of tags."""
    html, strings, inside = "", [], False
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK:
            inside = name == "blocktranslate" or (inside and name != "endblocktranslate")
            if name in ("include", "component"):
                strings += [text for text in _LITERAL.findall(token.contents) if not text.endswith(".html")]
        elif token.token_type == TokenType.VAR and not inside:
            strings += re.findall(r'default(?:_if_none)?:"([^"]*)"', token.contents)
        elif token.token_type == TokenType.TEXT and not inside:
            html += token.contents
            continue
        html += " "
    parser = _InterfaceText()
    parser.feed(html)
    parser.close()
    identifiers = re.compile(r"[a-z][a-z0-9_-]*")
    found = [text for text in strings if not identifiers.fullmatch(text)] + parser.found
    return [text.strip() for text in found if re.search(r"[^\W\d_]", text)]


def messages_of_template(path: Path) -> Iterator[str]:
    """Yield the messages of a template."""
    code = templatize(path.read_text("utf-8"), origin=str(path))
    for match in _MESSAGE.finditer(code):
        yield from (_unescaped(text) for text in (match[2], match[4]) if text)
    yield from (match[2] for match in _CONSTANT.finditer(code))


def _unescaped(text: str) -> str:
    """Return the value of the content of a string literal."""
    return str(ast.literal_eval(f'"""{text}"""'))


def messages_of_code(path: Path) -> Iterator[str]:
    """Yield the messages of a module, whatever name gettext is imported under."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and (
                node.func.id == "_"
                or node.func.id.endswith("gettext")
                or node.func.id.endswith(("gettext_lazy", "gettext_noop"))
            )
        ):
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from words[-1:] if "pgettext" in node.func.id else words
