"""Reviews that are due: the list, and signing that a page was reviewed and nothing has to change."""
