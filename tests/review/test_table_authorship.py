"""Words in cells have authors, also when they move between a table and a text."""

from typing import Any

import pytest

from monographs.blocks.tables import table_value
from monographs.pages.refusals import PolicyError
from tests.factories import edit, make_monograph, publish, set_parts, sign, submit, text
from tests.review.authored_drafts import CHANGED

pytestmark = pytest.mark.django_db

SECTION = "how_it_works"
OWN = "It slows the growth of the cells that make the illness worse over many weeks."


def table_with(*cells: str) -> dict[str, Any]:
    return {"type": "table", "value": table_value([["What", "How"], list(cells)], caption="How it works")}


@pytest.fixture
def page(writer: Any, reviewer2: Any) -> Any:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer2)
    return page


def refused(page: Any, writer: Any, reviewer: Any) -> None:
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)


def test_words_of_a_paragraph_that_became_a_cell_stay_their_authors(
    page: Any, writer: Any, reviewer: Any
) -> None:
    set_parts(page, reviewer, SECTION, [text(OWN)])
    set_parts(page, writer, SECTION, [table_with("Cells", OWN)])
    edit(page, writer, summary="testumab is a medicine.")
    refused(page, writer, reviewer)


def test_words_of_a_cell_that_became_a_paragraph_stay_their_authors(
    page: Any, writer: Any, reviewer: Any
) -> None:
    set_parts(page, reviewer, SECTION, [table_with("Cells", OWN)])
    set_parts(page, writer, SECTION, [text(OWN)])
    edit(page, writer, summary="testumab is a medicine.")
    refused(page, writer, reviewer)


def test_who_changed_one_cell_may_not_sign(page: Any, writer: Any, reviewer: Any) -> None:
    set_parts(page, writer, SECTION, [table_with("Dose", "0.5 mg")])
    set_parts(page, reviewer, SECTION, [table_with("Dose", "5 mg")])
    edit(page, writer, summary="testumab is a medicine.")
    refused(page, writer, reviewer)


def test_a_table_of_others_can_be_signed_and_is_what_patients_read(
    page: Any, writer: Any, reviewer: Any, client: Any
) -> None:
    set_parts(page, writer, SECTION, [table_with("Dose", "0.5 mg")])
    edit(page, writer, summary="testumab is a medicine.")
    sign(submit(page, writer), reviewer)
    assert "<caption>How it works</caption>" in client.get("/medicines/testumab/").content.decode()
