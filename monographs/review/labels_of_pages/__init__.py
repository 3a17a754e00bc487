"""The labels that pages name, what their statements rest on, and which changes wait for an answer."""
