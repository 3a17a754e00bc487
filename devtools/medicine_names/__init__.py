"""Extraction of the names of medicines for the search, from published lists and from labels.

Run by a person, never by the service: ``python -m devtools.medicine_names --help``. What it writes, from what
and under which licence: ``monographs/public/search/data/SOURCES.md``.
"""
