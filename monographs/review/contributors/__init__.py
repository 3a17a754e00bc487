"""Who contributed to a text: recorded whenever a stored draft says something new."""
