"""Write the export bundle from one snapshot of the database."""

from dataclasses import dataclass
from pathlib import Path

from monographs.core.db_clock import database_now
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.document.versions.stored_document import UnreadableDocument
from monographs.editions.export.folder import Folder, new_folder
from monographs.editions.export.pages import FIGURES, INDEX, PAGES, Pages
from monographs.editions.export.record_tables import TABLES
from monographs.editions.export.verifier_program import verifier_program
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.ledger import head
from monographs.editions.models import EditionFigure, iso
from monographs.editions.repeatable_read import repeatable_read

#: To be increased when an older ``verify_export.py`` could no longer read the bundle.
FORMAT = 1
VERIFIER = "verify_export.py"


class ExportRefused(Exception):
    """The export cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The number of exported rows by table, and the ledger's head."""

    counts: dict[str, int]
    seq: int
    hash: str


def write_export(target: Path, progress: WorkProgress = NO_PROGRESS) -> ExportSummary:
    """Write the export to ``target``, which must be absent or an empty folder.

    Everything is read from one snapshot. Raises ``ExportRefused`` and leaves nothing behind if the folder
    cannot be written, a figure file is missing or altered, or a text is of a newer release; ``RuntimeError``
    inside another transaction.
    """
    try:
        with new_folder(target) as folder, repeatable_read(durable=True):
            return write_folder(folder, progress)
    except OSError as error:
        raise ExportRefused(f"{target} cannot be written: {error}") from error
    except UnreadableDocument as error:
        raise ExportRefused(f"the text of an edition is {error}; run `ledger verify`") from error
    except FigureFileError as error:
        raise ExportRefused(f"{error}; restore the file, then run `ledger verify`") from error


def write_folder(folder: Folder, progress: WorkProgress = NO_PROGRESS) -> ExportSummary:
    """Write the export to an open folder, as the caller's transaction sees the record.

    Raises ``FigureFileError`` if a figure file is missing or altered.
    """
    counts = {}
    for table in TABLES:
        progress.step(f"writing {table.name}")
        counts[table.name] = folder.write(table.file, table.lines())
    files = EditionFigure.objects.order_by("file_name").values_list("file_name", flat=True).distinct()
    for file_name in files.iterator():
        folder.write(f"{FIGURES}/{file_name}", [figure_bytes(file_name)])
    pages = Pages()
    progress.step("writing pages", counts["editions"], "editions")
    for name, content in pages.render_all():
        folder.write(f"{PAGES}/{name}", [content])
        progress.advance()
    seq, digest = head()
    metadata = {
        "format": FORMAT,
        "made_at": iso(database_now()),
        "head": {"seq": seq, "hash": digest},
        "counts": counts,
    }
    folder.write(INDEX, [pages.index(metadata)])
    folder.write(VERIFIER, [verifier_program().encode()])
    folder.write_manifest(metadata)
    return ExportSummary(counts, seq, digest)
