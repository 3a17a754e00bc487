"""Changes of labels that pages have to answer: the list, one change, and *no change needed*."""
