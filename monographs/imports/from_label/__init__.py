"""New medicines from a label: names and identifiers are filled in, and the sections stay empty."""
