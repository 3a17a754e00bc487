"""Backups of everything that the service stores: database, figures and uploads, in one archive.

``backup.py`` writes an archive and ``restoration.py`` reads one; ``archive.py`` is their common format.
"""
