"""The writer's editor: what the house rules and reviewers say, beside the section they say it of.

Wagtail's own editor, with a side panel more. While somebody types, its script posts the form as it stands
and shows what comes back. Nothing is stored on the way: no revision, no contribution, no preview.
"""
