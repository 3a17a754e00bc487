"""Which page the command writes to: none by guess, and nobody's work without being told."""

import pytest
from django.core.management import CommandError
from wagtail.models import PageLogEntry, Revision

from monographs.editions.models import Contribution
from monographs.imports.models import ImportedText
from monographs.models import MonographPage
from tests.factories import make_monograph, make_user
from tests.imports.conftest import count_everything, draft_of
from tests.imports.texts import sections_of

pytestmark = pytest.mark.django_db
HOW = "How it works\nIn a new way.\n"


@pytest.mark.parametrize(
    ("title", "brands", "line"),
    [
        ("vexarubicin", ["Vexa"], "vexarubicin (liposomal) (Lipovexa)"),
        ("vexarubicin (liposomal)", ["Lipovexa"], "vexarubicin (Vexa)"),
        ("vexarubicin hydrochloride", [], "vexarubicin mesylate"),
        ("testumab", ["Testivo"], "testumab vedotin (Testivo)"),
        ("testumab", [], "testumab-dkst (Testogiv)"),
        ("Lu 177 vexatide", [], "I 131 vexatide (Ivex)"),
        ("cytarabine", [], "cytarabine and daunorubicin (Vyxa)"),
        ("vexarubicin", [], "vexarubicn (Vexa)"),
        ("prednisolone", [], "prednisone (Predna)"),
        ("otherumab", ["Testivo"], "testumab (Testivo)"),
        ("Testivo", [], "testumab (Testivo)"),
    ],
)
def test_a_similar_name_is_neither_replaced_nor_made_anew_unasked(run, text_file, title, brands, line):
    make_monograph(title, slug="page", brand_names=brands)
    before = count_everything()
    ran = run(text_file(f"{line}\n{HOW}", "text.txt"))
    assert not ran.ok
    assert "it is not certain whether" in ran.line
    assert f"“{title}” (page)" in ran.line
    assert "--into 'text.txt=page'" in ran.line
    assert "--new 'text.txt'" in ran.line
    assert count_everything() == before


def test_the_operator_says_which_is_meant(run, text_file):
    page = make_monograph("vexarubicin", brand_names=["Vexa"])
    file = text_file(f"vexarubicin (liposomal) (Lipovexa)\n{HOW}", "text.txt")
    assert run(file, new=["text.txt"]).ok
    new = MonographPage.objects.exclude(pk=page.pk).get()
    assert (new.title, new.brand_names, new.slug) == (
        "vexarubicin (liposomal)",
        ["Lipovexa"],
        "vexarubicin-liposomal",
    )
    assert sections_of(draft_of("vexarubicin").to_document())["how_it_works"] == ["About", "how_it_works."]
    other = text_file(f"vexarubicin for adults\n{HOW}", "other.txt")
    assert run(other, into=["other.txt=vexarubicin"]).ok
    draft = draft_of("vexarubicin")
    assert sections_of(draft.to_document())["how_it_works"] == ["In", "a", "new", "way."]
    assert (draft.title, draft.brand_names) == ("vexarubicin", ["Vexa"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"into": ["a.txt=nothing"]}, "no medicine with the slug"),
        ({"into": ["nonsense"]}, "give FILE=SLUG"),
        ({"new": ["a.txt"], "into": ["a.txt=testumab"]}, "choose one of them"),
    ],
)
def test_options_that_name_nothing_are_refused(site, text_file, options, message):
    from django.core.management import call_command  # noqa: PLC0415

    make_monograph("testumab")
    with pytest.raises(CommandError, match=message):
        call_command("import_monographs", str(text_file(HOW, "a.txt")), **options)


@pytest.mark.parametrize(
    "written",
    [
        "vexa\u2011rubicin",
        "vexa\u2013rubicin",
        "VEXA-RUBICIN",
        "ve\u0301xa-rubicin",
        "vexa-rub\u00adicin",
        "vexa-rubi\u200bcin",
    ],
)
def test_one_medicine_has_one_page_however_its_name_is_typed(run, text_file, written):
    make_monograph("vexa-rubicin")
    assert run(text_file(f"# {written}\n{HOW}", "text.md")).ok
    assert MonographPage.objects.count() == 1


def test_a_new_page_has_a_name_as_on_a_keyboard(run, text_file):
    assert run(text_file(f"# vexa\u2011rubi\u00adcin\n{HOW}", "text.md")).ok
    assert MonographPage.objects.get().title == "vexa-rubicin"


def test_a_new_page_of_a_name_in_use_is_refused(run, text_file):
    make_monograph("testumab", slug="other")
    ran = run(text_file(HOW, "testumab.txt"), new=["testumab.txt"])
    assert "“testumab” cannot be a new medicine, as “testumab” (other) has that name" in ran.line
    assert MonographPage.objects.count() == 1


def test_a_text_without_a_name_is_refused_with_what_to_do(run, text_file):
    ran = run(text_file(HOW, "3.txt"))
    assert "give the medicine's generic name" in ran.line


def test_unpublished_work_of_others_is_replaced_only_when_told(run, text_file, writer):
    page = make_monograph("testumab", by=writer)
    make_user("writer2", "Medical writers")
    file = text_file(HOW, "testumab.txt")
    before = count_everything()
    for options in ({}, {"user": "writer2"}):
        ran = run(file, **options)
        assert not ran.ok
        assert "holds unpublished work of Writer Tester, which this text would replace" in ran.line
        assert "add --into 'testumab.txt=testumab' to put it into the draft" in ran.line
    assert count_everything() == before
    ran = run(file, user="writer2", into=["testumab.txt=testumab"])
    assert ran.ok
    assert "replaced unpublished work of Writer Tester, which stays in the page's history" in ran.line
    revisions = Revision.objects.for_instance(page).order_by("pk")
    assert [revision.user.username for revision in revisions] == ["writer", "writer2"]
    assert "About how_it_works." in str(revisions.first().content)
    assert {c.username for c in Contribution.objects.filter(key=page.translation_key)} == {
        "writer",
        "writer2",
    }
    [entry] = PageLogEntry.objects.filter(page=page.pk, action="monographs.import")
    assert (entry.revision_id, entry.user.username) == (revisions.last().pk, "writer2")
    assert entry.message == "Imported from testumab.txt, in place of unpublished work of Writer Tester"
    assert ImportedText.objects.get().replaced == ["Writer Tester"]


def test_ones_own_draft_is_replaced_without_asking(run, text_file, writer):
    make_monograph("testumab", by=writer)
    assert run(text_file(HOW, "testumab.txt"), user="writer").ok


def test_each_revision_of_an_import_is_in_the_pages_history(run, text_file, writer):
    make_user("writer2", "Medical writers")
    file = text_file(HOW, "testumab.txt")
    assert run(file, user="writer").ok
    assert run(file, user="writer2", into=["testumab.txt=testumab"]).ok
    page = MonographPage.objects.get()
    entries = PageLogEntry.objects.filter(page=page.pk, action="monographs.import").order_by("pk")
    revisions = Revision.objects.for_instance(page).order_by("pk")
    assert [entry.revision_id for entry in entries] == [revision.pk for revision in revisions]
    assert [entry.user.username for entry in entries] == ["writer", "writer2"]


def test_where_a_draft_comes_from_is_kept_and_is_no_source(run, text_file, writer):
    assert run(text_file(HOW, "testumab.txt"), user="writer").ok
    page = MonographPage.objects.get()
    text = ImportedText.objects.get()
    assert (text.key, text.revision_id) == (page.translation_key, page.latest_revision_id)
    assert (text.file_name, text.form, text.by, text.user) == (
        "testumab.txt",
        "plain text",
        "Writer Tester",
        writer,
    )
    assert (len(text.sha256), text.size) == (64, len(HOW))
    assert (text.created_page, text.replaced) == (True, [])
    assert draft_of("testumab").to_document().sources == ()


def test_an_imported_section_has_no_source_until_a_writer_names_one(run, text_file):
    ran = run(text_file(HOW, "testumab.txt"))
    assert "How it works: This section has no source." in ran.line


def test_a_source_is_one_that_the_operator_names(run, text_file):
    ran = run(text_file(HOW, "testumab.txt"), source="Testivo prescribing information")
    assert "This section has no source" not in ran.line.split("How it works:")[-1].split(";")[0]
    document = draft_of("testumab").to_document()
    assert [source.title for source in document.sources] == ["Testivo prescribing information"]
    assert document.sources[0].date_seen is None
    assert {section.sources for section in document.sections if section.parts} == {(1,)}
