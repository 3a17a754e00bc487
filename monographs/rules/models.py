"""Models of the house rules: overruled findings and results of link checks."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from monographs.core.db_clock import database_now
from monographs.editions.person import Person

#: A site may be down for a night; a link that fails for longer is dead.
DEAD_AFTER = timedelta(days=1)


class Overrule(models.Model):
    """A decision, with its reason, that a rule does not apply at one place of a page.

    Bound to the text of the place by ``fingerprint``: once that text changes, it no longer applies. The row
    is kept when the decision is withdrawn, as a record of who decided what.
    """

    key = models.UUIDField()
    rule = models.CharField(max_length=60)
    anchor = models.CharField(max_length=100, blank=True)
    fingerprint = models.CharField(max_length=64)
    excerpt = models.TextField(blank=True)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.JSONField()
    at = models.DateTimeField(default=database_now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "rule", "anchor", "fingerprint"],
                condition=Q(withdrawn_at=None),
                name="overruled_once_per_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} overruled by {self.overruler.name}"

    @property
    def overruler(self) -> Person:
        """The person who overruled the rule, as of that time."""
        return Person(**self.person)


class LinkOutcome(models.TextChoices):
    """Outcome of checking an address."""

    ANSWERS = "answers", "Answers"
    GONE = "gone", "Says that there is nothing"
    SILENT = "silent", "Does not answer"
    UNCLEAR = "unclear", "Does not let a program see"
    NOT_ASKED = "not_asked", "Not an address we ask"


class LinkCheck(models.Model):
    """Result of the last check of an address. ``status`` is the HTTP status, None without a response.

    ``moved_to`` is where the server says that the address moved for good, "" if it did not.
    """

    address = models.CharField(max_length=2000, unique=True)
    outcome = models.CharField(max_length=20, choices=LinkOutcome)
    status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField()
    first_failed_at = models.DateTimeField(null=True)
    moved_to = models.CharField(max_length=2000, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.address}: {self.get_outcome_display()}"

    @property
    def failing(self) -> bool:
        """Whether the last check failed."""
        return self.outcome in {LinkOutcome.GONE, LinkOutcome.SILENT}

    @property
    def dead(self) -> bool:
        """Whether it failed in checks more than a day apart. A single failure proves nothing."""
        since = self.first_failed_at
        return self.failing and since is not None and self.checked_at - since > DEAD_AFTER


class PublishedFact(models.Model):
    """A fact of the text that patients read of a page now, for comparison with other pages.

    Made anew with each publication from the edition; ``page_facts`` says what facts there are.
    """

    key = models.UUIDField(db_index=True)
    title = models.CharField(max_length=255)
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=100)
    value = models.CharField(max_length=40, blank=True)
    anchor = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=600, blank=True)
    excerpt = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "value"], name="fact_by_subject")]

    def __str__(self) -> str:
        return f"{self.title}: {self.kind} {self.subject} {self.value}"


class DictionaryWord(models.Model):
    """A word that an editor added to the site's dictionary, in lower case."""

    word = models.CharField(max_length=60, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.JSONField()
    at = models.DateTimeField(default=database_now)

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
