"""Rendering of plain data for the public site and the admin alike: redlines, PDFs, spreadsheet cells.

Patients and reviewers see the same redline, and the public site must not import the admin: what both need is
here, in a package that depends on documents and redlines only.
"""
