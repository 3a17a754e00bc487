"""One reliance on an inside of Wagtail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reliance:
    """One reliance. ``wagtail`` and ``code`` are dotted paths, ``test`` is ``module::function``."""

    wagtail: str
    reason: str
    code: str
    test: str


#: The package of the code that relies on Wagtail.
HERE = "monographs.review.wagtail_integration"
