"""Hooks for Wagtail's admin: the style of lists of findings."""

from monographs.core.admin_stylesheets import add_admin_stylesheets

add_admin_stylesheets("rules")
