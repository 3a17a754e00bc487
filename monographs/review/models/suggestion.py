"""Suggestions: other words for a place of a text, which a writer accepts or declines."""

import pgtrigger
from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now
from monographs.editions.person import Person
from monographs.editions.triggers import FirmTrigger, append_only, refuse
from monographs.review.models.submission import Submission


class SuggestionStatus(models.TextChoices):
    """The state of a suggestion; an open one keeps the text from being signed, the others never change."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: A suggestion is answered once. One that is accepted has a contribution of its author, who cannot sign the
#: text then, unless it is exempt: that takes words only, and the newest decision that exempts these, by two
#: other people.
_ANSWERED_ONCE = FirmTrigger(
    name="answered_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'open' THEN
                RAISE EXCEPTION 'suggestion: a new one is open' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF OLD.status <> 'open' AND (to_jsonb(NEW) - 'author_id' - 'submission_id')
                IS DISTINCT FROM (to_jsonb(OLD) - 'author_id' - 'submission_id') THEN
            RAISE EXCEPTION 'suggestion %: it is answered', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF (NEW.key, NEW.author_record, NEW.old_words, NEW.new_words, NEW.reason, NEW.outsider)
                IS DISTINCT FROM
                (OLD.key, OLD.author_record, OLD.old_words, OLD.new_words, OLD.reason, OLD.outsider) THEN
            RAISE EXCEPTION 'suggestion %: what was suggested stays', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.status <> 'open' OR NEW.status <> 'accepted' THEN
            RETURN NEW;
        END IF;
        IF NEW.exempt THEN
            IF NOT NEW.wording_only OR NOT coalesce((
                    SELECT e.allowed AND e.by->>'id' <> NEW.author_record->>'id'
                        AND lower(e.by->>'username') <> lower(NEW.author_record->>'username')
                        AND p.by->>'id' <> NEW.author_record->>'id'
                        AND lower(p.by->>'username') <> lower(NEW.author_record->>'username')
                    FROM review_suggestionexemption e
                        LEFT JOIN review_suggestionexemption p ON p.id = e.confirms_id
                    WHERE NOT e.allowed OR e.confirms_id IS NOT NULL
                    ORDER BY e.id DESC LIMIT 1), FALSE) THEN
                RAISE EXCEPTION 'suggestion %: its author is not exempt', OLD.id
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        ELSIF NOT EXISTS (
                SELECT 1 FROM editions_contribution c
                WHERE c.key = NEW.key AND c.username = NEW.author_record->>'username'
                    AND c.user_id IS NOT DISTINCT FROM (NEW.author_record->>'id')::bigint
                    AND c.after_edition = (
                        SELECT coalesce(max(number), 0) FROM editions_edition WHERE key = NEW.key)
                    AND NOT EXISTS (SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id)) THEN
            RAISE EXCEPTION 'suggestion %: its author is no contributor', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class Suggestion(models.Model):
    """Words that somebody suggests for words of a page's draft. It belongs to the page (``key``).

    ``place`` is the field of the draft (``suggestions.editable_passages``), ``passage`` all words of the
    paragraph, item or cell, and ``number`` which of the ``same`` ones there with these words; ``start`` is
    the offset of ``old_words`` in it. ``outsider`` says who suggested it outside, as a Word file does.
    Exempt: it was accepted, and its author may sign the text all the same.
    """

    key = models.UUIDField(db_index=True)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.SET_NULL, related_name="suggestions"
    )
    section = models.CharField(max_length=60)
    place = models.TextField()
    passage = models.TextField()
    number = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=1)
    start = models.PositiveIntegerField()
    old_words = models.TextField(blank=True)
    new_words = models.TextField(blank=True)
    reason = models.TextField()
    outsider = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_record = models.JSONField(help_text="The author by value.")
    at = models.DateTimeField(default=database_now)
    status = models.CharField(max_length=20, choices=SuggestionStatus, default=SuggestionStatus.OPEN)
    wording_only = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    answerer = models.JSONField(null=True, help_text="The account by value.")
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["key", "status"], name="suggestion_key_status")]
        triggers = [
            _ANSWERED_ONCE,
            refuse("no_delete", pgtrigger.Delete),
            refuse("no_truncate", pgtrigger.Truncate, statement=True),
        ]

    def __str__(self) -> str:
        return f"{self.author_person.name} on {self.section}"

    @property
    def end(self) -> int:
        """The offset in ``passage`` at which ``old_words`` end."""
        return self.start + len(self.old_words)

    @property
    def author_person(self) -> Person:
        """The author, by value at the time."""
        return Person(**self.author_record)

    @property
    def answerer_person(self) -> Person | None:
        """Who accepted, declined or withdrew it, by value; None while it is open."""
        return Person(**self.answerer) if self.answerer else None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == SuggestionStatus.OPEN


#: An exemption is confirmed by somebody else than who proposed it, while nothing was decided since.
_CONFIRMED_BY_ANOTHER = FirmTrigger(
    name="confirmed_by_another",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.confirms_id IS NOT NULL AND NOT (NEW.allowed AND coalesce((
                SELECT e.id = NEW.confirms_id AND e.allowed AND e.confirms_id IS NULL
                    AND e.by->>'id' IS DISTINCT FROM NEW."by"->>'id'
                    AND lower(e.by->>'username') IS DISTINCT FROM lower(NEW."by"->>'username')
                FROM review_suggestionexemption e ORDER BY e.id DESC LIMIT 1), FALSE)) THEN
            RAISE EXCEPTION 'exemption: somebody else confirms what was proposed last'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    """,
)


class SuggestionExemption(models.Model):
    """Whether those whose suggestions change words only may sign the text, by the newest decision.

    A row that allows it is a proposal, and one that ``confirms`` it the decision. One that does not allow it
    is a decision by itself.
    """

    allowed = models.BooleanField()
    reason = models.TextField()
    by = models.JSONField(help_text="The account by value.")
    at = models.DateTimeField(default=database_now)
    confirms = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="confirmation")

    class Meta:
        ordering = ["pk"]
        triggers = [*append_only(), _CONFIRMED_BY_ANOTHER]

    def __str__(self) -> str:
        return f"wording {'exempt' if self.allowed else 'not exempt'}"

    @property
    def person(self) -> Person:
        """Who decided it, by value."""
        return Person(**self.by)

    @property
    def deciders(self) -> list[Person]:
        """Who decided it, by value: who proposed it as well, where somebody else confirmed it."""
        return [*(self.confirms.deciders if self.confirms else ()), self.person]
