"""The sources that pages show: tasks about them, and the record of their changes and of drafts."""
