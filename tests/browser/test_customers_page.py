"""The customer's own page: imported, signed in a browser, and public word for word."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from monographs.review.models import Submission
from tests.browser.admin_pages import read_and_tick, sign
from tests.imports.texts import texts_in_the_customers_format

pytestmark = pytest.mark.django_db(transaction=True)

HEADINGS = (
    "How it is administered",
    "How it works",
    "Common side effects",
    "Who should take it",
    "Who should not take it",
    "Commonly used with",
    "Commonly tested with",
)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[.,%'’-][^\W_]+)*", text.casefold())


def sections(text: str) -> list[list[str]]:
    """Return the words of each section of the file."""
    lines = text.splitlines()
    headings = {heading.casefold() for heading in HEADINGS}
    starts = [i for i, line in enumerate(lines) if line.strip().casefold() in headings]
    end = next(i for i, line in enumerate(lines) if line.startswith("All ") and "anytime" in line)
    return [words("\n".join(lines[a + 1 : b])) for a, b in pairwise([*starts, end])]


@pytest.mark.parametrize("text", texts_in_the_customers_format())
def test_the_customers_page_reaches_patients_word_for_word_once_signed(
    text: str, tmp_path: Path, open_browser: Any, writer: Any, reviewer: Any
) -> None:
    file = tmp_path / "text.txt"
    file.write_text(text, "utf-8")
    patient = open_browser()
    call_command("import_monographs", str(file), user="writer", submit=True, source="The label")
    submission = Submission.objects.get()
    path = submission.document.path
    assert patient.context.request.get(path).status == 404

    critic = open_browser(reviewer)
    critic.page.goto(f"/admin/review/{submission.pk}/")
    read_and_tick(critic)
    sign(critic)
    expect(critic.page.get_by_text("Signed and published")).to_be_visible()

    patient.page.goto(path)
    at = [h for h in patient.page.locator("main h2").all_inner_texts() if h in HEADINGS]
    assert tuple(at) == HEADINGS
    read = words(patient.page.locator("main").inner_text())
    position = 0
    for word in (word for section in sections(text) for word in section):
        assert word in read[position:], (
            f"“{word}” is missing after “{' '.join(read[position - 8 : position])}”"
        )
        position = read.index(word, position) + 1
