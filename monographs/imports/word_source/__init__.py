"""The inventory of a Word file, read from its package by code that shares nothing with the converter.

It follows relationships and resolves styles by itself, so that a fault of the converter is not repeated here.
"""

from monographs.imports.word_source.source_inventory import word_inventory

__all__ = ["word_inventory"]
