"""What tests of standard texts share: a signed one, and its words in a section of a medicine."""

from typing import Any

from monographs.editions.models import Edition
from monographs.models import MonographPage
from tests.factories import make_standard_text, publish, set_parts, standard_text_block, text

#: The section in which tests include standard texts.
SECTION = "how_it_works"
FIRST = "Call the number on the box."


def signed(page: Any) -> Edition:
    """Return the newest edition of a page."""
    return Edition.objects.of(page.translation_key)[0]


def signed_text(writer: Any, reviewer: Any) -> Any:
    """Return the page of a standard text whose version 1 says ``FIRST``."""
    page = make_standard_text("Report side effects", by=writer, words=FIRST)
    publish(page, writer, reviewer)
    return page


def include(page: Any, by: Any, *editions: Any, words: str = "It blocks a signal.") -> MonographPage:
    """Include editions of standard texts in a section, after a text."""
    return set_parts(page, by, SECTION, [text(words), *map(standard_text_block, editions)])
