"""Loads the demonstration content: each page is drafted by one account and signed by another."""

import json
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from wagtail.log_actions import LogContext
from wagtail.models import Page

from home.demo import stream_data
from home.demo.demo_accounts import PASSWORD, create_accounts, demo_account
from home.demo.demo_sources import cite_sources, source_block
from home.first_steps.steps import dismiss
from home.models import HomePage, InformationPage
from home.set_up_items import is_done, made_by, once
from home.site_setup import set_up_site
from monographs.blocks.standard_text_block import TextVersion
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.document.models import CollectionType
from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition
from monographs.editions.standard_texts import current_texts
from monographs.models import (
    ConditionPage,
    DrugClassPage,
    MonographIndexPage,
    MonographPage,
    StandardTextPage,
)
from monographs.review.actions import MarkRead, Return, Sign, Submit, TickStatement
from monographs.review.models import Submission
from monographs.review.progress import progress_of

CONTENT = Path(__file__).parent / "content"
#: The accounts that draft and sign a page; pages take turns.
PAIRS = (("writer", "reviewer"), ("writer2", "reviewer2"))
#: Fields of a content file that are copied to the page field of the same name.
FIELDS = (
    "title summary change_note review_interval_months brand_names pronunciation routes organisation notice "
    "if_nobody_answers app_heading app_text"
).split()


class DemoLoader:
    """Publishes the demonstration content that was never published; nothing else is changed.

    What was loaded once is remembered (``home.set_up_items``), so that a page that people renamed, deleted or
    rewrote does not come back.
    """

    def __init__(self) -> None:
        self.home = set_up_site()
        create_accounts()
        dismiss()  # the first steps are for an empty site
        self.published = 0

    def load(self, progress: WorkProgress = NO_PROGRESS) -> int:
        """Load all content and return the number of editions published."""
        classes_and_conditions = self._classes_and_conditions()
        pages = [
            ("home page", self._home(), _read(CONTENT / "home.toml")),
            *((f"index {data['slug']}", _index_page(data["slug"]), data) for data in _files("indexes")),
            *self._below(StandardTextPage, None, "standard-texts"),  # which others include
            *classes_and_conditions,
            *self._below(InformationPage, None, "information"),
            *self._medicines(),
        ]
        progress.step("loading demonstration content", len(pages), "pages")
        for number, (name, page, data) in enumerate(pages):
            progress.advance()
            if page is None or is_done(_item(f"text of {name}")):
                continue
            if current_edition(page.translation_key) is None and not page.is_frozen:
                self._publish(page, data, number, "First text of this page.")
            once(_item(f"text of {name}"), lambda: None)
        if self.published:  # else all content was there before, and what came later is people's
            once(_item("second edition"), self._second_edition)
            once(_item("work in progress"), self._work_in_progress)
        return self.published

    def drafts(self) -> list[MonographPage]:
        """Return each medicine, and each second edition, filled with its content. Nothing of it is saved."""
        self._classes_and_conditions()
        medicines = [(page, [data]) for _, page, data in self._medicines()]
        second, changes = _variant("imatinib.second_edition")
        medicines += [(page, [*data, changes]) for page, data in medicines if page == second]
        return [_filled(page, data) for page, data in medicines]

    def _classes_and_conditions(self) -> list[tuple[str, Any, dict[str, Any]]]:
        return [
            *self._below(DrugClassPage, CollectionType.CLASSES, "classes"),
            *self._below(ConditionPage, CollectionType.CONDITIONS, "conditions"),
        ]

    def _medicines(self) -> list[tuple[str, Any, dict[str, Any]]]:
        return self._below(MonographPage, CollectionType.MEDICINES, "medicines")

    def _home(self) -> HomePage:
        return HomePage.objects.get(pk=self.home.pk)

    def _below(
        self, model: Any, collection: CollectionType | None, folder: str
    ) -> list[tuple[str, Any, dict[str, Any]]]:
        """The name, the page and the content of each page of a list; None for a page that people deleted."""
        found = []
        for data in _files(folder):
            parent = _index_page(collection) if collection else self._home()
            name = _page_name(model, data["slug"])
            once(_item(name), partial(_make_page, model, parent, data))
            found.append((name, model.objects.filter(pk=made_by(_item(name))).first(), data))
        return found

    def _publish(self, page: Any, data: dict[str, Any], number: int, reason: str) -> None:
        writer, reviewer = PAIRS[number % len(PAIRS)]
        submission = self._submit(page, data, writer, reason)
        self._read_and_sign(submission, demo_account(reviewer))
        self.published += 1

    @staticmethod
    def _read_and_sign(submission: Submission, reviewer: User) -> None:
        remaining = progress_of(reviewer, submission)
        for section in remaining.unread:
            MarkRead(reviewer, submission, section=section.anchor, digest=section.digest).execute()
        for statement in remaining.unticked:
            TickStatement(reviewer, submission, statement=statement).execute()
        Sign(reviewer, submission, password=PASSWORD, seen_sha256=submission.sha256).execute()

    @staticmethod
    def _submit(page: Any, data: dict[str, Any], writer: str, reason: str) -> Submission:
        account = demo_account(writer)
        draft = page.get_latest_revision_as_object()
        with LogContext(user=account):
            fill(draft, data)
        draft.save_revision(user=account)
        if "citations" in data:
            cite_sources(draft, data, account)
        return Submit(account, page, review_kind=ReviewKind.FULL_REVIEW, reason=reason).execute()

    def _second_edition(self) -> None:
        page, data = _variant("imatinib.second_edition")
        edition = current_edition(page.translation_key)
        if edition and edition.number == 1 and not page.is_frozen:
            self._publish(page, data, 1, "Wording made clearer after readers' questions.")

    def _work_in_progress(self) -> None:
        """Submit one change and leave it in review, and return another to its writer."""
        if Submission.objects.exclude(status="signed").exists():
            return
        self._submit(*_variant("venetoclax.in_review"), "writer", "Summary checked against the label.")
        submission = self._submit(
            *_variant("dexamethasone.returned"), "writer2", "Readers found the summary too long."
        )
        Return(
            demo_account("reviewer"),
            submission,
            reason="The summary should also name its use against allergy.",
        ).execute()


def _filled(page: Any, texts: list[dict[str, Any]]) -> Any:
    draft = page.get_latest_revision_as_object()
    for data in texts:
        fill(draft, data)
    return draft


def _item(name: str) -> str:
    """The set-up item of a part of the demonstration."""
    return f"demonstration content {name}"


def _index_page(collection: str) -> MonographIndexPage | None:
    return MonographIndexPage.objects.filter(collection=collection).first()


def _make_page(model: Any, parent: Page | None, data: dict[str, Any]) -> Page | None:
    """The page with this slug, made if there is none and the list it belongs to was not deleted."""
    page: Page | None = model.objects.filter(slug=data["slug"]).first()
    if page is None and parent is not None:
        page = parent.add_child(instance=model(title=data["title"], slug=data["slug"]))
    return page


def _page_name(model: Any, slug: str) -> str:
    return f"{model._meta.model_name} {slug}"


def _variant(name: str) -> tuple[Any, dict[str, Any]]:
    """Return the page of a medicine, and the fields that the content file ``name`` changes."""
    page = _find(MonographPage, name.split(".", maxsplit=1)[0])
    return page, _read(CONTENT / "medicines" / f"{name}.toml")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _files(folder: str) -> list[dict[str, Any]]:
    """Return the content files of ``folder``, without variants (``name.variant.toml``)."""
    return [_read(path) for path in sorted((CONTENT / folder).glob("*.toml")) if "." not in path.stem]


def fill(page: Any, data: dict[str, Any]) -> None:
    """Set the fields in ``data`` on ``page``. Sections in ``data`` replace those of the same type."""
    page.demonstration = True
    for name in FIELDS:
        if name in data and hasattr(page, name):
            setattr(page, name, data[name])
    condition = partial(_find, ConditionPage)
    if "body" in data:
        page.body = json.dumps(stream_data.parts(data["body"], condition, _signed_version))
    if isinstance(page, HomePage):
        _fill_home(page, data)
    if isinstance(page, MonographPage):
        _fill_monograph(page, data)


def _find(model: Any, slug: str) -> Any:
    """Return the page that was made with this slug, whatever slug it has now."""
    return model.objects.get(pk=made_by(_item(_page_name(model, slug))))


def _signed_version(slug: str) -> str:
    """Return what a block stores for the newest version of a standard text; "" before one is signed."""
    pk = made_by(_item(_page_name(StandardTextPage, slug)))
    page = StandardTextPage.objects.filter(pk=pk).first()
    edition = current_texts([page.translation_key]).get(page.translation_key) if page else None
    return str(TextVersion(str(edition.key), edition.number, edition.sha256)) if edition else ""


def _fill_home(page: HomePage, data: dict[str, Any]) -> None:
    account = data.get("account_link", {})
    page.account_label, page.account_address = account.get("label", ""), account.get("address", "")
    page.app_links = json.dumps([{"type": "link", "value": link} for link in data.get("app_links", [])])


def _fill_monograph(page: MonographPage, data: dict[str, Any]) -> None:
    if "drug_class" in data:
        page.drug_class = _find(DrugClassPage, data["drug_class"])
    if "conditions" in data:
        page.conditions.set([_find(ConditionPage, slug) for slug in data["conditions"]])
    for name, value in data.get("identifiers", {}).items():
        setattr(page, name, value)
    if "sources" in data:
        page.sources = json.dumps([source_block(row) for row in data["sources"]])
    if "sections" in data:
        new = {
            name: stream_data.section(
                row, partial(_find, ConditionPage), partial(_find, MonographPage), _signed_version
            )
            for name, row in data["sections"].items()
        }
        old = {child["type"]: child["value"] for child in page.sections.get_prep_value()}
        page.sections = json.dumps([{"type": n, "value": v} for n, v in {**old, **new}.items()])
