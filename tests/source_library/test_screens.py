"""Screens of the library: who may do what, near duplicates, where a source is used, and the list."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.models import MonographPage
from monographs.review.actions import SetAside
from monographs.review.sources import adoption_view
from monographs.review.sources_of_pages.source_tasks import library_labels, refresh_source_tasks
from monographs.source_library.models import LibrarySource, SourceChange
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, publish
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, LABEL, SET_ID, link

pytestmark = pytest.mark.django_db

FORM = {"kind": "guideline", "title": "The guideline", "publisher": "NCCN", "address": ADDRESS}
CHOOSER = "wagtailsnippetchoosers_source_library_librarysource"


def url(name: str, *args: Any) -> str:
    return reverse(f"source_library:{name}", args=args)


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


@pytest.mark.parametrize(
    ("group", "may"),
    [
        ("Medical writers", {"list", "inspect", "add"}),
        ("Medical reviewers", {"list", "inspect"}),
        ("Editors", {"list", "inspect", "add", "edit", "delete"}),
        (None, set()),
    ],
)
def test_writers_add_editors_change_reviewers_read(site: Any, group: str | None, may: set[str]) -> None:
    source = add_source()
    user = make_user("somebody", *([group] if group else []))
    client = as_user(user)
    answers = {
        "list": client.get(url("list")),
        "inspect": client.get(url("inspect", source.pk)),
        "add": client.post(url("add"), FORM | {"title": "Another one altogether"}),
        "edit": client.post(url("edit", source.pk), FORM | {"title": "Changed", "address": ""}),
    }
    allowed = {name for name, answer in answers.items() if _allowed(answer, user)}
    assert allowed == may - {"delete"}
    assert LibrarySource.objects.filter(title="Another one altogether").exists() == ("add" in may)
    assert LibrarySource.objects.filter(title="Changed").exists() == ("edit" in may)
    client.post(url("delete", source.pk))
    assert LibrarySource.objects.filter(pk=source.pk).exists() == ("delete" not in may)


def _allowed(answer: Any, user: Any) -> bool:
    home = reverse("wagtailadmin_home")
    return (
        answer.status_code in (200, 302)
        and answer.headers.get("Location", "") not in {home}
        and ("login" not in answer.headers.get("Location", ""))
    )


def test_each_change_is_kept_with_who_made_it(editor: Any) -> None:
    client = as_user(editor)
    client.post(url("add"), FORM)
    source = LibrarySource.objects.get()
    client.post(url("edit", source.pk), FORM | {"title": "The guideline of 2026"})
    assert [(c.person["username"], c.values["title"]) for c in SourceChange.objects.all()] == [
        ("editor", "The guideline"),
        ("editor", "The guideline of 2026"),
    ]
    shown = client.get(url("inspect", source.pk)).content.decode()
    assert "The guideline of 2026" in shown
    client.post(url("delete", source.pk))
    assert SourceChange.objects.last().values is None


def test_a_used_source_is_kept_with_the_reason(editor: Any, writer: Any) -> None:
    source = add_source(by=writer)
    use_source(make_monograph(by=writer), source, writer)
    answer = as_user(editor).post(url("delete", source.pk), follow=True)
    assert "Say which source supersedes it" in answer.content.decode()
    assert LibrarySource.objects.filter(pk=source.pk).exists()


def test_a_source_of_a_draft_that_is_set_aside_is_kept(editor: Any, writer: Any, reviewer: Any) -> None:
    source = add_source(by=writer)
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    draft = use_source(page, source, writer)
    SetAside(writer, draft, seen=draft.latest_revision_id).execute()
    assert not source.draft_uses.exists()
    answer = as_user(editor).post(url("delete", source.pk), follow=True)
    assert "Drafts set aside have it: testumab" in answer.content.decode()
    assert LibrarySource.objects.filter(pk=source.pk).exists()


def test_a_deleted_draft_uses_no_source(editor: Any, writer: Any) -> None:
    source = add_source("Label, version 3", **LABEL, version="3", by=writer)
    page = use_source(make_monograph(by=writer), source, writer)
    assert library_labels() == [(page.translation_key, SET_ID)]
    MonographPage.objects.get(pk=page.pk).delete()
    assert library_labels() == []
    as_user(editor).post(url("delete", source.pk))
    assert not LibrarySource.objects.exists()


def test_what_the_library_has_is_not_added_again(writer: Any) -> None:
    client = as_user(writer)
    add_source("Daratumumab", scheme="doi", identifier="10.1056/NEJMoa1609783", kind="paper")
    same = {"kind": "paper", "title": "Other", "address": "https://doi.org/10.1056/nejmoa1609783"}
    answer = client.post(url("add"), same)
    assert "The library has this source already" in answer.content.decode()
    assert LibrarySource.objects.count() == 1


def test_sources_that_look_alike_are_shown_and_somebody_decides(writer: Any) -> None:
    client = as_user(writer)
    old = add_source("Multiple myeloma guideline 2025")
    new = FORM | {"title": "Multiple Myeloma Guideline 2026", "address": ""}
    shown = client.post(url("add"), new).content.decode()
    assert "sources like it" in shown
    assert url("inspect", old.pk) in shown
    assert LibrarySource.objects.count() == 1
    client.post(url("add"), new | {"is_another": "on"})
    assert LibrarySource.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"scheme": "doi", "identifier": "NEJMoa1609783"}, "A DOI begins with 10"),
        ({"scheme": "pmid", "identifier": "PMC123"}, "A PMID is a number"),
        ({"scheme": "set_id", "identifier": "12", "version": "3"}, "A set id has 32 digits"),
        ({"scheme": "set_id", "identifier": SET_ID}, "Say which version"),
        ({"scheme": "set_id", "identifier": SET_ID, "version": "34"}, "Name the version in the title"),
        ({"version": "3"}, "Only a label has a version"),
        ({"identifier": "123"}, "Say what kind"),
        ({"address": "ftp://example.org"}, "A web address begins with https://"),
        ({"scheme": "url", "address": ""}, "Write the web address"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_a_mistake_is_said_with_how_to_fix_it(writer: Any, values: dict[str, str], message: str) -> None:
    answer = as_user(writer).post(url("add"), FORM | values)
    assert message in answer.content.decode()
    assert not LibrarySource.objects.exists()


def test_what_patients_read_does_not_become_another_source(editor: Any, writer: Any, reviewer: Any) -> None:
    """It would close the tasks of all pages, although nobody read them again."""
    source = add_source("Label, version 3", **LABEL, version="3", by=writer, published_on="2020-01-01")
    client = as_user(editor)
    same = FORM | LABEL | {"title": "Label, version 3", "version": "3", "published_on": "2020-01-01"}
    new = same | {"title": "Label, version 4", "version": "4"}
    use_source(make_monograph(by=writer), source, writer)
    assert client.post(url("edit", source.pk), new).status_code == 302, "patients read it nowhere"
    client.post(url("edit", source.pk), same)
    publish(MonographPage.objects.get(), writer, reviewer)
    for other in (new, same | {"scheme": "", "identifier": "", "version": ""}):
        refused = client.post(url("edit", source.pk), other).content.decode()
        assert "Add the other one, and say here that it supersedes this one" in refused
    refused = client.post(url("edit", source.pk), same | {"published_on": ""}).content.decode()
    assert "Correct the date instead of emptying it" in refused
    kept = LibrarySource.objects.get()
    assert (kept.version, str(kept.published_on)) == ("3", "2020-01-01")
    assert client.post(url("edit", source.pk), same | {"publisher": "Other"}).status_code == 302


def test_the_address_of_what_patients_read_is_corrected(editor: Any, writer: Any, reviewer: Any) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    new = FORM | {"address": f"{ADDRESS}-new", "scheme": "url", "identifier": source.identifier}
    assert as_user(editor).post(url("edit", source.pk), new).status_code == 302
    assert LibrarySource.objects.get().identifier.endswith("-new")


def test_a_chain_of_replacements_does_not_end_in_itself(editor: Any) -> None:
    old, new = add_source("Old one"), add_source("Quite another")
    change_source(old, editor, superseded_by=new)
    form = {"kind": "guideline", "title": "Quite another", "superseded_by": old.pk}
    answer = as_user(editor).post(url("edit", new.pk), form)
    assert "itself superseded by this one" in answer.content.decode()


def test_its_page_names_drafts_and_editions_with_sections(writer: Any, reviewer: Any) -> None:
    source = add_source(by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    use_source(make_monograph("otherumab", by=writer), source, writer)
    shown = " ".join(as_user(reviewer).get(url("inspect", source.pk)).content.decode().split())
    assert "testumab" in shown
    assert "otherumab" in shown
    assert "Edition 1" in shown
    assert "How it works" in shown


def test_the_list_counts_uses_and_says_the_state_with_a_fixed_number_of_queries(
    writer: Any, reviewer: Any
) -> None:
    client = as_user(writer)
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    link()
    client.get(url("list"))
    with CaptureQueriesContext(connection) as few:
        shown = client.get(url("list"))
    (row,) = shown.context["object_list"]
    assert (row.drafts, row.public) == (1, 1)
    assert "has not answered since" in shown.content.decode()
    for number in range(5):
        add_source(f"Number {number}", address=f"https://example.org/{number}", by=writer)
    with CaptureQueriesContext(connection) as many:
        client.get(url("list"))
    assert len(many) == len(few)
    assert len(client.get(url("list"), {"q": "nccn.example"}).context["object_list"]) == 1
    assert len(client.get(url("list"), {"used": "nowhere"}).context["object_list"]) == 5
    exported = b"".join(client.get(url("list"), {"export": "csv"})).decode()
    assert "has not answered since" in exported
    assert "Number 4" in exported


def test_the_chooser_finds_by_identifier_and_adds_in_place(writer: Any, reviewer: Any) -> None:
    add_source("Daratumumab", scheme="doi", identifier="10.1056/NEJMoa1609783", kind="paper")
    client = as_user(writer)
    found = client.get(reverse(f"{CHOOSER}:choose_results"), {"q": "nejmoa16"}).content.decode()
    assert "Daratumumab" in found
    assert (
        "Daratumumab"
        not in client.get(reverse(f"{CHOOSER}:choose_results"), {"q": "nothing"}).content.decode()
    )
    prefix = "source-chooser-form"
    form = {f"{prefix}-{name}": value for name, value in FORM.items()} | FORM
    answer = client.post(reverse(f"{CHOOSER}:create"), form).json()
    assert answer["step"] == "chosen", answer
    assert answer["result"]["reference"] == "nccn"
    assert LibrarySource.objects.count() == 2
    as_user(reviewer).post(reverse(f"{CHOOSER}:create"), form | {"title": "Other", "address": ""})
    assert LibrarySource.objects.count() == 2


def test_a_typed_source_is_put_into_the_library_once(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=reviewer)
    typed = {"title": "A typed guideline", "publisher": "NCCN", "address": f"{ADDRESS}/"}
    typed["page"] = str(page.pk)
    client = as_user(writer)
    answer = client.post(reverse("sources:adopt"), typed).json()
    source = LibrarySource.objects.get()
    assert answer["id"] == source.pk
    assert "Added to the library" in answer["message"]
    authors = {author["username"] for author in SourceChange.objects.get().authors}
    assert authors == {"writer", "reviewer"}
    del typed["page"]
    other = typed | {"title": "Typed by another", "address": ADDRESS.replace("https://", "http://www.")}
    again = as_user(reviewer).post(reverse("sources:adopt"), other).json()
    assert again["id"] == source.pk
    assert "The page shows that from now on" in again["message"]
    refused = as_user(reviewer).post(reverse("sources:adopt"), typed | {"title": "New", "address": ""})
    assert refused.status_code == 403
    assert as_user(writer).post(reverse("sources:adopt"), {"title": ""}).status_code == 400
    foreign = typed | {"title": "Foreign", "address": "", "page": "999999"}
    assert as_user(writer).post(reverse("sources:adopt"), foreign).status_code == 403
    assert LibrarySource.objects.count() == 1


def test_a_typed_label_is_the_version_that_the_draft_names(writer: Any) -> None:
    typed = {
        "title": "Label, version 34",
        "address": f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_ID}",
        "label_set_id": SET_ID,
        "label_version": "34",
    }
    as_user(writer).post(reverse("sources:adopt"), typed)
    source = LibrarySource.objects.get()
    assert (source.scheme, source.identifier, source.version, source.kind) == (
        "set_id",
        SET_ID,
        "34",
        "label",
    )


def test_a_version_of_a_label_is_added_beside_another_and_once(writer: Any) -> None:
    add_source("Label, version 33", **LABEL, version="33", by=writer)
    client = as_user(writer)
    new = FORM | LABEL | {"title": "Label, version 34", "version": "034"}
    client.post(url("add"), new)
    assert set(LibrarySource.objects.values_list("version", flat=True)) == {"33", "34"}
    again = client.post(url("add"), new | {"title": "The label, version 34", "version": "34"})
    assert "The library has this source already" in again.content.decode()
    assert LibrarySource.objects.count() == 2


@pytest.mark.parametrize("named", [{"label_set_id": SET_ID, "label_version": "34"}, {}])
def test_a_typed_label_is_not_taken_for_another_version(named: dict[str, str], writer: Any) -> None:
    old = add_source("Label, version 33", **LABEL, version="33", by=writer)
    client = as_user(writer)
    typed = {"publisher": "Novartis", "address": LABEL["address"]} | named
    refused = client.post(reverse("sources:adopt"), typed | {"title": "Label"})
    assert refused.status_code == 400
    assert "version" in refused.json()["message"]
    answer = client.post(reverse("sources:adopt"), typed | {"title": "Label, version 34"}).json()
    assert answer["id"] != old.pk
    assert LibrarySource.objects.get(pk=answer["id"]).version == "34"


def test_two_writers_put_the_same_source_into_the_library_at_once(
    writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = adoption_view.same_source

    def and_meanwhile(source: LibrarySource) -> LibrarySource | None:
        found = looked(source)
        if not LibrarySource.objects.exists():
            add_source("Another's", address=ADDRESS)
        return found

    monkeypatch.setattr(adoption_view, "same_source", and_meanwhile)
    answer = as_user(writer).post(reverse("sources:adopt"), {"title": "Mine", "address": ADDRESS})
    assert answer.json()["id"] == LibrarySource.objects.get().pk
    assert "has it already" in answer.json()["message"]


@pytest.mark.parametrize("name", ["wagtailadmin_home", "dashboard:index", "review:queue"])
def test_a_task_is_shown_where_its_writer_works(name: str, writer: Any, reviewer: Any) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    link()
    (task,) = refresh_source_tasks()
    shown = as_user(writer).get(reverse(name)).content.decode()
    assert reverse("sources:task", args=[task.pk]) in shown
    assert "as not answered since" in shown
    other = as_user(make_user("other", "Medical writers")).get(reverse(name)).content.decode()
    assert (reverse("sources:task", args=[task.pk]) in other) == (name == "dashboard:index")


def test_the_file_of_the_board_names_it(writer: Any, reviewer: Any) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    link()
    refresh_source_tasks()
    exported = b"".join(as_user(writer).get(reverse("dashboard:export"))).decode()
    assert "The guideline (NCCN), since" in exported


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_a_task_says_what_to_do_and_is_answered(who: str, writer: Any, reviewer: Any) -> None:
    source = add_source(address=ADDRESS, by=writer)
    publish(use_source(make_monograph(by=writer), source, writer), writer, reviewer)
    link()
    (task,) = refresh_source_tasks()
    client = as_user({"writer": writer, "reviewer": reviewer}[who])
    address = reverse("sources:task", args=[task.pk])
    assert address in client.get(reverse("sources:tasks")).content.decode()
    shown = client.get(address)
    assert "has not answered since" in shown.content.decode()
    faults = shown.context["answer_form"].initial["faults"]
    assert client.post(address, {"faults": faults, "reason": ""}).status_code == 400
    assert client.post(address, {"faults": "0" * 64, "reason": "Right."}).status_code == 403
    assert client.post(address, {"faults": faults, "reason": "Right."}).status_code == 302
    task.refresh_from_db()
    assert (task.outcome, task.reason) == ("answered", "Right.")
    assert address not in client.get(reverse("sources:tasks")).content.decode()
    assert address in client.get(reverse("sources:tasks"), {"open": "closed"}).content.decode()
    assert "Right." in client.get(address).content.decode()


def test_typed_sources_go_on_working(writer: Any) -> None:
    page = make_monograph(by=writer)
    draft = page.get_latest_revision_as_object()
    assert draft.to_document().sources[0].title == "The label"
    source = add_source(by=writer)
    draft.sources = json.dumps(
        [
            {"type": "source", "value": {"reference": "label", "title": "The label"}},
            {"type": "library", "value": {"reference": "nccn", "source": source.pk}},
            {"type": "library", "value": {"reference": "open", "source": None}},
        ]
    )
    draft.save_revision(user=writer)
    shown = MonographPage.objects.get().get_latest_revision_as_object().to_document().sources
    assert [each.title for each in shown] == ["The label", "The guideline", ""]
