"""Words that come back in a Word file are theirs whom the file names, and of who takes them over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.editions.person import SYSTEM, Person
from monographs.imports.word_return import ProposedChange, ReturnedFile, ReturnedText
from monographs.imports.word_return.returned_runs import TrackedChange
from monographs.pages.refusals import PolicyError
from monographs.redline import Form
from monographs.redline.lines import compared_line
from monographs.redline.model import LineContext
from monographs.redline.unit_lines import UnitLine
from monographs.review.actions import (
    ChosenWords,
    DeclineSuggestion,
    Recall,
    ResolveNote,
    Suggest,
    TakeOverNote,
)
from monographs.review.authorship.comments import comments_on
from monographs.review.authorship.file_authors import FileAuthors
from monographs.review.models import Submission, Suggestion
from monographs.review.outside_remarks import OutsideRemark, remarks_of, take_over_note, take_over_suggestion
from monographs.review.policy import excluded_users
from tests.factories import edit, make_user, sign, submit
from tests.review.authored_drafts import CHANGED
from tests.review.suggested_words import SECTION, WORDS, accept, text_in_review

pytestmark = pytest.mark.django_db

OWN = "It keeps the blood vessels of the tumour from growing any further."


@pytest.fixture
def sent(site: Any) -> Submission:
    """A text in review; Rosa Tester could sign it."""
    make_user("rosa", "Medical reviewers", credentials="MD")
    return text_in_review()


def person(username: str) -> Any:
    return User.objects.get(username=username)


def taken_over(sent: Submission, by: str) -> Suggestion:
    where = ChosenWords(SECTION, WORDS)
    return Suggest(person("writer"), sent.key, where, words=OWN, reason="From a file.", outsider=by).execute()


def accepts_it(sent: Submission, by: str) -> Any:
    suggestion = taken_over(sent, by)
    Recall(person("writer"), sent).execute()
    accept(person("writer"), suggestion)
    return sent.page.specific


def types_it(sent: Submission, by: str) -> Any:
    suggestion = taken_over(sent, by)
    Recall(person("writer"), sent).execute()
    page = edit(sent.page.specific, person("writer"), how_it_works=OWN)
    DeclineSuggestion(person("writer"), suggestion).execute()
    return page


def types_the_note(sent: Submission, by: str) -> Any:
    body = f"{by} proposes in a Word file to add “{OWN}”."
    note = TakeOverNote(person("writer"), sent.key, section=SECTION, body=body, outsider=by).execute()
    Recall(person("writer"), sent).execute()
    page = edit(sent.page.specific, person("writer"), how_it_works=OWN)
    ResolveNote(person("writer"), note).execute()
    return page


@pytest.mark.parametrize("way", [accepts_it, types_it, types_the_note], ids=lambda way: way.__name__)
def test_a_reviewer_whom_the_file_names_does_not_sign_its_words(
    way: Callable[..., Any], sent: Submission
) -> None:
    again = submit(way(sent, "Rosa Tester (2026-05-06)"), person("writer"))
    with pytest.raises(PolicyError, match=CHANGED):
        sign(again, person("rosa"))
    sign(again, person("reviewer2"))


@pytest.mark.parametrize("way", [accepts_it, types_it, types_the_note], ids=lambda way: way.__name__)
def test_no_outside_expert_signs_words_of_a_file_from_outside(
    way: Callable[..., Any], sent: Submission
) -> None:
    submit(way(sent, "Dr Outside (2026-05-06)"), person("writer"))
    assert excluded_users(sent.key).from_outside


def test_who_is_named_in_a_file_is_found_by_whole_names(sent: Submission) -> None:
    def named(by: str) -> list[str]:
        return [each.username for each in FileAuthors().of(by)]

    assert FileAuthors().of("") == []
    assert named("Dr Outside (2026-05-06)") == [""]
    assert named("Ann; ROSA  tester (2026-05-06)") == ["", "rosa"]
    assert named("Somebody (not tracked, the file was last saved by rosa)") == ["", "rosa"]
    assert named("Rosalind Testers") == [""]
    for name in ("an", "not"):
        make_user(name, "Medical reviewers")
    assert named("Dr. An Nguyen (2026-05-06)") == [""]
    assert named("AN (2026-05-06); Ann (2026-05-06)") == ["", "an"]
    assert named("Somebody (not tracked, the file was last saved by An)") == ["", "an"]
    assert FileAuthors().of("system") != [Person(None, "", SYSTEM.name)]


def test_remarks_of_word_files_take_one_query_for_all_the_people_they_name(
    sent: Submission,
) -> None:
    key = sent.page.translation_key
    for count in range(3):
        TakeOverNote(person("writer"), sent.key, section=SECTION, body=f"{count}", outsider="Ann").execute()
    taken_over(sent, "Ann")
    with CaptureQueriesContext(connection) as captured:
        authors = {author.name for author, _ in comments_on(key, None)}
    assert "Ann" in authors
    assert sum('FROM "auth_user"' in query["sql"] for query in captured.captured_queries) == 1


def remark_by(*changes: TrackedChange) -> OutsideRemark:
    """A change of ``WORDS`` that these made in a file."""
    line = compared_line(
        UnitLine(LineContext(), ((WORDS, Form()),)), UnitLine(LineContext(), ((OWN, Form()),))
    )
    (remark,) = remarks_of(ReturnedFile(), ReturnedText([ProposedChange(line, None, changes)]), [])
    return replace(remark, section=SECTION, chosen=ChosenWords(SECTION, WORDS))


def edits_of(name: str, count: int) -> list[TrackedChange]:
    return [TrackedChange(name, f"2026-05-{1 + n % 28:02}T07:{n:02}:00Z") for n in range(count)]


def test_who_made_the_last_of_many_changes_is_kept_with_them(sent: Submission) -> None:
    """Word notes each change for itself: one person's many do not crowd out another's."""
    again = edits_of("Dr Outside", 3)
    assert remark_by(*again[:1], *again[:1]).by == "Dr Outside (2026-05-01)"
    remark = remark_by(*edits_of("Dr Outside", 40), TrackedChange("Rosa Tester", "2026-05-29T07:08:00Z"))
    for taken in (
        take_over_suggestion(person("writer"), sent.key, remark),
        take_over_note(person("writer"), sent.key, remark),
    ):
        assert [each.username for each in FileAuthors().of(taken.outsider)] == ["", "rosa"]


def test_a_change_of_more_people_than_can_be_kept_is_not_taken_over(sent: Submission) -> None:
    remark = remark_by(*(TrackedChange(f"Doctor Number {n}") for n in range(40)))
    for take_over in (take_over_suggestion, take_over_note):
        with pytest.raises(PolicyError, match="more people"):
            take_over(person("writer"), sent.key, remark)
    assert not Suggestion.objects.exists()
