"""Where an imported draft comes from: the file, and what was remarked when it was read."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.models import User
from wagtail.models import Revision

from monographs.imports.errors import ImportRefused
from monographs.imports.models import ImportedText
from monographs.imports.parsed_text import Markup, ParsedMonograph, all_remarks

_LONGEST_NAME: int = ImportedText._meta.get_field("file_name").max_length or 300
_FORMS = {
    Markup.PLAIN: "plain text",
    Markup.MARKDOWN: "Markdown",
    Markup.HTML: "Word document",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """A file: its name, and hash and size of its bytes. Never a source, and patients do not read it.

    ``preview`` identifies the preview in which it was confirmed, empty without one: nothing is imported from
    one preview twice.
    """

    file_name: str
    sha256: str = ""
    size: int = 0
    preview: str = ""

    @classmethod
    def of(cls, file_name: str, data: bytes) -> "Provenance":
        """Return the provenance of a file with the bytes ``data``."""
        name = " ".join(file_name.encode("utf-8", "replace").decode().split())
        return cls(name[:_LONGEST_NAME], hashlib.sha256(data).hexdigest(), len(data))

    @classmethod
    def of_file(cls, path: Path) -> "Provenance":
        """Return the provenance of the file at ``path``."""
        return cls.of(path.name, path.read_bytes())


def check_not_imported(origin: Provenance) -> None:
    """Raise ``ImportRefused`` if the file was imported from this preview before."""
    if origin.preview and ImportedText.objects.filter(preview=origin.preview).exists():
        raise ImportRefused(
            "it was already imported from this preview, in another tab or by a second click; "
            "its draft is in the list of medicines"
        )


def form_of(parsed: ParsedMonograph) -> str:
    """Return as what a text was read, in words."""
    return _FORMS[parsed.markup]


def record_import(
    revision: Revision,
    parsed: ParsedMonograph,
    origin: Provenance,
    user: User | None,
    *,
    created_page: bool,
    replaced: Sequence[str] = (),
) -> ImportedText:
    """Keep where the draft ``revision`` comes from, and what was remarked on the text."""
    return ImportedText.objects.create(
        key=revision.as_object().translation_key,
        revision_id=revision.pk,
        file_name=origin.file_name,
        sha256=origin.sha256,
        size=origin.size,
        form=form_of(parsed),
        preview=origin.preview,
        user=user,
        by=(user.get_full_name() or user.get_username()) if user else "",
        created_page=created_page,
        replaced=list(replaced),
        remarks=[asdict(remark) for remark in all_remarks(parsed)],
        left_out=[*parsed.left_out, *parsed.unplaced],
    )
