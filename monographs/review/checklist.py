"""The checklist of a review: what whoever signs must have ticked."""

from monographs.review.models import ChecklistStatement

#: What a new site begins with; editors change it.
DEFAULTS = (
    "Doses, units and how often they are taken were checked against the label.",
    "Every serious side effect says what to do and how soon.",
    "The sources named say what the text says.",
)


def statements_now() -> list[str]:
    """The statements a text submitted now asks its signers to tick, in order."""
    return list(ChecklistStatement.objects.filter(active=True).values_list("text", flat=True))


def make_defaults() -> None:
    """Begin with some statements where there are none at all; those an editor switched off stay so."""
    if not ChecklistStatement.objects.exists():
        ChecklistStatement.objects.bulk_create(
            ChecklistStatement(text=text, sort_order=place) for place, text in enumerate(DEFAULTS, start=1)
        )
