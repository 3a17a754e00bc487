"""What needs an editor's attention, for the panel of the admin's home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Count, Min, QuerySet, Value, When
from django.urls import reverse

from monographs.core.db_clock import database_now, database_today
from monographs.core.users import display_name
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.editions.standard_texts import current_texts
from monographs.editions.withdrawal_reasons import RETIREMENT_REASONS
from monographs.label_watch.models import UpdateTask
from monographs.labels import ChangeClass
from monographs.presentation.moments import long_day_text
from monographs.presentation.relative_dates import due_text, elapsed_text
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.draft_state.older_names import all_older_names
from monographs.review.models import (
    UNDER_WAY,
    Notice,
    ReviewerProfile,
    SetAsideDraft,
    SetAsideStatus,
    Submission,
)
from monographs.review.notifications.delivery import sent_separately, waiting
from monographs.review.replacement.where_used import pages_with_other_words
from monographs.review.team.team_rows import TeamReviews, team_reviews
from monographs.source_library.models import SourceTask

#: Credentials are named this many days before they end: time to renew a registration.
CREDENTIAL_DAYS = 60
#: Emails that a mail server has not accepted after this time are named; it is tried every five minutes.
EMAIL_PATIENCE = timedelta(minutes=15)
#: A draft that is set aside for longer is named: a correction takes days, and its writers wait.
SET_ASIDE_PATIENCE = timedelta(days=14)
#: Examples that the panel names; the linked list has all.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something that needs attention: its number, a label, some examples, and the address of the list."""

    count: int
    label: str
    url: str
    details: tuple[str, ...] = ()
    grave: bool = False


def items_needing_attention() -> tuple[TeamReviews, list[AttentionItem]]:
    """Return the texts in review, and what needs an editor's attention. A fixed number of queries."""
    reviews = team_reviews()
    found = [*_reviews(reviews), *_pages(), *_drafts_set_aside(), *_labels(), *_sources()]
    found += [*_standard_texts(), *_older_names(), *_credentials(), *_emails()]
    return reviews, [each for each in found if each.count]


def _reviews(reviews: TeamReviews) -> Iterator[AttentionItem]:
    url = reverse("team:reviews")
    late = sorted(reviews.late, key=lambda row: (row.submission.due_on, row.submission.pk))
    yield AttentionItem(
        len(late),
        "overdue in review",
        f"{url}?show=overdue",
        tuple(f"{row.submission.title}: {row.due_text}" for row in late[:EXAMPLES]),
        grave=True,
    )
    yield AttentionItem(
        len(reviews.blocked),
        "blocked in review",
        f"{url}?show=blocked",
        tuple(f"{row.submission.title}: {row.obstacle}" for row in reviews.blocked[:EXAMPLES]),
        grave=True,
    )


def _pages() -> Iterator[AttentionItem]:
    """Pages past their review date that are not in review, and withdrawn ones but those retired for good."""
    dashboard, today = reverse("dashboard:index"), database_today()
    overdue = Edition.objects.filter(publications__state=PublicationState.CURRENT, next_due__lt=today)
    under_way = Submission.objects.filter(status__in=UNDER_WAY).values("key")
    count = overdue.exclude(key__in=under_way).count()
    yield AttentionItem(
        count, "pages overdue for review", f"{dashboard}?stage={PageStage.OVERDUE}", grave=True
    )
    withdrawn = (
        Publication.objects.filter(state=PublicationState.WITHDRAWN)
        .exclude(withdrawal__cause__in=RETIREMENT_REASONS)
        .order_by("-flipped_at")
        .values_list("edition__title", "flipped_at")
    )
    gone = list(withdrawn)
    yield AttentionItem(
        len(gone),
        "pages withdrawn",
        f"{dashboard}?stage={PageStage.WITHDRAWN}",
        tuple(f"{title}: for {elapsed_text(at)}" for title, at in gone[:EXAMPLES]),
        grave=True,
    )


def _drafts_set_aside() -> Iterator[AttentionItem]:
    """Drafts that nobody merged or left in the history for long, the oldest first."""
    before = database_now() - SET_ASIDE_PATIENCE
    rows = SetAsideDraft.objects.filter(status=SetAsideStatus.OPEN, at__lt=before)
    found = list(rows.order_by("at", "pk").values_list("revision__content__title", "at"))
    yield AttentionItem(
        len(found),
        f"drafts set aside for over {SET_ASIDE_PATIENCE.days} days",
        f"{reverse('dashboard:index')}?set_aside=yes",
        tuple(f"{title}: for {elapsed_text(at)}" for title, at in found[:EXAMPLES]),
    )


def _labels() -> Iterator[AttentionItem]:
    """Open tasks of changed labels: how many there are, and the gravest, of these the oldest first."""
    tasks = UpdateTask.objects.filter(closed_at=None)
    counted = dict(tasks.order_by().values_list("change_class").annotate(Count("pk")))
    rank = Case(*(When(change_class=each.value, then=Value(each.rank)) for each in ChangeClass))
    gravest = tasks.defer("reasons").order_by(rank, "opened_at", "pk")[:EXAMPLES] if counted else []
    yield AttentionItem(
        sum(counted.values()),
        "label changes to answer",
        reverse("labels:tasks"),
        tuple(f"{task.title}, {task.label_name}: {_task_text(task)}" for task in gravest),
        grave=ChangeClass.GRAVE.value in counted,
    )


def _task_text(task: UpdateTask) -> str:
    due = due_text(task.due_on) if task.due_on else ""
    when = f", {due if due.startswith('overdue') else f'due {due}'}" if due else ""
    return f"{task.get_change_class_display().lower()}, open for {elapsed_text(task.opened_at)}{when}"


def _sources() -> Iterator[AttentionItem]:
    """Tasks about sources that pages should have answered, the longest overdue first."""
    tasks = SourceTask.objects.filter(closed_at=None, due_on__lt=database_today())
    count = tasks.count()
    oldest = tasks.select_related("source")[:EXAMPLES] if count else []
    yield AttentionItem(
        count,
        "sources overdue to look at again",
        f"{reverse('sources:tasks')}?open=overdue",
        tuple(f"{task.title}: {task.source}, {due_text(task.due_on)}" for task in oldest if task.due_on),
        grave=True,
    )


def _standard_texts() -> Iterator[AttentionItem]:
    """Pages that patients read with other words of a standard text than its newest version's."""
    newest = current_texts()
    counts = pages_with_other_words(newest.values()) if newest else {}
    yield AttentionItem(
        sum(counts.values()),
        "uses of an older standard text",
        reverse("standard_texts:list"),
        tuple(
            f"{newest[key].title}, version {newest[key].number}: {count} page{'' if count == 1 else 's'}"
            for key, count in list(counts.items())[:EXAMPLES]
        ),
    )


def _older_names() -> Iterator[AttentionItem]:
    """Medicines that patients read with an older name of another page."""
    older = all_older_names()
    medicines: dict[str, set[UUID]] = {}
    for each in older:
        medicines.setdefault(each.change.new, set()).add(each.medicine)
    yield AttentionItem(
        len({each.medicine for each in older}),
        "medicines with an older name of a class, condition or medicine",
        reverse("renamed:list"),
        tuple(
            f"“{name}”: {len(found)} medicine{'' if len(found) == 1 else 's'}"
            for name, found in list(medicines.items())[:EXAMPLES]
        ),
    )


def _credentials() -> Iterator[AttentionItem]:
    last = database_today() + timedelta(days=CREDENTIAL_DAYS)
    ending = list(
        ReviewerProfile.objects.filter(expires_on__lte=last, user__is_active=True)
        .select_related("user")
        .order_by("expires_on", "pk")
    )
    yield AttentionItem(
        len(ending),
        "credentials ended or ending",
        reverse("wagtailsnippets_review_reviewerprofile:list"),
        tuple(f"{display_name(each.user)}: until {_day(each)}" for each in ending[:EXAMPLES]),
        grave=any(each.expired for each in ending),
    )


def _day(profile: ReviewerProfile) -> str:
    return long_day_text(profile.expires_on) if profile.expires_on else ""


def stuck_emails() -> QuerySet[Notice]:
    """Return the emails that no mail server has accepted for some time, oldest first."""
    now = database_now()
    return waiting(now).filter(sent_separately(), created_at__lt=now - EMAIL_PATIENCE)


def _emails() -> Iterator[AttentionItem]:
    counts = {"count": Count("pk"), "oldest": Min("created_at"), "people": Count("user", distinct=True)}
    found = stuck_emails().order_by().aggregate(**counts)
    details: tuple[str, ...] = ()
    if found["count"]:
        people = "1 person" if found["people"] == 1 else f"{found['people']} people"
        details = (f"for {people}, the oldest for {elapsed_text(found['oldest'])}",)
    yield AttentionItem(found["count"], "emails not sent", reverse("team:emails"), details, grave=True)
