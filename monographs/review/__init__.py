"""The way from a draft to a signature: who contributed, who may sign, freezing, signing, returning."""
