"""The rules, one module per family. ``registry`` collects the ``RULES`` of every module here."""
