"""Which texts in review are claimed, and who is looking at one now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.core.users import display_name
from monographs.review.models import ReviewClaim, Submission, SubmissionView

#: How long a claim holds unless it is released or renewed: a working day.
CLAIM_HOURS = 8
#: Seconds after which somebody whose screen has not been heard of is no longer looking.
#: The script of the screen reports every 30 seconds; one report may get lost.
LOOKING_SECONDS = 75


@dataclass(frozen=True, slots=True)
class TextClaims:
    """The claims that hold now on what is reviewed as one, as one user sees them.

    ``texts`` is how many texts that is: one, or those of a bundle that are in review.
    """

    user_id: int
    texts: int
    claims: tuple[ReviewClaim, ...]

    @property
    def is_own(self) -> bool:
        """Whether the user has claimed any of the texts."""
        return any(claim.user_id == self.user_id for claim in self.claims)

    @property
    def others(self) -> list[str]:
        """The names of others who have claimed any of the texts."""
        people = {claim.user_id: claim.user for claim in self.claims if claim.user_id != self.user_id}
        return [display_name(person) for person in people.values()]

    @property
    def who_has(self) -> str:
        """The beginning of a sentence that says who has claimed them; empty if nobody has."""
        names = [*(["You"] if self.is_own else []), *self.others]
        if not names:
            return ""
        verb = "has" if len(names) == 1 and not self.is_own else "have"
        return f"{' and '.join(names)} {verb}"

    @property
    def is_whole(self) -> bool:
        """Whether all of the texts are claimed."""
        return len(self.claims) == self.texts

    @property
    def until(self) -> datetime | None:
        """When the last of the claims ends; None if there is none."""
        return max((claim.until for claim in self.claims), default=None)

    @property
    def may_claim(self) -> bool:
        """Whether a reviewer of the texts may claim them: nobody else has, and the user not yet all."""
        return not self.others and len(self.claims) < self.texts

    def may_release(self, *, editor: bool) -> bool:
        """Return whether there is a claim that the user may release: their own, or any for an ``editor``."""
        return self.is_own or (editor and bool(self.claims))


def claims_on(user: User, texts: Iterable[Submission], claims: dict[int, ReviewClaim]) -> TextClaims:
    """Return those of ``claims`` (by the primary key of the submission) that are on ``texts``."""
    keys = [text.pk for text in texts]
    return TextClaims(user.pk, len(keys), tuple(claims[pk] for pk in keys if pk in claims))


def claims_of(submissions: Iterable[int]) -> dict[int, ReviewClaim]:
    """Return the claims that hold now by the primary key of their submission. One query."""
    found = ReviewClaim.objects.filter(submission__in=list(submissions), until__gt=database_now())
    return {claim.submission_id: claim for claim in found.select_related("user")}


def claimed_until() -> timedelta:
    """Return how long a new claim holds."""
    return timedelta(hours=CLAIM_HOURS)


def people_looking(submissions: Collection[int], without: User) -> dict[int, list[User]]:
    """Return the others who have each submission on their screens now, by its primary key. One query.

    Those who opened it first are first.
    """
    since = database_now() - timedelta(seconds=LOOKING_SECONDS)
    views = SubmissionView.objects.filter(submission__in=submissions, last_at__gt=since)
    found: dict[int, list[User]] = {}
    for view in views.exclude(user=without).select_related("user").order_by("first_at", "pk"):
        found.setdefault(view.submission_id, []).append(view.user)
    return found


def names_of_looking(texts: Iterable[Submission], people: dict[int, list[User]]) -> list[str]:
    """Return the names of those of ``people_looking`` who have any of ``texts`` open, each once."""
    looking = {person.pk: person for text in texts for person in people.get(text.pk, ())}
    return [display_name(person) for person in looking.values()]


def looking_at(texts: Collection[Submission], without: User) -> list[str]:
    """Return the names of others who have any of ``texts`` on their screens now. One query."""
    return names_of_looking(texts, people_looking([text.pk for text in texts], without))
