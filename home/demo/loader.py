"""Demonstration content: drafted by one account, signed by another, like any other text."""

import json
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

from wagtail.models import Page

from home.demo import stream_data
from home.demo.demo_accounts import PASSWORD, make_accounts
from home.models import HomePage, InformationPage
from home.site_setup import set_up_site
from monographs.document.models import CollectionType
from monographs.editions.models import ReviewKind
from monographs.editions.queries import current_edition
from monographs.models import ConditionPage, DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.actions import MarkRead, Return, Sign, Submit, TickStatement
from monographs.review.models import Submission
from monographs.review.progress import progress_of

CONTENT = Path(__file__).parent / "content"
#: Which account drafts and which signs, in turns.
PAIRS = (("writer", "reviewer"), ("writer2", "reviewer2"))
FIELDS = (
    "title summary change_note review_interval_months brand_names pronunciation routes organisation notice "
    "app_heading app_text"
).split()


class DemoLoader:
    """Loads what is missing; what is there already is left alone."""

    def __init__(self) -> None:
        self.home = set_up_site()
        self.accounts = make_accounts()
        self.published = 0

    def load(self) -> int:
        """Load everything and return how many editions were published."""
        medicines = _files("medicines")
        shells: list[tuple[Any, dict[str, Any]]] = [
            (self.home, _read(CONTENT / "home.toml")),
            *((self._index(data), data) for data in _files("indexes")),
            *(self._shell(DrugClassPage, CollectionType.CLASSES, data) for data in _files("classes")),
            *(self._shell(ConditionPage, CollectionType.CONDITIONS, data) for data in _files("conditions")),
            *(self._information(data) for data in _files("information")),
            *(self._shell(MonographPage, CollectionType.MEDICINES, data) for data in medicines),
        ]
        for turn, (page, data) in enumerate(shells):
            if current_edition(page.translation_key) is None and not page.is_frozen:
                self._publish(page, data, turn, "First text of this page.")
        self._second_editions()
        self._work_in_progress()
        return self.published

    def _index(self, data: dict[str, Any]) -> Any:
        return MonographIndexPage.objects.get(collection=data["slug"])

    def _shell(
        self, model: type[Page], collection: CollectionType, data: dict[str, Any]
    ) -> tuple[Page, dict[str, Any]]:
        parent = MonographIndexPage.objects.get(collection=collection)
        return self._child(model, parent, data)

    def _information(self, data: dict[str, Any]) -> tuple[Page, dict[str, Any]]:
        return self._child(InformationPage, HomePage.objects.get(pk=self.home.pk), data)

    def _child(self, model: Any, parent: Page, data: dict[str, Any]) -> tuple[Page, dict[str, Any]]:
        page = model.objects.filter(slug=data["slug"]).first()
        if page is None:
            page = parent.add_child(instance=model(title=data["title"], slug=data["slug"]))
        return page, data

    def _publish(self, page: Any, data: dict[str, Any], turn: int, reason: str) -> None:
        writer, reviewer = PAIRS[turn % len(PAIRS)]
        submission = self._submit(page, data, writer, reason)
        self._read_and_sign(submission, self.accounts[reviewer])
        self.published += 1

    @staticmethod
    def _read_and_sign(submission: Submission, reviewer: Any) -> None:
        left = progress_of(reviewer, submission)
        for section in left.unread:
            MarkRead(reviewer, submission, section=section.anchor, digest=section.digest).execute()
        for statement in left.unticked:
            TickStatement(reviewer, submission, statement=statement).execute()
        Sign(reviewer, submission, password=PASSWORD, seen_sha256=submission.sha256).execute()

    def _submit(self, page: Any, data: dict[str, Any], writer: str, reason: str) -> Submission:
        draft = page.get_latest_revision_as_object()
        fill(draft, data)
        draft.save_revision(user=self.accounts[writer])
        return Submit(
            self.accounts[writer], page, review_kind=ReviewKind.FULL_REVIEW, reason=reason
        ).execute()

    def _second_editions(self) -> None:
        page, data = _variant("imatinib.second_edition")
        edition = current_edition(page.translation_key)
        if edition and edition.number == 1 and not page.is_frozen:
            self._publish(page, data, 1, "Wording made clearer after readers' questions.")

    def _work_in_progress(self) -> None:
        """One change waiting for a signature and one sent back, so that both can be seen."""
        if Submission.objects.exclude(status="signed").exists():
            return
        self._submit(*_variant("venetoclax.in_review"), "writer", "Summary checked against the label.")
        submission = self._submit(
            *_variant("dexamethasone.returned"), "writer2", "Readers found the summary too long."
        )
        Return(
            self.accounts["reviewer"],
            submission,
            reason="The summary should also name its use against allergy.",
        ).execute()


def _variant(name: str) -> tuple[Any, dict[str, Any]]:
    """A medicine and the fields that a content file changes in it."""
    page = MonographPage.objects.get(slug=name.split(".", maxsplit=1)[0])
    return page, _read(CONTENT / "medicines" / f"{name}.toml")


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _files(folder: str) -> list[dict[str, Any]]:
    """The content files of a folder; those with a second name are variants for later."""
    return [_read(path) for path in sorted((CONTENT / folder).glob("*.toml")) if "." not in path.stem]


def fill(page: Any, data: dict[str, Any]) -> None:
    """Set the fields that ``data`` has on ``page``; sections it has replace those of the same name."""
    page.demonstration = True
    for name in FIELDS:
        if name in data and hasattr(page, name):
            setattr(page, name, data[name])
    condition = partial(_find, ConditionPage)
    if "body" in data:
        page.body = json.dumps([stream_data.part(row, condition) for row in data["body"]])
    if isinstance(page, HomePage):
        _fill_home(page, data)
    if isinstance(page, MonographPage):
        _fill_monograph(page, data)


def _find(model: Any, slug: str) -> Any:
    return model.objects.get(slug=slug)


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
        rows = [{**row, "date_seen": str(row["date_seen"])} for row in data["sources"]]
        page.sources = json.dumps([{"type": "source", "value": row} for row in rows])
    if "sections" in data:
        new = {
            name: stream_data.section(row, partial(_find, ConditionPage), partial(_find, MonographPage))
            for name, row in data["sections"].items()
        }
        old = {child["type"]: child["value"] for child in page.sections.get_prep_value()}
        page.sections = json.dumps([{"type": n, "value": v} for n, v in {**old, **new}.items()])
