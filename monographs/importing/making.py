"""Drafts from texts a person has looked through: all of them or none, and never two pages for a medicine.

Looking and saving run the same code; looking takes everything back at the end. So what a person is shown is
what they get.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from monographs.document.models import Collection
from monographs.importing.drafting import Drafted, draft
from monographs.importing.finding import find_class, index_of
from monographs.importing.mending import to_mend
from monographs.importing.origin import Origin
from monographs.importing.parsed import ParsedMonograph
from monographs.importing.refusal import ImportRefused
from monographs.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Plan:
    """A text as a person wants it. ``updates`` is the page whose draft they agreed to change."""

    file_name: str
    parsed: ParsedMonograph
    origin: Origin
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
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
        return bool(index_of(Collection.MEDICINES).permissions_for_user(user).can_add_subpage())
    except ImportRefused:  # a site that is not set up yet
        return False


def make_drafts(plans: Sequence[Plan], user: Any, *, keep: bool) -> list[Outcome]:
    """What comes of ``plans``, in their order. Kept only with ``keep``, and if nothing stops any of them."""
    taken: dict[int, str] = {}
    with transaction.atomic():
        outcomes = [_outcome(plan, user, taken) for plan in plans]
        if not keep or any(outcome.stops for outcome in outcomes):
            transaction.set_rollback(True)
    return outcomes


def _outcome(plan: Plan, user: Any, taken: dict[int, str]) -> Outcome:
    try:
        with transaction.atomic():
            _check_class(plan.parsed, user)
            drafted = draft(plan.parsed, user, origin=plan.origin, taken=taken)
            _check_page(drafted, user)
    except ImportRefused as refusal:
        return Outcome(refused=str(refusal))
    page = drafted.page
    taken[page.pk] = plan.file_name
    page_id = None if drafted.created else page.pk
    return Outcome(
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
    if not index_of(Collection.CLASSES).permissions_for_user(user).can_add_subpage():
        raise ImportRefused(
            f"there is no drug class “{parsed.class_line}” and you may not add one; "
            "name one that exists, or leave it empty"
        )


def _check_page(drafted: Drafted, user: Any) -> None:
    if not drafted.created and not drafted.page.permissions_for_user(user).can_edit():
        raise ImportRefused(f"you may not edit “{drafted.page.title}”; ask an editor")
