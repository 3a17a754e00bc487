"""What an exported folder holds, and that it is whole or not there at all."""

import hashlib
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from monographs.document import parse_document
from monographs.document.html import plain_text
from monographs.editions.export.verify_export import words_of
from monographs.editions.models import EditionFigure
from tests.export.bundles import Bundle, run_isolated, verify
from tests.interruption import Interrupting

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")


def page_of(bundle: Bundle, name: str) -> Any:
    return BeautifulSoup((bundle.folder / "editions" / f"{name}.html").read_text(), "html.parser")


def test_an_export_proves_itself_with_nothing_but_python(bundle: Bundle, tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text("import django")
    result = run_isolated(program=probe, where=tmp_path / "empty")
    assert "No module named 'django'" in result.stderr, "the verifier could reach what is installed here"

    status, answer = verify(bundle, "--anchor", bundle.head)
    assert (status, answer[:3]) == (0, "OK "), answer
    assert "8 editions, 2 withdrawals" in answer
    assert answer.endswith(f"Head {bundle.head}\n")


def test_an_export_is_checked_wherever_it_lies_against_a_head_kept_in_a_file(
    bundle: Bundle, tmp_path: Path
) -> None:
    head = tmp_path / "head"
    head.write_text(f"{bundle.head}\n")
    program = tmp_path / "verify_export.py"
    (bundle.folder / "verify_export.py").rename(program)
    (bundle.folder / "verify_export.py").write_bytes(program.read_bytes())
    result = run_isolated(bundle.folder, "--anchor", head, program=program, where=tmp_path / "empty")
    assert (result.returncode, result.stdout[:3]) == (0, "OK ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["/no/such/folder"], "not a folder"),
        (["--anchor", "/no/such/file"], "No such file"),
        (["--anchor", "12 abc"], "No such file"),
        (["--anchor", __file__], "an anchor is a sequence number and a hash"),
        (["--anchors"], "unrecognized|expected"),
    ],
)
def test_wrong_arguments_are_no_fault(bundle: Bundle, arguments: list[str], complaint: str) -> None:
    nowhere = bundle.folder.with_name("empty")
    result = run_isolated(*arguments, program=bundle.folder / "verify_export.py", where=nowhere)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.search(complaint, result.stderr)
    assert "Traceback" not in result.stderr


def test_a_file_is_what_the_manifest_says(bundle: Bundle) -> None:
    manifest = json.loads((bundle.folder / "manifest.json").read_bytes())
    for name, facts in manifest["files"].items():
        data = (bundle.folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (facts["size"], facts["sha256"])
    assert "{seq} {hash}".format(**manifest["head"]) == bundle.head
    assert manifest["counts"] == {name: len(bundle.rows(name)) for name in manifest["counts"]}


def test_a_page_says_every_word_of_its_edition_and_who_answers_for_it(bundle: Bundle) -> None:
    for row in bundle.rows("editions"):
        if (row["kind"], row["number"]) != ("monograph", 2):
            continue
        page = page_of(bundle, f"{row['slug']}-2")
        shown = "".join(page.get_text().split())
        document = parse_document(row["canonical"])
        said = [plain_text(part.html) for part in document.all_parts() if hasattr(part, "html")]
        said += [document.title, document.summary, document.change_note, row["sha256"], row["reason"]]
        said += [section.heading for section in document.sections]
        said += ["Reviewer Tester, PharmD", "Reviewer2 Tester, MD", "Second reading", "Writer Tester"]
        said += ["I have read the whole of this text."]
        assert [words for words in said if "".join(words.split()) not in shown] == []
        assert "Adults & “others” <see below>." in " ".join(page.get_text().split())
        return
    pytest.fail("no second edition was exported")


def test_the_verifier_looks_for_every_text_of_a_document(bundle: Bundle) -> None:
    row = bundle.row("editions", slug="testumab", number=1)
    looked_for = [words for words, _ in words_of(json.loads(row["canonical"])) if words]
    document = parse_document(row["canonical"])
    assert {"Seizure", "Call 911 at once.", "Call 911 now", "A pump.", "The label", "FDA"} <= set(looked_for)
    assert {section.heading for section in document.sections} <= set(looked_for)


def test_pages_of_an_export_lead_to_one_another(bundle: Bundle) -> None:
    soup = BeautifulSoup((bundle.folder / "index.html").read_text(), "html.parser")
    links: set[tuple[str, Any]] = {("index.html", a["href"]) for a in soup.find_all("a")}
    for file in (bundle.folder / "editions").iterdir():
        page = BeautifulSoup(file.read_text(), "html.parser")
        assert not page.find_all("script")
        links |= {(f"editions/{file.name}", a["href"]) for a in page.find_all("a")}
        links |= {(f"editions/{file.name}", i["src"]) for i in page.find_all("img")}
        links |= {(f"editions/{file.name}", i["href"]) for i in page.find_all("link")}
    inner = {urljoin(f"/{place}", to) for place, to in links if not to.startswith(("#", "https:"))}
    assert {path for path in inner if not (bundle.folder / path[1:]).is_file()} == set()
    assert "/editions/testing-antibodies-1.html" in inner
    second = page_of(bundle, "testumab-2")
    assert second.find(rel="prev")["href"] == "testumab-1.html"
    assert second.find(rel="next")["href"] == "testumab-3.html"
    assert page_of(bundle, "testumab-3").find(rel="next")["href"] == "testumab-new-4.html"


def test_a_page_with_the_slug_of_another_has_a_file_of_its_own(bundle: Bundle) -> None:
    homonym = bundle.row("editions", slug="testumab", title="testumab two")
    page = page_of(bundle, f"testumab-1.{homonym['id']}")
    assert page.h1.get_text() == "testumab two"
    assert page_of(bundle, "testumab-1").h1.get_text() == "testumab"


def test_a_withdrawn_edition_says_why_and_by_whom(bundle: Bundle) -> None:
    edition = bundle.row("editions", restores=4)
    words = page_of(bundle, f"{edition['slug']}-5").get_text()
    assert "We need to check this page again" in words
    assert "Once more." in words
    assert "I withdraw this page from patients" in words
    assert (
        "Withdrawn at /medicines/testumab-new/"
        in BeautifulSoup((bundle.folder / "index.html").read_text(), "html.parser").get_text()
    )


def test_refused_attempts_and_every_contribution_are_in_the_export(bundle: Bundle) -> None:
    events = [row["event"] for row in bundle.rows("ledger")]
    assert {"refused", "recalled", "voided", "withdrawn", "contributed"} <= set(events)
    assert "recalumab" not in (bundle.folder / "editions.jsonl").read_text()
    assert {row["username"] for row in bundle.rows("contributions")} == {"reviewer2", "writer"}


@pytest.mark.django_db(transaction=True)
def test_an_empty_record_is_exported_and_proves_itself(tmp_path: Path) -> None:
    out = StringIO()
    call_command("ledger", "export", str(tmp_path / "bundle"), stdout=out)
    assert out.getvalue().startswith(f"Wrote {tmp_path / 'bundle'}: 0 editions, ")
    assert "Nothing has been signed yet." in (tmp_path / "bundle" / "index.html").read_text()
    status, answer = verify(Bundle(tmp_path / "bundle", ""), "--anchor", "0 " + "0" * 64)
    assert (status, answer[:5]) == (0, "OK 0 ")


@pytest.mark.parametrize("there", ["file", "full folder", "link"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    target = tmp_path / "out"
    match there:
        case "file":
            target.write_text("mine")
        case "full folder":
            (target / "mine").mkdir(parents=True)
        case "link":
            (tmp_path / "elsewhere").mkdir()
            target.symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CommandError, match="is not an empty folder"):
        call_command("ledger", "export", str(target))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.django_db(transaction=True)
def test_a_broken_run_leaves_nothing_behind(committed_figure: EditionFigure, tmp_path: Path) -> None:
    storages["figures"].delete(committed_figure.file_name)
    target = tmp_path / "outside" / "bundle"
    with pytest.raises(CommandError, match=f"figure file {committed_figure.file_name} is missing"):
        call_command("ledger", "export", str(target))
    assert list(target.parent.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_only_its_owner_can_read_an_export(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    call_command("ledger", "export", tmp_path / "open", stdout=StringIO(), stderr=StringIO())
    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db(transaction=True)
def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    target.mkdir()
    call_command("ledger", "export", str(target), stdout=StringIO())
    assert (target / "verify_export.py").is_file()


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_export_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Interrupted\. Nothing was written\.$") as stopped:
        call_command("ledger", "export", str(tmp_path / "bundle"), stderr=Interrupting("writing ledger"))
    assert stopped.value.returncode == 130
    assert list(tmp_path.iterdir()) == []
