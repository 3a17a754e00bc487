"""Verify all append-only tables and the publications against the ledger and against one another.

The rules are those of ``verify_export.py`` (``record/``); only the database can be asked whether a text is
one that this release can show.
"""

from collections.abc import Iterator
from functools import lru_cache

from monographs.core.db_clock import database_now
from monographs.document import parse_document
from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import UnreadableDocument
from monographs.editions.export.record_tables import TABLES, plain_value
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.publishing import edition_columns
from monographs.editions.record.edition_rules import EditionFacts
from monographs.editions.record.json_values import Row, canonical
from monographs.editions.record.record_check import RecordCheck
from monographs.editions.record.record_index import RECORDED, Record
from monographs.editions.repeatable_read import repeatable_read

#: Parsed texts kept in memory: a restored edition has the text of another.
PARSED_TEXTS = 200


class VerificationError(Exception):
    """Rows or ledger entries are not as they were written; ``faults`` names each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def verify(anchor: tuple[int, str] | None = None) -> dict[str, int]:
    """Check everything and return the number of checked rows of each kind.

    Raises ``VerificationError`` with all faults.
    """
    record = check_database(anchor)
    if record.faults:
        raise VerificationError(list(record.faults))
    counts = {"entries": record.counts["ledger"]}
    return counts | {name: record.counts[name] for name in RECORDED}


@repeatable_read()
def check_database(anchor: tuple[int, str] | None = None) -> Record:
    """Check everything and return the record with all faults.

    ``anchor`` is a head (sequence, hash) kept elsewhere: it must still be in the chain, so a cut tail
    or a rewritten chain is found. All is read from one snapshot, so users can go on signing.
    """
    record = Record()
    RecordCheck(DatabaseSource(), record, database_now(), DATABASE_EDITION_RULES).run(anchor)
    return record


class DatabaseSource:
    """The tables of the database, as the source of a record."""

    def __init__(self) -> None:
        self._tables = {table.name: table for table in TABLES}

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a table as an export would write them."""
        yield from self._tables[name].rows()

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the stored figure exists and has the hash in its name, which is ``digest``."""
        try:
            figure_bytes(file_name)
        except FigureFileError:
            return False
        return file_name.partition(".")[0] == digest


@lru_cache(maxsize=PARSED_TEXTS)
def _parsed(text: str) -> BaseDocument | str:
    """The document of a stored text, of whatever version; or what the text is instead of one."""
    try:
        document: BaseDocument = parse_document(text)
    except UnreadableDocument as error:
        return str(error)
    return document


def document_is_readable(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The text is a document that this release can show."""
    if facts.document is not None and isinstance(found := _parsed(facts.row["canonical"]), str):
        yield f"its text is {found}"


def columns_repeat_document(record: Record, facts: EditionFacts) -> Iterator[str]:
    """The columns that lists and searches read repeat the document."""
    if facts.document is not None and not isinstance(found := _parsed(facts.row["canonical"]), str):
        for column, value in edition_columns(found).items():
            if canonical(facts.row[column]) != canonical(plain_value(value)):
                yield f"{column} differs from its text"


#: Rules of editions that need this software, besides those of every record.
DATABASE_EDITION_RULES = (document_is_readable, columns_repeat_document)
