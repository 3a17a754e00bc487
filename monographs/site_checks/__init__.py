"""Checks of a site's settings and of what surrounds it, each with the remedy: ``manage.py doctor``.

System checks (``monographs/checks.py``) are about the code; these are about one installation of it. A new
check is one function in a module of this package, decorated with ``site_check``; ``all_checks.py`` imports
the modules.
"""
