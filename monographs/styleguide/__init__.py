"""The style guide: every component of public pages, rendered with sample documents, in the admin."""
