"""Bypass routes from a shell: Wagtail's methods, the ORM, SQL."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import Locale, Page, Revision, Site

from monographs.editions.models import Contribution, Edition, LedgerEntry, Publication, Signature
from monographs.models import MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.models import MedicalReviewTask
from tests.access_control.attempt import REFUSED, Attempt, bypass_attempt
from tests.access_control.populated_site import SHELL, UNSIGNED, user_of
from tests.conftest import run_deferred_constraints
from tests.factories import sign, submit


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def refused_by_database(attempt: Attempt, words: str, statement: str, *parameters: Any) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        _at_commit(lambda: sql(statement, *parameters))
    attempt.outcome = REFUSED


def _at_commit(act: Callable[[], None]) -> None:
    act()
    run_deferred_constraints()


@bypass_attempt("code: revision.publish() of a draft", SHELL)
def test_publishing_a_revision(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    revision = page.get_latest_revision()
    attempt.refused_in_code(PolicyError, "Nobody publishes by hand", revision.publish)
    assert attempt.is_recorded_in_ledger()


@bypass_attempt("code: page.publish() as somebody", "writer", "superuser", "superuser who reviews")
def test_publishing_a_page(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.draft)
    with LogContext(user=attempt.user):
        attempt.refused_in_code(
            PolicyError,
            "Nobody publishes by hand",
            lambda: page.publish(page.get_latest_revision(), user=attempt.user, skip_permission_checks=True),
        )
    assert attempt.is_recorded_in_ledger()


@bypass_attempt("code: copied live, without permission checks", SHELL)
def test_copy_by_code(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    copy = page.copy(keep_live=True, update_attrs={"slug": "copied", "title": UNSIGNED})
    assert MonographPage.objects.get(pk=copy.pk).get_latest_revision_as_object().title == UNSIGNED
    attempt.harmless(logged="wagtail.copy")


@bypass_attempt("code: alias", SHELL)
def test_alias_by_code(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    page.create_alias(update_slug="copied")
    attempt.harmless(logged="wagtail.create_alias")


@bypass_attempt("code: copy for translation, with an alias of all", SHELL)
def test_translation_by_code(attempt: Attempt) -> None:
    french = Locale.objects.create(language_code="fr")
    page = attempt.site.page(attempt.site.alpha)
    copy = page.copy_for_translation(french, copy_parents=True, alias=True)
    assert copy.translation_key == page.translation_key
    attempt.harmless(logged="wagtail.create_alias")


@bypass_attempt("code: unpublish", SHELL)
def test_unpublish_by_code(attempt: Attempt) -> None:
    attempt.site.page(attempt.site.alpha).unpublish()
    attempt.harmless(logged="wagtail.unpublish")


@bypass_attempt("code: page.save() with other words", SHELL)
def test_saving_a_page(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    page.title = page.summary = UNSIGNED
    page.save()
    attempt.harmless()


@bypass_attempt("code: page.live = True, save()", SHELL)
def test_setting_live(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.draft)
    page.live = True
    page.save()
    assert attempt.site.page(attempt.site.draft).live
    attempt.harmless()


@bypass_attempt("code: add_child(live=True)", SHELL)
def test_adding_a_live_page(attempt: Attempt) -> None:
    parent = MonographIndexPage.objects.get(collection="medicines")
    page = parent.add_child(instance=MonographPage(title=UNSIGNED, slug="copied", live=True))
    assert not MonographPage.objects.get(pk=page.pk).live
    attempt.harmless()


@bypass_attempt("code: a stock Page of Wagtail's below the root", SHELL)
def test_a_stock_page(attempt: Attempt) -> None:
    root = Page.get_first_root_node()
    page = root.add_child(instance=Page(title=UNSIGNED, slug="copied", live=True))
    tester = page.permissions_for_user(user_of("superuser"))
    assert not any((tester.can_publish(), tester.can_unpublish(), tester.can_publish_subpage()))
    attempt.harmless()


@bypass_attempt("code: QuerySet.update()", SHELL)
def test_updating_rows(attempt: Attempt) -> None:
    MonographPage.objects.update(title=UNSIGNED, summary=UNSIGNED, slug="renamed", live=True)
    Page.objects.filter(depth__gt=1).update(live=False)
    attempt.harmless()


@bypass_attempt("code: a revision of a page in review", SHELL)
def test_a_revision_in_review(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    attempt.refused_in_code(PolicyError, "in review", page.save_revision)


@bypass_attempt("code: moved below another page", SHELL)
def test_moving_by_code(attempt: Attempt) -> None:
    classes = MonographIndexPage.objects.get(collection="classes")
    attempt.site.page(attempt.site.alpha).move(classes, pos="last-child")
    attempt.harmless(logged="wagtail.move")


@bypass_attempt("code: purge_revisions", SHELL)
def test_purging_revisions(attempt: Attempt) -> None:
    call_command("purge_revisions", days=0, verbosity=0)
    attempt.harmless()


@bypass_attempt("code: a page that had an edition deleted, with its revisions", SHELL)
def test_deleting_pages(attempt: Attempt) -> None:
    attempt.refused_in_code(
        PolicyError,
        "had an edition that patients read",
        transaction.atomic(attempt.site.page(attempt.site.alpha).delete),
    )
    assert attempt.site.page(attempt.site.alpha)


@bypass_attempt("code: pages that never had an edition deleted", SHELL)
def test_deleting_drafts_by_code(attempt: Attempt) -> None:
    attempt.site.page(attempt.site.draft).delete()
    attempt.harmless(logged="wagtail.delete")


@bypass_attempt("schedule: due by SQL, its text tampered with", SHELL)
def test_scheduled_publishing(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    revision = page.get_latest_revision()
    content = {**revision.content, "title": UNSIGNED, "go_live_at": None}
    due = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=due, content=content)
    for command in ("publish_scheduled", "publish_scheduled_pages"):
        call_command(command)
    assert attempt.site.page(attempt.site.alpha).title == "alphaumab"
    attempt.harmless()


@bypass_attempt("schedule: a text marked as signed and due by SQL", SHELL)
def test_scheduled_without_signatures(attempt: Attempt) -> None:
    sql(
        "UPDATE review_submission SET status = 'scheduled', publish_at = now() - interval '1 day' "
        "WHERE status = 'in_review'"
    )
    with pytest.raises(CommandError):
        call_command("publish_scheduled")
    assert attempt.logged("0 of 1 signatures")
    attempt.outcome = REFUSED


@bypass_attempt("schedule: another text than the one that was signed", SHELL)
def test_scheduled_text_by_sql(attempt: Attempt) -> None:
    day = timezone.now() + timedelta(days=1)
    submission = submit(attempt.site.page(attempt.site.draft), user_of("writer"), publish_at=day)
    sign(submission, user_of("reviewer"))
    sql(
        "UPDATE review_submission SET publish_at = now() - interval '1 day', "
        "canonical = replace(canonical, 'label', %s) WHERE id = %s",
        UNSIGNED,
        submission.pk,
    )
    with pytest.raises(CommandError):
        call_command("publish_scheduled")
    assert attempt.logged("could not be published")
    attempt.outcome = REFUSED


@bypass_attempt("schedule: expiry by SQL", SHELL)
def test_scheduled_expiry(attempt: Attempt) -> None:
    due = timezone.now() - timedelta(minutes=1)
    MonographPage.objects.filter(pk=attempt.site.alpha).update(expire_at=due)
    call_command("publish_scheduled")
    attempt.harmless()


@bypass_attempt("SQL: page, medicine and condition rows", SHELL)
def test_rows_by_sql(attempt: Attempt) -> None:
    sql("UPDATE wagtailcore_page SET title = %s, draft_title = %s, live = true", UNSIGNED, UNSIGNED)
    sql("UPDATE monographs_monographpage SET summary = %s, brand_names = ARRAY[%s]", UNSIGNED, UNSIGNED)
    sql("DELETE FROM monographs_monographpage_conditions")
    attempt.harmless()


@bypass_attempt("SQL: the revision in review, before it is signed", SHELL)
def test_revision_by_sql(attempt: Attempt) -> None:
    sql(
        "UPDATE wagtailcore_revision SET content = jsonb_set(content, '{summary}', to_jsonb(%s::text)) "
        "WHERE object_id = %s",
        UNSIGNED,
        str(attempt.site.gamma),
    )
    attempt.refused_in_code(
        PolicyError,
        "no longer says what was submitted",
        lambda: sign(attempt.site.submission(), user_of("reviewer")),
    )


@bypass_attempt("SQL: the submitted text, before it is signed", SHELL)
def test_submitted_text_by_sql(attempt: Attempt) -> None:
    seen = attempt.site.submission().sha256
    sql("UPDATE review_submission SET canonical = replace(canonical, 'gammaumab is', %s)", f"{UNSIGNED} is")
    attempt.refused_in_code(
        PolicyError,
        "not the one that was submitted",
        lambda: sign(attempt.site.submission(), user_of("reviewer"), sha256=seen),
    )


@bypass_attempt("SQL: the submitted text and its hash", SHELL)
def test_submitted_text_and_hash_by_sql(attempt: Attempt) -> None:
    sql("UPDATE review_submission SET canonical = replace(canonical, 'gammaumab is', %s)", f"{UNSIGNED} is")
    sql("UPDATE review_submission SET sha256 = encode(sha256(convert_to(canonical, 'UTF8')), 'hex')")
    attempt.refused_in_code(
        PolicyError,
        "no longer says what was submitted",
        lambda: sign(attempt.site.submission(), user_of("reviewer")),
    )


@bypass_attempt("SQL: fewer signatures asked for, after submitting", SHELL)
def test_fewer_steps_by_sql(attempt: Attempt) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    submission = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    sql("""UPDATE review_submission SET steps = '[{"step": "Medical review", "signatures": 1}]'""")
    sign(submission, user_of("reviewer"))
    submission.refresh_from_db()
    assert submission.is_open, "the step itself still asks for two"
    attempt.harmless()


@bypass_attempt("SQL: a submission marked as signed", SHELL)
def test_status_by_sql(attempt: Attempt) -> None:
    sql("UPDATE review_submission SET status = 'signed', closed_at = now()")
    attempt.refused_in_code(
        PolicyError, "no longer in review", lambda: sign(attempt.site.submission(), user_of("reviewer"))
    )


@bypass_attempt("SQL: an edition's words", SHELL)
def test_edition_by_sql(attempt: Attempt) -> None:
    refused_by_database(attempt, "append-only", "UPDATE editions_edition SET title = %s", UNSIGNED)


@bypass_attempt("SQL: an edition without signatures", SHELL)
def test_unsigned_edition(attempt: Attempt) -> None:
    run_deferred_constraints()  # what led here is as good as committed
    edition = Edition.objects.filter(slug="alphaumab").latest("number")
    edition.pk, edition.number = None, edition.number + 1
    edition.submission = attempt.site.submission().uuid
    with pytest.raises(DatabaseError, match="needs 1"), transaction.atomic():
        _at_commit(lambda: edition.save(force_insert=True))
    attempt.outcome = REFUSED


@pytest.mark.parametrize("model", [Edition, Signature, Contribution, LedgerEntry, Publication])
@bypass_attempt("SQL: rows of append-only tables deleted", SHELL)
def test_deleting_the_record(attempt: Attempt, model: Any) -> None:
    refused_by_database(attempt, "append-only", f"DELETE FROM {model._meta.db_table}")  # noqa: S608


@bypass_attempt("SQL: a publication pointed at another page's edition", SHELL)
def test_publication_of_another_page(attempt: Attempt) -> None:
    refused_by_database(
        attempt,
        "points to an edition of another page",
        "UPDATE editions_publication SET edition_id = (SELECT id FROM editions_edition "
        "WHERE slug = 'gammaumab') WHERE path = '/medicines/alphaumab/'",
    )


@bypass_attempt("SQL: a withdrawal with an unsigned notice", SHELL)
def test_withdrawal_by_sql(attempt: Attempt) -> None:
    refused_by_database(
        attempt,
        "withdrawn_by_a_withdrawal",
        "UPDATE editions_publication SET state = 'withdrawn', reason = %s WHERE path LIKE '/medicines/al%%'",
        UNSIGNED,
    )


@bypass_attempt("SQL: a publication pointed back at a superseded edition", SHELL)
def test_an_older_edition_by_sql(attempt: Attempt) -> None:
    refused_by_database(
        attempt,
        "publication",
        "UPDATE editions_publication SET edition_id = (SELECT id FROM editions_edition "
        "WHERE slug = 'alphaumab' AND number = 1) WHERE path = '/medicines/alphaumab/'",
    )


@bypass_attempt("site settings: another root, host and name", SHELL)
def test_site_settings_by_code(attempt: Attempt) -> None:
    Site.objects.update(hostname="evil.example", port=8080, site_name=UNSIGNED)
    Site.objects.update(root_page=attempt.site.draft)
    attempt.harmless()


@bypass_attempt("site settings: another root, host and name, by the screen", "superuser")
def test_site_settings(attempt: Attempt) -> None:
    site = Site.objects.get()
    form = {"hostname": "evil.example", "port": "80", "site_name": UNSIGNED}
    form |= {"root_page": str(attempt.site.draft), "is_default_site": "on"}
    attempt.post("wagtailsites:edit", site.pk, data=form)
    assert Site.objects.get().hostname == "evil.example"
    attempt.harmless(logged="wagtail.edit")
