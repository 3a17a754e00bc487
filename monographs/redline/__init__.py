"""What differs between two documents, down to the word, and nothing hidden.

For reviewers, for letters and for patients alike. This room knows documents only: no database, no Wagtail.
"""

from monographs.redline.comparing import redline
from monographs.redline.model import (
    BREAK,
    LINE_BREAK,
    Form,
    Line,
    Redline,
    Run,
    SectionRedline,
    Stand,
)
from monographs.redline.vocabulary import Flag, Op, Status

__all__ = [
    "BREAK",
    "LINE_BREAK",
    "Flag",
    "Form",
    "Line",
    "Op",
    "Redline",
    "Run",
    "SectionRedline",
    "Stand",
    "Status",
    "redline",
]
