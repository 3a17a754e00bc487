"""The words of the interface can be said in another language: none is fixed in a template."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from monographs.editions.causes import WORDS, Cause
from monographs.reading.errors import page_of_a_failure
from tests.reading.everything import PAGES, PATH, everything
from tests.reading.interface import (
    CODE,
    SPOKEN,
    TEMPLATES,
    messages_of_code,
    messages_of_template,
    words_outside_gettext,
)
from tests.reading.making import monograph, publish
from tests.reading.pdfs import Pdf

#: A language nobody speaks, in which every message stands in brackets.
MADE_UP = "qps"
OPEN, CLOSE = "⟦", "⟧"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_the_interface_is_outside_gettext(template: Path) -> None:
    assert not words_outside_gettext(template.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<nav aria-label="Main"></nav>',
        '{% include "a.html" with label="Search medicines" %}',
        '{{ name|default:"Nobody" }}',
        "{% if a %}<b>{{ b }} years</b>{% endif %}",
        "{% blocktranslate %}Fine{% endblocktranslate %} not fine",
        '<meta name="description" content="Words">',
    ],
)
def test_a_fixed_word_would_be_found(source: str) -> None:
    assert words_outside_gettext(source)


def test_the_catalogue_holds_every_message() -> None:
    catalogue = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    entries = re.findall(r'^msgid(?:_plural)? ((?:".*"\n?)+)', catalogue.read_text("utf-8"), re.MULTILINE)
    held = {"".join(re.findall(r'"(.*)"', entry)).replace('\\"', '"') for entry in entries} - {""}
    said = {message for path in TEMPLATES for message in messages_of_template(path)}
    said |= {message for path in CODE for message in messages_of_code(path)}
    assert held == said, "Run `make messages`."


class InBrackets(gettext.NullTranslations):
    """Says every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message.rpartition(chr(4))[2]}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        return MADE_UP

    to_language = language


@pytest.fixture
def made_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The site speaks the made-up language."""
    settings.LANGUAGE_CODE = MADE_UP
    monkeypatch.setitem(trans_real._translations, MADE_UP, InBrackets())
    with translation.override(MADE_UP):
        yield


def strings(value: Any) -> Iterator[str]:
    """Every string within plain data, without its HTML."""
    if isinstance(value, str):
        yield BeautifulSoup(value, "html.parser").get_text(" ") if "<" in value else value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def without_brackets(words: str) -> str:
    """``words`` without what stands in brackets, however deep."""
    before = ""
    while before != words:
        before, words = words, re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", words)
    return words


@pytest.mark.django_db
@pytest.mark.usefixtures("made_up")
def test_another_language_turns_every_word_of_the_interface(client: Client) -> None:
    documents = everything(MADE_UP)
    signed = {"Rosa Reviewer", "PharmD", "te", "zzz", "http://127.0.0.1:8000", "testumab"}
    signed |= {WORDS[Cause.MISTAKE].reason, WORDS[Cause.MISTAKE].advice}  # by value in the withdrawal
    signed |= {document.path for document in documents}
    signed |= {words for document in documents for words in strings(document.model_dump(mode="json"))}
    known = sorted((words for words in signed if words), key=len, reverse=True)
    for path in PAGES:
        response = client.get(path)
        page = BeautifulSoup(response.content, "html.parser")
        assert page.html["lang"] == MADE_UP, path
        said = [page.title.get_text(" "), page.body.get_text(" ")]
        said += [
            e[name]
            for e in page.select("[aria-label], [placeholder], [alt], [title]")
            for name in SPOKEN & set(e.attrs)
        ]
        for words in said:
            left = without_brackets(" ".join(words.split()))
            for text_of_a_document in known:
                left = left.replace(" ".join(text_of_a_document.split()), " ")
            assert not re.search(r"[^\W\d_]{2,}", left), (path, left)


@pytest.mark.django_db
@pytest.mark.usefixtures("made_up")
def test_a_page_keeps_the_language_it_was_signed_in(client: Client) -> None:
    publish(monograph(language="en"))
    page = BeautifulSoup(client.get(PATH).content, "html.parser")
    assert page.html["lang"] == "en"
    assert OPEN not in page.get_text()
    printed = Pdf(client.get(f"{PATH}leaflet.pdf").content)
    assert printed.headings()
    assert OPEN not in "".join([*printed.headings(), *printed.outline(), printed.metadata])
    assert OPEN in client.get("/search/").content.decode()


def test_the_page_of_a_failure_speaks_the_sites_language(made_up: None) -> None:
    page = BeautifulSoup(page_of_a_failure().content, "html.parser")
    assert page.html["lang"] == MADE_UP
    assert not without_brackets(page.body.get_text(" ")).strip(" \n1")
