"""The rows of the review dashboard: the pages that match a filter, with the people involved in each."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from monographs.core.db_clock import database_today
from monographs.core.users import display_name
from monographs.editions.models import Contribution, Signature
from monographs.label_watch.models import UpdateTask
from monographs.models import MonographPage, reviewed_page_models
from monographs.presentation.moments import long_day_text
from monographs.presentation.relative_dates import due_text
from monographs.review.assignments import assignments_by_page
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import DUE_SOON_DAYS, PageStage, StageDetails
from monographs.review.labels_of_pages.open_label_tasks import open_label_tasks_by_page
from monographs.review.models import Submission
from monographs.review.page_access import PageScope, scope_of
from monographs.review.sources_of_pages.open_source_tasks import open_source_tasks_by_page
from monographs.source_library.models import SourceTask

DEFAULT_ORDER = "stage"
#: Rows on one screen of the dashboard.
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DashboardFilter:
    """Which pages to show. Empty values and zeros match every page; ``due_within`` is in days from today."""

    stage: str = ""
    person: int = 0
    kind: int = 0
    drug_class: int = 0
    due_within: int | None = None
    words: str = ""
    #: Only pages of which a draft is set aside.
    set_aside: bool = False


class DashboardRecord(NamedTuple):
    """A row as ``dashboard_sql.rows`` selects it."""

    id: int
    key: UUID
    title: str
    path: str
    owner_id: int | None
    content_type_id: int
    stage: str
    since: datetime | None
    due: date | None
    number: int | None
    submission_id: int | None
    submission: UUID | None
    submitter: str | None
    contributors: str | None
    reviewers: str | None
    state: str
    ended: str
    cause: str
    set_aside: bool


@dataclass(frozen=True, slots=True)
class DashboardRow:
    """One page on the dashboard. ``named`` are the reviewers who are asked by name, now or when it is due.

    ``label_tasks`` are the changes of its labels that wait for an answer, ``source_tasks`` its sources
    to look at again.
    """

    key: UUID
    title: str
    kind: str
    stage: PageStage
    note: str
    since: datetime | None
    due: date | None
    edition: int | None
    writers: list[str]
    submitter: str
    named: list[str]
    signers: list[str]
    action: str
    url: str
    label_tasks: list[UpdateTask] = field(default_factory=list)
    source_tasks: list[SourceTask] = field(default_factory=list)

    @property
    def label_changes(self) -> list[str]:
        """A sentence for each change of a label that waits."""
        return [
            f"{task.get_change_class_display()}, {task.label_words}, since {long_day_text(task.opened_at)}: "
            f"{task.main_reason}"
            for task in self.label_tasks
        ]

    @property
    def sources_to_look_at(self) -> list[str]:
        """A sentence for each source to look at again."""
        return [
            f"{task.source}, since {long_day_text(task.opened_at)}: {task.words}"
            for task in self.source_tasks
        ]

    @property
    def late(self) -> bool:
        """Whether the due date has passed."""
        return self.due is not None and self.due < database_today()

    @property
    def due_text(self) -> str:
        """The due date relative to today; empty when there is none."""
        return due_text(self.due) if self.due else ""


def counts(user: User, chosen: DashboardFilter) -> dict[PageStage, int]:
    """Return the number of pages at each stage that match ``chosen``, disregarding its stage. One query."""
    with connection.cursor() as cursor:
        cursor.execute(dashboard_sql.COUNTS, _filter_parameters(scope_of(user), chosen))
        found = dict(cursor.fetchall())
    return {stage: found.get(stage.value, 0) for stage in PageStage}


def rows(
    user: User,
    chosen: DashboardFilter,
    order: str = DEFAULT_ORDER,
    *,
    offset: int = 0,
    limit: int | None = PER_PAGE,
) -> list[DashboardRow]:
    """Return the pages that match ``chosen`` with the people involved. A fixed number of queries."""
    scope = scope_of(user)
    window = {"limit": limit, "offset": offset, "stages": [stage.value for stage in PageStage]}
    with connection.cursor() as cursor:
        cursor.execute(dashboard_sql.rows(order), _filter_parameters(scope, chosen) | window)
        found = [DashboardRecord(*columns) for columns in cursor.fetchall()]
    kinds, people = page_type_labels(), _PeopleByPage.of(found)
    tasks = open_label_tasks_by_page(record.key for record in found)
    sources = open_source_tasks_by_page(record.key for record in found)
    return [
        replace(
            _row(record, scope, kinds, people, tasks.get(record.key, [])),
            source_tasks=sources.get(record.key, []),
        )
        for record in found
    ]


def page_type_labels() -> dict[int, str]:
    """Return the names of the reviewed page types by the id of their content type, medicines first."""
    models = reviewed_page_models()
    types = ContentType.objects.get_for_models(*models)
    models.sort(key=lambda model: (model is not MonographPage, model._meta.verbose_name))
    return {types[model].pk: str(model._meta.verbose_name).capitalize() for model in models}


def page_type_kinds() -> dict[int, str]:
    """Return the kinds of the reviewed page types' documents by the id of their content type."""
    models = reviewed_page_models()
    types = ContentType.objects.get_for_models(*models)
    return {types[model].pk: str(model.document_type.model_fields["kind"].default) for model in models}


def page_parameters(scope: PageScope) -> dict[str, Any]:
    """Return the parameters of ``dashboard_sql.PAGES``: page types, scope, and dates (UTC)."""
    today = database_today()
    kinds = page_type_kinds()
    return {
        "kinds": list(kinds),
        "kind_names": list(kinds.values()),
        "everywhere": scope.everywhere,
        "paths": [f"{path}%" for path in scope.paths],
        "today": today,
        "soon": today + timedelta(days=DUE_SOON_DAYS),
        "soon_days": DUE_SOON_DAYS,
    }


def _filter_parameters(scope: PageScope, chosen: DashboardFilter) -> dict[str, Any]:
    parameters = asdict(chosen)
    within = parameters.pop("due_within")
    words = parameters.pop("words").strip()
    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        **page_parameters(scope),
        **parameters,
        "words": f"%{pattern}%" if pattern else "",
        "until": None if within is None else database_today() + timedelta(days=within),
    }


@dataclass(frozen=True, slots=True)
class _PeopleByPage:
    """Names of those who wrote since the last edition, are asked to review, and have signed."""

    writers: dict[tuple[UUID, int], list[str]]
    named: dict[int, list[str]]
    signers: dict[UUID, list[str]]
    asked: dict[UUID, list[str]]

    @classmethod
    def of(cls, found: list[DashboardRecord]) -> "_PeopleByPage":
        """Query the people of ``found``. Four queries."""
        under_way = [row for row in found if row.submission_id]
        changed = [row.key for row in found if row.submission_id or row.stage == PageStage.DRAFT]
        return cls(
            _grouped_names(
                ((key, after), name or username)
                for key, after, name, username in Contribution.objects.standing()
                .filter(key__in=changed)
                .order_by("pk")
                .values_list("key", "after_edition", "name", "username")
            ),
            _reviewer_names([row.submission_id for row in under_way if row.submission_id]),
            _grouped_names(
                Signature.objects.filter(submission__in=[row.submission for row in under_way])
                .order_by("pk")
                .values_list("submission", "name")
            ),
            {
                key: [display_name(each.reviewer)]
                for key, each in assignments_by_page(row.key for row in found).items()
            },
        )

    def named_for(self, record: DashboardRecord) -> list[str]:
        """Return who is asked to review the text in review or, if there is none, when the review is due."""
        if record.submission_id:
            return self.named.get(record.submission_id, [])
        return self.asked.get(record.key, [])


def _reviewer_names(submissions: list[int]) -> dict[int, list[str]]:
    """Return the names of those who are asked to review, by submission. One query."""
    links = Submission.reviewers.through.objects.filter(submission__in=submissions)
    columns = ("submission_id", "user__first_name", "user__last_name", f"user__{User.USERNAME_FIELD}")
    return _grouped_names(
        (submission, f"{first} {last}".strip() or username)
        for submission, first, last, username in links.order_by("pk").values_list(*columns)
    )


def _grouped_names(pairs: Iterable[tuple[Any, str]]) -> dict[Any, list[str]]:
    """Return the names of each key, each name once, in the order given."""
    found: dict[Any, dict[str, None]] = defaultdict(dict)
    for key, name in pairs:
        found[key][name] = None
    return {key: list(names) for key, names in found.items()}


def _names_in(people: str | None) -> list[str]:
    """Return the names in a JSON column of an edition."""
    return list(dict.fromkeys(person["name"] for person in json.loads(people or "[]")))


def _row(
    record: DashboardRecord,
    scope: PageScope,
    kinds: dict[int, str],
    people: _PeopleByPage,
    tasks: list[UpdateTask],
) -> DashboardRow:
    stage = PageStage(record.stage)
    details = StageDetails(
        stage=stage,
        page_id=record.id,
        key=record.key,
        submission_id=record.submission_id,
        edition=record.number,
        publication=record.state,
        ended=record.ended,
        cause=record.cause,
        set_aside=record.set_aside,
    )
    may_edit = bool(record.id) and scope.may_edit(record.path, record.owner_id)
    action, url = details.next_step(may_edit)
    writers = people.writers.get((record.key, record.number or 0)) or _names_in(record.contributors)
    signers = people.signers.get(record.submission, []) if record.submission else _names_in(record.reviewers)
    return DashboardRow(
        key=record.key,
        title=record.title,
        kind=kinds[record.content_type_id],
        stage=stage,
        note=details.remark(),
        since=record.since,
        due=record.due,
        edition=record.number,
        writers=writers,
        submitter=record.submitter or "",
        named=people.named_for(record),
        signers=signers,
        action=action,
        url=url,
        label_tasks=tasks,
    )
