"""How plain data is shown, wherever it is read: redlines, PDFs, cells of spreadsheets.

Patients and reviewers see the same redline, and the reading room must not import the desk: what both need to
show data is here, a room that knows documents and redlines only.
"""
