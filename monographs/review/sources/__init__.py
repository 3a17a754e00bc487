"""Screens of the library of sources: its list, the page of a source, the chooser, and tasks."""
