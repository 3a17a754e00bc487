"""Word files (.docx): opened with care, read by mammoth, understood like any other text."""

from monographs.imports.word.word_parser import parse_word

__all__ = ["parse_word"]
