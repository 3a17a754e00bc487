"""Drafts that were set aside so that the text patients read can be corrected meanwhile."""

import pgtrigger
from django.conf import settings
from django.db import models
from wagtail.models import Revision

from monographs.core.db_clock import database_now
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.editions.triggers import FirmTrigger, refuse
from monographs.review.models.draft_authorship import DraftAuthorship


class SetAsideStatus(models.TextChoices):
    """The state of a draft that was set aside; one that is merged or left in the history never changes."""

    OPEN = "open", "Set aside"
    MERGED = "merged", "Merged"
    LEFT = "left", "Left in the history"


#: What was set aside stays, and is merged once, or left in the history once for a reason.
_MERGED_ONCE = FirmTrigger(
    name="merged_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'open' THEN
                RAISE EXCEPTION 'set-aside draft: a new one is open' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF (to_jsonb(NEW) - 'reason'
                    - ARRAY['by_id', 'status', 'closed_at', 'closer', 'merged_revision_id'])
                IS DISTINCT FROM
                (to_jsonb(OLD) - 'reason'
                    - ARRAY['by_id', 'status', 'closed_at', 'closer', 'merged_revision_id'])
            OR OLD.status <> 'open' AND (to_jsonb(NEW) - 'by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'by_id')
        THEN
            RAISE EXCEPTION 'set-aside draft %: what was set aside stays', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.status <> 'open' AND NEW.closer IS NULL
            OR NEW.status = 'merged' AND NEW.merged_revision_id IS NULL
            OR NEW.status = 'left' AND (NEW.merged_revision_id IS NOT NULL OR btrim(NEW.reason) = '')
            OR NEW.status <> 'left' AND NEW.reason <> ''
        THEN
            RAISE EXCEPTION 'set-aside draft %: it is closed by a person, with a revision or a reason', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class SetAsideDraft(models.Model):
    """The draft ``revision`` of the page ``key``, set aside; merged into a later one, or left in the history.

    It stems from ``base_edition``, whose text ``base_revision`` has. ``authorship`` is the row of who wrote
    each word of it; ``contributors`` are all who could not sign it then, and ``unfollowed`` those of them who
    contributed other than by typing (records of ``Person``). ``content_sha256`` is of the stored content.
    """

    key = models.UUIDField(db_index=True)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    base_revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    base_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    authorship = models.ForeignKey(DraftAuthorship, null=True, on_delete=models.PROTECT, related_name="+")
    contributors = models.JSONField(default=list)
    unfollowed = models.JSONField(default=list)
    content_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    setter = models.JSONField(help_text="The account by value.")
    at = models.DateTimeField(default=database_now)
    status = models.CharField(max_length=20, choices=SetAsideStatus, default=SetAsideStatus.OPEN)
    closed_at = models.DateTimeField(null=True)
    closer = models.JSONField(null=True, help_text="The account by value.")
    merged_revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(
        default="", db_default="", blank=True, help_text="Why it was left in the history."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(status="open"), name="one_draft_set_aside_per_page"
            )
        ]
        triggers = [
            _MERGED_ONCE,
            refuse("no_delete", pgtrigger.Delete),
            refuse("no_truncate", pgtrigger.Truncate, statement=True),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it waits to be merged."""
        return self.status == SetAsideStatus.OPEN

    @property
    def setter_person(self) -> Person:
        """Who set it aside, by value at the time."""
        return Person(**self.setter)

    @property
    def closer_person(self) -> Person | None:
        """Who merged it or left it in the history, by value; None while it is open."""
        return Person(**self.closer) if self.closer else None

    def people(self, *, unfollowed_only: bool = False) -> list[Person]:
        """Return those who could not sign it, or those of them who contributed other than by typing."""
        return [Person(**record) for record in (self.unfollowed if unfollowed_only else self.contributors)]
