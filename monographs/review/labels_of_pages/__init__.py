"""The labels that pages name and rest on, and which of their changes wait for an answer."""
