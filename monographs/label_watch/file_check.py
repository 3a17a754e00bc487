"""Label checks from files, for sites that reach no service: a folder, a zip or one file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from monographs.core.db_clock import database_now
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.label_watch.label_checks import (
    CheckedLabel,
    CheckResult,
    note_product,
    note_success,
    state_of,
    stored_line,
)
from monographs.label_watch.models import LabelVersion
from monographs.label_watch.storage import newest_stored, storable, store_label
from monographs.labels import Label, LabelRefused, label_contents, read_label
from monographs.labels.label_files import LabelContent, files_of


def check_files(
    path: Path, set_ids: Iterable[str], progress: WorkProgress = NO_PROGRESS
) -> Iterator[CheckedLabel]:
    """Store the versions of followed labels that are in ``path``; yield a line per damaged file and label.

    Files may hold several versions in any order. They say which versions there are, not which is the newest:
    a label that is in none of them is neither checked nor failed. Other labels of the product of a followed
    one are noticed.
    """
    wanted = set(set_ids)
    before: dict[str, LabelVersion | None] = {}
    products: defaultdict[str, dict[str, str]] = defaultdict(dict)
    progress.step("Reading files", unit="labels")
    for name, found in _labels_of(path):
        progress.advance()
        if isinstance(found, LabelRefused):
            yield CheckedLabel(name, CheckResult.FAILED, str(found))
        elif found.set_id in wanted:
            before.setdefault(found.set_id, newest_stored(found.set_id))
            if found.label is not None:
                store_label(found.data, found.label, f"file {name}")
        else:
            _add_products(products, found)
    progress.step("Comparing", len(wanted), "labels")
    for set_id in sorted(wanted):
        progress.advance()
        if set_id in before:
            yield _line(set_id, before[set_id], products)
        else:
            yield CheckedLabel(set_id, CheckResult.ABSENT, version=newest_stored(set_id))


def _add_products(products: dict[str, dict[str, str]], found: "_FoundLabel") -> None:
    """Add a label that nobody follows to the labels of its products."""
    label = found.label
    if label is not None:
        for number in label.application_numbers:
            products[number][found.set_id] = label.title


@dataclass(frozen=True, slots=True)
class _FoundLabel:
    """The bytes of one label in a file; ``label`` is None if exactly these bytes are stored already."""

    set_id: str
    data: bytes
    label: Label | None


def _found(content: LabelContent) -> _FoundLabel:
    """Return a label of a file, read only if it is not stored: reading takes most of a round's time."""
    stored = LabelVersion.objects.filter(sha256=content.sha256).values_list("set_id", flat=True).first()
    if stored is not None:
        return _FoundLabel(stored, content.data, None)
    label = read_label(content.data)
    return _FoundLabel(label.set_id, content.data, label)


def _labels_of(path: Path) -> Iterator[tuple[str, _FoundLabel | LabelRefused]]:
    """Yield each label of a path with the name of its file, or why it cannot be read."""
    files = files_of(path)
    if not files:
        yield storable(path.name), LabelRefused("the folder holds no XML, JSON or zip file")
    for each in files:
        name = storable(each.name)  # which need not be text
        try:
            for content in label_contents(each):
                try:
                    yield storable(content.name), _found(content)
                except LabelRefused as error:
                    yield storable(content.name), error
        except LabelRefused as error:
            yield name, error
        except OSError as error:
            yield name, LabelRefused(f"the file cannot be read: {error.strerror or error}")


def _line(set_id: str, before: LabelVersion | None, products: Mapping[str, dict[str, str]]) -> CheckedLabel:
    with transaction.atomic():
        line = stored_line(set_id, before)
        for number in line.version.application_numbers if line.version else ():
            own = {set_id: line.version.title if line.version else ""}
            note_product(set_id, number, own | products.get(number, {}), database_now())
        check = state_of(set_id)
        check.newest_version = max(check.newest_version or 0, line.version.version if line.version else 0)
        note_success(check, database_now())
    return line
