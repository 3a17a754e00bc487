"""Preview and create drafts from texts: all of them or none, and never two pages for a medicine.

A preview runs the same code as saving and rolls back at the end, so both have the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.db import transaction

from monographs.core.users import AnyUser
from monographs.document.models import CollectionType
from monographs.imports.draft_writer import DraftResult, write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.page_choice import PageChoice
from monographs.imports.page_match import (
    NameSimilarity,
    PageMatch,
    PageMatches,
    find_class,
    find_medicine,
    index_of,
)
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.provenance import Provenance
from monographs.rules.draft_check import current_findings
from monographs.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A text to import. ``choice`` is the page that the user confirmed."""

    file_name: str
    parsed: ParsedMonograph
    origin: Provenance
    choice: PageChoice = field(default_factory=PageChoice)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The outcome of a plan: the draft, or why there is none.

    ``page_id`` is the id of the draft's page; ``existing_page_id`` too, None for a new page. ``matches`` are
    the pages that the text may be about. ``needs_consent``: whether the user has not confirmed yet which page
    is meant. ``replaced`` are the people whose unpublished work the text replaces.
    """

    title: str = ""
    existing_page_id: int | None = None
    page_id: int = 0
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""
    needs_consent: bool = False
    matches: list[PageMatch] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    @property
    def has_name(self) -> bool:
        """Whether a page has the text's name already, so that no other may get it."""
        return any(match.similarity is NameSimilarity.NAME for match in self.matches)

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
    # Pages of this run are no choice: a file that is about one of them is refused
    found = find_medicine(plan.parsed.name, plan.parsed.brands)
    matches = [match for match in found.all if match.page_id not in written]
    needs_consent = _needs_consent(plan.choice, found)
    try:
        with transaction.atomic():
            _check_class(plan.parsed, user)
            choice = replace(plan.choice, tentative=True)
            result = write_draft(plan.parsed, user, origin=plan.origin, written=written, choice=choice)
            _check_page(result, user)
    except ImportRefused as refusal:
        return ImportOutcome(refused=str(refusal), matches=matches, needs_consent=needs_consent)
    page = result.page
    written[page.pk] = plan.file_name
    return ImportOutcome(
        page.title,
        None if result.created else page.pk,
        page.pk,
        result.notes,
        current_findings(page),
        needs_consent=needs_consent,
        matches=matches,
        replaced=result.replaced,
    )


def _needs_consent(choice: PageChoice, found: PageMatches) -> bool:
    """Whether the user must still say which page is meant: wherever one has the same or a similar name."""
    if choice.new:
        return False
    if choice.page_id is None:
        return bool(found.all)
    return choice.page_id not in {match.page_id for match in found.all}


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
