"""Preview and create drafts from texts: all of them or none, and never two pages for a medicine.

A preview runs the same code as saving and rolls back at the end, so both have the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from monographs.core.users import AnyUser
from monographs.document.models import CollectionType
from monographs.imports.draft_writer import DraftResult, write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.page_match import find_class, index_of
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.provenance import Provenance
from monographs.rules.draft_check import current_findings
from monographs.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A text to import. ``updates`` is the id of the page whose draft the user agreed to change."""

    file_name: str
    parsed: ParsedMonograph
    origin: Provenance
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The outcome of a plan: the draft, or why there is none.

    ``page_id`` is the id of the draft's page; ``existing_page_id`` too, None for a new page.
    ``needs_consent``: whether the user has not agreed yet to change the existing page.
    """

    title: str = ""
    existing_page_id: int | None = None
    page_id: int = 0
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""
    needs_consent: bool = False

    @property
    def stops(self) -> bool:
        """Whether it keeps all drafts from being saved."""
        return bool(self.refused) or self.needs_consent


def user_can_import(user: AnyUser) -> bool:
    """Whether ``user`` may import texts: those who may add medicines can."""
    try:
        return bool(index_of(CollectionType.MEDICINES).permissions_for_user(user).can_add_subpage())
    except ImportRefused:  # a site that is not set up yet
        return False


def make_drafts(plans: Sequence[ImportPlan], user: User, *, save: bool) -> list[ImportOutcome]:
    """Return the outcomes of ``plans``. The drafts are saved only with ``save``, and if nothing stops any."""
    written: dict[int, str] = {}
    with transaction.atomic():
        outcomes = [_outcome(plan, user, written) for plan in plans]
        if not save or any(outcome.stops for outcome in outcomes):
            transaction.set_rollback(True)
    return outcomes


def _outcome(plan: ImportPlan, user: User, written: dict[int, str]) -> ImportOutcome:
    try:
        with transaction.atomic():
            _check_class(plan.parsed, user)
            result = write_draft(plan.parsed, user, origin=plan.origin, written=written)
            _check_page(result, user)
    except ImportRefused as refusal:
        return ImportOutcome(refused=str(refusal))
    page = result.page
    written[page.pk] = plan.file_name
    existing_page_id = None if result.created else page.pk
    return ImportOutcome(
        page.title,
        existing_page_id,
        page.pk,
        result.notes,
        current_findings(page),
        needs_consent=existing_page_id is not None and existing_page_id != plan.updates,
    )


def _check_class(parsed: ParsedMonograph, user: User) -> None:
    if not parsed.class_line or find_class(parsed.class_line):
        return
    if not index_of(CollectionType.CLASSES).permissions_for_user(user).can_add_subpage():
        raise ImportRefused(
            f"there is no drug class “{parsed.class_line}” and you may not add one; "
            "name one that exists, or leave it empty"
        )


def _check_page(result: DraftResult, user: User) -> None:
    if not result.created and not result.page.permissions_for_user(user).can_edit():
        raise ImportRefused(f"you may not edit “{result.page.title}”; ask an editor")
