"""The rules of the record, shared by ``ledger verify`` and by ``verify_export.py`` of every export.

The modules use Python's standard library only: an export contains them, joined with ``verify_export.py``
to one program (``export/verifier_program.py``), so a top-level name is used once in all of them. A rule is
a function that yields its faults, listed in ``ENTRY_RULES``, ``END_RULES`` or ``ROW_RULES``.
"""
