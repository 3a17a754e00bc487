"""Our Word files coming back from outside: what others changed and noted in them, matched to passages."""

from monographs.imports.word_return.matched_passages import (
    ProposedChange,
    ReturnedComment,
    ReturnedText,
    match,
)
from monographs.imports.word_return.returned_file import ReturnedFile, parts_of, read_returned

__all__ = [
    "ProposedChange",
    "ReturnedComment",
    "ReturnedFile",
    "ReturnedText",
    "match",
    "parts_of",
    "read_returned",
]
