"""Who contributed to a text: recorded whenever the content of a stored draft changes."""
