"""Sources of the library, the record of their changes, where they are shown, and tasks about them."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from monographs.core.db_clock import database_now, database_today
from monographs.editions.cited_statements import StatementCitation
from monographs.editions.models import Edition
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.person import Person
from monographs.editions.triggers import append_only
from monographs.source_library.identifiers import (
    NORMAL_FORMS,
    IdentifierScheme,
    UnknownIdentifier,
    recognised,
)
from monographs.source_library.source_triggers import CHANGE_TIME

#: Longest title and publisher of a source, as in the list of sources of a page.
LONGEST_TITLE, LONGEST_PUBLISHER = 300, 200
_DIGEST_LENGTH = 64
_NAMED_VERSION = re.compile(r"(?i)\bv(?:ersion|\.)?\s*(\d{1,9})\b")


def digest_of_source(title: str, publisher: str, address: str) -> str:
    """Return the SHA-256 of what patients read of a source, but for the day it was seen."""
    return hashlib.sha256("\x1f".join([title, publisher, address]).encode()).hexdigest()


def versions_named(title: str) -> list[str]:
    """Return the versions that a title names by the word “version”, in normal form."""
    return [str(int(number)) for number in _NAMED_VERSION.findall(title)]


def with_version(title: str, old: str, new: str) -> str:
    """Return a title that names the version ``new`` where it named ``old``; others are left."""
    return _NAMED_VERSION.sub(
        lambda found: found[0].removesuffix(found[1]) + new if str(int(found[1])) == old else found[0], title
    )


class SourceKind(models.TextChoices):
    """What a source is, which decides how it ages."""

    LABEL = "label", "Label (prescribing information)"
    GUIDELINE = "guideline", "Guideline"
    PAPER = "paper", "Paper"
    AGENCY = "agency", "Agency or organisation"
    OTHER = "other", "Other"


class LibrarySource(models.Model):
    """A source that texts of several pages rest on; drafts show its title, publisher and address.

    ``identifier`` is in normal form and unique in its scheme, for a label together with its version. Without
    one the address is the identifier; a book without an address has none.
    """

    kind = models.CharField(max_length=20, choices=SourceKind)
    title = models.CharField(max_length=LONGEST_TITLE, help_text="As it calls itself. Patients read it.")
    publisher = models.CharField(
        max_length=LONGEST_PUBLISHER,
        blank=True,
        help_text="Who published it, for a paper the journal. Patients read it.",
    )
    address = models.CharField(
        "web address",
        max_length=2000,
        blank=True,
        validators=[
            URLValidator(
                ["http", "https"], message="A web address begins with https://. Copy it from the browser."
            )
        ],
        help_text="Where patients find it, if it is on the web.",
    )
    scheme = models.CharField(
        "kind of identifier",
        max_length=10,
        blank=True,
        choices=[("set_id", "Set id of a label"), ("doi", "DOI"), ("pmid", "PMID"), ("url", "Web address")],
        help_text="Leave it empty to go by the web address.",
    )
    identifier = models.CharField(
        max_length=2000, blank=True, help_text="By which others find exactly this text. Each is here once."
    )
    version = models.CharField(
        "version of the label", max_length=10, blank=True, help_text="A number, e.g. 34. For labels only."
    )
    published_on = models.DateField(
        "date", null=True, blank=True, help_text="When it was published, or the version came into effect."
    )
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="supersedes",
        verbose_name="superseded by",
        help_text="The source that replaces it. Each page that shows this one gets a task.",
    )
    gone_since = models.DateField(
        null=True, blank=True, help_text="If it was withdrawn or retracted: since when. Opens tasks, too."
    )
    digest = models.CharField(max_length=_DIGEST_LENGTH, editable=False, db_index=True)
    #: Authors of its words besides who stores it, set before it is stored.
    further_authors: Sequence[Person] = ()

    class Meta:
        verbose_name = "source"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "identifier", "version"],
                condition=~Q(identifier=""),
                name="source_once_by_its_identifier",
                violation_error_message="The library has a source with this identifier. Choose that one.",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=models.F("pk")), name="no_source_replaces_itself"
            ),
        ]

    def __str__(self) -> str:
        details = ", ".join(filter(None, [self.publisher, self.version and f"version {self.version}"]))
        return f"{self.title} ({details})" if details else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.digest = digest_of_source(self.title, self.publisher, self.address)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Bring the identifier into normal form. Raises ``ValidationError`` that says what is wrong."""
        super().clean()
        errors: dict[str, str] = {}
        self.address = self.address.strip()
        self._complete_identifier(errors)
        if self.scheme == IdentifierScheme.SET_ID:
            self._complete_version(errors)
        if self.scheme != IdentifierScheme.SET_ID and self.version:
            errors["version"] = "Only a label has a version here. Choose “Set id of a label”, or empty this."
        if self.superseded_by is not None and self in self.superseded_by.later():
            errors["superseded_by"] = "That source is itself superseded by this one. Choose the newest."
        if errors:
            raise ValidationError(errors)

    def _complete_identifier(self, errors: dict[str, str]) -> None:
        if self.scheme == IdentifierScheme.URL and not self.address:
            errors["address"] = "Write the web address, or choose another kind of identifier."
        elif self.scheme == IdentifierScheme.URL or not (self.scheme or self.identifier.strip()):
            self.scheme, self.identifier = recognised(self.address) or ("", "")
        elif not self.scheme:
            errors["scheme"] = "Say what kind of identifier this is."
        elif not self.identifier.strip():
            errors["identifier"] = "Write the identifier, or leave its kind empty."
        else:
            try:
                self.identifier = NORMAL_FORMS[IdentifierScheme(self.scheme)](self.identifier)
            except UnknownIdentifier as error:
                errors["identifier"] = str(error)

    def _complete_version(self, errors: dict[str, str]) -> None:
        """Bring a label's version into normal form; patients' texts tell versions apart by the title only."""
        if not self.version.isdecimal():
            errors["version"] = "Say which version of the label, as a number. DailyMed names it."
            return
        self.version = str(int(self.version))
        if self.version not in versions_named(self.title):
            errors["title"] = (
                "Name the version in the title, e.g. “Gleevec prescribing information, version "
                f"{self.version}”: its versions have one address, and patients have to tell them apart."
            )

    @property
    def short_name(self) -> str:
        """A short name by which the sections of a page could refer to it."""
        if self.kind == SourceKind.LABEL:
            return "label"
        words = "".join(c if c.isalnum() else " " for c in self.publisher or self.title).split()
        return (words[0] if words else "source").lower()[:20]

    def later(self) -> "list[LibrarySource]":
        """Return this source and those that superseded it, one after the other; ends at the newest."""
        chain = [self]
        while (newer := chain[-1].superseded_by) is not None and newer not in chain:
            chain.append(newer)
        return chain

    def values(self) -> dict[str, Any]:
        """Return every field as plain data, as the record of changes keeps it."""
        return {
            field.attname: None if value is None else str(value)
            for field in self._meta.concrete_fields
            for value in [getattr(self, field.attname)]
            if field.attname not in ("id", "digest")
        }


class SourceChange(models.Model):
    """One change of a source of the library, immutable: who made it, when, and what it said from then on.

    ``source`` is its primary key; the row remains when the source is deleted, which has no ``values``.
    ``authors`` are those whose words patients would read: ``person``, and who wrote the same in a draft;
    nobody, if what patients would read did not change.
    """

    source = models.BigIntegerField(db_index=True)
    values = models.JSONField(null=True)
    digest = models.CharField(max_length=_DIGEST_LENGTH, blank=True, db_index=True)
    person = models.JSONField()
    authors = models.JSONField(default=list)
    at = ReturnedDateTimeField()

    class Meta:
        ordering = ["pk"]
        triggers = [*append_only(), CHANGE_TIME]

    def __str__(self) -> str:
        return f"source {self.source}, change {self.pk}"


class ShownSource(models.Model):
    """A source in the edition that patients read of a page. Derived with each publication.

    ``digest`` is that of what the edition says of it, by which it is found in the library
    (``SourceChange.digest``), whatever the library says since. ``sections`` are those that name it,
    and ``seen_on`` is the day on which its writer read it.
    """

    key = models.UUIDField("page")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=_DIGEST_LENGTH, db_index=True)
    address = models.TextField(blank=True)
    sections = ArrayField(models.CharField(max_length=40), default=list)
    seen_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="source_of_a_page_by_number")]

    def __str__(self) -> str:
        return f"{self.key}: source {self.number}"


class DraftSource(models.Model):
    """A source of the library in the newest draft of a page. Derived whenever a revision is stored."""

    key = models.UUIDField("page")
    #: Refused with a reason by a receiver (``review.sources_of_pages.source_record``), and by the database.
    source = models.ForeignKey(LibrarySource, on_delete=models.DO_NOTHING, related_name="draft_uses")
    sections = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "source"], name="source_once_in_a_draft")]

    def __str__(self) -> str:
        return f"{self.key}: {self.source_id}"


class SourceCitation(StatementCitation):
    """That a statement of a page cites a source of the library.

    ``in_draft`` and ``edition`` say for which texts it counts; ``source_citations`` sets both, with each
    citation and each publication.
    """

    source = models.ForeignKey(LibrarySource, on_delete=models.CASCADE, related_name="citations")
    #: From when it is chosen until it is removed, or an edition does not have the statement.
    in_draft = models.BooleanField(default=True)
    #: The edition that patients read, if the statement is in it and the citation counts for it.
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "statement", "source"],
                condition=Q(removed_at=None),
                name="source_cited_once_by_a_statement",
            )
        ]
        indexes = [models.Index(fields=["key"], name="source_citation_page")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.words[:60]} ({self.section}) rests on {self.source}"

    @property
    def cited_work(self) -> int:
        return self.source_id

    @property
    def cited_words(self) -> str:
        return str(self.source)

    def as_record(self) -> dict[str, Any]:
        """What the ledger says of a submitted text's citation, with what patients could look up."""
        source = self.source
        return {
            "statement": self.statement,
            "section": self.section,
            "source": source.pk,
            "sha256": source.digest,
            "title": source.title,
            "address": source.address,
            "scheme": source.scheme,
            "identifier": source.identifier,
            "version": source.version,
        }


class SourceOutcome(models.TextChoices):
    """How a task about a source ended."""

    EDITION = "edition", "An edition answered it"
    ANSWERED = "answered", "Somebody who works on the page answered that it is still right"
    RIGHT_AGAIN = "right_again", "The source is right again"


class SourceTask(models.Model):
    """A task for a page that shows a source which changed, or whose address does not answer.

    There is one open task per page and source. ``faults`` are lists of kind, detail and words; an answer
    holds as long as nothing is added to them.
    """

    key = models.UUIDField("page")
    title = models.CharField("medicine", max_length=255)
    source = models.ForeignKey(LibrarySource, on_delete=models.DO_NOTHING, related_name="tasks")
    edition = models.PositiveIntegerField()
    sections = ArrayField(models.CharField(max_length=40), default=list)
    faults = models.JSONField(default=list)
    opened_at = models.DateTimeField("open since", default=database_now)
    due_on = models.DateField("due", null=True)
    closed_at = models.DateTimeField("closed", null=True)
    outcome = models.CharField(max_length=20, choices=SourceOutcome, blank=True)
    reason = models.TextField("why it is still right", blank=True)
    answerer = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "source"],
                condition=Q(closed_at=None),
                name="one_open_task_per_page_and_source",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_source_task_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["key", "source", "-id"], name="source_task_newest")]
        ordering = ["due_on", "title", "pk"]

    def __str__(self) -> str:
        return f"{self.title}: {self.source}"

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due date has passed."""
        return self.closed_at is None and self.due_on is not None and self.due_on < database_today()

    @property
    def words(self) -> str:
        """What is wrong with the source, in a line."""
        return "; ".join(fault["words"] for fault in self.faults)
