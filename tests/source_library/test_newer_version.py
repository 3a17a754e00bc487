"""Adding the newer version of a source: what the form begins with, and that the older one is superseded."""

from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.urls import reverse

from monographs.label_watch.models import LabelCheck
from monographs.review.sources import newer_version
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.source_library.models import LibrarySource, SourceChange
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, publish
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, LABEL, SET_ID

pytestmark = pytest.mark.django_db
BUTTON = "Add its newer version"
COPIED = ("kind", "title", "publisher", "address", "scheme", "identifier", "version")


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


@pytest.fixture
def label(writer: Any) -> LibrarySource:
    """A label, version 3, of which version 4 is known."""
    LabelCheck.objects.create(set_id=SET_ID, newest_version=4)
    return add_source("Label, version 3", **LABEL, version="3", by=writer)


def form_of(user: Any, source: LibrarySource) -> dict[str, Any]:
    """What the form of the newer version begins with, as a browser sends it."""
    form = as_user(user).get(address_of(source)).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def address_of(source: LibrarySource) -> str:
    return f"{reverse('source_library:add')}?newer_of={source.pk}"


def test_the_newer_version_of_a_label_takes_one_form(editor: Any, label: LibrarySource) -> None:
    sent = form_of(editor, label)
    assert {name: sent[name] for name in COPIED} == {
        **LABEL,
        "title": "Label, version 4",
        "version": "4",
    }
    answer = as_user(editor).post(address_of(label), sent)
    assert answer.headers["Location"] == reverse("source_library:inspect", args=[label.pk])
    newer = LibrarySource.objects.get(version="4")
    label.refresh_from_db()
    assert label.superseded_by == newer
    changes = SourceChange.objects.filter(source=label.pk)
    assert [change.person["username"] for change in changes] == ["writer", "editor"]
    assert changes.last().authors == [], "its words are those of before"


def test_the_button_leads_there_from_the_source_and_from_its_tasks(
    editor: Any, reviewer: Any, writer: Any, label: LibrarySource
) -> None:
    publish(use_source(make_monograph(by=writer), label, writer), writer, reviewer)
    (task,) = refresh_source_tasks()
    screens = [
        reverse("source_library:inspect", args=[label.pk]),
        reverse("sources:task", args=[task.pk]),
    ]
    for screen in screens:
        assert address_of(label) in as_user(editor).get(screen).content.decode()
        assert BUTTON in as_user(writer).get(screen).content.decode()
        assert BUTTON not in as_user(reviewer).get(screen).content.decode()
    change_source(label, editor, superseded_by=add_source("Another", by=editor))
    for screen in screens:
        assert BUTTON not in as_user(editor).get(screen).content.decode()


def test_a_task_of_which_the_page_has_to_be_seen_to_offers_no_newer_version(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    change_source(source, editor, address=f"{ADDRESS}-new")
    (task,) = refresh_source_tasks()
    shown = as_user(editor).get(reverse("sources:task", args=[task.pk])).content.decode()
    assert BUTTON not in shown
    assert "Settled by an edition with the new address." in shown
    assert "When an edition without the old source is signed" not in shown


def test_a_writer_adds_it_and_an_editor_says_what_it_supersedes(writer: Any, label: LibrarySource) -> None:
    answer = as_user(writer).post(address_of(label), form_of(writer, label), follow=True)
    assert "An editor says what it supersedes" in answer.content.decode()
    assert LibrarySource.objects.filter(version="4").exists()
    label.refresh_from_db()
    assert label.superseded_by is None


def test_who_may_not_add_gets_no_form(reviewer: Any, label: LibrarySource) -> None:
    answer = as_user(reviewer).post(address_of(label), {})
    assert answer.headers["Location"] == reverse("wagtailadmin_home")
    assert LibrarySource.objects.count() == 1


def test_a_source_that_is_still_the_same_is_said_with_what_to_change(editor: Any, writer: Any) -> None:
    source = add_source(address=ADDRESS, by=writer)
    sent = form_of(editor, source)
    refused = as_user(editor).post(address_of(source), sent).content.decode()
    assert "This is still the source that it would supersede" in refused
    # Its title is like the older one's, which nobody has to confirm
    answer = as_user(editor).post(address_of(source), sent | {"address": f"{ADDRESS}-2026", "identifier": ""})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.superseded_by.address == f"{ADDRESS}-2026"


def test_a_circle_is_refused(editor: Any, label: LibrarySource) -> None:
    sent = form_of(editor, label) | {"superseded_by": label.pk}
    refused = as_user(editor).post(address_of(label), sent)
    assert "the source which this one supersedes" in refused.content.decode()
    assert LibrarySource.objects.count() == 1


def test_a_second_newer_version_is_refused(editor: Any, label: LibrarySource) -> None:
    sent = form_of(editor, label)
    other = add_source("Another", by=editor)
    change_source(label, editor, superseded_by=other)
    for answer in (as_user(editor).get(address_of(label)), as_user(editor).post(address_of(label), sent)):
        assert answer.headers["Location"] == reverse("source_library:inspect", args=[label.pk])
    assert not LibrarySource.objects.filter(version="4").exists()


def test_whoever_says_first_what_supersedes_it_is_not_overruled(editor: Any, label: LibrarySource) -> None:
    sent, other = form_of(editor, label), add_source("Another", by=editor)
    supersede = newer_version._supersede

    def and_meanwhile(older: LibrarySource, newer: LibrarySource) -> bool:
        change_source(older, editor, superseded_by=other)
        return supersede(older, newer)

    with mock.patch.object(newer_version, "_supersede", and_meanwhile):
        as_user(editor).post(address_of(label), sent)
    label.refresh_from_db()
    assert label.superseded_by == other


def test_both_are_stored_or_none(editor: Any, label: LibrarySource) -> None:
    sent = form_of(editor, label)
    fails = mock.patch.object(newer_version, "_supersede", side_effect=RuntimeError)
    with fails, pytest.raises(RuntimeError):
        as_user(editor).post(address_of(label), sent)
    assert not LibrarySource.objects.filter(version="4").exists()


def test_the_date_of_a_stored_version_is_filled_in(editor: Any, label: LibrarySource) -> None:
    change_source(label, editor, published_on="2025-02-01", title="Label, version 3, February 1, 2025")
    assert form_of(editor, label)["title"] == "Label, version 4", "the day of the older version is none of it"
    with mock.patch.object(newer_version, "LabelVersion") as stored:
        stored.objects.filter.return_value.values_list.return_value.first.return_value = date(2026, 3, 1)
        form = form_of(editor, label)
    assert (str(form["published_on"]), form["title"]) == ("2026-03-01", "Label, version 4, March 1, 2026")


@pytest.mark.parametrize("named", ["0", "nonsense", "999999"])
def test_the_newer_version_of_no_source_is_not_found(editor: Any, named: str) -> None:
    address = f"{reverse('source_library:add')}?newer_of={named}"
    assert as_user(editor).get(address).status_code == 404
