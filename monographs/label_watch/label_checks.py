"""One round of label checks: each followed label is asked for, and what is new is stored.

A label is marked as checked only after a complete answer about it. Whatever fails is said for that label;
when the service itself is away, the labels after it are not asked, and stay as old as they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.label_knowledge import answered_since
from monographs.label_watch.label_services import LabelGone, LabelService, NewestVersion
from monographs.label_watch.mass_absence import (
    CONFIRMED_AFTER,
    is_confirmed,
    is_mass_absence,
    labels_vanished,
    note_unconfirmed,
)
from monographs.label_watch.models import (
    LabelCheck,
    LabelNotice,
    LabelNoticeKind,
    LabelStep,
    LabelVersion,
    ProductLabel,
)
from monographs.label_watch.named_versions import fetch_named_versions
from monographs.label_watch.polite_http import ServiceBusy, ServiceUnavailable
from monographs.label_watch.storage import (
    compare_stored,
    compared_with_stored,
    newest_stored,
    storable,
    store_label,
)
from monographs.labels import ChangeClass, Label, LabelRefused, read_label
from monographs.presentation.moments import stored_day_text

#: After so many labels in a row without an answer the service is away, and the others are not asked.
FAILURES_IN_A_ROW = 3
#: Days after which a label is asked for without a condition at the latest.
FULL_EVERY = 7
_LONGEST_ETAG = 200


class CheckResult(StrEnum):
    """The result of checking one label."""

    FIRST = "first version"
    NEW = "new version"
    UNCHANGED = "nothing new"
    BACKWARDS = "older version"
    GONE = "gone"
    ABSENT = "not in the files"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class CheckedLabel:
    """A line of the report: the label, the result, and its newest stored version.

    ``service_away`` is true if the service was found not to answer anything now.
    """

    set_id: str
    result: CheckResult
    detail: str = ""
    version: LabelVersion | None = None
    step: LabelStep | None = None
    service_away: bool = False

    @property
    def failed(self) -> bool:
        """Whether nothing was learned about the label."""
        return self.result in (CheckResult.FAILED, CheckResult.NOT_ASKED)


def check_service(
    service: LabelService, set_ids: Iterable[str], *, since: datetime | None = None
) -> Iterator[CheckedLabel]:
    """Request each label from a service in turn; yield the results.

    ``since`` is when the round began, of which others may have been answered before.
    """
    asked, gone_before = _answered_before(since)
    failures, away = 0, ""
    gone: list[CheckedLabel] = []
    products: set[str] = set()
    today = database_today()
    for set_id in set_ids:
        if away:
            yield CheckedLabel(set_id, CheckResult.NOT_ASKED, away, service_away=True)
            continue
        try:
            checked = _ask(service, set_id, in_full=asks_in_full(set_id, today))
            _check_products(service, checked, products)
            checked = _with_named_versions(service, checked)
            failures = 0
        except LabelRefused as error:
            checked, failures = _failed(set_id, str(error)), 0
        except ServiceUnavailable as error:
            is_busy = isinstance(error, ServiceBusy)
            checked, failures = replace(_failed(set_id, str(error)), service_away=is_busy), failures + 1
            if is_busy or failures >= FAILURES_IN_A_ROW:
                away = f"{service.name} does not answer: {error}"
        was_gone = checked.result is CheckResult.GONE and state_of(set_id).gone_since is not None
        asked += not (checked.failed or was_gone)
        if checked.result is CheckResult.GONE and not was_gone:
            gone.append(checked)  # judged at the end, when it is known how many there are
        else:
            yield checked
    yield from _judge_gone(service, gone, asked, gone_before)


def _answered_before(since: datetime | None) -> tuple[int, int]:
    """Return how many labels were answered earlier in this round, and how many of these were gone."""
    if since is None:
        return 0, 0
    answered = answered_since(since).exclude(gone_since__lt=since)
    return answered.count(), answered.filter(gone_since__gte=since).count()


def _judge_gone(
    service: LabelService, gone: Sequence[CheckedLabel], asked: int, gone_before: int
) -> Iterator[CheckedLabel]:
    """Mark the labels that are gone since this round, unless they are too many at once and unconfirmed.

    ``gone_before`` labels were marked earlier in this round.
    """
    is_mass, begins = is_mass_absence(len(gone) + gone_before, asked), False
    detail = (
        f"{service.name} says so of {len(gone)} of {asked} labels at once. None of them was marked; "
        f"it is confirmed once it says the same for {CONFIRMED_AFTER.days} days"
    )
    for line in gone:
        check = state_of(line.set_id)
        if is_mass and not is_confirmed(check, database_now()):
            begins = note_unconfirmed(check, detail) or begins
            yield replace(line, result=CheckResult.FAILED, detail=f"{line.detail}. {detail}")
        else:
            _mark_gone(check, line.detail)
            yield line
    if begins:
        labels_vanished.send(sender=LabelCheck, service=service.name, count=len(gone), asked=asked)


def asks_in_full(set_id: str, today: date) -> bool:
    """Whether a label is asked for without its entity tag on a day: on one of every ``FULL_EVERY`` days.

    A service that answers “not modified” by mistake would hide a new version for good.
    """
    return today.toordinal() % FULL_EVERY == int(set_id[:8], 16) % FULL_EVERY


def _ask(service: LabelService, set_id: str, *, in_full: bool) -> CheckedLabel:
    check = state_of(set_id)
    before = newest_stored(set_id)
    try:
        newest = service.newest(set_id, "" if in_full or before is None else check.etag)
        if before is not None and (known := _known_already(check, before, newest)):
            return known
        data, address = (newest.data, newest.address) if newest.data is not None else service.fetch(set_id)
        label = _expected(read_label(data), set_id, newest.version or 0)
        if before is not None and max(newest.version or 0, label.version) <= before.version:
            return _older(check, before, newest.version or 0, label)
    except LabelGone as error:
        return _gone(check, before, str(error))
    with transaction.atomic():
        stored = store_label(data, label, address)
        check.newest_version, check.etag = stored.version, _kept_etag(newest.etag)
        note_success(check, database_now())
    return stored_line(set_id, before)


def _kept_etag(etag: str) -> str:
    """Return an entity tag that can be kept; without one the next question is not conditional."""
    return etag if len(etag) <= _LONGEST_ETAG else ""


def _expected(label: Label, set_id: str, version: int) -> Label:
    """Return the label if it is the one that was asked for; raise ``LabelRefused`` otherwise."""
    if label.set_id != set_id:
        raise LabelRefused(f"the text that was sent is of another label: {label.set_id}")
    if label.version < version:
        raise LabelRefused(
            f"version {version} was announced, and the text that was sent is version {label.version}"
        )
    return label


def _known_already(check: LabelCheck, before: LabelVersion, newest: NewestVersion) -> CheckedLabel | None:
    """Return the line of a version whose text need not be fetched; None if it has to be."""
    was_older = (check.newest_version or before.version) < before.version
    if newest.version is None:
        return _unchanged(check, before)
    if newest.version == before.version and not was_older:
        check.etag = _kept_etag(newest.etag)
        return _unchanged(check, before)
    if newest.version < before.version and newest.version == check.newest_version:
        return _backwards(check, before)  # it was said
    return None


def _older(check: LabelCheck, before: LabelVersion, version: int, label: Label) -> CheckedLabel:
    """Handle a version that is not newer by its number; record how its text differs from the stored one."""
    compared = compared_with_stored(before, label)
    if version == before.version and not compared:
        return _unchanged(check, before)
    check.newest_version = version
    return _backwards(check, before, compared or "the text that was sent is the stored version")


def _backwards(check: LabelCheck, before: LabelVersion, compared: str = "") -> CheckedLabel:
    """Store that the service's newest version is not newer by its number; notice what was ``compared``."""
    check.etag = ""  # so that it is said again, until the service names what is stored
    detail = f"the newest is version {check.newest_version}; version {before.version} is stored"
    now = database_now()
    with transaction.atomic():
        if compared:
            detail = f"{detail}; {compared}"
            _notice(check.set_id, LabelNoticeKind.BACKWARDS, detail, now)
        note_success(check, now)
    return CheckedLabel(check.set_id, CheckResult.BACKWARDS, detail, before)


def _unchanged(check: LabelCheck, before: LabelVersion) -> CheckedLabel:
    check.newest_version = before.version
    with transaction.atomic():
        note_success(check, database_now())
    return CheckedLabel(check.set_id, CheckResult.UNCHANGED, f"version {before.version}", before)


def _gone(check: LabelCheck, before: LabelVersion | None, detail: str) -> CheckedLabel:
    if before is None:
        return _failed(check.set_id, f"{detail}: is the set id right?")
    if check.gone_since is not None:
        _mark_gone(check, detail)
    return CheckedLabel(check.set_id, CheckResult.GONE, detail, before)


def _mark_gone(check: LabelCheck, detail: str) -> None:
    now = database_now()
    with transaction.atomic():
        if check.gone_since is None:
            _notice(check.set_id, LabelNoticeKind.GONE, detail, now)
        check.gone_since = check.gone_since or now
        check.etag = ""
        _save_answered(check, now)


def _failed(set_id: str, reason: str) -> CheckedLabel:
    check = state_of(set_id)
    check.error = storable(reason)[:1000]
    check.failing_since, check.doubted_since = check.failing_since or database_now(), None
    check.save()
    return CheckedLabel(set_id, CheckResult.FAILED, reason, newest_stored(set_id))


def state_of(set_id: str) -> LabelCheck:
    """Return the row of a label, not stored yet if it is new."""
    return LabelCheck.objects.filter(set_id=set_id).first() or LabelCheck(set_id=set_id)


def note_success(check: LabelCheck, now: datetime) -> None:
    """Store that the service has given a complete answer about a label, or files have."""
    if check.gone_since is not None:
        _notice(
            check.set_id,
            LabelNoticeKind.BACK,
            f"since {stored_day_text(check.gone_since)} it was not there",
            now,
        )
    check.gone_since = None
    _save_answered(check, now)


def _save_answered(check: LabelCheck, now: datetime) -> None:
    check.checked_at, check.error, check.failing_since, check.doubted_since = now, "", None, None
    check.save()


def _notice(set_id: str, kind: LabelNoticeKind, detail: str, now: datetime) -> None:
    LabelNotice.objects.create(set_id=set_id, kind=kind, detail=storable(detail), noticed_at=now)


def _is_other_maker(before: str, after: str) -> bool:
    """Whether a maker's name changed in more than case and punctuation; unknown ones are not compared."""
    keys = ["".join(filter(str.isalnum, name.casefold())) for name in (before, after)]
    return all(keys) and keys[0] != keys[1]


def _check_products(service: LabelService, checked: CheckedLabel, asked: set[str]) -> None:
    """Notice other labels of the products of a label, for those that this round has not asked for yet."""
    for number in checked.version.application_numbers if checked.version else ():
        if number not in asked:
            asked.add(number)
            try:
                listed = service.labels_of_product(number)
            except LabelGone:
                continue
            with transaction.atomic():
                note_product(checked.set_id, number, listed or {}, database_now())


def _with_named_versions(service: LabelService, checked: CheckedLabel) -> CheckedLabel:
    """Fetch the older versions of a label that pages name; return its line with the results."""
    if checked.version is None or checked.result is CheckResult.GONE:
        return checked
    found = fetch_named_versions(service, checked.set_id, checked.version.version)
    steps = compare_stored(checked.set_id) if found else []
    gravest = gravest_step([*steps, *([checked.step] if checked.step else [])])
    return replace(checked, detail="; ".join([checked.detail, *found]), step=gravest)


def note_product(set_id: str, number: str, listed: dict[str, str], now: datetime) -> None:
    """Store which labels a product has, and notice those that were not there before.

    ``set_id`` is the followed label of the product. The first list of a product is where it starts.
    """
    known = set(ProductLabel.objects.filter(application_number=number).values_list("set_id", flat=True))
    added = {other: title for other, title in listed.items() if other not in known}
    ProductLabel.objects.bulk_create(
        (
            ProductLabel(application_number=number, set_id=other, title=storable(title), first_seen_at=now)
            for other, title in added.items()
        ),
        ignore_conflicts=True,
    )
    for other, title in added.items() if known else ():
        _notice(set_id, LabelNoticeKind.SAME_PRODUCT, f"{other}: {title}", now)


def stored_line(set_id: str, before: LabelVersion | None) -> CheckedLabel:
    """Compare what is stored of a label now, notice another maker, and return the line of the report."""
    steps = compare_stored(set_id)
    newest = newest_stored(set_id)
    if newest is None:
        raise RuntimeError(f"{set_id}: called before a version was stored")
    if before is None:
        return CheckedLabel(
            set_id, CheckResult.FIRST, f"version {newest.version}", newest, gravest_step(steps)
        )
    if _is_other_maker(before.maker, newest.maker):
        _notice(set_id, LabelNoticeKind.MAKER, f"{before.maker} → {newest.maker}", database_now())
    if newest.version == before.version:
        return CheckedLabel(set_id, CheckResult.UNCHANGED, f"version {before.version}", newest)
    detail = f"version {before.version} → {newest.version}"
    return CheckedLabel(set_id, CheckResult.NEW, detail, newest, gravest_step(steps))


def gravest_step(steps: Iterable[LabelStep]) -> LabelStep | None:
    """Return the gravest of some steps, None without any."""
    order = [*ChangeClass, ""]
    return min(steps, key=lambda step: order.index(step.change_class), default=None)
