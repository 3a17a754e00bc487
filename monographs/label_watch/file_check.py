"""Label checks from files, for sites that reach no service: a folder, a zip or one file."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import transaction

from monographs.core.db_clock import database_now
from monographs.label_watch.check import CheckedLabel, CheckResult, note_success, state_of, stored_line
from monographs.label_watch.models import LabelVersion
from monographs.label_watch.storage import newest_stored, store_label
from monographs.labels import Label, LabelRefused, label_contents, read_label
from monographs.labels.label_files import files_of


def check_files(path: Path, set_ids: Iterable[str]) -> Iterator[CheckedLabel]:
    """Store the versions of followed labels that are in ``path``; yield a line per damaged file and label.

    Files may hold several versions in any order. They say which versions there are, not which is the newest:
    a label that is in none of them is neither checked nor failed.
    """
    wanted = set(set_ids)
    before: dict[str, LabelVersion | None] = {}
    for name, found in _labels_of(path):
        if isinstance(found, LabelRefused):
            yield CheckedLabel(name, CheckResult.FAILED, str(found))
            continue
        data, label = found
        if label.set_id in wanted:
            before.setdefault(label.set_id, newest_stored(label.set_id))
            store_label(data, label, f"file {name}")
    for set_id in sorted(wanted):
        if set_id in before:
            yield _line(set_id, before[set_id])
        else:
            yield CheckedLabel(set_id, CheckResult.ABSENT, version=newest_stored(set_id))


def _labels_of(path: Path) -> Iterator[tuple[str, tuple[bytes, Label] | LabelRefused]]:
    """Yield each label of a path with the name of its file, or why it cannot be read."""
    for each in files_of(path):
        try:
            for content in label_contents(each):
                try:
                    yield content.name, (content.data, read_label(content.data))
                except LabelRefused as error:
                    yield content.name, error
        except LabelRefused as error:
            yield each.name, error
        except OSError as error:
            yield each.name, LabelRefused(f"the file cannot be read: {error.strerror or error}")


def _line(set_id: str, before: LabelVersion | None) -> CheckedLabel:
    with transaction.atomic():
        line = stored_line(set_id, before)
        check = state_of(set_id)
        check.newest_version = max(check.newest_version or 0, line.version.version if line.version else 0)
        note_success(check, database_now())
    return line
