"""From an empty site to its first signed medicine: what is done, what is missing, and where to do it."""
