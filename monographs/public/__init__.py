"""The reading room: what patients and programs see.

It knows documents, editions and publications, and how they are shown; all it writes is a reader's answer.
"""
