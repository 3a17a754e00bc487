"""The closed list of credentials from which those of a reviewer are chosen."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet

from monographs.accounts.person_names import ABBREVIATION_LENGTH, abbreviation_error, validate_abbreviation
from monographs.review.models.second_person import NeedsSecondPerson


@register_snippet
class Credential(NeedsSecondPerson):
    """A credential that a reviewer can have, as patients read it. Entries are retired, never deleted.

    Retiring one keeps it from being chosen anew; reviewers who have it keep it until an editor changes them.
    """

    abbreviation = models.CharField(
        max_length=ABBREVIATION_LENGTH,
        unique=True,
        validators=[validate_abbreviation],
        help_text="As patients read it after a name, e.g. PharmD. A second person must confirm it.",
    )
    meaning = models.CharField(
        max_length=200, blank=True, help_text="For editors, e.g. Doctor of Pharmacy. Patients do not see it."
    )
    active = models.BooleanField(default=True, help_text="Clear it to retire the credential.")

    panels = [FieldPanel(name) for name in ("abbreviation", "meaning", "active")]

    class Meta:
        ordering = ["abbreviation"]

    def __str__(self) -> str:
        return self.abbreviation if self.is_confirmed else f"{self.abbreviation} (not confirmed)"

    def proposal(self) -> dict[str, str]:
        return {"abbreviation": self.abbreviation}

    def problem(self) -> str:
        return abbreviation_error(self.abbreviation)


def usable_abbreviations() -> list[str]:
    """The abbreviations that can be chosen: confirmed and not retired."""
    return [entry.abbreviation for entry in Credential.objects.filter(active=True) if entry.is_confirmed]
