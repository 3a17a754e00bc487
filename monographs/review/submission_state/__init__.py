"""The state of submissions, as lists and screens read it: claims, steps, terms, the last one of a page."""
