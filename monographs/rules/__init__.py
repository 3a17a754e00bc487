"""House rules: what a text must meet before it may be submitted; each with a reason and a source."""
