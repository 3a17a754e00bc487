"""Readers' feedback on pages: an answer, an optional comment and the edition it is about.

Feedback is not part of the record, and nothing that patients read depends on it.
"""
