"""A text, or the differences of two, as a Word file whose passages are found again when it comes back."""

from monographs.presentation.word_file.docx_package import word_file
from monographs.presentation.word_file.word_content import WordComment, WordCover

__all__ = ["WordComment", "WordCover", "word_file"]
