"""Every reason and answer that people write about a page is theirs when a writer takes its words over."""

import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.log_actions import LogContext, log
from wagtail.models import Comment

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now, database_today
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.imports.models import ImportedText
from monographs.imports.remarks import Remark, RemarkKind
from monographs.pages.refusals import PolicyError
from monographs.review.actions import (
    DeclareConflict,
    DeclineRetirement,
    FollowLabel,
    MakeBundle,
    ProposeRetirement,
    Recall,
    Return,
    Withdraw,
    WithdrawSuggestion,
)
from monographs.review.authorship import comments
from monographs.review.authorship.comments import longest_word, run_filter
from monographs.review.authorship.known_history import runs_of
from monographs.review.authorship.stored_passages import text_words
from monographs.review.models import SuggestionExemption
from monographs.rules.models import Overrule
from monographs.source_library.models import SourceTask
from tests.factories import PASSWORD, edit, make_image, make_monograph, make_user, publish, sign, submit
from tests.review.authored_drafts import CHANGED
from tests.review.suggested_words import suggest
from tests.source_library.library import add_source, change_source

pytestmark = pytest.mark.django_db

OWN = "It slows the growth of the cells that make the illness worse over many weeks."


@pytest.fixture
def both(site: Any) -> Any:
    """An editor who reviews."""
    return make_user("both", "Editors", "Medical reviewers", credentials="MD")


def gives_a_reason_of_an_edition(page: Any, writer: Any, both: Any) -> None:
    User.objects.filter(pk=both.pk).update(is_superuser=True)  # may edit the page
    submission = submit(page, User.objects.get(pk=both.pk), reason=f"Added: {OWN}")
    sign(submission, make_user("signer", "Medical reviewers", credentials="MD"))


def withdraws_a_suggestion(page: Any, writer: Any, both: Any) -> None:
    submission = submit(page, writer)
    suggestion = suggest(both, submission, "About how_it_works.", "Nothing.")
    WithdrawSuggestion(both, suggestion, body=f"Rather: {OWN}").execute()
    Recall(writer, submission).execute()


def recalls(page: Any, writer: Any, both: Any) -> None:
    Recall(both, submit(page, writer), reason=f"Rather: {OWN}").execute()


def returns(page: Any, writer: Any, both: Any) -> None:
    Return(both, submit(page, writer), reason=f"Rather: {OWN}").execute()


def declares_a_conflict(page: Any, writer: Any, both: Any) -> None:
    other = make_user("other", "Medical reviewers", credentials="MD")
    today = database_today()
    DeclareConflict(both, page.translation_key, other, reason=OWN, starts_on=today, ends_on=None).execute()


def overrules_a_rule(page: Any, writer: Any, both: Any) -> None:
    Overrule.objects.create(
        key=page.translation_key,
        rule="x",
        fingerprint="0",
        reason=OWN,
        by=both,
        person=person_of(both).as_record(),
    )


def answers_for_a_source(page: Any, writer: Any, both: Any) -> None:
    SourceTask.objects.create(
        key=page.translation_key,
        source=add_source(),
        edition=1,
        closed_at=database_now(),
        outcome="answered",
        reason=OWN,
        answerer=person_of(both).as_record(),
    )


def comments_in_wagtail(page: Any, writer: Any, both: Any) -> None:
    Comment.objects.create(page=page, user=both, text=OWN, contentpath="summary")


def withdraws_the_page(page: Any, writer: Any, both: Any) -> None:
    publish(page, writer, make_user("signer", "Medical reviewers", credentials="MD"))
    Withdraw(
        both,
        page.translation_key,
        cause=WithdrawalReason.MISTAKE,
        note=OWN,
        password=PASSWORD,
    ).execute()


def declines_a_retirement(page: Any, writer: Any, both: Any) -> None:
    publish(page, writer, make_user("signer", "Medical reviewers", credentials="MD"))
    editor = make_user("editor2", "Editors")
    cause = WithdrawalReason.RETIRED
    proposal = ProposeRetirement(editor, page.translation_key, cause=cause, note="Gone.").execute()
    DeclineRetirement(both, proposal, reason=OWN).execute()


def names_a_bundle(page: Any, writer: Any, both: Any) -> None:
    submission = submit(page, writer)
    MakeBundle(both, [submission], title=f"New: {OWN}").execute()
    Recall(writer, submission).execute()


def exempts_wording(page: Any, writer: Any, both: Any) -> None:
    SuggestionExemption.objects.create(allowed=True, reason=OWN, by=person_of(both).as_record())


def names_a_picture(page: Any, writer: Any, both: Any) -> None:
    get_image_model().objects.filter(pk=make_image("red", by=both).pk).update(title=OWN)


def describes_a_picture(page: Any, writer: Any, both: Any) -> None:
    image = make_image("red", by=writer)
    get_image_model().objects.filter(pk=image.pk).update(description=OWN)
    with LogContext(user=both):
        log(instance=image, action="wagtail.edit")


def imports_what_is_left_out(page: Any, writer: Any, both: Any) -> None:
    imported = {"file_name": "x.txt", "sha256": "0", "size": 1, "form": "text", "created_page": False}
    ImportedText.objects.create(
        key=page.translation_key, revision_id=0, user=both, left_out=["A title", OWN], **imported
    )


def imports_what_is_remarked(page: Any, writer: Any, both: Any) -> None:
    imported = {"file_name": "x.txt", "sha256": "0", "size": 1, "form": "text", "created_page": False}
    remark = Remark(RemarkKind.OMITTED, "Left out.", OWN)
    ImportedText.objects.create(
        key=page.translation_key, revision_id=0, user=both, remarks=[asdict(remark)], **imported
    )


WAYS = (
    gives_a_reason_of_an_edition,
    withdraws_a_suggestion,
    recalls,
    returns,
    declares_a_conflict,
    overrules_a_rule,
    answers_for_a_source,
    comments_in_wagtail,
    withdraws_the_page,
    declines_a_retirement,
    names_a_bundle,
    exempts_wording,
    names_a_picture,
    describes_a_picture,
    imports_what_is_left_out,
    imports_what_is_remarked,
)


@pytest.mark.parametrize("where", ["same page", "other page"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_words_that_somebody_gave_with_an_act_are_theirs_when_they_are_adopted(
    way: Callable[..., None], where: str, writer: Any, both: Any, reviewer2: Any
) -> None:
    said_of = make_monograph("otherumab" if where == "other page" else "testumab", by=writer)
    way(said_of, writer, both)
    page = said_of if where == "same page" else make_monograph(by=writer)
    submission = submit(edit(page, writer, how_it_works=OWN), writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)


def test_the_reason_why_a_label_is_followed_is_its_authors(writer: Any, both: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    FollowLabel(both, page.translation_key, str(uuid.uuid4()), reason=OWN).execute()
    submission = submit(edit(page, writer, how_it_works=OWN), writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)


#: Texts beside a page that are no comment on it, by model and field, and whose they are.
NO_COMMENTS = {
    "editions.Checkpoint.note": "the head of the ledger",
    "editions.Cosignature.line": "a witness's signature",
    "editions.Edition": "the signed text, and what its submitter said of it",
    "editions.PreparedSentence.wording": "signed words",
    "editions.Publication.reason": "that of the withdrawal",
    "editions.Signature": "prepared words",
    "editions.Withdrawal.advice": "prepared words",
    "editions.Withdrawal.reason": "prepared words",
    "editions.LedgerEntry.body": "of its reasons, those that no row has are read",
    "imports.ImportedText.by": "a name",
    "imports.ImportedText.dismissed_by": "a name",
    "label_watch.Citation.words": "the label's",
    "label_watch.LabelCheck": "what a service answered",
    "label_watch.LabelNotice.detail": "prepared words",
    "label_watch.LabelVersion": "the label's",
    "label_watch.ProductLabel.title": "the label's",
    "label_watch.UpdateTask.title": "the page's name",
    "review.ChecklistStatement.text": "a statement of the site",
    "review.Credential.meaning": "of letters after a name",
    "source_library.SourceCitation.words": "words of the text",
    "review.Note.outsider": "a name",
    "review.Note.quote": "words of the text",
    "review.Notice": "an email about words that are counted",
    "review.OutsideLink": "a name, and a step",
    "review.ReviewerProfile": "credentials",
    "review.Submission.title": "the page's name",
    "review.Suggestion.old_words": "words of the text",
    "review.Suggestion.outsider": "a name",
    "review.Suggestion.passage": "words of the text",
    "review.Suggestion.place": "words of the text",
    "review.Tick.statement": "a statement of the site",
    "rules.Overrule.excerpt": "words of the text",
    "rules.LinkCheck.detail": "what a server answered",
    "rules.LinkCheck.moved_to": "an address",
    "rules.PublishedFact": "words of the text",
    "source_library.LibrarySource": "counted by its changes",
    "source_library.SourceTask.title": "the page's name",
    "wagtailimages.Rendition.filter_spec": "a size",
}


def test_every_text_that_is_written_about_a_page_is_a_comment() -> None:
    known = {f"{kind.model._meta.label}.{name}" for kind in comments._KINDS for name in kind.words.split()}
    labels = ("editions", "imports", "label_watch", "review", "rules", "source_library", "wagtailimages")
    written = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in labels
        for field in model._meta.concrete_fields
        if field.name not in ("canonical", "key", "path", "address")
        and not field.name.endswith(("name", "name_key"))
        and not field.choices
        and (isinstance(field, models.TextField) or (field.max_length or 0) >= 200)
    }
    others = {name for name in written - known if not NO_COMMENTS.keys() & {name, name.rpartition(".")[0]}}
    assert others == set()


def test_pictures_with_other_words_take_no_queries_of_a_save(writer: Any) -> None:
    """Who named one is asked of those only that have words of the text, however many have one word of it."""
    page = make_monograph(by=writer)
    images = get_image_model().objects

    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as sent:
            edit(page, writer, how_it_works=words)
        return len(sent)

    queries(OWN)
    before = queries(OWN.replace("slows", "stops"))
    for number in range(4):
        image = images.get(pk=make_image("red", by=writer).pk)
        image.pk, image.title = None, f"{number} illness, naïve"
        image.save()
    assert queries(OWN.replace("slows", "ends")) == before


def test_a_recall_without_a_reason_says_nothing(writer: Any, both: Any) -> None:
    page = make_monograph(by=writer)
    Recall(both, submit(page, writer)).execute()
    sign(submit(edit(page, writer, how_it_works="Recalled capsules are not used."), writer), both)


TITLE = "A guideline on the treatment of blood cancers in adults, second edition of the working group"


def test_a_title_of_the_library_that_is_typed_with_a_change_is_its_authors(
    writer: Any, both: Any, reviewer2: Any
) -> None:
    add_source(TITLE, by=both)
    page = edit(make_monograph(by=writer), writer, how_it_works=f"{TITLE}, which says so.")
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)


def test_a_library_title_that_is_changed_since_is_its_first_authors(writer: Any, both: Any) -> None:
    change_source(add_source(TITLE, by=both), writer, title="Another title")
    page = edit(make_monograph(by=writer), writer, how_it_works=f"{TITLE}, which says so.")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), both)


@pytest.mark.parametrize("words", ["Take 400 mg once a day.", "Take it with 200 mL water."])
def test_a_short_sentence_with_a_number_is_its_authors_on_another_page(
    words: str, writer: Any, both: Any, reviewer2: Any
) -> None:
    edit(make_monograph("otherumab", by=writer), both, how_it_is_administered=words)
    page = edit(make_monograph(by=writer), writer, how_it_is_administered=words)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)


def test_a_short_phrase_without_a_number_bars_nobody(writer: Any, both: Any) -> None:
    phrase = "Tell your care team about this."
    edit(make_monograph("otherumab", by=writer), both, how_it_works=phrase)
    page = edit(make_monograph(by=writer), writer, how_it_works=phrase)
    sign(submit(page, writer), both)


#: Each run of five words has the longest one, by which the database finds the note.
SPELT = "On days it was significantly less than at home."
DECOMPOSED = "Síntomas rápidos después dé días según médicos, también añadió él aquí."


@pytest.mark.parametrize(
    "text", [OWN, SPELT.replace("fi", "\ufb01"), DECOMPOSED, "Ünï ä ö ü é 5-FU, 1,000 mg"]
)
def test_the_quick_look_at_a_text_misses_no_run_of_its_words(text: str) -> None:
    runs = [run for _, run in runs_of(text_words(text))]
    assert runs
    assert all(run_filter([run])(text) and run_filter(runs)(text.upper()) for run in runs)
    assert all(longest_word(run).isascii() or not any(map(str.isascii, run.split())) for run in runs)


def test_the_quick_look_rules_other_texts_out() -> None:
    assert not run_filter(["it slows the naïve growth"])("It slows growth – “naïve”.")


@pytest.mark.parametrize("where", ["same page", "other page"])
@pytest.mark.parametrize(
    ("said", "written"),
    [
        (SPELT.replace("fi", "\ufb01"), SPELT),
        (SPELT.replace("fi", "fi\u00ad"), SPELT),
        (unicodedata.normalize("NFD", DECOMPOSED), DECOMPOSED),
    ],
    ids=["ligature", "soft hyphen", "decomposed accents"],
)
def test_words_of_a_note_are_its_authors_however_they_are_encoded(
    said: str, written: str, where: str, writer: Any, both: Any, reviewer2: Any
) -> None:
    said_of = make_monograph("otherumab" if where == "other page" else "testumab", by=writer)
    submission = submit(said_of, writer)
    Return(both, submission, reason=said).execute()
    page = said_of if where == "same page" else make_monograph(by=writer)
    submission = submit(edit(page, writer, how_it_works=written), writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)
