"""What a clipboard holds as HTML, as blocks and remarks.

``converter.py`` is the way in. Programs write HTML for the clipboard each in their own manner; what one of
them means by a style is in ``looks.py``, by a list in ``list_marks.py``.
"""
