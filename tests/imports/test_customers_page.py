"""The customer's page. It is beside the project where it is developed, and is collected only there."""

import pytest

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS
from monographs.editions.models import Contribution
from monographs.imports.parser import parse
from monographs.review.models import Submission
from tests.imports.conftest import draft_of
from tests.imports.texts import sections_of, seed


def test_the_customers_page_is_read_completely():
    parsed = parse(seed(), "page.txt")
    assert (parsed.name, parsed.brands) == ("blinatumomab", ["Blincyto"])
    assert parsed.class_line == "Bispecific Antibodies"
    assert parsed.missing == []
    assert parsed.unplaced == []
    first = next(n for n, line in enumerate(seed().splitlines()) if "(Blincyto)" in line)
    assert parsed.left_out[:first] == seed().splitlines()[:first]
    assert parsed.left_out[first:] == seed().splitlines()[-4:]


def test_the_customers_page_without_a_blank_line_says_the_same():
    full = parse(seed(), "page.txt")
    dense = parse("\n".join(line for line in seed().splitlines() if line.strip()), "page.txt")
    assert dense.word_count() == full.word_count()
    assert dense.left_out == full.left_out
    assert dense.serious == full.serious
    assert dense.sections == full.sections


def seed_words() -> dict[str, list[str]]:
    """The words of the customer's page below each of its headings, read without the parser."""
    by_heading = {SECTION_HEADINGS[s].casefold(): s.value for s in REQUIRED_SECTIONS}
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in seed().split("All HealthTree resources")[0].splitlines():
        if line.strip().casefold() in by_heading:
            words = found.setdefault(by_heading[line.strip().casefold()], [])
        else:
            words += line.replace("•", "").split()
    return found


@pytest.mark.django_db
def test_the_customers_page_is_imported_and_submitted_completely(run, writer, text_file):
    ran = run(
        text_file(seed(), "blinatumomab.txt"), user="writer", submit=True, source="The customer's own page"
    )
    assert ran.ok
    assert ran.line.startswith("blinatumomab.txt: blinatumomab (Blincyto), 7 of 7 sections, ")
    assert ", submitted; left out 8 lines (“[logo] HealthTree Foundation”, “more_vert”" in ran.line
    assert "“iphone app mockup”" in ran.line
    submission = Submission.objects.get()
    assert submission.reason == "Imported from blinatumomab.txt"
    assert submission.submitted_by == writer
    document = submission.document
    assert sections_of(document) == seed_words()
    assert [s.heading for s in document.sections] == [SECTION_HEADINGS[s] for s in REQUIRED_SECTIONS]
    assert document.drug_class.name == "Bispecific Antibodies"
    assert document == draft_of("blinatumomab").to_document()
    assert {c.username for c in Contribution.objects.filter(key=document.key)} == {"writer"}
