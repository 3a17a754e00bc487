"""Our Word files in another word processor: LibreOffice opens them and saves them, and nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from monographs.document import sha256_of
from monographs.presentation.word_file import WordComment
from tests.imports.marked_files import MarkedFile, W, seeded
from tests.imports.test_word_return import (
    AT,
    found_edits,
    is_unchanged,
    returned,
    seeded_edits,
    written,
)

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.extended
#: Seconds in which a conversion ends on a busy machine.
PATIENCE = 180
SEEDS = range(4)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """A function that opens a Word file in LibreOffice and saves it, as a Word file or another one."""
    if SOFFICE is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing; .ci/run must install it.")
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui)")
    folder = tmp_path_factory.mktemp("libreoffice")

    def save(data: bytes, kind: str = "docx") -> bytes:
        (folder / "text.docx").write_bytes(data)
        arguments = [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to"]
        command = [
            SOFFICE,
            *arguments,
            kind,
            "--outdir",
            str(folder / "saved"),
            str(folder / "text.docx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        return Path(folder / "saved" / f"text.{kind}").read_bytes()

    return save


def marks_of(data: bytes) -> dict[str, int]:
    """How many words of a file are inserted, deleted, and how many refer to an endnote."""
    root = MarkedFile.of(data).root
    inserted = "".join(text.text or "" for run in root.iter(f"{W}ins") for text in run.iter(f"{W}t"))
    deleted = "".join(text.text or "" for text in root.iter(f"{W}delText"))
    endnotes = len(list(root.iter(f"{W}endnoteReference")))
    return {"inserted": len(inserted.split()), "deleted": len(deleted.split()), "endnotes": endnotes}


def test_every_text_comes_back_without_a_difference(documents: list[Any], saved: Any) -> None:
    assert [each.slug for each in documents if not is_unchanged(each, saved(written(each)))] == []


def test_tracked_changes_comments_endnotes_and_footer_are_kept(document: Any, saved: Any) -> None:
    json = document.model_dump_json()
    before = type(document).model_validate_json(json.replace("swallow", "gulp").replace("nurse", "matron"))
    assert before != document
    note = WordComment("how_it_works", "Rosa Tester", AT, ("Which cells?",), 3, 12)
    sent = written(document, before, comments=[note])
    data = saved(sent)
    assert returned(document, data).changes == []
    assert marks_of(data) == marks_of(sent)
    assert min(marks_of(sent).values()) > 0
    opened = docx.Document(BytesIO(data))
    assert [(each.author, each.text) for each in opened.comments] == [("Rosa Tester", "Which cells?")]
    footer = opened.sections[0].footer.paragraphs[0].text
    assert footer == f"{document.title} · edition 1 · SHA-256 {sha256_of(document)}"
    assert saved(sent, "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_of_an_expert_come_back_as_exactly_those(document: Any, saved: Any, seed: int) -> None:
    marked = seeded(document, written(document), seed)
    text = returned(document, saved(marked.data()))
    assert found_edits(text) == seeded_edits(marked)
    assert {(each.passage.key, each.comment.text) for each in text.comments if each.passage} == set(
        marked.comments
    )
