"""Words of suggestions and of outside experts that a writer adopts: whose they are then."""

from typing import Any

import pytest

from monographs.editions.contributions import contributors_now
from monographs.editions.person import SYSTEM, Person
from monographs.pages.refusals import PolicyError
from monographs.review.actions import DeclineSuggestion, Return
from monographs.review.authorship.authored_text import reference_of
from monographs.review.models import Note
from tests.factories import edit, make_monograph, make_user, sign, submit
from tests.review.authored_drafts import CHANGED
from tests.review.left_notes import left_by_link
from tests.review.suggested_words import suggest

pytestmark = pytest.mark.django_db

OWN = "It slows the growth of the cells that make the illness worse over many weeks."
OTHER = "Drink plenty of cold water in the evening before you swallow each capsule."


@pytest.mark.parametrize("place", ["words", "reason"])
def test_a_declined_suggestion_on_another_page_is_its_authors(
    writer: Any, reviewer: Any, reviewer2: Any, place: str
) -> None:
    other = submit(make_monograph("otherumab", by=writer), writer)
    words, reason = (OWN, "Plainer.") if place == "words" else ("Nothing.", f"Write everywhere: {OWN}")
    suggestion = suggest(reviewer, other, "About how_it_works.", words, reason=reason)
    DeclineSuggestion(writer, suggestion).execute()
    page = edit(make_monograph(by=writer), writer, how_it_works=f"In short: {OWN}")
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)
    sign(submission, reviewer2)


@pytest.mark.parametrize("where", ["same page", "other page"])
def test_who_makes_an_outside_link_cannot_sign_words_that_were_left_by_it(
    writer: Any, reviewer2: Any, where: str
) -> None:
    maker = make_user("maker", "Medical reviewers", "Editors", credentials="MD")
    noted = submit(make_monograph(by=writer), writer)
    left_by_link(noted, maker, "Dr. Olga Outside", OWN)
    Return(reviewer2, noted, reason="See the note.").execute()
    page = noted.page.specific if where == "same page" else make_monograph("otherumab", by=writer)
    submission = submit(edit(page, writer, how_it_works=OWN), writer)
    Note.objects.update(status="resolved")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, maker)
    assert "Dr. Olga Outside" in {each.name for each in contributors_now(submission.key)}
    sign(submission, reviewer2)


def test_outside_experts_and_the_system_are_different_people(
    writer: Any, editor: Any, reviewer2: Any
) -> None:
    noted = submit(make_monograph(by=writer), writer)
    left_by_link(noted, editor, "Dr. Olga Outside", OWN)
    left_by_link(noted, editor, "Dr. Otto Outside", OTHER)
    Return(reviewer2, noted, reason="See the notes.").execute()
    submit(edit(noted.page.specific, writer, how_it_works=f"{OWN} {OTHER}"), writer)
    names = {each.name for each in contributors_now(noted.key)}
    assert {"Dr. Olga Outside", "Dr. Otto Outside"} <= names


def test_a_person_without_an_account_is_referred_to_by_name() -> None:
    olga, otto = (Person(None, "", name) for name in ("Olga", "Otto"))
    assert len({reference_of(each) for each in (olga, otto, SYSTEM)}) == 3
    assert reference_of(Person(7, "olga", "Olga")) == reference_of(Person(7, "olga", "Dr. Olga"))
