"""Each reviewer's progress, stored per user, so that a review can be continued on any device."""

from django.conf import settings
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from monographs.core.db_clock import database_now
from monographs.review.models.submission import Submission

#: What signers are asked about each kind of document (``kind``) separately; "" is every kind.
_PAGE_KINDS = [
    ("", "every page"),
    ("monograph", "medicines"),
    ("drug_class", "drug classes"),
    ("condition", "conditions"),
    ("home", "the home page"),
    ("index", "list pages"),
    ("information", "information pages"),
    ("standard_text", "standard texts"),
]


@register_snippet
class ChecklistStatement(models.Model):
    """A statement that signers must tick, e.g. *Doses were checked against the label*.

    A submission stores the active ones by value, so that a change here does not affect open reviews.
    """

    text = models.CharField(max_length=300, unique=True)
    kind = models.CharField(
        "asked for", max_length=20, choices=_PAGE_KINDS, blank=True, default="", db_default=""
    )
    sort_order = models.PositiveSmallIntegerField("place", default=0)
    active = models.BooleanField(default=True)

    panels = [FieldPanel(name) for name in ("text", "kind", "sort_order", "active")]

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.text


class SectionRead(models.Model):
    """A user's mark that they have read the change of a section.

    ``digest`` is the redline's, over both texts of the section. The mark is bound to the texts, not to the
    submission: what is submitted again unchanged need not be read again.
    """

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=database_now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "user", "section", "digest"], name="section_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} read {self.section}"


class Tick(models.Model):
    """A user's tick on a statement of a submission's checklist."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="ticks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    statement = models.CharField(max_length=300)
    at = models.DateTimeField(default=database_now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "user", "statement"], name="ticked_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.statement}"


class SubmissionView(models.Model):
    """A user opened a submission; a later one can be compared with what they saw last."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=database_now)
    last_at = models.DateTimeField(default=database_now)

    class Meta:
        db_table = "review_look"
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="one_look_per_person")]

    def __str__(self) -> str:
        return f"{self.user} opened {self.submission}"
