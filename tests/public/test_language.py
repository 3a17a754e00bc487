"""All texts of the public interface are translatable."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public.error_pages import server_error_page
from tests.pseudo_locale import MADE_UP, OPEN, fixed_words, strings, without_brackets
from tests.public.full_document import PAGES, PATH, publish_everything
from tests.public.interface import (
    ADMIN_TEMPLATES,
    CODE,
    TEMPLATES,
    TEXT_ATTRIBUTES,
    messages_of_code,
    messages_of_template,
    untranslatable_texts,
)
from tests.public.pdfs import Pdf
from tests.public.published import monograph, publish


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_text_is_outside_gettext(template: Path) -> None:
    assert not untranslatable_texts(template.read_text("utf-8"))


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
def test_an_untranslatable_text_is_found(source: str) -> None:
    assert untranslatable_texts(source)


def test_the_catalogue_holds_every_message() -> None:
    catalogue = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    entries = re.findall(r'^msgid(?:_plural)? ((?:".*"\n?)+)', catalogue.read_text("utf-8"), re.MULTILINE)
    held = {"".join(re.findall(r'"(.*)"', entry)).replace('\\"', '"') for entry in entries} - {""}
    said = {message for path in [*TEMPLATES, *ADMIN_TEMPLATES] for message in messages_of_template(path)}
    said |= {message for path in CODE for message in messages_of_code(path)}
    assert held == said, "Run `make messages`."


@pytest.mark.django_db
@pytest.mark.usefixtures("made_up")
def test_every_text_is_translated(client: Client) -> None:
    documents = publish_everything(MADE_UP)
    signed = {"Rosa Reviewer", "PharmD", "te", "zzz", "http://127.0.0.1:8000", "testumab"}
    signed |= {
        REASON_TEXTS[WithdrawalReason.MISTAKE].reason,
        REASON_TEXTS[WithdrawalReason.MISTAKE].advice,
    }  # by value in the withdrawal
    signed |= {document.path for document in documents}
    signed |= {words for document in documents for words in strings(document.model_dump(mode="json"))}
    for path in PAGES:
        response = client.get(path)
        page = BeautifulSoup(response.content, "html.parser")
        assert page.html["lang"] == MADE_UP, path
        said = [page.title.get_text(" "), page.body.get_text(" ")]
        said += [
            e[name]
            for e in page.select("[aria-label], [placeholder], [alt], [title]")
            for name in TEXT_ATTRIBUTES & set(e.attrs)
        ]
        for words in said:
            assert not fixed_words(words, signed), path


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


def test_the_server_error_page_is_in_the_sites_language(made_up: None) -> None:
    page = BeautifulSoup(server_error_page().content, "html.parser")
    assert page.html["lang"] == MADE_UP
    assert not without_brackets(page.body.get_text(" ")).strip(" \n1")
