"""What a rule says of a draft."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubmitError:
    """Something a draft lacks: where (a section's or field's name) and what to do.

    ``anchor`` is the block type or field name, by which the editor can lead to the place.
    """

    place: str
    message: str
    anchor: str = ""
