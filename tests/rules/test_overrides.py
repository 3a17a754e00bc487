"""A rule can be overruled at one place, with a reason, until the text of that place changes."""

from typing import Any

import pytest

from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Recall
from monographs.rules.document_check import check_document
from monographs.rules.draft_check import findings_of, findings_of_submission
from monographs.rules.finding import Finding
from monographs.rules.models import Overrule
from monographs.rules.overrides import overrule, restore_rule
from tests.factories import edit, make_monograph, make_user, submit
from tests.rules.documents import monograph

pytestmark = pytest.mark.django_db
REASON = "The box says it like this, and patients compare."
ONE = "Take 10mg at night."


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft with one finding: a dose without a space."""
    made = make_monograph(by=writer)
    edit(made, writer, how_it_works=ONE)
    return made


def found(page: MonographPage, rule: str = "number-touches-unit") -> list[Finding]:
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [f for f in findings_of(draft, published=None) if f.rule == rule]


def reasons(page: MonographPage, rule: str = "number-touches-unit") -> list[str]:
    return [f.reason for f in found(page, rule)]


def test_an_overruled_error_stops_nothing_and_the_reviewer_reads_why(page: Any, writer: Any) -> None:
    with pytest.raises(PolicyError, match="10mg"):
        submit(page, writer)
    overrule(writer, page.translation_key, found(page)[0], f"  {REASON}\n")
    submission = submit(page, writer)
    shown = [f for f in findings_of_submission(submission.document, page.translation_key) if f.reason]
    assert [(f.rule, f.reason, f.overruled_by, f.stops) for f in shown] == [
        ("number-touches-unit", REASON, "Writer Tester", False)
    ]


def test_the_same_words_elsewhere_still_break_the_rule(page: Any, writer: Any) -> None:
    edit(page, writer, how_it_works=f"{ONE} {ONE}", who_should_take_it=ONE)
    first, second, elsewhere = found(page)
    assert len({f.fingerprint for f in (first, second, elsewhere)}) == 3
    overrule(writer, page.translation_key, second, REASON)
    assert reasons(page) == ["", REASON, ""]


@pytest.mark.parametrize(
    "words", ["Take 20mg at night.", "Take 10mg in the morning.", "Do not take 10mg at night.", "Take 10mg."]
)
def test_once_the_sentence_changes_the_rule_applies_again(page: Any, writer: Any, words: str) -> None:
    overrule(writer, page.translation_key, found(page)[0], REASON)
    edit(page, writer, how_it_works=words)
    assert reasons(page) == [""]
    edit(page, writer, how_it_works=ONE)
    assert reasons(page) == [REASON], "the reason was given for this text"


@pytest.mark.parametrize(
    "change",
    [
        {"how_it_works": f"{ONE} Then rest."},
        {"how_it_works": f"First eat. {ONE}"},
        {"how_it_works": "Take  <strong>10mg</strong>\nat night."},
        {"how_it_is_administered": "As a pill."},
        {"summary": "Another summary."},
    ],
    ids=["a sentence after", "a sentence before", "bold and spaces", "another section", "another field"],
)
def test_unrelated_edits_leave_it_overruled(page: Any, writer: Any, change: dict[str, str]) -> None:
    overrule(writer, page.translation_key, found(page)[0], REASON)
    edit(page, writer, **change)
    assert reasons(page) == [REASON]


def test_advice_about_a_whole_section_is_bound_to_all_of_it(page: Any, writer: Any) -> None:
    hard = "Neurological toxicities necessitate immediate discontinuation of the medication. " * 4
    edit(page, writer, how_it_works=hard)
    rule = "reading-grade-section"
    overrule(writer, page.translation_key, found(page, rule)[0], REASON)
    assert reasons(page, rule) == [REASON]
    edit(page, writer, how_it_works=f"{hard} Administration continues.")
    assert reasons(page, rule) == [""]


def test_a_withdrawn_decision_is_kept_and_the_rule_applies_again(page: Any, writer: Any) -> None:
    finding = found(page)[0]
    overrule(writer, page.translation_key, finding, REASON)
    assert restore_rule(writer, page.translation_key, finding)
    assert not restore_rule(writer, page.translation_key, finding), "it is withdrawn already"
    assert reasons(page) == [""]
    kept = Overrule.objects.get()
    assert kept.overruler.username == kept.withdrawn_by["username"] == "writer"


def test_a_second_reason_replaces_the_first(page: Any, writer: Any) -> None:
    overrule(writer, page.translation_key, found(page)[0], REASON)
    overrule(writer, page.translation_key, found(page)[0], "The label writes it without a space.")
    assert reasons(page) == ["The label writes it without a space."]
    assert Overrule.objects.count() == 2


def test_the_reason_is_kept_when_the_account_is_deleted(page: Any) -> None:
    somebody = make_user("somebody", "Medical writers")
    overrule(somebody, page.translation_key, found(page)[0], REASON)
    somebody.delete()
    assert [(f.reason, f.overruled_by) for f in found(page)] == [(REASON, "Somebody Tester")]


def test_what_is_missing_cannot_be_overruled(page: Any, writer: Any) -> None:
    empty = make_monograph("empty", complete=False)
    missing = found(empty, "required-part")[0]
    assert not missing.overrulable
    with pytest.raises(PolicyError, match="Fix the text instead: This section is empty"):
        overrule(writer, empty.translation_key, missing, REASON)
    Overrule.objects.create(
        key=empty.translation_key, rule=missing.rule, anchor=missing.anchor, fingerprint=missing.fingerprint,
        reason=REASON, person={"id": None, "username": "", "name": "somebody"},
    )  # fmt: skip
    assert found(empty, "required-part")[0].stops, "not even by a row inserted directly into the database"


@pytest.mark.parametrize(
    ("reason", "message"), [("", "Say in a sentence"), (" ok ", "Say in"), ("x" * 501, "500")]
)
def test_a_reason_is_a_sentence(page: Any, writer: Any, reason: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        overrule(writer, page.translation_key, found(page)[0], reason)
    assert not Overrule.objects.exists()


def test_only_those_who_may_edit_the_page_overrule(page: Any) -> None:
    stranger = make_user("stranger")
    for act in (
        lambda finding: overrule(stranger, page.translation_key, finding, REASON),
        lambda finding: restore_rule(stranger, page.translation_key, finding),
    ):
        with pytest.raises(PolicyError, match="Only those who may edit"):
            act(found(page)[0])


def test_nothing_is_overruled_while_the_page_is_in_review(page: Any, writer: Any) -> None:
    edit(page, writer, how_it_works="The drug is given at night.")
    advice = found(page, "passive-voice")[0]
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="in review"):
        overrule(writer, page.translation_key, advice, REASON)
    Recall(writer, submission).execute()
    overrule(writer, page.translation_key, advice, REASON)
    assert reasons(page, "passive-voice") == [REASON]


def test_a_page_that_is_gone_is_reported(writer: Any, page: Any) -> None:
    finding = found(page)[0]
    with pytest.raises(PolicyError, match="no such page"):
        overrule(writer, "00000000-0000-0000-0000-000000000000", finding, REASON)


def test_fingerprints_do_not_depend_on_the_database() -> None:
    first, second = (check_document(monograph(ONE))[0].fingerprint for _ in range(2))
    assert first == second
    assert len(first) == 64


def test_the_reason_is_offered_again_where_only_the_text_around_it_changed(page: Any, writer: Any) -> None:
    overrule(writer, page.translation_key, found(page)[0], REASON)
    edit(page, writer, how_it_works="Take 10mg at night, with water.")
    [finding] = found(page)
    assert (finding.reason, finding.earlier_reason) == ("", REASON)
    assert finding.stops
    edit(page, writer, how_it_works="Take 20mg at night.")
    assert found(page)[0].earlier_reason == "", "a reason for other words is none for these"
    edit(page, writer, how_it_works=ONE, who_should_take_it="Take 10mg in the morning.")
    assert [f.earlier_reason for f in found(page)] == ["", ""], "it stands where it was given"
