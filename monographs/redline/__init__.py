"""Comparing two documents word by word, such that every difference is shown.

Used for reviewers, emails and patients. This package depends on documents only: no database, no Wagtail.
"""

from monographs.redline.comparison import changed_sections, compare_html, redline
from monographs.redline.model import (
    BREAK,
    LINE_BREAK,
    Form,
    Line,
    LineContext,
    LinePlace,
    Run,
    SectionRedline,
    TableCell,
)
from monographs.redline.result import Redline
from monographs.redline.vocabulary import CHANGE_NOTE, ONLY_FOR, PAGE, Flag, Op, Status

__all__ = [
    "BREAK",
    "CHANGE_NOTE",
    "LINE_BREAK",
    "ONLY_FOR",
    "PAGE",
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
    "TableCell",
    "changed_sections",
    "compare_html",
    "redline",
]
