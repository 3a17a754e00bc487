"""Word files (.docx): checked, read, then parsed like other texts."""

from monographs.imports.word.word_parser import parse_word

__all__ = ["parse_word"]
