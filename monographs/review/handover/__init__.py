"""Handing over the work of somebody who leaves: pages, drafts and reviews, to named people, all at once."""
