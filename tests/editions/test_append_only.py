"""PostgreSQL itself refuses changes of append-only tables."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from monographs.accounts.deactivation import ContributorNotDeletable
from monographs.document import canonical_bytes
from monographs.document.canonical import sha256_hex
from monographs.editions.contributions import contributors_since, retract_contribution
from monographs.editions.models import Contribution, Edition, LedgerEntry, Publication, ReviewKind, Signature
from monographs.editions.person import SYSTEM
from monographs.editions.publishing import make_edition
from monographs.editions.signatures import MissingSignatures, ReviewStep
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from tests.conftest import run_deferred_constraints
from tests.factories import delete_as_before, edit, make_monograph, make_user, publish, submit

pytestmark = pytest.mark.django_db

RECORD = ["editions_edition", "editions_signature", "editions_ledgerentry", "editions_contribution"]


def run(sql: str, *params: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("table", RECORD)
@pytest.mark.parametrize("sql", ["UPDATE {} SET sha256 = sha256", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_changes(edition: Edition, table: str, sql: str) -> None:
    if table == "editions_ledgerentry":
        sql = sql.replace("sha256 = sha256", "body = body")
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql.format(table))


@pytest.mark.parametrize("sql", ["DELETE FROM editions_publication", "TRUNCATE editions_publication"])
def test_a_publication_is_never_deleted(edition: Edition, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql)


def test_pgtrigger_ignore_does_not_skip_the_triggers(edition: Edition) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname::text) FROM pg_trigger WHERE NOT tgisinternal")
        names = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM editions_edition")


def copy_of(edition: Edition, **changes: Any) -> Edition:
    """An unsaved copy of an edition, with another number and submission."""
    fields = {f.attname: getattr(edition, f.attname) for f in Edition._meta.fields if f.name != "id"}
    return Edition(**{**fields, "number": 2, "submission": uuid.uuid4(), **changes})


def insert_signature(edition: Edition, user_id: int, sha256: str) -> None:
    """Insert a signature row without any authentication."""
    Signature.objects.create(
        submission=edition.submission,
        key=edition.key,
        sha256=sha256,
        step="Medical review",
        meaning="x",
        user_id=user_id,
        username="x",
        name="x",
    )


def test_an_edition_without_signatures_is_refused_at_commit(edition: Edition) -> None:
    copy_of(edition).save()
    with pytest.raises(DatabaseError, match="has 0 valid signature"):
        run_deferred_constraints()


@pytest.mark.parametrize("schema", ["pg_temp", "forged"])
def test_a_table_earlier_in_the_search_path_is_not_read(edition: Edition, schema: str) -> None:
    other = copy_of(edition)
    if schema == "forged":
        run("CREATE SCHEMA forged")
        run("SET LOCAL search_path = forged, public")
    run(f"CREATE TABLE {schema}.editions_signature (LIKE public.editions_signature INCLUDING ALL)")
    insert_signature(other, 99, edition.sha256)
    assert Signature.objects.filter(submission=other.submission, user_id=99).exists()
    other.save()
    with pytest.raises(DatabaseError, match="has 0 valid signature"):
        run_deferred_constraints()


def test_a_signature_for_another_text_does_not_count(edition: Edition, writer: Any) -> None:
    document = edition.document.model_copy(update={"summary": "Other words."})
    canonical = canonical_bytes(document)
    other = copy_of(
        edition, canonical=canonical.decode(), sha256=sha256_hex(canonical), summary="Other words."
    )
    insert_signature(other, 99, edition.sha256)
    other.save()
    with pytest.raises(DatabaseError, match="has 0 valid signature"):
        run_deferred_constraints()


def test_a_contributors_signature_does_not_count(edition: Edition) -> None:
    other = copy_of(edition)
    Contribution.objects.create(key=edition.key, user_id=7, username="seven", name="Seven", sha256="")
    insert_signature(other, 7, other.sha256)
    other.save()
    with pytest.raises(DatabaseError, match="has 0 valid signature"):
        run_deferred_constraints()


def test_an_account_recreated_under_a_contributors_name_does_not_count(edition: Edition) -> None:
    other = copy_of(edition)
    Contribution.objects.create(key=edition.key, user_id=7, username="x", name="X", sha256="")
    insert_signature(other, 8, other.sha256)
    other.save()
    with pytest.raises(DatabaseError, match="has 0 valid signature"):
        run_deferred_constraints()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 3}, "an earlier number is missing"),
        ({"steps": []}, "needs 1"),
        ({"title": "another name"}, "columns differ from its text"),
        ({"summary": "Unsigned words."}, "columns differ from its text"),
        ({"brand_names": ["Unsigned"]}, "columns differ from its text"),
        ({"change_note": "Unsigned."}, "columns differ from its text"),
    ],
)
def test_an_edition_that_contradicts_itself_is_refused(
    edition: Edition, changes: dict[str, Any], message: str
) -> None:
    copy_of(edition, **changes).save()
    with pytest.raises(DatabaseError, match=message):
        run_deferred_constraints()


def test_an_edition_whose_hash_is_not_of_its_text_is_refused(edition: Edition) -> None:
    with pytest.raises(DatabaseError, match="edition_hash_is_of_its_text"), transaction.atomic():
        copy_of(edition, canonical=edition.canonical.replace("testumab", "testumib")).save()


def test_a_publication_of_another_pages_edition_is_refused(edition: Edition) -> None:
    Publication.objects.filter(path=edition.path).update(key=uuid.uuid4())
    with pytest.raises(DatabaseError, match="another page"):
        run_deferred_constraints()


def test_python_refuses_an_unsigned_edition_too(edition: Edition) -> None:
    with pytest.raises(MissingSignatures, match="0 of 1"):
        make_edition(
            edition.text,
            submission=uuid.uuid4(),
            steps=[ReviewStep("Medical review")],
            review_kind=ReviewKind.FULL_REVIEW,
            reason="",
            actor=SYSTEM,
        )


def test_the_database_sets_sequence_time_and_hash_of_ledger_entries(edition: Edition) -> None:
    forged = LedgerEntry.objects.create(
        seq=5_000, at=timezone.now().replace(year=1999), event="x", body="{}", prev_hash="f", hash="f"
    )
    entry = LedgerEntry.objects.order_by("-seq").first()
    assert entry is not None
    before = LedgerEntry.objects.get(seq=entry.seq - 1)
    assert forged.seq == entry.seq != 5_000
    assert entry.at.year != 1999
    assert entry.prev_hash == before.hash
    assert entry.hash != "f"


def test_editions_outlive_the_page_and_the_people(edition: Edition, writer: Any, reviewer: Any) -> None:
    delete_as_before(MonographPage.objects.get())
    for person in (writer, reviewer):
        with pytest.raises(ContributorNotDeletable), transaction.atomic():
            person.delete()
        type(person).objects.filter(pk=person.pk).update(
            first_name="", last_name="", username=f"left-{person.pk}"
        )
    kept = Edition.objects.get()
    assert kept.reviewers[0]["name"] == "Reviewer Tester"
    assert kept.contributors[0]["name"] == "Writer Tester"
    assert Publication.objects.filter(state="current").count() == 1


def test_two_pages_cannot_be_public_at_one_path(edition: Edition, writer: Any, reviewer: Any) -> None:
    delete_as_before(MonographPage.objects.get())
    again = make_monograph("otherumab", slug="testumab", by=writer)
    with pytest.raises(PolicyError) as refusal:
        publish(again, writer, reviewer)
    assert refusal.value.rule == Rule.PATH_TAKEN
    assert Edition.objects.count() == 1


def test_contributions_are_placed_by_the_database(edition: Edition, writer: Any) -> None:
    row = Contribution.objects.create(key=edition.key, user_id=1, after_edition=77, sha256="")
    row.refresh_from_db()
    assert row.after_edition == 1


def test_contributors_are_counted_from_the_last_edition(edition: Edition, writer: Any) -> None:
    page = MonographPage.objects.get()
    edit(page, make_user("second", "Medical writers"), how_it_works="New.")
    submission = submit(page, writer)
    names = Contribution.objects.filter(key=submission.key, after_edition=1).values_list("name", flat=True)
    assert list(names) == ["Second Tester", "Writer Tester"], "who submits it contributes, too"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("column", "value"),
    [("path", "'/medicines/otherumab/'"), ("class_key", "gen_random_uuid()"), ("title", "'Other'")],
)
def test_what_an_edition_repeats_of_its_text_must_follow_from_it(
    edition: Edition, column: str, value: str
) -> None:
    names = [f.column for f in Edition._meta.concrete_fields if f.column != "id"]
    values = [{"number": "2", column: value, "submission": "gen_random_uuid()"}.get(n, n) for n in names]
    with (
        pytest.raises(IntegrityError, match="columns differ from its text"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO editions_edition ({', '.join(names)}) "  # noqa: S608  # columns of the model
            f"SELECT {', '.join(values)} FROM editions_edition"
        )


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_restored_edition_with_another_text(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edition = Edition.objects.get()
    columns = [
        f.column for f in Edition._meta.concrete_fields if f.column not in ("id", "number", "restores")
    ]
    names = ", ".join(columns)
    with (
        pytest.raises(IntegrityError, match="its text is not that of edition 2"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO editions_edition (number, restores, {names}) "  # noqa: S608  # its own columns
            f"SELECT 2, 2, {names.replace('submission', 'gen_random_uuid()')} FROM editions_edition"
        )
    assert Edition.objects.get() == edition


def test_a_retracted_contribution_bars_nobody_and_one_of_an_earlier_edition_stays(
    edition: Edition,
) -> None:
    now = Contribution.objects.create(key=edition.key, user_id=7, username="seven", sha256="")
    row = retract_contribution(now, SYSTEM)
    assert (row.key, row.after_edition, row.user_id, row.username) == (edition.key, 1, 7, "seven")
    assert contributors_since(edition.key, edition) == []
    with pytest.raises(IntegrityError):
        run("INSERT INTO editions_retraction (contribution_id) VALUES (%s)", now.pk)
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM editions_retraction")
    earlier = Contribution.objects.filter(key=edition.key, after_edition=0).first()
    with pytest.raises(IntegrityError, match="belongs to an edition, so it stays"), transaction.atomic():
        retract_contribution(earlier, SYSTEM)
