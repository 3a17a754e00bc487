"""Errors that keep a draft from being submitted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubmitError:
    """What is wrong in a draft: where (the name of a section or field) and what to do.

    ``anchor`` is the block type or field name, by which the editor links to the place.
    """

    place: str
    message: str
    anchor: str = ""
