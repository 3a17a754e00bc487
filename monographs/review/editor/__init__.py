"""Annotations in the writer's editor: findings of the house rules and reviewers' notes beside each section.

It is Wagtail's editor with an additional side panel. While a writer types, its script posts the form as it
stands and shows the annotations it gets back. Nothing is stored: no revision, no contribution, no preview.
"""
