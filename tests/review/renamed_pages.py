"""Classes and conditions that are signed, and signed again with another name."""

import json
from typing import Any

from monographs.models import ConditionPage, DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.draft_state.older_names import names_stamp, older_names_in
from tests.factories import make_monograph, publish, text

_BODY = json.dumps([text("Words.")])


def signed_class(title: str, writer: Any, reviewer: Any) -> DrugClassPage:
    """Create a drug class and publish it."""
    return _signed(DrugClassPage(title=title, slug="class", body=_BODY), "classes", writer, reviewer)


def add_class(title: str, slug: str, writer: Any) -> DrugClassPage:
    """Create the draft of a drug class."""
    page = DrugClassPage(title=title, slug=slug, body=_BODY)
    MonographIndexPage.objects.get(collection="classes").add_child(instance=page)
    page.save_revision(user=writer, clean=False)
    return page


def signed_condition(title: str, writer: Any, reviewer: Any) -> ConditionPage:
    """Create a condition and publish it."""
    return _signed(ConditionPage(title=title, slug="condition", body=_BODY), "conditions", writer, reviewer)


def _signed(page: Any, collection: str, writer: Any, reviewer: Any) -> Any:
    MonographIndexPage.objects.get(collection=collection).add_child(instance=page)
    page.save_revision(user=writer, clean=False)
    publish(page, writer, reviewer)
    return type(page).objects.get(pk=page.pk)


def rename(page: Any, title: str, writer: Any, reviewer: Any) -> None:
    """Publish ``page`` with another name."""
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.title, draft.change_note = title, f"It is called {title}."
    draft.save_revision(user=writer)
    publish(page, writer, reviewer)


def signed_medicine(title: str, writer: Any, reviewer: Any, **fields: Any) -> MonographPage:
    """Create a medicine with ``fields`` and publish it."""
    page = make_monograph(title, by=writer, **fields)
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


def names_seen(page: Any) -> str:
    """Return the stamp of the older names of a medicine that a screen shows now."""
    return names_stamp(older_names_in([page.translation_key]).get(page.translation_key, ()))
