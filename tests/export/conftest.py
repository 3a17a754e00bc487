"""One record with a bit of everything, exported once; each test gets a copy of the folder."""

import json
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from wagtail.models import Workflow, WorkflowTask

from home.site_setup import set_up_site
from monographs.editions.ledger import head
from monographs.editions.models import EditionFigure, ReviewKind
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.label_watch.models import UpdateTask
from monographs.models import DrugClassPage, MonographIndexPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import AnswerLabel, DeclareConflict, EndConflict, Recall, Restore, Withdraw
from monographs.review.groups import REVIEWERS, WORKFLOW
from monographs.review.models import MedicalReviewTask
from tests.conftest import run_deferred_constraints
from tests.database import connected_to, copied_database
from tests.export.bundles import Bundle
from tests.export.old_record import VERSION_1
from tests.factories import (
    PASSWORD,
    edit,
    make_image,
    make_monograph,
    make_user,
    publish,
    sign,
    submit,
    text,
    with_figure,
)
from tests.label_watch.told_patients import tell_patients
from tests.next_version import release_next_version


@pytest.fixture(scope="session")
def exported(
    migrated_database: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """An export of committed rows."""
    folder = tmp_path_factory.mktemp("evidence")
    figures = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder / "figures"},
    }
    name = f"{connection.settings_dict['NAME']}_export"
    with (
        django_db_blocker.unblock(),
        copied_database(migrated_database, name),
        connected_to(name),
        override_settings(MEDIA_ROOT=folder / "media", STORAGES={**settings.STORAGES, "figures": figures}),
    ):
        make_record()
        call_command("ledger", "export", str(folder / "bundle"), stdout=StringIO())
        last = "{} {}".format(*head())
    ContentType.objects.clear_cache()
    return Bundle(folder / "bundle", last)


@pytest.fixture
def committed_figure(transactional_db: None, figure_files: None) -> EditionFigure:
    """The figure of a committed edition."""
    set_up_site()
    writer = make_user("writer", "Medical writers")
    page = with_figure(make_monograph(by=writer), make_image("red", by=writer), writer)
    publish(page, writer, make_user("reviewer", REVIEWERS, credentials="PharmD"))
    return EditionFigure.objects.get()


@pytest.fixture
def bundle(exported: Bundle, tmp_path: Path) -> Bundle:
    """A copy to tamper with."""
    shutil.copytree(exported.folder, tmp_path / "bundle")
    return Bundle(tmp_path / "bundle", exported.head)


def make_record() -> None:
    """Two steps of review; five editions of a page that moved, was withdrawn, restored and withdrawn again;
    a drug class with its old slug; a refusal, a voided signature, a retracted contribution, a prepared
    sentence, an answer about a label, a conflict of interest and one that was ended.
    """
    ContentType.objects.clear_cache()
    set_up_site()
    writer = make_user("writer", "Medical writers")
    first = make_user("reviewer", REVIEWERS, credentials="PharmD")
    second = make_user("reviewer2", REVIEWERS, credentials="MD")
    add_step("Second reading")

    def publish_through_both_steps(page: Any, **kwargs: Any) -> None:
        submission = submit(page, writer, **kwargs)
        sign(submission, first)
        sign(submission, second)

    drug_class = add_class("Testing antibodies", writer)
    publish_through_both_steps(drug_class)
    page = make_monograph("testumab", by=writer, brand_names=[], drug_class=drug_class)
    with_figure(page, make_image("red", by=writer), writer)
    publish_through_both_steps(page)
    edit(page, writer, how_it_works="Adults &amp; “others” &lt;see below&gt;.")
    publish_through_both_steps(page)
    edit(page, writer, how_it_works="Adults.")
    publish_through_both_steps(page, kind=ReviewKind.CORRECTION, reason="A word too many.")
    edit(page, writer, slug="testumab-new")
    publish_through_both_steps(page)
    submission = submit(add_class("testumab two", writer, slug="testumab"), writer)
    with pytest.raises(PolicyError):
        sign(submission, first, password="guess")
    sign(submission, first)
    sign(submission, second)
    submission = submit(make_monograph("recalumab", by=writer), writer)
    sign(submission, first)
    Recall(writer, submission).execute()
    key = page.translation_key
    sentence = tell_patients(key, make_user("editor", "Editors"), second)
    task = UpdateTask.objects.get(key=key, closed_at=None)
    AnswerLabel(
        second, task, reason="It is there.", seen_version=sentence.version, password=PASSWORD
    ).execute()
    Withdraw(second, key, cause=WithdrawalReason.MISTAKE, note="A wrong dose.", password=PASSWORD).execute()
    submission = Restore(writer, page, number=4, reason="It was right.").execute()
    sign(submission, first)
    sign(submission, second)
    Withdraw(first, key, cause=WithdrawalReason.BEING_CHECKED, note="Once more.", password=PASSWORD).execute()
    third, editor = make_user("reviewer3", REVIEWERS, credentials="MD"), User.objects.get(username="editor")
    for person in (third, first):
        conflict = DeclareConflict(
            editor, key, person, reason="Shares.", starts_on=date(2026, 1, 1)
        ).execute()
    EndConflict(editor, conflict, reason="Sold.").execute()
    last = make_monograph("lastumab", by=writer)
    for summary in ("lastumab, is a medicine.", "lastumab is a medicine."):  # typed and taken back
        edit(last, second, change_note="", summary=summary)
    publish_through_both_steps(last)


def add_step(name: str) -> None:
    """Another step at the end of the medical review."""
    task = MedicalReviewTask.objects.create(name=name)
    task.groups.set(Group.objects.filter(name=REVIEWERS))
    WorkflowTask.objects.create(workflow=Workflow.objects.get(name=WORKFLOW), task=task, sort_order=1)


def add_class(title: str, by: Any, slug: str = "testing-antibodies") -> DrugClassPage:
    """A drug class."""
    parent = MonographIndexPage.objects.get(collection="classes")
    page = DrugClassPage(title=title, slug=slug, summary=f"{title} find tests.")
    page.body = json.dumps([text("They find tests.")])
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


@pytest.fixture
def old_site(site: Any, figure_files: None) -> None:
    """A site with the record of version 1, its pages and its accounts."""
    VERSION_1.load()
    run_deferred_constraints()


@pytest.fixture(params=["today", pytest.param("next", marks=pytest.mark.extended)])
def release(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """This release, and one with a later version that has one more field in every document."""
    if request.param == "next":
        release_next_version(monkeypatch)
    return str(request.param)
