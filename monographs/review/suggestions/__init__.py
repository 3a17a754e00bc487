"""Suggestions: where they stand in the stored draft, what they replace, and who may make and answer them."""
