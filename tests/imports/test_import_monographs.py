"""``import_monographs``: from a file to a draft, and to review."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS
from monographs.document.html import plain_text
from monographs.editions.models import Edition, Publication
from monographs.imports.input_files import MAX_BYTES
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.models import Submission
from monographs.rules.draft_check import submit_errors_of
from tests.factories import make_monograph, publish, submit
from tests.imports.conftest import count_everything, draft_of
from tests.imports.texts import TESTUMAB, sections_of
from tests.interruption import Interrupting

pytestmark = pytest.mark.django_db


def test_a_text_becomes_a_draft_without_an_author(run, text_file):
    ran = run(text_file(TESTUMAB))
    assert ran.ok
    assert ", new draft; left out 6 lines" in ran.line
    assert "new draft of the class “Example antibodies”" in ran.line
    page = draft_of("testumab")
    assert (page.slug, page.brand_names, page.routes) == ("testumab", ["Testivo"], ["intravenous_infusion"])
    assert not page.live
    assert not page.drug_class.live
    errors = submit_errors_of(page, published=None)
    assert {error.message for error in errors} == {
        "This section has no source. Name at least one from the list of sources."
    }
    assert len(errors) == len(REQUIRED_SECTIONS)
    effects = page.to_document().sections[2]
    assert [item.name for item in effects.parts[1].items] == ["Tiredness", "Cold hands"]
    assert effects.parts[2].html == "<p>Serious side effects can be a very high fever.</p>"
    assert not Submission.objects.exists()


def test_markdown_gives_the_same_page(run, text_file):
    text = TESTUMAB.replace("testumab (Testivo)", "# Testumab (Testivo)")
    for section in REQUIRED_SECTIONS:
        heading = SECTION_HEADINGS[section]
        text = text.replace(f"\n{heading}\n", f"\n## **{heading}**\n")
    assert run(text_file(text.replace("sick cells", "*sick* cells"), "testumab-all.md")).ok
    sections = sections_of(draft_of("testumab").to_document())
    assert run(text_file(TESTUMAB.replace("testumab", "zyxumab").replace("Testivo", "Otha"))).ok
    others = sections_of(draft_of("zyxumab").to_document())
    assert sections == {k: [w.replace("zyxumab", "testumab") for w in v] for k, v in others.items()}
    works = draft_of("testumab").to_document().sections[1].parts[0]
    assert "<em>sick</em>" in works.html or "<i>sick</i>" in works.html


def test_a_line_is_printed_for_each_file_of_a_folder(run, text_file, tmp_path):
    text_file(TESTUMAB, "a.txt")
    text_file("# Otherumab\n\n## How it works\n\nWell.\n", "b.MD")
    text_file("no text of ours", "c.csv")
    text_file("How it works\nSo.", "venetoclax-myeloma.txt")
    ran = run(tmp_path, tmp_path / "a.txt")
    assert ran.ok
    assert [line.split(",")[0] for line in ran.lines] == [
        "a.txt: testumab (Testivo)",
        "b.MD: otherumab",
        "venetoclax-myeloma.txt: venetoclax",
    ]
    assert "named after the file" in ran.lines[2]


def test_missing_sections_give_an_incomplete_draft(run, text_file, writer):
    file = text_file("testumab (Testivo)\n\nHow it works\n\nWell.\n")
    ran = run(file)
    assert ran.ok
    assert "1 of 7 sections, 1 words, new draft" in ran.line
    assert "missing: How it is administered, Common side effects" in ran.line
    page = draft_of("testumab")
    assert [child.block_type for child in page.sections] == [s.value for s in REQUIRED_SECTIONS]
    assert sections_of(page.to_document()) == {"how_it_works": ["Well."]}


def test_an_incomplete_draft_is_not_submitted_and_says_what_to_fix(run, text_file, writer):
    ran = run(text_file("testumab (Testivo)\n\nHow it works\n\nWell.\n"), user="writer", submit=True)
    assert not ran.ok
    assert "imported as draft, not submitted; " in ran.line
    assert "to fix before it can be submitted (" in ran.line
    assert "Who should take it: This section is empty." in ran.line
    assert MonographPage.objects.filter(title="testumab").exists()
    assert not Submission.objects.exists()


def test_users_who_may_not_edit_may_not_submit(run, text_file, reviewer):
    reviewer.groups.clear()
    ran = run(text_file(TESTUMAB), user="reviewer", submit=True, source="The label")
    assert not ran.ok
    assert "not submitted: You may not edit this page" in ran.line


def test_an_existing_medicine_gets_a_new_draft_and_its_edition_stays(run, text_file, writer, reviewer):
    page = make_monograph("testumab", by=writer, pronunciation="TEST-oo-mab", change_note="First edition.")
    publish(page, writer, reviewer)
    edition, publication = Edition.objects.get(), Publication.objects.get()
    revisions = Revision.objects.for_instance(page).count()
    text = "Testumab (Testivo)\n\nHow it works\n\nIn a new way.\n\nOther medicines\n\nNone.\n"
    ran = run(text_file(text, "x.txt"), user="writer")
    assert ran.ok
    assert "new draft of an existing page" in ran.line
    assert "the sources of “How it works” must be set again" in ran.line
    assert MonographPage.objects.count() == 1
    assert Revision.objects.for_instance(page).count() == revisions + 1
    draft = draft_of("testumab")
    sections = sections_of(draft.to_document())
    assert sections["how_it_works"] == ["In", "a", "new", "way."]
    assert sections["other_medicines"] == ["None."]
    assert sections["who_should_take_it"] == ["About", "who_should_take_it."]
    assert list(sections) == [s for s in SECTION_HEADINGS if s in sections]
    assert (draft.brand_names, draft.pronunciation) == (["Testivo"], "TEST-oo-mab")
    assert draft.change_note == ""
    assert MonographPage.objects.get().brand_names == []
    assert (Edition.objects.get(), Publication.objects.get().edition_id) == (edition, publication.edition_id)
    messages = [error.message for error in submit_errors_of(draft, published=edition.document)]
    assert "Say in a sentence what is different in this edition." in messages
    assert messages.count("This section has no source. Name at least one from the list of sources.") == 2


def test_a_writers_own_note_on_the_change_is_kept(run, text_file, writer, reviewer):
    page = make_monograph("testumab", by=writer)
    publish(page, writer, reviewer)
    draft = draft_of("testumab")
    draft.change_note = "We say more about fever."
    draft.save_revision(user=writer)
    assert run(text_file("How it works\nIn a new way."), user="writer").ok
    assert draft_of("testumab").change_note == "We say more about fever."


def test_a_medicine_is_found_by_its_draft_title_address_and_brand(run, text_file, writer):
    make_monograph("Testumab", by=writer, slug="testumab", brand_names=["Testivo", "Exampla"])
    for name in ("TESTUMAB", "Testivo", "exampla", "Exampla (testumab)"):
        file = text_file(f"{name}\nHow it works\nBy {name}.", f"{name.split(' (')[0]}.txt")
        assert run(file, user="writer").ok
    page = MonographPage.objects.get()
    assert page.title == "Testumab"
    assert page.brand_names == ["Testivo", "Exampla"]


def test_a_brand_of_several_medicines_is_refused(run, text_file):
    for title in ("testumab", "otherumab"):
        make_monograph(title, brand_names=["Testivo"])
    before = count_everything()
    ran = run(text_file("How it works\nWell.", "testivo.txt"))
    assert not ran.ok
    assert "“testumab” (testumab), “otherumab” (otherumab)" in ran.line
    assert count_everything() == before


def test_a_medicine_in_review_is_refused_with_what_to_do(run, text_file, writer):
    page = make_monograph("testumab", by=writer)
    submit(page, writer)
    before = count_everything()
    ran = run(text_file(TESTUMAB))
    assert not ran.ok
    assert "“testumab” is in review" in ran.line
    assert "recall it, or ask the reviewer to return it" in ran.line
    assert count_everything() == before


def test_a_locked_page_is_refused(run, text_file, writer):
    page = make_monograph("testumab", by=writer)
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=writer)
    ran = run(text_file(TESTUMAB))
    assert "locked by writer" in ran.line
    assert run(text_file(TESTUMAB), user="writer").ok


@pytest.mark.parametrize("options", [{}, {"user": "writer", "submit": True}])
def test_two_files_for_one_medicine_are_named(run, text_file, writer, options):
    files = [text_file(TESTUMAB, "testumab-all.txt"), text_file(TESTUMAB, "testumab-myeloma.txt")]
    ran = run(*files, **options)
    assert not ran.ok
    assert ran.lines[0].startswith("testumab-all.txt: testumab (Testivo), 7 of 7")
    assert ran.lines[1].startswith("testumab-myeloma.txt: not imported: ")
    assert "testumab-all.txt" in ran.lines[1]
    assert Revision.objects.for_instance(MonographPage.objects.get()).count() == 1


@pytest.mark.parametrize("title", ["Example Antibodies", "example antibody", "Example-antibodies"])
def test_an_existing_class_is_used(run, text_file, site, title):
    index = Page.objects.get(slug="classes").specific
    index.add_child(instance=DrugClassPage(title=title))
    assert "new draft of the class" not in run(text_file(TESTUMAB)).line
    assert draft_of("testumab").drug_class.title == title


def test_words_that_routes_do_not_cover_are_kept(run, text_file):
    text = TESTUMAB.replace("IV infusion", "IV infusion in a clinic")
    assert run(text_file(text)).ok
    page = draft_of("testumab")
    assert page.routes == ["intravenous_infusion"]
    part = page.to_document().sections[0].parts[0]
    assert plain_text(part.html).startswith("Administration: IV infusion in a clinic A nurse gives")


def test_words_on_administration_without_its_section_are_listed(run, text_file):
    ran = run(text_file("testumab (Testivo)\nAdministration: with care\nHow it works\nWell."))
    assert "could not be placed 1 line (“Administration: with care”)" in ran.line


def test_common_bullets_with_words_below_them_keep_their_order(run, text_file):
    common = "Common side effects\nMost:\n- Rash\n- Fits\nThese pass.\n"
    text = f"testumab (Testivo)\n{common}Serious side effects\nSome:\n- Coma\n"
    assert run(text_file(text)).ok
    [section] = draft_of("testumab").to_document().sections
    assert [part.kind for part in section.parts] == ["text", "effects"]
    assert sections_of(draft_of("testumab").to_document())["common_side_effects"] == (
        "Most: Rash Fits These pass. Some: Coma".split()
    )


def test_bullets_too_long_for_a_side_effect_stay_text(run, text_file):
    long = " ".join(["word"] * 80)
    assert run(text_file(f"testumab (Testivo)\nSide effects\n- Rash\n- {long}\n\nSerious ones happen.\n")).ok
    page = draft_of("testumab")
    assert not list(page.sections[2].value["common_effects"])
    assert {p.place for p in submit_errors_of(page, published=None)} == set(SECTION_HEADINGS.values()) & {
        SECTION_HEADINGS[s] for s in REQUIRED_SECTIONS
    }


BAD = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\t\n", "the file is empty"),
    "bom only": (b"\xef\xbb\xbf", "the file is empty"),
    "binary": (bytes(range(256)) * 9, "not a text file"),
    "control characters": (b"How it works\n\x1b[31mred", "not a text file (line 2"),
    "no certain encoding": (b"How it works\nna\x8bve", "save it as plain text in the encoding UTF-8"),
    "its place": (b"How it works\n\xe9", "line 2 (“\\xe9”) can be read in several ways"),
    "odd utf-16": (b"\xff\xfeH\x00o", "that it is UTF-16, but byte"),
    "no heading": (b"testumab (Testivo)\n\nJust words.\n", "no heading"),
    "long line": (b"How it works\n" + b"a " * 100_000, "line 2 has 200,000 characters"),
    "too big": (b"How it works\n" + b"a\n" * (MAX_BYTES // 2), "the file has 1,0"),
    "script": (b"How it works\nWell.\n<SCRIPT src=x></SCRIPT>", "line 3 holds a <script> tag"),
    "script in markdown": (b"## How it works\n\n< script>alert(1)", "line 3 holds a <script> tag"),
    "long name": (b"How it works\nWell", "too long to be a name"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_gets_one_clear_line_and_leaves_nothing(run, text_file, bad):
    data, message = BAD[bad]
    if bad == "long name":
        data = b"Name: " + b"x" * 300 + b"\n" + data
    before = count_everything()
    ran = run(text_file(data, "bad.txt"))
    assert not ran.ok
    assert ran.line.startswith("bad.txt: not imported: ")
    assert message in ran.line
    assert count_everything() == before


def test_paths_that_give_no_text(run, tmp_path):
    (tmp_path / "folder").mkdir()
    ran = run(tmp_path / "missing.txt", tmp_path / "folder")
    assert not ran.ok
    assert "no such file" in ran.lines[0]
    assert "no .docx, .txt or .md file" in ran.lines[1]


def test_one_bad_file_does_not_stop_the_others(run, text_file):
    ran = run(text_file(b"\x00", "a.txt"), text_file(TESTUMAB, "b.txt"))
    assert not ran.ok
    assert [line.split(":")[0] for line in ran.lines] == ["a.txt", "b.txt"]
    assert MonographPage.objects.count() == 1


def test_an_unexpected_error_leaves_nothing_of_its_file(run, text_file, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no luck")

    before = count_everything()
    monkeypatch.setattr(MonographPage, "save_revision", fail)
    ran = run(text_file(TESTUMAB))
    assert "unexpected error, RuntimeError: no luck" in ran.line
    assert count_everything() == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_with_a_byte_order_mark_are_read(run, text_file, encoding):
    assert run(text_file(TESTUMAB.replace("sick", "“síck”").encode(encoding))).ok
    assert "“síck”" in sections_of(draft_of("testumab").to_document())["how_it_works"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"submit": True}, "--submit needs --user"),
        ({"user": "nobody"}, "no account called “nobody”"),
        ({"user": "writer"}, "not active"),
    ],
)
def test_user_must_be_given_for_submit_and_active(site, writer, text_file, options, message):
    writer.is_active = False
    writer.save()
    with pytest.raises(CommandError, match=message):
        call_command("import_monographs", str(text_file(TESTUMAB)), **options)
    assert not MonographPage.objects.exists()


def test_a_site_that_is_not_set_up_says_so(db, tmp_path: Path):
    MonographIndexPage.objects.update(collection="")
    with pytest.raises(CommandError, match="run setup_site first"):
        call_command("import_monographs", str(tmp_path))


def test_an_interrupted_import_is_taken_up_again(site, text_file, tmp_path):
    for name in "abc":
        text_file(TESTUMAB.replace("testumab", f"{name}umab").replace("Testivo", f"{name}ivo"), f"{name}.txt")
    with pytest.raises(CommandError) as stopped:
        call_command("import_monographs", str(tmp_path), stdout=Interrupting("b.txt"), no_color=True)
    assert stopped.value.returncode == 130
    assert str(stopped.value) == (
        "Interrupted after 1 of 3 files; none is half imported. "
        "Go on with the same command and --after 'a.txt'."
    )
    out = StringIO()
    call_command("import_monographs", str(tmp_path), after="b.txt", stdout=out)
    assert [line[:5] for line in out.getvalue().splitlines()] == ["c.txt"]
    assert MonographPage.objects.count() == 3
    with pytest.raises(CommandError, match="there is no such file among those named"):
        call_command("import_monographs", str(tmp_path), after="d.txt")
