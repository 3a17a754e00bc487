"""The writers' desk: Wagtail pages that can say what they are as a document."""
