"""Existing texts become drafts: files are read, parsed without a database, then written as page revisions."""
