"""The board's rows: what a filter leaves, with the people around each page."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import get_page_models

from monographs.editions.models import Contribution, Signature
from monographs.models import MonographPage, ReviewedPage
from monographs.presentation.relative_dates import due_text
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_access import PageScope, scope_of
from monographs.review.dashboard.page_status import DUE_SOON_DAYS, PageStatus, PageStatusDetail
from monographs.review.models import Submission

DEFAULT_ORDER = "stage"
#: Rows on one screen of the board.
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DashboardFilter:
    """What to show. Empty and zero leave everything; ``due_within`` is in days from today."""

    stage: str = ""
    person: int = 0
    kind: int = 0
    drug_class: int = 0
    due_within: int | None = None
    words: str = ""


class DashboardRecord(NamedTuple):
    """A row as the database gives it; see ``dashboard_sql``."""

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


@dataclass(frozen=True, slots=True)
class DashboardRow:
    """One page on the board."""

    title: str
    kind: str
    stage: PageStatus
    note: str
    since: datetime | None
    due: date | None
    edition: int | None
    writers: list[str]
    submitter: str
    named: list[str]
    signers: list[str]
    action: str
    address: str
    record: PageStatusDetail

    @property
    def late(self) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < timezone.now().date()

    @property
    def due_words(self) -> str:
        """How far off its day is."""
        return due_text(self.due) if self.due else ""


def counts(user: Any, wanted: DashboardFilter) -> dict[PageStatus, int]:
    """How many pages ``wanted`` leaves at each stage, whichever stage it asks for. One query."""
    with connection.cursor() as cursor:
        cursor.execute(dashboard_sql.COUNTS, _parameters(scope_of(user), wanted))
        found = dict(cursor.fetchall())
    return {stage: found.get(stage.value, 0) for stage in PageStatus}


def rows(
    user: Any,
    wanted: DashboardFilter,
    order: str = DEFAULT_ORDER,
    *,
    offset: int = 0,
    limit: int | None = PER_PAGE,
) -> list[DashboardRow]:
    """The pages that ``wanted`` leaves, with their people. A fixed number of queries."""
    scope = scope_of(user)
    window = {"limit": limit, "offset": offset, "stages": [stage.value for stage in PageStatus]}
    with connection.cursor() as cursor:
        cursor.execute(dashboard_sql.rows(order), _parameters(scope, wanted) | window)
        found = [DashboardRecord(*row) for row in cursor.fetchall()]
    kinds, people = kinds_by_type(), _PeopleByPage.around(found)
    return [_row(row, scope, kinds, people) for row in found]


def kinds_by_type() -> dict[int, str]:
    """The kinds of page by the id of their content type, medicines first."""
    models = [model for model in get_page_models() if issubclass(model, ReviewedPage)]
    types = ContentType.objects.get_for_models(*models)
    models.sort(key=lambda model: (model is not MonographPage, model._meta.verbose_name))
    return {types[model].pk: str(model._meta.verbose_name).capitalize() for model in models}


def window_of_today() -> dict[str, Any]:
    """The days by which ``dashboard_sql.DESK`` tells stages apart (UTC)."""
    today = timezone.now().date()
    return {"today": today, "soon": today + timedelta(days=DUE_SOON_DAYS), "soon_days": DUE_SOON_DAYS}


def desk_parameters(scope: PageScope) -> dict[str, Any]:
    """What ``dashboard_sql.DESK`` asks for."""
    return {
        "kinds": list(kinds_by_type()),
        "everywhere": scope.everywhere,
        "paths": [f"{path}%" for path in scope.paths],
        **window_of_today(),
    }


def _parameters(scope: PageScope, wanted: DashboardFilter) -> dict[str, Any]:
    asked = asdict(wanted)
    within = asked.pop("due_within")
    today = timezone.now().date()
    words = asked.pop("words").strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        **desk_parameters(scope),
        **asked,
        "words": f"%{words}%" if words else "",
        "until": None if within is None else today + timedelta(days=within),
    }


@dataclass(frozen=True, slots=True)
class _PeopleByPage:
    """Names around pages: who wrote since the last edition, who is asked to review, who has signed."""

    writers: dict[tuple[UUID, int], list[str]]
    named: dict[int, list[str]]
    signers: dict[UUID, list[str]]

    @classmethod
    def around(cls, found: list[DashboardRecord]) -> "_PeopleByPage":
        """In three queries."""
        under_way = [row for row in found if row.submission_id]
        writing = [row.key for row in found if row.submission_id or row.stage == PageStatus.DRAFT]
        return cls(
            _grouped(
                ((key, after), name or username)
                for key, after, name, username in Contribution.objects.filter(key__in=writing)
                .order_by("pk")
                .values_list("key", "after_edition", "name", "username")
            ),
            named_reviewers([row.submission_id for row in under_way if row.submission_id]),
            _grouped(
                Signature.objects.filter(submission__in=[row.submission for row in under_way])
                .order_by("pk")
                .values_list("submission", "name")
            ),
        )


def named_reviewers(submissions: list[int]) -> dict[int, list[str]]:
    """Names of those who are asked to review, by submission. One query."""
    user = get_user_model()
    links = Submission.reviewers.through.objects.filter(submission__in=submissions)
    columns = ("submission_id", "user__first_name", "user__last_name", f"user__{user.USERNAME_FIELD}")
    return _grouped(
        (submission, f"{first} {last}".strip() or username)
        for submission, first, last, username in links.order_by("pk").values_list(*columns)
    )


def _grouped(pairs: Iterable[tuple[Any, str]]) -> dict[Any, list[str]]:
    """Each name once, in the order given."""
    found: dict[Any, dict[str, None]] = defaultdict(dict)
    for key, name in pairs:
        found[key][name] = None
    return {key: list(names) for key, names in found.items()}


def _names(people: str | None) -> list[str]:
    """Names in a column of an edition, which comes as JSON."""
    return list(dict.fromkeys(person["name"] for person in json.loads(people or "[]")))


def _row(
    row: DashboardRecord, scope: PageScope, kinds: dict[int, str], people: _PeopleByPage
) -> DashboardRow:
    stage = PageStatus(row.stage)
    place = PageStatusDetail(stage, row.id, str(row.key), row.submission_id, row.number, row.state, row.ended)
    action, address = place.follows(scope.may_edit(row.path, row.owner_id))
    writers = people.writers.get((row.key, row.number or 0)) or _names(row.contributors)
    signers = people.signers.get(row.submission, []) if row.submission else _names(row.reviewers)
    return DashboardRow(
        title=row.title,
        kind=kinds[row.content_type_id],
        stage=stage,
        note=place.note(),
        since=row.since,
        due=row.due,
        edition=row.number,
        writers=writers,
        submitter=row.submitter or "",
        named=people.named.get(row.submission_id, []) if row.submission_id else [],
        signers=signers,
        action=action,
        address=address,
        record=place,
    )
