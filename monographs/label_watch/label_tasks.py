"""Label tasks: opened when a label changed what a page rests on, closed when an edition answers them."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from monographs.core.db_clock import database_now
from monographs.core.locks import lock_label
from monographs.document.sections import SectionType
from monographs.editions.cited_statements import cited_statements
from monographs.editions.models import Publication
from monographs.editions.queries import public_edition
from monographs.label_watch.citations import ComparedStatement, compared_statements, standing_citations
from monographs.label_watch.followed_labels import Following, followings
from monographs.label_watch.label_answers import answered_version
from monographs.label_watch.models import LabelStep, LabelVersion, UpdateTask
from monographs.label_watch.storage import (
    STEP_FINDINGS,
    findings_of,
    newest_stored,
    read_version,
    stored_version,
)
from monographs.label_watch.task_labels import LabelTaskOutcome
from monographs.labels import ChangeClass, compare_labels
from monographs.labels.change_class import gravest

#: What is said when the version that a page names is not stored, so that nothing can be compared.
NOT_STORED = "the version that the page rests on is not stored here, so the whole label has to be read"


def refresh_label_tasks(keys: Iterable[uuid.UUID] | None = None) -> list[UpdateTask]:
    """Open, fold or close the label tasks of pages (of all by default); return those that changed."""
    wanted = None if keys is None else set(keys)
    now, changed, current = database_now(), [], set()
    for following in followings(wanted):
        current.add((following.key, following.set_id))
        with transaction.atomic():
            lock_label(following.set_id)
            changed += _refresh(following, now)
    open_tasks = UpdateTask.objects.filter(closed_at=None)
    for task in open_tasks if wanted is None else open_tasks.filter(key__in=wanted):
        if (task.key, task.set_id) not in current:
            changed.append(_close(task, LabelTaskOutcome.NOT_FOLLOWED, now))
    return changed


def _refresh(following: Following, now: datetime) -> list[UpdateTask]:
    newest = newest_stored(following.set_id)
    tasks = UpdateTask.objects.filter(key=following.key, set_id=following.set_id)
    last = tasks.order_by("-id").first()
    task = last if last is not None and last.closed_at is None else None
    base = _base(following)
    answered = answered_version(following.key, following.set_id)
    if newest is None or max(base, answered) >= newest.version:
        outcome = LabelTaskOutcome.ANSWERED if answered > base else LabelTaskOutcome.EDITION
        return [_close(task, outcome, now)] if task else []
    base = max(base, answered)
    if last and _is_settled(last, following, (base, newest.version)):
        return []
    task = task or UpdateTask(key=following.key, set_id=following.set_id, opened_at=now)
    if not _compare(task, following, base, newest):
        return [_close(task, LabelTaskOutcome.QUIET, now)]
    days = settings.LABEL_TASK_DAYS[task.change_class]
    due = (now + timedelta(days=days)).date()
    task.due_on = min(due, task.due_on or due)
    task.save()
    return [task]


def _is_settled(last: UpdateTask, following: Following, step: tuple[int, int]) -> bool:
    """Whether a step was looked at already, and is either still open or asked for no work.

    Statements of another edition may cite other sentences; a page that was not followed for a while is
    looked at anew, and so is a step from a version that was not stored and is now.
    """
    if (last.edition, last.from_version, last.to_version) != (following.edition, *step):
        return False
    if last.closed_at is None:
        return last.is_compared or stored_version(following.set_id, last.from_version) is None
    return last.outcome == LabelTaskOutcome.QUIET


def _base(following: Following) -> int:
    """Return the version that a page rests on; the first one stored if it names none."""
    if following.version is not None:
        return following.version
    first = LabelVersion.objects.filter(set_id=following.set_id).aggregate(first=Min("version"))["first"]
    return int(first or 0)


def _compare(task: UpdateTask, following: Following, base: int, newest: LabelVersion) -> bool:
    """Write the sum of the steps from ``base`` to ``newest`` into a task; return whether it asks for work."""
    task.title, task.edition = following.title, following.edition
    task.from_version, task.to_version = base, newest.version
    older = stored_version(following.set_id, base, like=newest)
    if older is None:
        task.change_class, task.sections = ChangeClass.SUBSTANCE.value, []
        task.reasons = [
            {"code": "", "heading": "", "class": task.change_class, "why": NOT_STORED, "words": []}
        ]
    else:
        for name, value in _findings(older, newest).items():
            setattr(task, name, value)
    _add_statements(task, flagged_statements(task))
    return bool(task.sections) or older is None


def flagged_statements(task: UpdateTask) -> list[ComparedStatement]:
    """Return the statements that patients read and that cite a sentence which a task's change touched."""
    edition = public_edition(task.key)
    citations = standing_citations(task.key, edition) if edition else []
    of_label = [each for each in citations if each.label.set_id == task.set_id]
    if edition is None or not of_label:
        return []
    newer = stored_version(task.set_id, task.to_version)
    cited = cited_statements(edition.document, of_label)
    compared = compared_statements(cited, {task.set_id: task.from_version}, {task.set_id: newer})
    return [each for each in compared if each.changed]


def _add_statements(task: UpdateTask, flagged: Sequence[ComparedStatement]) -> None:
    """Write the flagged statements into a task, and make it as grave as the gravest of them."""
    task.statements = [
        {
            "section": each.statement.section,
            "words": each.statement.words,
            "class": each.gravest.change.change_class.value,
            "why": each.gravest.change.reason.why,
        }
        for each in flagged
    ]
    touched = {*task.sections, *(each.statement.section for each in flagged)}
    task.sections = [name.value for name in SectionType if name.value in touched]
    classes = [ChangeClass(task.change_class)] if task.change_class else []
    gravest_class = gravest([*classes, *(each.gravest.change.change_class for each in flagged)])
    task.change_class = gravest_class.value if gravest_class else ""


def answered_bases(key: uuid.UUID) -> dict[str, int]:
    """Return the version of each label that a page follows up to which patients' text answers for it."""
    return {each.set_id: max(_base(each), answered_version(key, each.set_id)) for each in followings([key])}


def _findings(older: LabelVersion, newest: LabelVersion) -> dict[str, Any]:
    """Return what changed: as it was found when the newest version came, or by comparing several steps' ends.

    Comparing takes nearly all the time of a round, and most pages rest on the version before the newest.
    """
    step = LabelStep.objects.filter(older=older, newer=newest).values(*STEP_FINDINGS).first()
    return dict(step) if step else findings_of(compare_labels(read_version(older), read_version(newest)))


def _close(task: UpdateTask, outcome: LabelTaskOutcome, now: datetime) -> UpdateTask:
    task.closed_at, task.outcome = now, outcome
    task.save()
    return task


def close_answered_label_tasks(sender: Any, instance: Publication, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: after its commit, close the tasks that it answers."""
    transaction.on_commit(partial(_close_answered, instance.key), robust=True)


def _close_answered(key: uuid.UUID) -> None:
    if UpdateTask.objects.filter(key=key, closed_at=None).exists():
        refresh_label_tasks([key])
