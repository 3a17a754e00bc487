"""The customer's own page, imported, signed in a real browser, read by a patient."""

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from monographs.review.models import Submission
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "blinatumomab.txt"
PATIENTS_PAGE = "/medicines/blinatumomab/"
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
    """The words of each of the file's sections."""
    lines = text.splitlines()
    starts = [
        i for i, line in enumerate(lines) if line.strip().casefold() in {h.casefold() for h in HEADINGS}
    ]
    end = next(i for i, line in enumerate(lines) if line.startswith("All HealthTree"))
    bounds = [*starts, end]
    return [words("\n".join(lines[a + 1 : b])) for a, b in pairwise(bounds)]


def test_the_customers_page_reaches_patients_word_for_word_once_signed(
    somebody: Any, writer: Any, reviewer: Any
) -> None:
    if not SEED.exists() and not os.environ.get("CI"):
        pytest.skip("the customer's page lies beside the clone only where the project is developed")
    patient = somebody()
    call_command("import_monographs", str(SEED), user="writer", submit=True)
    assert patient.context.request.get(PATIENTS_PAGE).status == 404

    critic = somebody(reviewer)
    critic.page.goto(f"/admin/review/{Submission.objects.get().pk}/")
    critic.page.get_by_label("Your password").fill(PASSWORD)
    critic.page.get_by_role("button", name="Sign and approve").click()
    expect(critic.page.get_by_text("Signed and published")).to_be_visible()

    patient.page.goto(PATIENTS_PAGE)
    shown = patient.page.locator("main").inner_text()
    at = [h for h in patient.page.locator("main h2").all_inner_texts() if h in HEADINGS]
    assert tuple(at) == HEADINGS
    read = words(shown)
    position = 0
    for section in sections(SEED.read_text("utf-8")):
        for word in section:
            assert word in read[position:], (
                f"“{word}” is missing after “{' '.join(read[position - 8 : position])}”"
            )
            position = read.index(word, position) + 1
