"""Citing a source at a statement in the editor, and what reviewers see of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.models import MonographPage
from monographs.source_library.models import LibrarySource, SourceCitation
from tests.conftest import as_user
from tests.factories import edit, make_monograph, submit
from tests.label_watch.test_citing_screens import text
from tests.review.test_editor import form_of, stored
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_statement_sources import ADDRESS, WORKS, cite, page, source

__all__ = ["page", "source"]
pytestmark = pytest.mark.django_db

PLACE = "how_it_works"


def post(user: Any, page: MonographPage, name: str, **more: Any) -> Any:
    """Post the editor's form to one of its endpoints; ``statement`` and so on are the editor's fields."""
    sent = {f"editor-{field.replace('_', '-')}": str(value) for field, value in more.items()}
    return as_user(user).post(reverse(f"review:editor:{name}", args=[page.pk]), form_of(page, **sent))


def key_of(page: MonographPage, source: LibrarySource, by: Any) -> str:
    """The key of ``WORKS``, as a throw-away citation has it."""
    statement = cite(page, source, by).statement
    SourceCitation.objects.all().delete()
    return statement


def test_the_editor_offers_sources_and_the_writer_chooses_and_removes(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    statement = key_of(page, source, writer)
    other = add_source("Another guideline", by=writer)
    before = stored()
    shown = post(writer, page, "findings").json()["places"][PLACE]
    assert "0 of 1 cite a label or source" in text(shown)
    assert (
        "lists no source of the library" in post(writer, page, "passages", statement=statement).json()["html"]
    )
    for chosen in (source, other):
        shown = post(writer, page, "cite", statement=statement, source=chosen.pk).json()["places"][PLACE]
    assert "1 of 1 cite a label or source" in text(shown)
    assert f'href="{ADDRESS}"' in shown
    assert "Rests on The guideline, NCCN." in text(shown)
    assert "The section does not name it" in text(shown)
    assert SourceCitation.objects.filter(removed_at=None).count() == 2
    assert stored() == before, "neither text nor contributors"
    post(writer, page, "cite", statement=statement, source=source.pk)
    assert SourceCitation.objects.count() == 2, "it is cited once"
    shown = post(writer, page, "cite", statement=statement, remove_source=other.pk).json()["places"][PLACE]
    assert "Another guideline" not in shown
    assert SourceCitation.objects.get(removed_at=None).source == source


def test_the_sources_of_the_page_are_offered_first(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    use_source(page, source, writer)
    page = MonographPage.objects.get(pk=page.pk)
    statement = key_of(page, source, writer)
    offered = post(writer, page, "passages", statement=statement).json()["html"]
    assert "Rests on this: The guideline (NCCN)" in text(offered)
    shown = post(writer, page, "cite", statement=statement, source=source.pk).json()["places"][PLACE]
    assert "The section does not name it" not in text(shown)
    offered = post(writer, page, "passages", statement=statement).json()["html"]
    assert "lists no further source" in offered


def test_a_superseded_source_is_replaced_by_the_newer_one_in_one_step(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    statement = cite(page, source, writer).statement
    newer = add_source("The guideline of 2026", by=writer)
    change_source(source, writer, superseded_by=newer)
    answer = post(writer, page, "findings").json()
    assert "1 on a source to look at again" in text(answer["places"][PLACE])
    assert "It is superseded by “The guideline of 2026 (NCCN)”." in text(answer["places"][PLACE])
    assert "Cite “The guideline of 2026” instead" in text(answer["places"][PLACE])
    assert "Rest on a source to look at again 1" in text(answer["panel"])
    shown = post(writer, page, "cite", statement=statement, source=newer.pk, replaces=source.pk).json()[
        "places"
    ]
    assert "source to look at again" not in text(shown[PLACE])
    assert SourceCitation.objects.get(removed_at=None).source == newer


def test_a_reworded_statement_that_gets_a_source_keeps_its_others(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    cite(page, source, writer)
    other = add_source("Another guideline", by=writer)
    words = WORKS.replace("blocks", "stops")
    edit(page, writer, how_it_works=words)
    page = MonographPage.objects.get(pk=page.pk)
    shown = post(writer, page, "findings").json()["places"][PLACE]
    assert "words have changed since it was cited" in text(shown)
    statement = key = cite(page, other, writer, words).statement
    SourceCitation.objects.filter(source=other).delete()
    shown = post(writer, page, "cite", statement=statement, source=other.pk).json()["places"][PLACE]
    assert "words have changed since" not in text(shown)
    of_statement = SourceCitation.objects.filter(statement=key, removed_at=None)
    assert {each.source for each in of_statement} == {source, other}


def test_what_cannot_be_cited_is_refused_with_the_reason(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    statement = key_of(page, source, writer)
    chosen = {"statement": statement, "source": source.pk}
    for more, said in (
        ({"statement": "0" * 64}, "not in it any more"),
        ({"source": 10**8}, "Choose another"),
    ):
        refused = post(writer, page, "cite", **{**chosen, **more})
        assert refused.status_code == 403
        assert said in refused.json()["message"]
    submit(page, writer, nothing_to_change=True)
    for act in (chosen, {"statement": statement, "remove_source": source.pk}):
        refused = post(writer, page, "cite", **act)
        assert refused.status_code == 403
        assert "in review" in refused.json()["message"]
    assert not SourceCitation.objects.exists()
    address = reverse("review:editor:cite", args=[page.pk])
    assert Client().post(address, {"editor-source": source.pk}).status_code in (302, 401)


def test_reviewers_see_at_the_statement_what_it_rests_on(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    paper = add_source(
        "Survival with testumab",
        kind="paper",
        publisher="The Journal",
        address="https://journal.example.org/1",
        scheme="doi",
        identifier="10.1056/NEJMoa1609783",
        published_on=database_today(),
        by=writer,
    )
    cite(page, paper, writer)
    submission = submit(page, writer, nothing_to_change=True)
    address = reverse("review:review", args=[submission.pk])
    html = as_user(reviewer).get(address).content.decode()
    assert "1 statement rests on a label or source" in text(html)
    assert f"{WORKS} Rests on Survival with testumab, The Journal, " in text(html)
    assert "DOI 10.1056/nejmoa1609783" in text(html)
    assert 'href="https://journal.example.org/1"' in html
    assert reverse("source_library:inspect", args=[paper.pk]) in html
    change_source(paper, writer, gone_since=database_today())
    shown = text(as_user(reviewer).get(address).content.decode())
    assert "1 on a source to look at again" in shown
    assert "withdrawn or retracted" in shown


def test_the_number_of_queries_does_not_depend_on_the_number_of_citations(
    source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works=WORKS)
    page = MonographPage.objects.get(pk=page.pk)
    sources = [add_source(f"Guideline {number}", by=writer) for number in range(4)]

    def queries(client: Client, address: str, form: Any = None) -> int:
        client.post(address, form) if form else client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.post(address, form) if form else client.get(address)
        return len(captured)

    editor, address = as_user(writer), reverse("review:editor:findings", args=[page.pk])
    cite(page, source, writer)
    few = queries(editor, address, form_of(page))
    for each in sources[:2]:
        cite(page, each, writer)
    assert queries(editor, address, form_of(page)) == few
    screen = reverse("review:review", args=[submit(page, writer).pk])
    few = queries(as_user(reviewer), screen)
    for each in sources[2:]:
        cite(page, each, writer)
    assert queries(as_user(reviewer), screen) == few
