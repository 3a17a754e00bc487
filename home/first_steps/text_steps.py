"""The first steps about texts: lists, the first medicine, its review and its signature."""

from collections.abc import Iterator

from django.urls import reverse
from wagtail.models import Page

from home.first_steps.site_facts import SiteFacts
from home.first_steps.site_steps import page_address
from home.first_steps.step import StepPlace, StepRule
from monographs.document.models import CollectionType
from monographs.models import ConditionPage, DrugClassPage, MonographPage


def _add(facts: SiteFacts, label: str, model: type[Page], collection: CollectionType) -> Iterator[StepPlace]:
    if parent := facts.lists.get(collection.value):
        arguments = [model._meta.app_label, model._meta.model_name, parent]
        yield StepPlace(label, reverse("wagtailadmin_pages:add", args=arguments))


def _lists_missing(facts: SiteFacts) -> Iterator[str]:
    if not facts.has_class:
        yield "There is no drug class."
    if not facts.has_condition:
        yield "There is no condition."


def _lists_places(facts: SiteFacts) -> Iterator[StepPlace]:
    yield from _add(facts, "Add a drug class", DrugClassPage, CollectionType.CLASSES)
    yield from _add(facts, "Add a condition", ConditionPage, CollectionType.CONDITIONS)


def _medicine_missing(facts: SiteFacts) -> Iterator[str]:
    if facts.medicine is None:
        yield "There is no medicine yet."


def _medicine_places(facts: SiteFacts) -> Iterator[StepPlace]:
    yield StepPlace("Import a text", reverse("imports:upload"))
    yield from _add(facts, "Write a medicine from nothing", MonographPage, CollectionType.MEDICINES)


def _review_missing(facts: SiteFacts) -> Iterator[str]:
    if facts.submission is None:
        yield "No medicine was submitted for review yet."


def _review_places(facts: SiteFacts) -> Iterator[StepPlace]:
    if facts.medicine and facts.submission is None:
        title = facts.medicine.get_admin_display_title()
        yield StepPlace(f"Edit “{title}” and submit it", page_address(facts.medicine.pk))


def _signature_missing(facts: SiteFacts) -> Iterator[str]:
    if not facts.has_public_medicine:
        yield "Patients cannot read any medicine yet."


def _signature_places(facts: SiteFacts) -> Iterator[StepPlace]:
    if facts.submission and facts.submission.is_open:
        yield StepPlace(
            f"Review “{facts.submission.title}”", reverse("review:review", args=[facts.submission.pk])
        )
    yield StepPlace("The review queue", reverse("review:queue"))


TEXT_STEPS = (
    StepRule(
        "lists",
        "Classes and conditions",
        "Readers find a medicine by what it is and what it is for; the medicine's page names both.",
        _lists_missing,
        _lists_places,
    ),
    StepRule(
        "medicine",
        "First medicine",
        "Import a text that you have, or write one.",
        _medicine_missing,
        _medicine_places,
    ),
    StepRule(
        "review",
        "First review",
        "The house rules say what is still to fix; what they find keeps a text from being submitted.",
        _review_missing,
        _review_places,
    ),
    StepRule(
        "signature",
        "First signature",
        "A reviewer who did not write it reads every section, ticks the checklist and signs. Then it is "
        "public.",
        _signature_missing,
        _signature_places,
    ),
)
