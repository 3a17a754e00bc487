"""Merging two drafts that stem from one: three-way, by block and passage, never guessed."""
