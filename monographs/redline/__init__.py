"""What differs between two documents, down to the word, and nothing hidden.

For reviewers, for letters and for patients alike. This room knows documents only: no database, no Wagtail.
"""

from monographs.redline.comparing import redline
from monographs.redline.model import Flag, Line, Op, Redline, Run, SectionRedline, Status

__all__ = ["Flag", "Line", "Op", "Redline", "Run", "SectionRedline", "Status", "redline"]
