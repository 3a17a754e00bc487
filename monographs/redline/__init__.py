"""What differs between two documents, down to the word, and nothing hidden.

For reviewers, for letters and for patients alike. This room knows documents only: no database, no Wagtail.
"""

from monographs.redline.comparison import redline
from monographs.redline.model import (
    BREAK,
    LINE_BREAK,
    Form,
    Line,
    LineContext,
    LinePlace,
    Redline,
    Run,
    SectionRedline,
)
from monographs.redline.vocabulary import ONLY_FOR, Flag, Op, Status

__all__ = [
    "BREAK",
    "LINE_BREAK",
    "ONLY_FOR",
    "Flag",
    "Form",
    "Line",
    "LineContext",
    "LinePlace",
    "Op",
    "Redline",
    "Run",
    "SectionRedline",
    "Status",
    "redline",
]
