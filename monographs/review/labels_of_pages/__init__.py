"""The labels that pages name, what their statements cite, and which changes wait for an answer."""
