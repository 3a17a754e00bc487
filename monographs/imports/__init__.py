"""Import of existing texts: read files, parse them without a database, and write drafts of pages."""
