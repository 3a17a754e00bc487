"""Older versions of a label that pages name: fetched once, so that a task shows what changed since then."""

from io import BytesIO

from monographs.label_watch.label_services import LabelGone, LabelService
from monographs.label_watch.models import LabelCheck, LabelVersion, WatchedEdition
from monographs.label_watch.polite_http import ServiceBusy, ServiceUnavailable
from monographs.label_watch.storage import store_label
from monographs.labels import Label, LabelRefused, read_label
from monographs.labels.label_files import contents_of_stream


def fetch_named_versions(service: LabelService, set_id: str, newest: int) -> list[str]:
    """Store the versions before ``newest`` that pages name and that are not stored; say what came of each.

    A version that the service does not have is not asked for again, and its pages are told to read the whole
    label. Without a usable answer it is asked for in the next round. Raises ``ServiceBusy``.
    """
    missing = _missing_versions(set_id, newest)
    if not missing:
        return []
    check = LabelCheck.objects.get(set_id=set_id)
    known = absent = check.absent_versions or []
    found = []
    for version in sorted(missing.difference(absent)):
        what = f"version {version}, which a page names,"
        try:
            fetched = service.fetch_version(set_id, version)
            if fetched is None:
                break
            data, address = fetched
            store_label(*_label_in(data, set_id, version), address)
            found.append(f"{what} was fetched")
        except (LabelGone, LabelRefused) as error:
            absent = sorted({*absent, version})
            found.append(f"{what} cannot be had: {error}")
        except ServiceBusy:
            raise
        except ServiceUnavailable as error:
            found.append(f"{what} was not fetched: {error}")
    if absent != known:
        check.absent_versions = absent
        check.save(update_fields=["absent_versions"])
    return found


def _missing_versions(set_id: str, newest: int) -> set[int]:
    """Return the older versions that current editions name and that are not stored. One query."""
    stored = LabelVersion.objects.filter(set_id=set_id).order_by().values("version")
    named = WatchedEdition.objects.filter(set_id=set_id, version__gt=0, version__lt=newest)
    return {
        version for version in named.exclude(version__in=stored).values_list("version", flat=True) if version
    }


def _label_in(data: bytes, set_id: str, version: int) -> tuple[bytes, Label]:
    """Return the bytes and the label of a version in the zip that was sent. Raises ``LabelRefused``."""
    for content in contents_of_stream(BytesIO(data), f"version {version}"):
        label = read_label(content.data)
        if (label.set_id, label.version) == (set_id, version):
            return content.data, label
    raise LabelRefused("what was sent is another label or another version")
