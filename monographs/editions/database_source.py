"""The tables of the database as a record to be checked, and the rules that only this software can check."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from monographs.document import parse_document
from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import UnreadableDocument
from monographs.editions.export.record_tables import ALL_ROWS, TABLES, plain_value
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import Edition
from monographs.editions.publishing import edition_columns
from monographs.editions.record.edition_rules import EditionFacts
from monographs.editions.record.json_values import Row, canonical
from monographs.editions.record.record_index import Record, RecordedText

#: Parsed texts kept in memory: two rules read each, and a restored edition has the text of another.
PARSED_TEXTS = 20


class DatabaseSource:
    """The tables of the database, as the source of a record; with ``keys``, of these pages only."""

    def __init__(self, keys: Sequence[str] | None = None) -> None:
        self._tables = {table.name: table for table in TABLES}
        self._keys = keys

    def rows(self, name: str) -> Iterator[Row | None]:
        """Yield the rows of a table as an export would write them."""
        yield from self._tables[name].rows(self._only(name))

    def _only(self, name: str) -> Q:
        if self._keys is None:
            return ALL_ROWS
        if name == "ledger":
            return Q(subject__in=self._keys)
        keys = [key for key in self._keys if is_key(key)]
        return Q(edition__key__in=keys) if name == "figures" else Q(key__in=keys)

    def has_figure(self, file_name: str, digest: str) -> bool:
        """Whether the stored figure exists and has the hash in its name, which is ``digest``."""
        try:
            figure_bytes(file_name)
        except FigureFileError:
            return False
        return file_name.partition(".")[0] == digest

    def earlier_text(self, key: str, number: int, before: int) -> RecordedText | None:
        """An edition that is not read from here and has a lower id than ``before``."""
        if self._keys is None or not is_key(key):
            return None
        earlier = Edition.objects.filter(key=key, number=number, pk__lt=before)
        found = earlier.values_list("sha256", "kind").first()
        return RecordedText(*found) if found else None


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


def is_key(text: str) -> bool:
    """Whether ``text`` is the key of a page as the ledger writes it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


#: Rules of editions that need this software, besides those of every record.
DATABASE_EDITION_RULES = (document_is_readable, columns_repeat_document)
