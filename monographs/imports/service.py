"""Drafts from texts a person has looked through: all of them or none, and never two pages for a medicine.

Looking and saving run the same code; looking takes everything back at the end. So what a person is shown is
what they get.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from monographs.document.models import CollectionType
from monographs.imports.draft_writer import DraftResult, write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.mending import to_mend
from monographs.imports.page_match import find_class, index_of
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.provenance import Provenance
from monographs.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A text as a person wants it. ``updates`` is the page whose draft they agreed to change."""

    file_name: str
    parsed: ParsedMonograph
    origin: Provenance
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What becomes of a plan, or why nothing does. ``page_id`` is that of an existing page."""

    title: str = ""
    page_id: int | None = None
    page: Any = None
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""
    unasked: bool = False

    @property
    def stops(self) -> bool:
        """Whether it keeps everything from being saved."""
        return bool(self.refused) or self.unasked


def may_import(user: Any) -> bool:
    """Whether somebody may bring texts in: who may add medicines."""
    try:
        return bool(index_of(CollectionType.MEDICINES).permissions_for_user(user).can_add_subpage())
    except ImportRefused:  # a site that is not set up yet
        return False


def make_drafts(plans: Sequence[ImportPlan], user: Any, *, keep: bool) -> list[ImportOutcome]:
    """What comes of ``plans``, in their order. Kept only with ``keep``, and if nothing stops any of them."""
    taken: dict[int, str] = {}
    with transaction.atomic():
        outcomes = [_outcome(plan, user, taken) for plan in plans]
        if not keep or any(outcome.stops for outcome in outcomes):
            transaction.set_rollback(True)
    return outcomes


def _outcome(plan: ImportPlan, user: Any, taken: dict[int, str]) -> ImportOutcome:
    try:
        with transaction.atomic():
            _check_class(plan.parsed, user)
            drafted = write_draft(plan.parsed, user, origin=plan.origin, taken=taken)
            _check_page(drafted, user)
    except ImportRefused as refusal:
        return ImportOutcome(refused=str(refusal))
    page = drafted.page
    taken[page.pk] = plan.file_name
    page_id = None if drafted.created else page.pk
    return ImportOutcome(
        page.title,
        page_id,
        page,
        drafted.notes,
        to_mend(page),
        unasked=page_id is not None and page_id != plan.updates,
    )


def _check_class(parsed: ParsedMonograph, user: Any) -> None:
    if not parsed.class_line or find_class(parsed.class_line):
        return
    if not index_of(CollectionType.CLASSES).permissions_for_user(user).can_add_subpage():
        raise ImportRefused(
            f"there is no drug class “{parsed.class_line}” and you may not add one; "
            "name one that exists, or leave it empty"
        )


def _check_page(drafted: DraftResult, user: Any) -> None:
    if not drafted.created and not drafted.page.permissions_for_user(user).can_edit():
        raise ImportRefused(f"you may not edit “{drafted.page.title}”; ask an editor")
