"""Rows for every list of the admin: one call adds so many of each to what there is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.documents.models import Document as StoredFile
from wagtail.models import Collection, Page

from devtools.synthetic.publisher import publish
from monographs.accounts.models import HoldReason
from monographs.accounts.signing_holds import start_hold
from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.editions.queries import public_edition
from monographs.feedback.models import Feedback
from monographs.label_watch.models import FollowedLabel, UpdateTask
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.actions import AddToBundle, DeclareConflict, MakeBundle, SetAside
from monographs.review.models import (
    Absence,
    ChecklistStatement,
    Credential,
    Notice,
    ReviewAssignment,
    ReviewBundle,
    Submission,
    WorkflowChange,
)
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.review.workflow_changes.arrangement import current_arrangement
from monographs.rules.models import DictionaryWord
from monographs.source_library.models import LibrarySource
from tests.factories import (
    edit,
    make_image,
    make_monograph,
    make_standard_text,
    make_user,
    reword,
    set_parts,
    standard_text_block,
    submit,
)
from tests.outside_review.outside_experts import record_expert
from tests.review.renamed_pages import add_class
from tests.source_library.library import add_source, change_source, use_source

PERSON = {"id": None, "username": "somebody", "name": "Some Body"}


@dataclass
class ListedRows:
    """What the lists show. What several lists are about is kept: one bundle, one source, one class …"""

    writer: Any
    reviewer: Any
    editor: Any
    bundle: ReviewBundle | None = None
    drug_class: DrugClassPage | None = None
    source: LibrarySource | None = None
    standard_text: Any = None
    #: The first page that patients read, of which conflicts of interest are declared, and the newest one.
    first_page: MonographPage | None = None
    page: MonographPage | None = None
    #: A text in review that experts outside have links to.
    shared: Submission | None = None
    letters: list[str] = field(default_factory=list)

    def add(self, letters: Iterable[str]) -> None:
        """Add one of everything for each letter."""
        for letter in letters:
            self.letters.append(letter)
            self._add_pages(letter)
            self._add_shared(letter)
            self._add_people(letter)
            self._add_small_rows(letter)
        self._rename_class()
        refresh_source_tasks()
        Notice.objects.update(created_at=database_now() - timedelta(hours=1))

    def _draft(self, kind: str, letter: str, **fields: Any) -> MonographPage:
        return make_monograph(f"{kind}{letter}numab", by=self.writer, **fields)

    def _public(self, kind: str, letter: str, **fields: Any) -> MonographPage:
        page = self._draft(kind, letter, **fields)
        publish_draft(page)
        return page

    def _add_pages(self, letter: str) -> None:
        """A public page somebody is asked to review, drafts, a draft set aside, and pages in review."""
        self.page = page = self._public("pub", letter)
        self.first_page = self.first_page or page
        ReviewAssignment.objects.create(key=page.translation_key, due_on=_due(page), reviewer=self.reviewer)
        self._draft("dra", letter)
        sent = submit(self._draft("rev", letter), self.writer)
        self.shared = self.shared or sent
        aside = self._public("asi", letter)
        edit(aside, self.writer, how_it_works="Words that wait.")
        row = MonographPage.objects.get(pk=aside.pk)
        SetAside(self.writer, row, seen=row.latest_revision_id).execute()
        together = [submit(self._draft(kind, letter), self.writer) for kind in ("bun", "dle")]
        if self.bundle is None:
            self.bundle = MakeBundle(self.editor, together, title="Together").execute()
        else:
            AddToBundle(self.editor, self.bundle, together[:1]).execute()
            MakeBundle(self.editor, together[1:], title=f"Bundle {letter}").execute()

    def _add_shared(self, letter: str) -> None:
        """Pages that share a source, a standard text and a class, and others of each of these."""
        if self.source is None:
            self.source = change_source(
                add_source("A shared paper", by=self.writer, kind="paper"), self.writer,
                gone_since=database_today(),
            )  # fmt: skip
            self.standard_text = self._standard_text("Shared words")
            self.drug_class = add_class("Inhibitors", "inhibitors", self.writer)
            publish_draft(self.drug_class)
        add_source(f"Paper {letter}", by=self.writer, kind="paper")
        page = self._draft("sou", letter)
        use_source(page, self.source, self.writer)
        publish_draft(page)
        self._standard_text(f"Words {letter}")
        page = self._draft("sta", letter)
        set_parts(page, self.writer, "how_it_works", [standard_text_block(newest(self.standard_text))])
        publish_draft(page)
        reword(self.standard_text, self.writer, f"Tell us, version {letter}.")
        publish_draft(self.standard_text)
        self._public("cla", letter, drug_class=self.drug_class)

    def _standard_text(self, title: str) -> Any:
        page = make_standard_text(title, by=self.writer)
        publish_draft(page)
        return page

    def _rename_class(self) -> None:
        """Sign another name of the class than the medicines before have."""
        assert self.drug_class
        draft = DrugClassPage.objects.get(pk=self.drug_class.pk).get_latest_revision_as_object()
        draft.title = f"Inhibitors {len(self.letters)}"
        draft.save_revision(user=self.writer)
        publish_draft(self.drug_class)

    def _add_people(self, letter: str) -> None:
        """A reviewer who is away, one with a change of sign-in facts, and an outside expert."""
        today = database_today()
        away = make_user(f"away-{letter}", "Medical reviewers", credentials="MD")
        Absence.objects.create(user=away, delegate=self.reviewer, starts_on=today, ends_on=today)
        start_hold(make_user(f"moved-{letter}", "Medical reviewers"), HoldReason.EMAIL, SYSTEM)
        record_expert(self.editor, email=f"{letter}@clinic.example", last_name=f"Outside{letter}")
        Group.objects.create(name=f"Group {letter}")
        assert self.first_page
        assert self.shared
        DeclareConflict(
            self.editor, self.first_page.translation_key, away, reason="Shares.", starts_on=today
        ).execute()
        MakeOutsideLink(self.editor, self.shared, expert=f"Dr. {letter}", days=7).execute()

    def _add_small_rows(self, letter: str) -> None:
        assert self.page
        key, now = self.page.translation_key, database_now()
        for number in range(2):
            UpdateTask.objects.create(
                key=key, title=self.page.title, set_id=f"{letter}-{number}", edition=1, from_version=1,
                to_version=2, change_class="grave", opened_at=now, due_on=database_today(),
            )  # fmt: skip
        FollowedLabel.objects.create(key=key, set_id=f"00000000-0000-4000-8000-0000000000{ord(letter):02x}")
        Feedback.objects.create(
            key=key, slug=self.page.slug, title=self.page.title, number=1, answer="no", words="Why?"
        )
        DictionaryWord.objects.create(word=f"word{letter}", by=self.editor, person=PERSON)
        Credential.objects.create(abbreviation=f"MD{letter.upper()}")
        ChecklistStatement.objects.create(text=f"I have read {letter}.")
        arranged = current_arrangement().as_record()
        WorkflowChange.objects.create(
            before=arranged, after=arranged, reasons=["Fewer signatures."], proposer=PERSON
        )
        make_image("red", by=self.writer)
        StoredFile.objects.create(title=letter, file=ContentFile(b"words", name=f"{letter}.txt"))
        Collection.get_first_root_node().add_child(name=f"Collection {letter}")


def publish_draft(page: Any) -> None:
    """Publish the newest draft of ``page`` as ``devtools`` does, without a review."""
    publish(type(page).objects.get(pk=page.pk).get_latest_revision_as_object().to_document())
    Page.objects.filter(pk=page.pk).update(has_unpublished_changes=False)


def newest(page: Any) -> Edition:
    """Return the newest edition of a page."""
    return Edition.objects.of(page.translation_key)[0]


def index() -> MonographIndexPage:
    """Return the page below which all medicines are."""
    found: MonographIndexPage = MonographIndexPage.objects.get(collection="medicines")
    return found


def _due(page: Any) -> Any:
    edition = public_edition(page.translation_key)
    assert edition
    return edition.next_due
