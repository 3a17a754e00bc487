"""The review queue: its rows, and summaries of what each submission changes."""
