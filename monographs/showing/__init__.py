"""How plain data is shown as HTML, wherever it is read.

Patients and reviewers see the same redline, and the reading room must not import the desk: what both need to
show it is here, a room that knows documents and redlines only.
"""
