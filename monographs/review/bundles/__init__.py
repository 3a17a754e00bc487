"""Screens of bundles: submissions that are reviewed on one screen and signed as one."""
